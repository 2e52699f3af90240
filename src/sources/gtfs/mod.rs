//! GTFS feeds.
