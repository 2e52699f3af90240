//! Shops on streets that few walk: clusters away from the main flows.
//!
//! A shop is quiet where the flow beside it is below a share of the median flow beside shops. Quiet shops that stand
//! together are one finding. Its seconds are the walk from the nearest busy street to the shops and back; its persons
//! are the customers that as many shops have on average.

use geo::Coord;
use petgraph::unionfind::UnionFind;

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::analysis::statistics::median;
use crate::base::geometry::distance_m;
use crate::base::ids::{DistrictId, Id, SegmentId};
use crate::base::kinds::Quality;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{Profile, StreetGraph};
use crate::reach::walk::WalkSearch;

/// A shop and the flow beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopSeen {
    /// Name, empty where it has none.
    pub name: String,
    /// Where it is.
    pub point: Coord<f64>,
    /// Where it joins the streets.
    pub link: LinkedPoint,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Persons per day on the busiest street beside it.
    pub flow: f64,
    /// Customers per day by the model.
    pub customers: f64,
}

/// Finds clusters of quiet shops; `busy` tells the segments of the main flows.
pub fn find_quiet_shops(
    graph: &StreetGraph,
    shops: &[ShopSeen],
    busy: &dyn Fn(SegmentId) -> bool,
    parameters: &Parameters,
) -> Vec<Finding> {
    let flows: Vec<f64> = shops.iter().map(|s| s.flow).collect();
    let Some(middle) = median(&flows).filter(|m| *m > 0.0) else { return Vec::new() };
    let quiet: Vec<&ShopSeen> = shops.iter().filter(|s| s.flow < parameters.quiet_share * middle).collect();
    let mean_customers = shops.iter().map(|s| s.customers).sum::<f64>() / shops.len() as f64;
    let mut search = WalkSearch::new(graph, Profile::Adult);
    cluster(&quiet, parameters.cluster_gap_m)
        .into_iter()
        .filter(|members| members.len() >= parameters.cluster_shops)
        .filter_map(|members| {
            let shops: Vec<&ShopSeen> = members.iter().map(|&i| quiet[i]).collect();
            describe(graph, &mut search, &shops, (busy, mean_customers, middle), parameters)
        })
        .collect()
}

fn cluster(shops: &[&ShopSeen], gap_m: f64) -> Vec<Vec<usize>> {
    let mut joined = UnionFind::<usize>::new(shops.len());
    for i in 0..shops.len() {
        for j in i + 1..shops.len() {
            if distance_m(shops[i].point, shops[j].point) <= gap_m {
                joined.union(i, j);
            }
        }
    }
    let mut clusters: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
    for index in 0..shops.len() {
        clusters.entry(joined.find(index)).or_default().push(index);
    }
    let mut clusters: Vec<Vec<usize>> = clusters.into_values().collect();
    clusters.sort();
    clusters
}

/// The first busy street on the way from a place: its point and the walk there in seconds.
fn find_busy_street(
    graph: &StreetGraph,
    search: &mut WalkSearch<'_>,
    from: &LinkedPoint,
    busy: &dyn Fn(SegmentId) -> bool,
    parameters: &Parameters,
) -> Option<(Coord<f64>, f64)> {
    search.from_point(from, parameters.loss_cap);
    let node = *search.settled().iter().find(|&&node| graph.arcs_from(node).any(|arc| busy(graph.segment(arc))))?;
    Some((graph.node_point(node), search.time_to_node(node)?.seconds()))
}

fn describe(
    graph: &StreetGraph,
    search: &mut WalkSearch<'_>,
    shops: &[&ShopSeen],
    (busy, mean_customers, middle_flow): (&dyn Fn(SegmentId) -> bool, f64, f64),
    parameters: &Parameters,
) -> Option<Finding> {
    let middle = shops.iter().min_by(|a, b| {
        let sum = |of: &ShopSeen| shops.iter().map(|s| distance_m(s.point, of.point)).sum::<f64>();
        sum(a).total_cmp(&sum(b))
    })?;
    let (street, walk_s) = find_busy_street(graph, search, &middle.link, busy, parameters)?;
    let count = shops.len() as f64;
    let flow = shops.iter().map(|s| s.flow).sum::<f64>() / count;
    let name = match graph.segment_name(middle.link.segment) {
        "" => middle.name.clone(),
        name => name.to_owned(),
    };
    Some(Finding {
        cause: Cause::ShopsWithoutFlow,
        name,
        point: middle.point,
        district: middle.district,
        who: Who::ShopCustomers,
        persons: mean_customers * count,
        avoidable_s: 2.0 * walk_s,
        quality: Quality::Inferred,
        facts: vec![
            Fact::new("shops", count, "count", EvidenceSource::Streets),
            Fact::new("foot_traffic", flow, "persons_per_day", EvidenceSource::Model),
            Fact::new("core_foot_traffic", middle_flow, "persons_per_day", EvidenceSource::Model),
            Fact::new("walk_s", walk_s, "s", EvidenceSource::Streets),
        ],
        remedies: vec![
            Remedy { modification: "add_path", at: vec![street, middle.point], value: None },
            Remedy { modification: "sign_route", at: vec![street], value: None },
        ],
        lines: vec![graph.segment_line(SegmentId::from_index(middle.link.segment.index())).to_vec()],
    })
}
