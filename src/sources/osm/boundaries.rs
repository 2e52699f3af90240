//! Administrative boundaries: their tags. Their areas are put together in `areas`.

use super::drafts::{BoundaryDraft, Log, read_count};
use super::keys::{Key, Tags};

/// Reads an administrative boundary with a level; `None` for anything else.
pub(super) fn read_boundary(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<BoundaryDraft> {
    if !tags.is(Key::Boundary, &["administrative"]) || !tags.has(Key::Name) {
        return None;
    }
    let admin_level = read_count(tags, (Key::AdminLevel, "admin_level"), 1..=12, log)?;
    let code = tags.get(Key::RefIns).or_else(|| tags.get(Key::Ref)).unwrap_or("");
    Some(BoundaryDraft { admin_level: admin_level as u8, name: tags.text(Key::Name), code: code.to_owned() })
}
