//! `chaland reach supply`: what public transport offers at stations and at places.

use serde_json::json;

use super::Outcome;
use super::arguments::Supply;
use super::failure::CliError;
use super::reach::{Asked, LAYER_ENDINGS, LAYER_FORMS, begin, write_layer};
use crate::export::supply_layers::{PlaceOf, StationOf, place_layer, station_layer};
use crate::study::supply_tables::{FARTHEST_M, place_supply, station_catchments, station_supply};
use crate::study::transit_reach::{TransitNetwork, TransitQuestion};

pub(super) fn run(arguments: &Supply) -> Result<Outcome, CliError> {
    let common = &arguments.common;
    let file = begin(common.out.as_deref(), "supply", &LAYER_FORMS, LAYER_ENDINGS)?;
    let mut asked = Asked::open(&arguments.folder, common, file.as_ref(), &[&arguments.at, &arguments.count])?;
    let profile = asked.transit_profile()?;
    let [places, homes] = asked.link([(&arguments.at, "to look at"), (&arguments.count, "to count")])?;
    let graph = asked.networks.graph(profile.mode());
    let question = TransitQuestion {
        date: arguments.date,
        walk_limit: graph.speed().time_for(FARTHEST_M),
        ..TransitQuestion::of(profile)
    };
    let study = (&asked.manifest, arguments.folder.as_path());
    let on = (graph, &asked.networks.plane, &*asked.index);
    let network = TransitNetwork::open_stops(study, on, question, &asked.bar, &mut asked.notices)?;
    network.note_one_draw(&mut asked.notices);
    let date = network.date().to_string();
    if !arguments.at.is_empty() {
        let supply = place_supply(&network, &places);
        let served = supply.iter().filter(|place| place.well_served[0]).count();
        let rows = places.iter().zip(&supply).map(|(place, supply)| PlaceOf {
            id: &place.record.id,
            name: &place.record.name,
            position: place.record.position,
            ptal: (supply.ptal_index, supply.ptal_band),
            quality_class: supply.quality_class.map(|class| class.key()),
            well_served: supply.well_served,
        });
        write_layer(&place_layer(rows, &date), file)?;
        let text = format!(
            "{} places, {date}: {served} well served by the rule for municipalities above 150 inhabitants per km2",
            places.len()
        );
        let facts = json!({ "places": places.len(), "date": date, "well_served_dense": served });
        return asked.end(&text, &facts);
    }
    let window = arguments.window;
    let stations = station_supply(network.timetable(), window);
    let about = format!("{date} {}-{}", window.first, window.end);
    let departures: usize = stations.iter().map(|(_, supply)| supply.window.departures).sum();
    let around = match arguments.count.is_empty() {
        true => None,
        false => {
            let people = (homes.as_slice(), arguments.amount.as_deref());
            Some(station_catchments(&network, &stations, people, (&asked.networks.plane, &mut asked.notices))?)
        }
    };
    let rows = stations.iter().enumerate().map(|(at, (_, supply))| StationOf {
        id: &supply.stop.id,
        name: &supply.stop.name,
        position: asked.networks.plane.unproject(supply.stop.position),
        window: (&supply.window, supply.window_min),
        of_day: &supply.of_day,
        category: supply.category,
        catchment: around.as_ref().map(|(around, _)| around[at]),
    });
    write_layer(&station_layer(rows, &about), file)?;
    let within = around.as_ref().map(|(_, within)| *within);
    let told = within.map_or_else(String::new, |within| format!("; {within:.0} people live within reach of a stop"));
    let text = format!("{} stations, {about}: {departures} departures{told}", stations.len());
    let facts =
        json!({ "stations": stations.len(), "window": about, "departures": departures, "people_within_reach": within });
    asked.end(&text, &facts)
}
