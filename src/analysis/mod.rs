//! Travel times + opportunities → numbers, one family of measures a file.
//!
//! In: columns of the network, travel times of reach, plain numbers. Out: values with the sample they rest on.
//! Functions here are pure: no files, no clap, no HTTP; they take the parts they need, never the whole study.

pub mod access;
pub mod access_measures;
pub mod accuracy;
pub mod calibration;
pub mod catchment;
pub mod centre;
pub mod choice_model;
pub mod competition;
pub mod counts;
pub mod direct_demand;
pub mod foot_traffic;
pub mod friction;
pub mod homes;
pub mod inequality;
pub mod linear_system;
pub mod network_shape;
pub mod parameters;
pub mod parking;
pub mod parking_choice;
pub mod severance;
pub mod shop_flow;
pub mod statistics;
pub mod stop_catchment;
pub mod transit_supply;
