//! Wide tables: one row per time, one column per counter and direction, as Dublin and Eco-Counter export them.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::CountColumn;
use super::clock::{LocalClock, Readings, TimeColumns};
use super::{Direction, Gathered, Observation, site_key};
use crate::base::notice::{Notice, Notices};
use crate::sources::table::{Table, is_missing, normalised};

/// Gathers the counts of a wide table.
pub(super) fn gather(table: &Table, clock: &LocalClock, gathered: &mut Gathered, notices: &mut Notices) {
    let Some(time) = TimeColumns::find(table, notices) else { return };
    let Some(Readings { seconds: read, bins }) = time.read(table, clock, |_| ("", ""), notices) else { return };
    let series = assign_columns(table, &time, gathered, notices);
    let mut bad_rows = BTreeSet::new();
    let mut seconds = Vec::with_capacity(table.rows().len());
    for second in read {
        seconds.push(second.map_err(|notice| {
            notices.push(notice.action("row skipped"));
            notices.tally(table.file()).count_dropped();
        }));
    }
    for &(column, site, direction) in &series {
        let column = CountColumn::new(table, column, notices);
        for (row, second) in table.rows().iter().zip(&seconds) {
            let Ok(second) = *second else { continue };
            let mut repaired = false;
            if let Some(count) = column.read(row, &mut repaired, notices) {
                gathered.counts_of(bins).push(Observation { site, direction, second, count });
            }
            if repaired {
                bad_rows.insert(row.number);
            }
        }
    }
    for (row, second) in table.rows().iter().zip(&seconds) {
        match second {
            Err(()) => {}
            Ok(_) if row.ragged || bad_rows.contains(&row.number) => notices.tally(table.file()).count_repaired(),
            Ok(_) => notices.tally(table.file()).count_used(),
        }
    }
}

/// Site and direction of each column of counts.
fn assign_columns(
    table: &Table,
    time: &TimeColumns,
    gathered: &mut Gathered,
    notices: &mut Notices,
) -> Vec<(usize, u32, Direction)> {
    let named = table.header().iter().enumerate().filter(|(column, name)| !time.holds(*column) && !name.is_empty());
    let split: Vec<(usize, &str, String, Direction)> = named
        .map(|(column, name)| {
            let (base, direction) = without_direction(name);
            (column, name.as_str(), base, direction)
        })
        .filter(|(column, name, base, _)| counts_pedestrians(table, (*column, name, base), notices))
        .collect();
    // A last word IN or OUT is a direction only where the site has another column; else it is part of a name.
    let mut columns_of: BTreeMap<String, u32> = BTreeMap::new();
    for (_, _, base, _) in &split {
        *columns_of.entry(site_key(base)).or_insert(0) += 1;
    }
    let mut taken: BTreeSet<(u32, Direction)> = BTreeSet::new();
    let mut series = Vec::new();
    // Totals first, so that a site bears the name of its total column.
    let mut order: Vec<usize> = (0..split.len()).collect();
    order.sort_by_key(|&index| (split[index].3, index));
    for index in order {
        let (column, name, base, direction) = &split[index];
        let alone = columns_of.get(&site_key(base)).is_none_or(|count| *count < 2);
        let (site, direction) =
            if alone { (gathered.site(name), Direction::Total) } else { (gathered.site(base), *direction) };
        if taken.insert((site, direction)) {
            series.push((*column, site, direction));
        } else {
            notices.push(
                Notice::warning(
                    "count_column_duplicate",
                    table.file(),
                    "is a second column of the same site and direction",
                )
                .at_row(1)
                .field("column", name)
                .action("column left out"),
            );
        }
    }
    series
}

/// Last words of the columns of a counter that counts others than pedestrians.
const OTHERS: &[&str] = &[
    "cyclist",
    "cyclists",
    "cycliste",
    "cyclistes",
    "bike",
    "bikes",
    "bicycle",
    "bicycles",
    "vélo",
    "vélos",
    "velo",
    "velos",
    "radfahrer",
    "fahrrad",
    "fahrräder",
    "fietsers",
    "fiets",
    "car",
    "cars",
    "vehicle",
    "vehicles",
    "véhicule",
    "véhicules",
    "voiture",
    "voitures",
    "kfz",
    "pkw",
    "truck",
    "trucks",
    "lkw",
    "heavy",
    "motorcycle",
    "motorcycles",
    "motos",
    "scooter",
    "scooters",
    "trottinettes",
    "horse",
    "horses",
];

/// Whether a column may be counts of pedestrians; where not, that is told.
fn counts_pedestrians(table: &Table, (column, name, base): (usize, &str, &str), notices: &mut Notices) -> bool {
    let last = base.split_whitespace().last().map(|word| normalised(word.trim_matches(['(', ')'])));
    let notice = if last.is_some_and(|word| OTHERS.contains(&word.as_str())) {
        Notice::note("column_not_pedestrians", table.file(), "counts others than pedestrians")
    } else {
        let texts = || table.rows().iter().map(|row| row.value(column)).filter(|text| !is_missing(text));
        let (all, words) = texts().fold((0, 0), |(all, words), text| {
            (all + 1, words + usize::from(!text.bytes().any(|byte| byte.is_ascii_digit())))
        });
        if words * 2 <= all {
            return true;
        }
        Notice::note("column_not_counts", table.file(), "holds words and no counts")
    };
    notices.push(notice.at_row(1).field("column", name).action("column left out"));
    false
}

/// A column name without the words of its direction.
fn without_direction(name: &str) -> (String, Direction) {
    let words: Vec<&str> = name.split_whitespace().collect();
    let direction = match words.last().map(|word| normalised(word)).as_deref() {
        Some("in" | "entrée" | "entrées" | "entrant" | "entry" | "entries" | "ein" | "lft") => Direction::In,
        Some("out" | "sortie" | "sorties" | "sortant" | "exit" | "exits" | "aus" | "rgt") => Direction::Out,
        _ => return (words.join(" "), Direction::Total),
    };
    let mut rest = &words[..words.len() - 1];
    if let [before @ .., channel, number] = rest
        && channel.eq_ignore_ascii_case("channel")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        rest = before;
    }
    if rest.is_empty() { (name.to_owned(), Direction::Total) } else { (rest.join(" "), direction) }
}
