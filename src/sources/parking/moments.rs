//! Answers that tell how full car parks are at one moment, as tables of occupancy: of ParkAPI in JSON, of DATEX II.

use std::path::Path;

use serde_json::Value;

use super::{ParkingError, datex};
use crate::base::notice::Notices;
use crate::sources::features::FeaturesError;
use crate::sources::regular::read_regular;
use crate::sources::table::{Table, file_name};

/// The states in a file of JSON or XML as a table of [`datex::STATE_COLUMNS`], one row per state; `None` for other files.
pub(super) fn read_states(path: &Path, notices: &mut Notices) -> Result<Option<Table>, ParkingError> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if !["json", "geojson", "xml"].contains(&extension.as_str()) {
        return Ok(None);
    }
    let file = file_name(path);
    let unreadable = |source| FeaturesError::Unreadable { file: file.clone(), source };
    let bytes = read_regular(path).map_err(unreadable)?;
    let tree = datex::parse_publication(&file, &bytes, notices)?;
    let items = tree.get("items").or_else(|| tree.get("data")).and_then(Value::as_array);
    let rows = match items {
        Some(items) => items.iter().map(state_of_item).collect(),
        None => datex::states_of(&tree),
    };
    let header = datex::STATE_COLUMNS.map(str::to_owned).to_vec();
    let rows = rows.into_iter().map(|row| row.to_vec()).collect();
    Ok(Some(Table::of_records(&file, header, rows)))
}

/// The state of a site in an answer of ParkAPI; empty where it tells none.
fn state_of_item(item: &Value) -> [String; 7] {
    let of = |names: &[&str]| {
        let value = names.iter().find_map(|name| item.get(name).filter(|value| !value.is_null()));
        value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
    };
    let free = of(&["realtime_free_capacity"]);
    if free.is_empty() {
        return Default::default();
    }
    [
        of(&["original_uid", "uid", "id"]),
        of(&["realtime_data_updated_at"]),
        free,
        String::new(),
        String::new(),
        of(&["realtime_capacity", "capacity"]),
        of(&["realtime_opening_status"]),
    ]
}
