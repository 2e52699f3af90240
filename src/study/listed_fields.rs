//! What the fields of a list say: amounts, numbers, words.
//!
//! In: a list that somebody brings, names of its fields. Out: a value per thing, and notices. A field that nothing has is
//! refused.

use std::path::Path;

use crate::base::notice::{Notice, Notices};
use crate::sources::listed::{Listed, read_list, read_places};
use crate::sources::table::file_name;
use crate::study::error::StudyError;
use crate::study::offer::{numbers_from_0, unknown_field};

/// Reads a list that holds something; `what` it holds is told where it does not.
pub(super) fn read_some(path: &Path, what: &'static str, notices: &mut Notices) -> Result<Vec<Listed>, StudyError> {
    let list = read_list(path, notices)?;
    if list.is_empty() { Err(StudyError::NothingListed { file: file_name(path), what }) } else { Ok(list) }
}

/// Reads a list of things that lie somewhere and that holds something.
pub(super) fn read_some_places(
    path: &Path,
    what: &'static str,
    notices: &mut Notices,
) -> Result<Vec<Listed>, StudyError> {
    let list = read_places(path, notices)?;
    if list.is_empty() { Err(StudyError::NothingListed { file: file_name(path), what }) } else { Ok(list) }
}

/// What a field of a list tells of each: numbers from 0 on, 1 where no field is named. What is none counts as 0 and is told.
pub(super) fn amounts(
    list: &[Listed],
    (path, field): (&Path, Option<&str>),
    notices: &mut Notices,
) -> Result<Vec<f64>, StudyError> {
    let Some(field) = field else { return Ok(vec![1.0; list.len()]) };
    let file = file_name(path);
    let amount = |(thing, number): (&Listed, Option<f64>)| {
        number.filter(|number| number.is_finite()).unwrap_or_else(|| {
            let problem = format!("{} holds no amount from 0 on", thing.id);
            let mut notice = Notice::error("amount_invalid", &file, problem);
            notice.location = thing.location.clone();
            notices.push(notice.field(field, thing.field(field).unwrap_or_default()).action("counted as 0"));
            0.0
        })
    };
    Ok(list.iter().zip(numbers(list, field)?).map(amount).collect())
}

/// The numbers from 0 on that a field of a list holds, `None` for a thing where it holds none.
pub(super) fn numbers(list: &[Listed], field: &str) -> Result<Vec<Option<f64>>, StudyError> {
    let texts: Vec<Option<String>> = words(list, field)?.into_iter().map(|text| text.map(str::to_owned)).collect();
    Ok(numbers_from_0(&texts))
}

/// What a field of a list says, `None` for a thing where it says nothing.
pub(super) fn words<'a>(list: &'a [Listed], field: &str) -> Result<Vec<Option<&'a str>>, StudyError> {
    let texts: Vec<Option<&str>> = list.iter().map(|thing| thing.field(field)).collect();
    if texts.iter().all(Option::is_none) {
        return Err(unknown_field(field, list.iter().flat_map(|thing| &thing.fields)));
    }
    Ok(texts)
}
