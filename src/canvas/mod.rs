//! The audit: dimensions → indicators → friction points → evidence → candidate actions.
//!
//! In: numbers and findings of the analysis layer. Out: the feed, [`feed::Canvas`], which is written as `canvas.json`.
//! This layer scores and explains; it computes no metric of its own.

pub mod check;
pub mod feed;
pub mod friction_points;
pub mod indicators;
pub mod labels;
pub mod layers;
pub mod numbers;
pub mod profile;
pub mod schema;
pub mod score;
pub mod strengths;
pub mod uncertainty;
