//! Access from tables that somebody brings: places with people, what others offer, the times between them.
//!
//! In: files of any tool. Out: a row per place in the order of its file, with a column per measure; how each is spread over
//! people; notices. Needs no study and no network.

use std::collections::BTreeMap;
use std::path::Path;

use crate::analysis::access_measures::{AccessMeasure, measure_access};
use crate::analysis::competition::Way;
use crate::analysis::inequality::{People, Theil, concentration, gini, palma, shortfall, theil};
use crate::analysis::statistics::{weighted_mean, weighted_quantile};
use crate::base::notice::{Notice, Notices};
use crate::sources::listed::Listed;
use crate::sources::table::file_name;
use crate::sources::travel_times::{PairTime, TimeColumn, TravelTimes, read_travel_times};
use crate::study::error::StudyError;
use crate::study::listed_fields::{amounts, numbers, read_some, words};

/// The name of what places offer where no field tells it.
const PLACES: &str = "places";
/// The group of rows that name none.
const NO_GROUP: &str = "other";
/// The line below which access is poor, as a share of the median over people.
const POOR: f64 = 0.6;
/// The one column of times that there is.
const THE_ONE: TimeColumn<'static> = TimeColumn { name: None, unit: None };

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct AccessQuestion<'a> {
    /// Places of people, and their field that tells how many they are; each place counts as 1 where none is named.
    pub land_use: (&'a Path, Option<&'a str>),
    /// Places that offer something; those of people where none are named.
    pub destinations: Option<&'a Path>,
    /// Their fields that tell what they offer; each place counts as 1 where none is named.
    pub offers: &'a [String],
    /// Times from the former to the latter.
    pub times: &'a Path,
    /// Columns of times, each measured apart; the one that there is where none is named.
    pub columns: &'a [TimeColumn<'a>],
    /// Measures, with what their columns are named by.
    pub measures: &'a [(String, AccessMeasure)],
    /// Seen from the destinations: a row for each, with the people who reach it.
    pub passive: bool,
    /// How people are grouped.
    pub spread: SpreadQuestion<'a>,
}

/// By what people are grouped and compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpreadQuestion<'a> {
    /// Field of the rows that tells their group, such as a district.
    pub group: Option<&'a str>,
    /// Field of the rows that tells the income of their people.
    pub income: Option<&'a str>,
    /// The line below which access is poor; 60 % of the median where none is given.
    pub line: Option<f64>,
}

/// A measure of all rows.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessColumn {
    /// Its name.
    pub name: String,
    /// Whether it tells minutes, of which fewer are better.
    pub is_time: bool,
    /// A number per row; `None` where it has none, or where the times do not know the place.
    pub values: Vec<Option<f64>>,
}

/// How a measure is spread over the people of a group, or over all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// The column.
    pub column: String,
    /// The group; `None` for all.
    pub group: Option<String>,
    /// How many rows the group has.
    pub rows: usize,
    /// People of whom it is known; rows, where they are destinations.
    pub people: f64,
    /// Those of whom it is not.
    pub people_without: f64,
    /// Mean over people.
    pub mean: Option<f64>,
    /// What a tenth, half and nine tenths of the people have at most.
    pub quantiles: [Option<f64>; 3],
    /// The line below which access is poor, the same for all groups; `None` for times.
    pub line: Option<f64>,
    /// FGT with powers 0, 1 and 2: the share of people below the line, how far they fall short, and the far ones counted more.
    pub shortfalls: [Option<f64>; 3],
    /// Gini's index.
    pub gini: Option<f64>,
    /// Theil's, with what is between and within groups.
    pub theil: Option<Theil>,
    /// Palma's ratio by income.
    pub palma: Option<f64>,
    /// Concentration by income.
    pub concentration: Option<f64>,
}

/// What is found.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessTable {
    /// Per row its id and its name, which may be empty.
    pub rows: Vec<(String, String)>,
    /// Per row its people; 1 where rows are destinations.
    pub people: Vec<f64>,
    /// Per column of times, offer and measure.
    pub columns: Vec<AccessColumn>,
    /// Per column: over all, then by group in the order of their names.
    pub spreads: Vec<Spread>,
}

/// Reads the files and measures.
pub fn measure_access_table(question: &AccessQuestion<'_>) -> Result<(AccessTable, Notices), StudyError> {
    let mut notices = Notices::new();
    let homes = read_some(question.land_use.0, "places", &mut notices)?;
    let others = question.destinations.map(|path| read_some(path, "destinations", &mut notices)).transpose()?;
    let offering = others.as_deref().unwrap_or(&homes);
    let people = amounts(&homes, question.land_use, &mut notices)?;
    let mut offers = Vec::new();
    for field in question.offers {
        let path = question.destinations.unwrap_or(question.land_use.0);
        offers.push((field.as_str(), amounts(offering, (path, Some(field)), &mut notices)?));
    }
    if offers.is_empty() {
        offers.push((PLACES, vec![1.0; offering.len()]));
    }
    let ids = [&homes, offering].map(|list| list.iter().map(|thing| thing.id.clone()).collect::<Vec<String>>());
    let mut columns = Vec::new();
    for &column in if question.columns.is_empty() { &[THE_ONE] } else { question.columns } {
        let times = read_travel_times(question.times, [&ids[0], &ids[1]], column, &mut notices)?;
        let tag = column.name.filter(|_| question.columns.len() > 1).unwrap_or_default();
        columns.extend(measure_times(question, (&people, &offers), (times, tag), &mut notices));
    }
    let (rows, people) = if question.passive { (offering, vec![1.0; offering.len()]) } else { (&*homes, people) };
    let grouping = Grouping::of(rows, question, &mut notices)?;
    let spreads = columns.iter().flat_map(|column| grouping.spreads(column, &people)).collect();
    let rows = rows.iter().map(|thing| (thing.id.clone(), thing.name.clone())).collect();
    Ok((AccessTable { rows, people, columns, spreads }, notices))
}

/// All measures by one column of times, whose name is told by a tag where there are several.
fn measure_times(
    question: &AccessQuestion<'_>,
    (people, offers): (&[f64], &[(&str, Vec<f64>)]),
    (times, tag): (TravelTimes, &str),
    notices: &mut Notices,
) -> Vec<AccessColumn> {
    let turned = |(from, to): (usize, usize)| if question.passive { (to, from) } else { (from, to) };
    let way = |pair: &PairTime| {
        let (demand, supply) = turned((pair.origin, pair.destination));
        Way { demand, supply, minutes: pair.minutes }
    };
    let mut ways: Vec<Way> = times.pairs.iter().map(way).collect();
    ways.sort_by_key(|way| (way.demand, way.supply));
    let is_named = &times.is_named[usize::from(question.passive)];
    let file = file_name(question.times);
    let strangers = is_named.iter().filter(|named| !**named).count();
    if strangers > 0 {
        let problem = format!("{strangers} of {} places stand in no row of the times", is_named.len());
        notices.push(Notice::warning("place_without_times", &file, problem).action("nothing is said of their access"));
    }
    let people_field = question.land_use.1.unwrap_or(PLACES);
    let counted = [(people_field, people.to_vec())];
    let (supplies, demand) =
        if question.passive { (&counted[..], vec![1.0; is_named.len()]) } else { (offers, people.to_vec()) };
    let mut columns = Vec::new();
    for (offer, supply) in supplies {
        for (name, measure) in question.measures {
            let found = measure_access(*measure, (&demand, supply), &ways);
            if found.lost_supply > 0.0 {
                let problem = format!(
                    "{} of {} {offer} are within reach of nobody",
                    found.lost_supply,
                    supply.iter().sum::<f64>()
                );
                let notice = Notice::warning("supply_out_of_reach", &file, problem).field("measure", name);
                notices.push(notice.action("counted for nobody"));
            }
            let known = found.values.into_iter().zip(is_named).map(|(value, named)| value.filter(|_| *named));
            let name =
                [offer, name.as_str(), tag].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
            columns.push(AccessColumn { name, is_time: measure.is_time(), values: known.collect() });
        }
    }
    columns
}

/// How rows are grouped, and what their people earn.
struct Grouping {
    names: Vec<String>,
    /// Per row the place of its group among the names.
    of_rows: Vec<usize>,
    /// Per row; `None` where nothing tells any.
    incomes: Option<Vec<Option<f64>>>,
    line: Option<f64>,
}

impl Grouping {
    fn of(rows: &[Listed], question: &AccessQuestion<'_>, notices: &mut Notices) -> Result<Self, StudyError> {
        let SpreadQuestion { group, income, line } = question.spread;
        let (mut names, mut of_rows) = (Vec::new(), vec![0; rows.len()]);
        if let Some(field) = group {
            let own: Vec<&str> = words(rows, field)?.into_iter().map(|word| word.unwrap_or(NO_GROUP)).collect();
            let mut places: BTreeMap<&str, usize> = own.iter().map(|name| (*name, 0)).collect();
            places.values_mut().zip(0..).for_each(|(place, at)| *place = at);
            of_rows = own.iter().map(|name| places[name]).collect();
            names = places.keys().map(|name| (*name).to_owned()).collect();
        }
        let incomes = income.map(|field| numbers(rows, field)).transpose()?;
        let without = incomes.iter().flatten().filter(|income| income.is_none()).count();
        if without > 0 {
            let file = file_name(question.destinations.filter(|_| question.passive).unwrap_or(question.land_use.0));
            let problem = format!("{without} of {} places tell no income", rows.len());
            let notice = Notice::warning("income_missing", &file, problem).field("field", income.unwrap_or_default());
            notices.push(notice.action("left out where people are compared by income"));
        }
        Ok(Self { names, of_rows, incomes, line })
    }

    /// How a column is spread over all people, then over those of each group.
    fn spreads(&self, column: &AccessColumn, people: &[f64]) -> Vec<Spread> {
        let known: Vec<(f64, f64)> =
            column.values.iter().zip(people).filter_map(|(value, count)| Some(((*value)?, *count))).collect();
        let line = self.line.or_else(|| weighted_quantile(&known, 0.5).map(|median| POOR * median));
        let line = line.filter(|_| !column.is_time);
        let all = self.spread(column, people, (line, None));
        let of_groups = (0..self.names.len()).map(|group| self.spread(column, people, (line, Some(group))));
        std::iter::once(all).chain(of_groups).collect()
    }

    fn spread(&self, column: &AccessColumn, people: &[f64], (line, group): (Option<f64>, Option<usize>)) -> Spread {
        let rows: Vec<usize> =
            (0..people.len()).filter(|&row| group.is_none_or(|group| self.of_rows[row] == group)).collect();
        let with = |row: &usize| Some((*row, People { value: column.values[*row]?, count: people[*row] }));
        let known: Vec<(usize, People)> = rows.iter().filter_map(with).collect();
        let have: Vec<People> = known.iter().map(|(_, some)| *some).collect();
        let pairs: Vec<(f64, f64)> = have.iter().map(|some| (some.value, some.count)).collect();
        let by_group: Vec<(People, usize)> = known.iter().map(|(row, some)| (*some, self.of_rows[*row])).collect();
        let earning = |(row, some): &(usize, People)| Some((*some, self.incomes.as_ref()?[*row]?));
        let by_income: Vec<(People, f64)> = known.iter().filter_map(earning).collect();
        let count: f64 = have.iter().map(|some| some.count).sum();
        Spread {
            column: column.name.clone(),
            group: group.map(|group| self.names[group].clone()),
            rows: rows.len(),
            people: count,
            people_without: rows.iter().filter(|&&row| column.values[row].is_none()).map(|&row| people[row]).sum(),
            mean: weighted_mean(&pairs),
            quantiles: [0.1, 0.5, 0.9].map(|share| weighted_quantile(&pairs, share)),
            line,
            shortfalls: [0, 1, 2].map(|power| shortfall(&have, line?, power)),
            gini: gini(&have),
            theil: theil(&by_group),
            palma: palma(&by_income),
            concentration: concentration(&by_income),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Methods §4.4: A = 10, 20, 30, 40, equal people; of another 25 nothing is known.
    #[test]
    fn a_column_is_spread_over_all_and_over_groups() {
        let column = AccessColumn {
            name: "shops".to_owned(),
            is_time: false,
            values: vec![Some(10.0), Some(20.0), Some(30.0), Some(40.0), None],
        };
        let grouping = Grouping {
            names: vec!["centre".to_owned(), "edge".to_owned()],
            of_rows: vec![0, 0, 1, 1, 1],
            incomes: Some(vec![Some(1.0), Some(2.0), Some(3.0), Some(4.0), None]),
            line: Some(25.0),
        };
        let found = grouping.spreads(&column, &[25.0; 5]);
        let all = &found[0];
        assert_eq!((all.people, all.people_without, all.mean), (100.0, 25.0, Some(25.0)));
        assert_eq!(
            (all.gini, all.concentration, all.quantiles),
            (Some(0.25), Some(0.25), [Some(10.0), Some(20.0), Some(40.0)])
        );
        let near = |found: Option<f64>, expected: f64| assert!((found.expect("a number") - expected).abs() < 1e-6);
        all.shortfalls.into_iter().zip([0.5, 0.2, 0.1]).for_each(|(found, expected)| near(found, expected));
        let theil = all.theil.expect("something");
        near(Some(theil.between), 0.082283);
        near(Some(theil.within), 0.024157);
        let groups: Vec<_> =
            found[1..].iter().map(|of| (of.group.as_deref(), of.people, of.people_without, of.mean)).collect();
        assert_eq!(groups, [(Some("centre"), 50.0, 0.0, Some(15.0)), (Some("edge"), 50.0, 25.0, Some(35.0))]);
        assert_eq!((found[1].shortfalls[0], found[2].shortfalls[0]), (Some(1.0), Some(0.0)), "one line for all");
        let times = AccessColumn { is_time: true, ..column };
        assert_eq!(grouping.spreads(&times, &[25.0; 5])[0].shortfalls, [None; 3], "a long time is not a poor one");
    }
}
