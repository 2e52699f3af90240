//! The streets on foot, as `chaland network` surveys them, and what is told of sidewalks.

use crate::canvas::check::{IslandPlace, StreetsCheck};
use crate::canvas::friction_points::{round_to, rounded};
use crate::network::sidewalk_survey::survey_sidewalks;
use crate::network::survey::{find_islands, survey_network};
use crate::sources::osm::records::OsmRecords;
use crate::study::town::Town;

/// Components beside the main one that are told with their place.
const TOLD_ISLANDS: usize = 20;

/// Surveys the network of a town on foot.
pub(super) fn check_streets(records: &OsmRecords, town: &Town) -> StreetsCheck {
    let islands = find_islands(&town.graph).into_iter().take(TOLD_ISLANDS);
    StreetsCheck {
        data_date: records.data_date.clone(),
        walk: survey_network(&town.graph),
        islands: islands
            .map(|island| {
                let [lon, lat] = rounded(&town.plane, island.point);
                IslandPlace { length_m: round_to(island.length_m, 1), name: island.name, lon, lat }
            })
            .collect(),
        sidewalks: survey_sidewalks(records, &town.plane),
    }
}
