//! A column of directions: words for in, out and both; other words that part the traffic of a site.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::Bins;
use super::{Direction, Gathered, Observation, site_key};
use crate::base::notice::{Notice, Notices};
use crate::sources::table::{Table, TableRow, is_missing, normalised};

/// Words for all directions together.
const BOTH: &[&str] = &[
    "total",
    "totals",
    "both",
    "both directions",
    "all",
    "all directions",
    "sum",
    "somme",
    "tous",
    "toutes",
    "deux sens",
    "les deux sens",
    "double sens",
    "alle",
    "beide",
    "beide richtungen",
    "gesamt",
    "summe",
];

/// What a word of a direction column says; `None` where it is unknown.
pub(super) fn direction_of(word: &str) -> Option<Direction> {
    match normalised(word).as_str() {
        "in" | "1" | "entrée" | "entrant" | "inbound" | "ein" | "lft" | "left" => Some(Direction::In),
        "out" | "2" | "sortie" | "sortant" | "outbound" | "aus" | "rgt" | "right" => Some(Direction::Out),
        word if is_missing(word) || BOTH.contains(&word) => Some(Direction::Total),
        _ => None,
    }
}

/// The directions of unknown name (`north`, `A-B`) at sites that have two or more: their sum is the total of the site.
pub(super) struct NamedDirections {
    sites: BTreeMap<String, BTreeSet<String>>,
    parts: BTreeMap<(u32, i64), BTreeMap<String, Option<u32>>>,
    doubles: usize,
}

impl NamedDirections {
    /// The sites of a table with two or more directions of unknown name.
    pub(super) fn find(table: &Table, site: usize, direction: Option<usize>) -> Self {
        let mut sites: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        if let Some(direction) = direction {
            for row in table.rows().iter().filter(|row| direction_of(row.value(direction)).is_none()) {
                sites.entry(site_key(row.value(site))).or_default().insert(normalised(row.value(direction)));
            }
        }
        sites.retain(|_, words| words.len() > 1);
        Self { sites, parts: BTreeMap::new(), doubles: 0 }
    }

    /// Whether a row counts one of these directions.
    pub(super) fn holds(&self, row: &TableRow, site: usize, direction: Option<usize>) -> bool {
        let word = row.value_in(direction);
        !self.sites.is_empty()
            && direction_of(word).is_none()
            && self.sites.get(&site_key(row.value(site))).is_some_and(|words| words.contains(&normalised(word)))
    }

    /// Adds the persons of one direction; of two counts for the same interval the larger stays.
    pub(super) fn add(&mut self, site: u32, second: i64, word: &str, count: Option<u32>) {
        let known = self.parts.entry((site, second)).or_default().entry(normalised(word)).or_insert(None);
        self.doubles += usize::from(known.is_some() && count.is_some());
        *known = (*known).max(count);
    }

    /// Gathers the sums, except where the table has the total itself or one direction is missing.
    pub(super) fn sum(
        self,
        table: &Table,
        (earlier, bins): (usize, Bins),
        gathered: &mut Gathered,
        notices: &mut Notices,
    ) {
        if self.sites.is_empty() {
            return;
        }
        let totals: BTreeSet<(u32, i64)> = gathered.counts_of(bins)[earlier..]
            .iter()
            .filter(|observation| observation.direction == Direction::Total)
            .map(|observation| (observation.site, observation.second))
            .collect();
        for ((site, second), counts) in self.parts.into_iter().filter(|(key, _)| !totals.contains(key)) {
            let sum = counts.into_values().try_fold(0_u32, |sum, count| sum.checked_add(count?));
            let Some(count) = sum else { continue };
            gathered.counts_of(bins).push(Observation { site, direction: Direction::Total, second, count });
        }
        gathered.doubles += self.doubles;
        let words: BTreeSet<&str> = self.sites.values().flatten().map(String::as_str).collect();
        let problem = format!("are directions of unknown name at {} sites", self.sites.len());
        notices.push(
            Notice::warning("directions_summed", table.file(), problem)
                .field("direction", words.into_iter().collect::<Vec<_>>().join(", "))
                .action("added up to the total of the site"),
        );
    }
}
