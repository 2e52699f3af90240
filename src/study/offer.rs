//! What can be reached at points: their kinds, and how much each holds.
//!
//! In: points with properties, the fields that tell kind and amount. Out: an [`Offer`], and notices of points that do not
//! say. A field that no point has, and more kinds than a table has columns for, are refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::notice::{Notice, Notices};
use crate::sources::table::{Expected, NumberStyle};
use crate::study::error::StudyError;
use crate::study::reach::AskedPoint;

/// What can be reached: which kinds there are, and of each point its kind and how much it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// The kinds, in the order of their names, no two alike where capitals are not told apart.
    pub kinds: Vec<String>,
    /// Per point: the place of its kind, and the amount.
    pub of_points: Vec<(usize, f64)>,
}

/// The fields of points that tell what they offer.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfferFields<'a> {
    /// That of the kind; all are of one kind where none is named.
    pub kind: Option<&'a str>,
    /// That of the amount; each counts as 1 where none is named.
    pub amount: Option<&'a str>,
}

/// The kind of points of which no field tells it.
const OF_ONE_KIND: &str = "all";
/// The kind of points that do not tell theirs.
const UNTOLD_KIND: &str = "other";
/// Numbers per kind and point that a table holds at most: SQLite has 2,000 columns.
const MOST_COLUMNS: usize = 1_900;
/// Kinds that an error shows.
const SHOWN_KINDS: usize = 5;

impl Offer {
    /// What points offer, when each kind takes so many columns of a table. Amounts that are no numbers from 0 on count as
    /// none; points of no kind are of the kind `other`. Both are told.
    pub fn of(
        points: &[AskedPoint],
        fields: OfferFields<'_>,
        columns_per_kind: usize,
        notices: &mut Notices,
    ) -> Result<Self, StudyError> {
        if let Some(field) = fields.kind
            && points.iter().all(|point| point.record.property(field).is_none())
        {
            return Err(unknown_field(field, points.iter().flat_map(|point| &point.record.properties)));
        }
        let own: Vec<String> = points.iter().map(|point| kind_of(point, fields.kind, notices)).collect();
        let names = distinct_names(&own, notices);
        if names.len() * columns_per_kind > MOST_COLUMNS {
            return Err(StudyError::KindsTooMany {
                field: fields.kind.unwrap_or_default().to_owned(),
                found: names.len(),
                most: MOST_COLUMNS / columns_per_kind.max(1),
                some: names.keys().take(SHOWN_KINDS).map(|kind| (*kind).to_owned()).collect(),
            });
        }
        let places: BTreeMap<&str, usize> = names.keys().copied().zip(0..).collect();
        let amounts = amounts_of(points, fields.amount, notices)?;
        let of_points = own.iter().map(|kind| places[kind.as_str()]).zip(amounts).collect();
        Ok(Self { kinds: names.into_values().collect(), of_points })
    }
}

/// That nothing has a field, where these are the fields that there are.
pub(super) fn unknown_field<'a>(field: &str, fields: impl Iterator<Item = &'a (String, String)>) -> StudyError {
    let known: BTreeSet<String> = fields.map(|(name, _)| name.clone()).collect();
    StudyError::FieldNotFound { field: field.to_owned(), found: known.into_iter().collect() }
}

/// The kind of a point, without characters that are no text.
fn kind_of(point: &AskedPoint, field: Option<&str>, notices: &mut Notices) -> String {
    let Some(field) = field else { return OF_ONE_KIND.to_owned() };
    let told = point.record.property(field).unwrap_or_default();
    let kind: String = told.chars().filter(|letter| !letter.is_control()).collect();
    if !kind.trim().is_empty() {
        return kind;
    }
    let problem = format!("point {} does not tell its kind", point.record.id);
    let notice = Notice::warning("kind_missing", &point.record.file, problem).field(field, told);
    notices.push(notice.action(format!("counted as {UNTOLD_KIND}")));
    UNTOLD_KIND.to_owned()
}

/// Each kind with its name: databases do not tell `Bakery` from `bakery`, so that the second is named `bakery#2`.
fn distinct_names<'a>(own: &'a [String], notices: &mut Notices) -> BTreeMap<&'a str, String> {
    let kinds: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for &kind in &kinds {
        let mut name = kind.to_owned();
        let mut copy = 2;
        while taken.contains_key(&name.to_lowercase()) {
            name = format!("{kind}#{copy}");
            copy += 1;
        }
        if let Some(first) = taken.get(&kind.to_lowercase()) {
            let problem = format!("kinds \"{first}\" and \"{kind}\" would share a column, since capitals do not count");
            let notice = Notice::warning("kind_by_capitals", "points", problem);
            notices.push(notice.action(format!("counted apart, the latter as {name}")));
        }
        taken.insert(name.to_lowercase(), kind);
        names.insert(kind, name);
    }
    names
}

/// How much each point is: a field, or 1 where none is named. What is no number from 0 on is told and counts as 0.
pub(super) fn amounts_of(
    points: &[AskedPoint],
    field: Option<&str>,
    notices: &mut Notices,
) -> Result<Vec<f64>, StudyError> {
    let Some(field) = field else { return Ok(vec![1.0; points.len()]) };
    let amount_of = |(point, amount): (&AskedPoint, Option<f64>)| {
        amount.unwrap_or_else(|| {
            let text = point.record.property(field).unwrap_or_default();
            let problem = format!("point {} holds no amount from 0 on", point.record.id);
            let notice = Notice::error("amount_invalid", &point.record.file, problem).field(field, text);
            notices.push(notice.action("counted as 0"));
            0.0
        })
    };
    Ok(points.iter().zip(numbers_of(points, field)?).map(amount_of).collect())
}

/// The numbers from 0 on that a field of points holds, `None` for a point where it holds none. A field that no point has is
/// refused.
pub(super) fn numbers_of(points: &[AskedPoint], field: &str) -> Result<Vec<Option<f64>>, StudyError> {
    if points.iter().all(|point| point.record.property(field).is_none()) {
        return Err(unknown_field(field, points.iter().flat_map(|point| &point.record.properties)));
    }
    let text_of = |point: &AskedPoint| point.record.property(field).map(|text| text.trim_end_matches('%').to_owned());
    Ok(numbers_from_0(&points.iter().map(text_of).collect::<Vec<_>>()))
}

/// The numbers from 0 on that texts of one field are, `None` for a text that is none.
pub(super) fn numbers_from_0(texts: &[Option<String>]) -> Vec<Option<f64>> {
    let style = NumberStyle::detect(texts.iter().flatten().map(String::as_str), Expected::Any, b',').0;
    let number = |text: &Option<String>| style.parse(text.as_deref()?).filter(|&number| number >= 0.0);
    texts.iter().map(number).collect()
}
