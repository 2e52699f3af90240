//! `chaland reach`: isochrones around points, and travel times between them.

use std::path::Path;
use std::rc::Rc;

use serde_json::{Value, json};

use super::arguments::{Access, Format, Isochrones, Reach, ReachCommon, Show};
use super::commands::{outcome, work_with};
use super::failure::CliError;
use super::out_file::OutFile;
use super::progress::Bar;
use super::{Outcome, output, reach_supply, reach_tables, summary};
use crate::base::notice::Notices;
use crate::base::units::TravelTime;
use crate::export::geopackage::{NO_TIME, write_geopackage};
use crate::export::map_layer::{MapLayer, geojson};
use crate::export::reach_layers::{
    AccessOf, IsochronesOf, ReachOf, access_layer, isochrone_layer, layer_csv, reached_street_layer,
};
use crate::network::index::StreetIndex;
use crate::network::streets::{Mode, Profile, SearchDirection};
use crate::reach::door_to_door::DepartureWindow;
use crate::sources::points::PointSource;
use crate::study::chain::ParkingPlaces;
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::networks::{Networks, Reload, open_networks};
use crate::study::offer::{Offer, OfferFields};
use crate::study::open::open;
use crate::study::reach::{AskedPoint, Counted, Drawing, access_from, isochrones_around, link_asked, streets_around};
use crate::study::transit_reach::{TransitNetwork, TransitQuestion};

/// Forms of layers, by the endings of their files.
pub(super) const LAYER_FORMS: [&str; 4] = ["geojson", "json", "gpkg", "csv"];
pub(super) const LAYER_ENDINGS: &str = ".geojson, .gpkg or .csv";

pub(super) fn run(arguments: &Reach) -> Result<Outcome, CliError> {
    match arguments {
        Reach::Isochrones(arguments) => run_isochrones(arguments),
        Reach::Matrix(arguments) => reach_tables::run_matrix(arguments),
        Reach::Transit(arguments) => reach_tables::run_transit(arguments),
        Reach::Access(arguments) => run_access(arguments),
        Reach::Supply(arguments) => reach_supply::run(arguments),
    }
}

/// The networks of a study, and what is asked of them.
pub(super) struct Asked<'a> {
    pub common: &'a ReachCommon,
    pub manifest: Manifest,
    pub profile: Profile,
    pub networks: Networks,
    /// Where the streets of the profile are.
    pub index: Rc<StreetIndex>,
    pub notices: Notices,
    pub bar: Bar,
    /// Points that lie at no street.
    unlinked: usize,
}

impl<'a> Asked<'a> {
    /// Opens a study, unless the result would replace a file of it or one of the points.
    pub fn open(
        folder: &Path,
        common: &'a ReachCommon,
        file: Option<&(OutFile, String)>,
        points: &[&[PointSource]],
    ) -> Result<Self, CliError> {
        work_with(common.threads)?;
        let opened = open(folder)?;
        if let Some((file, _)) = file {
            let of_points = points.iter().copied().flatten().filter_map(|source| match source {
                PointSource::File(path) => Some(path.clone()),
                PointSource::At(_) => None,
            });
            let of_study = opened.manifest.inputs.files().into_iter().map(|(_, path)| folder.join(path));
            if of_points.chain(of_study).any(|input| file.replaces(&input)) {
                return Err(StudyError::ReplacesInput { path: file.target().to_owned() }.into());
            }
        }
        let bar = Bar::new(common.quiet);
        let networks = open_networks(&opened.manifest, folder, Reload::Allowed, &bar)?;
        let mut notices = opened.notices;
        notices.extend(networks.notices.clone());
        let profile: Profile = common.profile.into();
        let index = Rc::new(StreetIndex::new(networks.graph(profile.mode())));
        Ok(Self { common, manifest: opened.manifest, profile, networks, index, notices, bar, unlinked: 0 })
    }

    /// The points of each list, linked; at least one of each.
    pub fn link<const N: usize>(
        &mut self,
        lists: [(&[PointSource], &'static str); N],
    ) -> Result<[Vec<AskedPoint>; N], CliError> {
        let mut linked = [const { Vec::new() }; N];
        let on = (self.profile, Rc::clone(&self.index));
        for (list, points) in lists.into_iter().zip(&mut linked) {
            *points = self.link_on((on.0, &on.1), list)?;
        }
        Ok(linked)
    }

    /// The points of a list on the streets of a profile; at least one.
    pub fn link_on(
        &mut self,
        (profile, index): (Profile, &StreetIndex),
        (sources, which): (&[PointSource], &'static str),
    ) -> Result<Vec<AskedPoint>, CliError> {
        let on = (self.networks.graph(profile.mode()), &self.networks.plane);
        let (points, unlinked) = link_asked(on, index, profile, sources, &mut self.notices)?;
        self.unlinked += unlinked;
        if points.is_empty() && !sources.is_empty() {
            return Err(self.no_points(which, profile));
        }
        Ok(points)
    }

    /// Places to park, on foot too; at least one.
    pub fn places_to_park(
        &mut self,
        parks: Vec<AskedPoint>,
        occupancy: Option<&str>,
        (index, profile): (&StreetIndex, Profile),
    ) -> Result<ParkingPlaces, CliError> {
        let count = parks.len();
        let on_foot = (self.networks.graph(Mode::Walk), index, profile);
        let places = ParkingPlaces::of(parks, occupancy, on_foot, &self.networks.plane, &mut self.notices)?;
        self.unlinked += count - places.len();
        if places.is_empty() {
            return Err(self.no_points("to park at", profile));
        }
        Ok(places)
    }

    /// That there are no points, and before it what there is to say of them.
    pub fn no_points(&self, which: &'static str, profile: Profile) -> CliError {
        if !self.common.quiet {
            output::say(&output::notices_text(&self.notices));
        }
        CliError::NoPoints { which, profile: profile.key() }
    }

    /// The profile, where it is one that takes public transport.
    pub fn transit_profile(&self) -> Result<Profile, CliError> {
        match self.profile.mode() {
            Mode::Walk => Ok(self.profile),
            _ => Err(CliError::NotToTheStop { profile: self.profile.key() }),
        }
    }

    /// Says what there is to say, and on stdout what was written.
    pub fn end(self, text: &str, facts: &Value) -> Result<Outcome, CliError> {
        self.bar.finish();
        if !self.common.quiet {
            output::say(&output::notices_text(&self.notices));
        }
        let text = match self.unlinked {
            0 => text.to_owned(),
            unlinked => format!("{text}; {unlinked} points left out that lie at no street"),
        };
        if let Some(out) = &self.common.out {
            let text = match self.common.format {
                Format::Text => format!("{text}\n{} is written\n", out.display()),
                Format::Json => {
                    let mut facts = facts.clone();
                    facts["points_left_out"] = self.unlinked.into();
                    facts["file"] = out.display().to_string().into();
                    facts["notices"] = summary::notices_json(&self.notices);
                    format!("{facts:#}\n")
                }
            };
            output::result(&text).map_err(CliError::Stdout)?;
        } else if !self.common.quiet {
            output::say(&format!("{text}\n"));
        }
        Ok(outcome(self.common.strict, &self.notices))
    }
}

/// The ending of a file, in small letters.
fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

pub(super) fn unwritable(path: &Path) -> impl Fn(std::io::Error) -> CliError + use<> {
    let path = path.to_owned();
    move |source| StudyError::Unwritable { path: path.clone(), source }.into()
}

/// Begins the file of a result whose form its ending tells, before any work is done.
pub(super) fn begin(
    out: Option<&Path>,
    what: &'static str,
    forms: &[&str],
    expected: &'static str,
) -> Result<Option<(OutFile, String)>, CliError> {
    let Some(out) = out else { return Ok(None) };
    let form = ending(out);
    if !forms.contains(&form.as_str()) {
        return Err(CliError::UnknownForm { path: out.to_owned(), what, expected });
    }
    Ok(Some((OutFile::begin(out).map_err(unwritable(out))?, form)))
}

fn run_isochrones(arguments: &Isochrones) -> Result<Outcome, CliError> {
    let common = &arguments.common;
    let drawing = match arguments.show {
        Show::Areas => Some(Drawing::Buffers),
        Show::Contours => Some(Drawing::Contours),
        Show::Streets if arguments.count.is_empty() => None,
        Show::Streets => return Err(CliError::CountedInStreets),
    };
    let file = begin(common.out.as_deref(), "isochrones", &LAYER_FORMS, LAYER_ENDINGS)?;
    let inputs = [&arguments.from, &arguments.to, &arguments.count].map(Vec::as_slice);
    let mut asked = Asked::open(&arguments.folder, common, file.as_ref(), &inputs)?;
    let (direction, sources, which) = match arguments.to.is_empty() {
        true => (SearchDirection::From, &arguments.from, "to start from"),
        false => (SearchDirection::To, &arguments.to, "to reach"),
    };
    let [points, to_count] = asked.link([(sources, which), (&arguments.count, "to count")])?;
    let fields = OfferFields { kind: arguments.kind.as_deref(), amount: arguments.amount.as_deref() };
    let offer = match to_count.is_empty() {
        true => Offer::default(),
        false => Offer::of(&to_count, fields, 1, &mut asked.notices)?,
    };
    let counted = (!to_count.is_empty()).then_some(Counted { points: &to_count, offer: &offer });
    let graph = asked.networks.graph(asked.profile.mode());
    let on = (graph, asked.profile);
    let within = (direction, arguments.cutoff.as_slice());
    let plane = &asked.networks.plane;
    let transit = match arguments.departure {
        Some(departure) => {
            let question = TransitQuestion {
                date: arguments.date,
                window: Some(DepartureWindow { first: departure, end: departure.plus_seconds(60) }),
                ..TransitQuestion::of(asked.transit_profile()?)
            };
            let study = (&asked.manifest, arguments.folder.as_path());
            let on = (graph, plane, &*asked.index);
            let network = TransitNetwork::open(study, on, question, &asked.bar, &mut asked.notices)?;
            network.note_one_draw(&mut asked.notices);
            Some((departure, network))
        }
        None => None,
    };
    let left_at = transit.as_ref().map(|(departure, network)| format!("{} {departure}", network.date()));
    let named = points.iter().map(|point| ReachOf {
        id: &point.record.id,
        name: &point.record.name,
        profile: asked.profile,
        direction,
        departure: left_at.as_deref(),
    });
    let layer = match (drawing, &transit) {
        (Some(drawing), transit) => {
            let drawn = match transit {
                Some((departure, network)) => {
                    network.isochrones_from(&points, *departure, &arguments.cutoff, (drawing, counted))
                }
                None => isochrones_around(on, &points, within, (drawing, counted)),
            };
            let isochrones = named.zip(&drawn).map(|(of, drawn)| IsochronesOf {
                of,
                isochrones: &drawn.isochrones,
                counted: &drawn.counted,
            });
            isochrone_layer(isochrones, &offer.kinds, plane)
        }
        (None, transit) => {
            let streets = match transit {
                Some((departure, network)) => network.streets_from(&points, *departure, &arguments.cutoff),
                None => streets_around(on, &points, within),
            };
            reached_street_layer(named.zip(streets.iter().map(Vec::as_slice)), graph, plane)
        }
    };
    write_layer(&layer, file)?;
    let leaving = left_at.as_ref().map_or_else(String::new, |left_at| format!(", leaving {left_at}"));
    let counted = match to_count.len() {
        0 => String::new(),
        count => format!("; {count} points counted of {} kinds: {}", offer.kinds.len(), offer.kinds.join(", ")),
    };
    let text =
        format!("{} points, {} {}{leaving}{counted}", points.len(), layer.rows.len(), layer.name.replace('_', " "));
    let mut facts = json!({ "points": points.len(), layer.name.as_str(): layer.rows.len(), "departure": left_at });
    if !to_count.is_empty() {
        (facts["points_to_count"], facts["kinds"]) = (to_count.len().into(), offer.kinds.clone().into());
    }
    asked.end(&text, &facts)
}

pub(super) fn write_layer(layer: &MapLayer, file: Option<(OutFile, String)>) -> Result<(), CliError> {
    let Some((file, form)) = file else {
        let bytes = geojson(layer).map_err(StudyError::from)?;
        return output::result(&String::from_utf8_lossy(&bytes)).map_err(CliError::Stdout);
    };
    match form.as_str() {
        "gpkg" => write_geopackage(file.path(), std::slice::from_ref(layer), NO_TIME).map_err(StudyError::from)?,
        form => {
            let bytes = if form == "csv" { layer_csv(layer) } else { geojson(layer) };
            file.write(&bytes.map_err(StudyError::from)?).map_err(unwritable(file.target()))?;
        }
    }
    commit(file)
}

pub(super) fn commit(file: OutFile) -> Result<(), CliError> {
    let unwritable = unwritable(file.target());
    file.commit().map_err(unwritable)
}

fn run_access(arguments: &Access) -> Result<Outcome, CliError> {
    let common = &arguments.common;
    let file = begin(common.out.as_deref(), "access", &LAYER_FORMS, LAYER_ENDINGS)?;
    let mut asked = Asked::open(&arguments.folder, common, file.as_ref(), &[&arguments.from, &arguments.to])?;
    let [origins, destinations] = asked.link([(&arguments.from, "to start from"), (&arguments.to, "to reach")])?;
    let mut cutoffs = arguments.cutoff.clone();
    cutoffs.sort_unstable();
    cutoffs.dedup();
    let fields = OfferFields { kind: arguments.kind.as_deref(), amount: arguments.amount.as_deref() };
    let offer = Offer::of(&destinations, fields, cutoffs.len() + 1, &mut asked.notices)?;
    let graph = asked.networks.graph(asked.profile.mode());
    let points = [origins.as_slice(), &destinations];
    let (access, departure) = match arguments.window {
        Some(window) => {
            let question = TransitQuestion {
                date: arguments.date,
                window: Some(window),
                cutoff: cutoffs.last().copied().unwrap_or(TravelTime::ZERO),
                percentiles: vec![arguments.percentile],
                walk_limit: arguments.walk,
                ..TransitQuestion::of(asked.transit_profile()?)
            };
            let study = (&asked.manifest, arguments.folder.as_path());
            let on = (graph, &asked.networks.plane, &*asked.index);
            let network = TransitNetwork::open(study, on, question, &asked.bar, &mut asked.notices)?;
            let access = network.access_from(points, (&offer, &cutoffs), &asked.bar)?;
            let departure = format!("{} {}-{}, p{}", network.date(), window.first, window.end, arguments.percentile);
            (access, Some(departure))
        }
        None => (access_from((graph, asked.profile), points, (&offer, &cutoffs), &asked.bar)?, None),
    };
    let points = origins.iter().zip(&access).map(|(point, kinds)| AccessOf {
        of: ReachOf {
            id: &point.record.id,
            name: &point.record.name,
            profile: asked.profile,
            direction: SearchDirection::From,
            departure: departure.as_deref(),
        },
        position: point.record.position,
        kinds,
    });
    let layer = access_layer(points, &offer.kinds, &cutoffs);
    write_layer(&layer, file)?;
    let text = format!(
        "{} points, {} places of {} kinds: {}{}",
        origins.len(),
        destinations.len(),
        offer.kinds.len(),
        offer.kinds.join(", "),
        departure.as_ref().map_or_else(String::new, |departure| format!("; leaving {departure}")),
    );
    let facts = json!({
        "points": origins.len(), "places": destinations.len(), "kinds": offer.kinds, "departure": departure,
    });
    asked.end(&text, &facts)
}
