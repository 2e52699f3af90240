//! What is reached by public transport at one departure: on foot, by vehicles, and on foot again from every stop where
//! that is sooner.
//!
//! In: a [`Raptor`] search, its stops linked to the streets. Out: a finished [`WalkSearch`] with the times of all streets,
//! from which isochrones and times to any place follow as they do on foot. No walk is limited but by the time itself.

use super::raptor::{GoOn, Raptor, RaptorScratch, moment, span};
use super::scratches::Scratches;
use super::walk::WalkSearch;
use crate::base::ids::StopId;
use crate::base::units::{ClockTime, TravelTime};
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{Profile, StreetGraph};
use crate::network::timetable::Moment;

use rayon::prelude::*;

/// Stops of a timetable on the streets of a profile.
pub struct TransitStreets<'a> {
    graph: &'a StreetGraph,
    profile: Profile,
    raptor: &'a Raptor<'a>,
    stops: &'a [(StopId, LinkedPoint)],
}

/// What a thread searches with.
struct Scratch<'a> {
    walk: WalkSearch<'a>,
    raptor: RaptorScratch,
}

impl<'a> TransitStreets<'a> {
    /// The stops of a search on streets.
    pub fn new(
        (graph, profile): (&'a StreetGraph, Profile),
        raptor: &'a Raptor<'a>,
        stops: &'a [(StopId, LinkedPoint)],
    ) -> Self {
        Self { graph, profile, raptor, stops }
    }

    /// Searches from each point at a departure, as far as a cutoff, and measures what is reached, in the order of the
    /// points. In parallel; the number of threads changes nothing.
    pub fn from_each<T: Send>(
        &self,
        points: &[LinkedPoint],
        (departure, cutoff): (ClockTime, TravelTime),
        measure: impl Fn(usize, &WalkSearch<'a>) -> T + Sync,
    ) -> Vec<T> {
        let scratches = Scratches::new();
        let new = || Scratch { walk: WalkSearch::new(self.graph, self.profile), raptor: self.raptor.scratch() };
        let search = |(at, point): (usize, &LinkedPoint)| {
            scratches.with(new, |scratch| {
                self.search_from(scratch, point, moment(departure), cutoff);
                measure(at, &scratch.walk)
            })
        };
        points.par_iter().enumerate().with_max_len(1).map(search).collect()
    }

    fn search_from(&self, scratch: &mut Scratch<'a>, point: &LinkedPoint, departure: Moment, cutoff: TravelTime) {
        let Scratch { walk, raptor } = scratch;
        walk.from_point(point, cutoff);
        let on_foot: Vec<(usize, TravelTime)> = (self.stops.iter().enumerate())
            .filter_map(|(at, (_, link))| Some((at, walk.time_to(link)?)))
            .filter(|&(_, time)| time <= cutoff)
            .collect();
        let access: Vec<(StopId, TravelTime)> = on_foot.iter().map(|&(at, time)| (self.stops[at].0, time)).collect();
        let mut starts = vec![(*point, TravelTime::ZERO)];
        let too_late = departure.saturating_add(span(cutoff)).saturating_add(1);
        let bound = |_: Moment, _: super::raptor::Arrivals<'_>| too_late;
        self.raptor.reach_in_time_over(raptor, &access, [departure], bound, |_, arrivals| {
            let mut on_foot = on_foot.iter().peekable();
            for (at, (stop, link)) in self.stops.iter().enumerate() {
                let walked = on_foot.next_if(|(walked, _)| *walked == at).map(|&(_, time)| time);
                let ridden = arrivals.travel_time(*stop);
                // Where one is as soon on foot, the walk goes on by itself.
                if let Some(time) = ridden.filter(|&time| walked.is_none_or(|walked| time < walked)) {
                    starts.push((*link, time));
                }
            }
            GoOn::Yes
        });
        if starts.len() > 1 {
            walk.from_points(&starts, cutoff);
        }
    }
}
