//! Files → plain records + notices. Nothing is dropped in silence.
//!
//! In: files of a study. Out: records in the file's own terms, positions in degrees, and the notices of all that
//! was found wrong. This layer builds no graph, computes no score and never panics on data.

pub mod car_speeds;
pub mod counts;
pub(crate) mod crossings;
pub mod districts;
pub mod elevation;
pub mod features;
pub mod geopackage;
pub mod gtfs;
pub mod listed;
pub mod osm;
pub mod parking;
pub mod points;
pub mod population;
pub mod regular;
pub mod stops;
pub mod table;
pub mod travel_times;
mod unique_ids;
