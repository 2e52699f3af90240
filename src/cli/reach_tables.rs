//! `chaland reach matrix` and `chaland reach transit`: travel times as tables.

use std::cell::Cell;
use std::io::{BufWriter, Write};
use std::rc::Rc;

use serde_json::json;

use super::arguments::{AccessBy, Matrix, Transit};
use super::commands::outcome;
use super::failure::CliError;
use super::out_file::OutFile;
use super::reach::{Asked, begin, commit, unwritable};
use super::{Outcome, output};
use crate::base::units::{ClockTime, TravelTime};
use crate::export::matrix_table::{CsvMatrix, MatrixTable, ParquetMatrix};
use crate::network::index::StreetIndex;
use crate::network::streets::{Mode, Profile};
use crate::reach::door_to_door::DepartureWindow;
use crate::reach::transit_matrix::WindowOf;
use crate::study::chain::{ParkingPlaces, Ride, stream_over_parking};
use crate::study::error::StudyError;
use crate::study::reach::{AskedPoint, stream_matrix};
use crate::study::transit_reach::{TransitNetwork, TransitQuestion};

const FORMS: [&str; 2] = ["csv", "parquet"];
const ENDINGS: &str = ".csv or .parquet";

/// Writes a table into a file, or as CSV to stdout. `None` where the reader of stdout has gone away.
fn write_table(
    file: Option<(OutFile, String)>,
    times: &[String],
    fill: impl FnOnce(&mut dyn MatrixTable) -> Result<u64, StudyError>,
) -> Result<Option<u64>, CliError> {
    let reader_is_gone = Cell::new(false);
    let mut table: Box<dyn MatrixTable + '_> = match &file {
        Some((file, form)) => {
            let out = file.writer().map_err(unwritable(file.path()))?;
            match form.as_str() {
                "csv" => Box::new(CsvMatrix::new(out, times).map_err(StudyError::from)?),
                _ => Box::new(ParquetMatrix::new(out, times).map_err(StudyError::from)?),
            }
        }
        None => {
            let out = BufWriter::with_capacity(1 << 16, Stdout { reader_is_gone: &reader_is_gone });
            Box::new(CsvMatrix::new(out, times).map_err(StudyError::from)?)
        }
    };
    let written = fill(table.as_mut()).and_then(|found| table.finish().map(|()| found).map_err(StudyError::from));
    let found = match written {
        // `| head`: the reader has what it wanted.
        Err(_) if reader_is_gone.get() => return Ok(None),
        written => written?,
    };
    if let Some((file, _)) = file {
        commit(file)?;
    }
    Ok(Some(found))
}

pub(super) fn run_matrix(arguments: &Matrix) -> Result<Outcome, CliError> {
    let common = &arguments.common;
    let file = begin(common.out.as_deref(), "a matrix", &FORMS, ENDINGS)?;
    let points = [&arguments.from, &arguments.to, &arguments.park].map(Vec::as_slice);
    let mut asked = Asked::open(&arguments.folder, common, file.as_ref(), &points)?;
    if !arguments.park.is_empty() {
        return run_parking_matrix(arguments, asked, file);
    }
    let [origins, mut destinations] = asked.link([(&arguments.from, "to start from"), (&arguments.to, "to reach")])?;
    if arguments.to.is_empty() {
        destinations.clone_from(&origins);
    }
    let on = (asked.networks.graph(asked.profile.mode()), asked.profile);
    let cutoff = arguments.cutoff.unwrap_or(TravelTime::MAX);
    let found = write_table(file, &["travel_time_s".to_owned()], |table| {
        stream_matrix(on, [&origins, &destinations], cutoff, &asked.bar, |origin, destination, time| {
            table.write(&origin.record.id, &destination.record.id, &[Some(time)])
        })
    })?;
    end_of_matrix(asked, [&origins, &destinations], (found, arguments.cutoff), None)
}

/// A matrix of those who ride to a place to park and walk on from there.
fn run_parking_matrix(
    arguments: &Matrix,
    mut asked: Asked<'_>,
    file: Option<(OutFile, String)>,
) -> Result<Outcome, CliError> {
    if asked.profile.mode() == Mode::Walk {
        return Err(CliError::NothingToPark { profile: asked.profile.key() });
    }
    let [origins, parks] = asked.link([(&arguments.from, "to start from"), (&arguments.park, "to park at")])?;
    let index = StreetIndex::new(asked.networks.graph(Mode::Walk));
    let destinations = asked.link_on((Profile::Adult, &index), (&arguments.to, "to reach"))?;
    let places = asked.places_to_park(parks, arguments.occupancy.as_deref(), (&index, Profile::Adult))?;
    let cutoff = arguments.cutoff.unwrap_or(TravelTime::MAX);
    let ride = Ride {
        graph: asked.networks.graph(asked.profile.mode()),
        index: &asked.index,
        plane: &asked.networks.plane,
        profile: asked.profile,
        limit: cutoff,
        parking: arguments.parking_time,
    };
    let walker = (asked.networks.graph(Mode::Walk), Profile::Adult);
    let points = (origins.as_slice(), &places, destinations.as_slice());
    let limits = (arguments.walk, cutoff);
    let found = write_table(file, &["travel_time_s".to_owned()], |table| {
        stream_over_parking(ride, walker, points, limits, &asked.bar, |origin, destination, time| {
            table.write(&origin.record.id, &destination.record.id, &[Some(time)])
        })
    })?;
    end_of_matrix(asked, [&origins, &destinations], (found, arguments.cutoff), Some(places.len()))
}

fn end_of_matrix(
    asked: Asked<'_>,
    [origins, destinations]: [&[AskedPoint]; 2],
    (found, cutoff): (Option<u64>, Option<TravelTime>),
    parking_places: Option<usize>,
) -> Result<Outcome, CliError> {
    let Some(found) = found else { return Ok(outcome(asked.common.strict, &asked.notices)) };
    let pairs = origins.len() as u64 * destinations.len() as u64;
    let text = format!(
        "{} origins, {} destinations{}: {found} of {pairs} pairs have a way{}",
        origins.len(),
        destinations.len(),
        parking_places.map_or_else(String::new, |places| format!(", {places} places to park")),
        cutoff.map_or_else(String::new, |cutoff| format!(" of {cutoff} at most")),
    );
    let facts = json!({
        "origins": origins.len(), "destinations": destinations.len(), "pairs": pairs, "pairs_with_a_way": found,
        "parking_places": parking_places,
    });
    asked.end(&text, &facts)
}

pub(super) fn run_transit(arguments: &Transit) -> Result<Outcome, CliError> {
    let common = &arguments.common;
    let file = begin(common.out.as_deref(), "a table of times", &FORMS, ENDINGS)?;
    let points = [&arguments.from, &arguments.to, &arguments.park].map(Vec::as_slice);
    let mut asked = Asked::open(&arguments.folder, common, file.as_ref(), &points)?;
    let profile = asked.transit_profile()?;
    let [origins, mut destinations] = asked.link([(&arguments.from, "to start from"), (&arguments.to, "to reach")])?;
    if arguments.to.is_empty() {
        destinations.clone_from(&origins);
    }
    let first_leg = open_first_leg(arguments, &mut asked)?;
    let graph = asked.networks.graph(Mode::Walk);
    let mut percentiles = arguments.percentiles.clone();
    percentiles.sort_by(f64::total_cmp);
    percentiles.dedup();
    let last_by = arguments.last_by.map(|by| DepartureWindow { first: by, end: by.plus_seconds(60) });
    let arrivals = arguments.arrive_by.or(last_by);
    let columns: Vec<String> = match last_by {
        Some(_) => vec!["last_departure_s".to_owned()],
        None => percentiles.iter().map(|p| format!("travel_time_p{p}_s")).collect(),
    };
    let since_midnight = |clock: ClockTime| TravelTime::from_seconds(f64::from(clock.seconds()));
    let question = TransitQuestion {
        profile,
        date: arguments.date,
        window: arrivals.or(arguments.window),
        window_of: if arrivals.is_some() { WindowOf::Arrivals } else { WindowOf::Departures },
        cutoff: arguments.last_by.map_or(arguments.cutoff, since_midnight),
        walk_limit: arguments.walk,
        max_rides: usize::from(arguments.max_rides),
        percentiles,
    };
    let on = (graph, &asked.networks.plane, &*asked.index);
    let study = (&asked.manifest, arguments.folder.as_path());
    let network = TransitNetwork::open(study, on, question, &asked.bar, &mut asked.notices)?;
    let network = match &first_leg {
        Some((ride_profile, index, places)) => {
            let ride = Ride {
                graph: asked.networks.graph(ride_profile.mode()),
                index,
                plane: &asked.networks.plane,
                profile: *ride_profile,
                limit: arguments.access_limit,
                parking: arguments.parking_time,
            };
            match places {
                Some(places) => network.ride_to_parking(ride, places),
                None => network.ride_to_stops(ride),
            }
        }
        None => network,
    };
    let mut departures = Vec::with_capacity(1);
    let found = write_table(file, &columns, |table| {
        network.stream([&origins, &destinations], &asked.bar, |origin, destination, times| {
            let cells = match arguments.last_by {
                Some(by) => {
                    departures.clear();
                    departures
                        .extend(times.iter().map(|time| time.map(|time| since_midnight(by).saturating_sub(time))));
                    departures.as_slice()
                }
                None => times,
            };
            table.write(&origin.record.id, &destination.record.id, cells)
        })
    })?;
    let Some(found) = found else { return Ok(outcome(common.strict, &asked.notices)) };
    let (pairs, window) = (origins.len() as u64 * destinations.len() as u64, network.window());
    let (date, stops) = (network.date(), network.linked_stop_count());
    let searched = match (arguments.last_by, arguments.arrive_by) {
        (Some(by), _) => format!("arriving by {by}: {found} of {pairs} pairs have a last departure"),
        (None, Some(_)) => format!(
            "arriving every minute from {} to {}: {found} of {pairs} pairs have a way of {} at most",
            window.first, window.end, arguments.cutoff
        ),
        (None, None) => format!(
            "every minute from {} to {}: {found} of {pairs} pairs have a way of {} at most",
            window.first, window.end, arguments.cutoff
        ),
    };
    let text =
        format!("{} origins, {} destinations, {stops} stops; {date}, {searched}", origins.len(), destinations.len());
    let moments = if arrivals.is_some() { ["first_arrival", "arrivals"] } else { ["first_departure", "departures"] };
    let facts = json!({
        "origins": origins.len(), "destinations": destinations.len(), "pairs": pairs, "pairs_with_a_way": found,
        "stops": stops, "date": date.to_string(), moments[0]: window.first.to_string(),
        moments[1]: window.departures(),
    });
    asked.end(&text, &facts)
}

/// By what one rides to the first stop, on which streets, and where that is left; at the stop itself where no places are.
type OpenFirstLeg = (Profile, StreetIndex, Option<ParkingPlaces>);

/// What it takes to ride to the first stop, where that is asked for.
fn open_first_leg(arguments: &Transit, asked: &mut Asked<'_>) -> Result<Option<OpenFirstLeg>, CliError> {
    let ride = match arguments.access {
        AccessBy::Walk => return Ok(None),
        AccessBy::Bicycle => Profile::Bicycle,
        AccessBy::Car if arguments.park.is_empty() => return Err(CliError::NowhereToPark),
        AccessBy::Car => Profile::Car,
    };
    let index = StreetIndex::new(asked.networks.graph(ride.mode()));
    if arguments.park.is_empty() {
        return Ok(Some((ride, index, None)));
    }
    let parks = asked.link_on((ride, &index), (&arguments.park, "to park at"))?;
    let (on_foot, profile) = (Rc::clone(&asked.index), asked.profile);
    let places = asked.places_to_park(parks, arguments.occupancy.as_deref(), (&on_foot, profile))?;
    Ok(Some((ride, index, Some(places))))
}

/// stdout, as a table sees it: tells when its reader has gone away.
struct Stdout<'a> {
    reader_is_gone: &'a Cell<bool>,
}

impl Write for Stdout<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        output::part_of_result(bytes)
            .inspect_err(|error| self.reader_is_gone.set(error.kind() == std::io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        output::result("")
    }
}
