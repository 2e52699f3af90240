//! A rule of choice fitted to what customers were seen to choose, before their catchments are drawn.
//!
//! In: visits of zones to centres, or totals of centres, of any tool. Out: the powers of attraction and of other fields of the
//! centres, and how time puts customers off, with standard errors; how well zones are foretold that the fit has not seen.

use std::path::Path;

use crate::analysis::access::Decay;
use crate::analysis::accuracy::{Pair, r_squared, wape};
use crate::analysis::choice_model::{
    ChoiceFit, ChoiceSet, FitError, fit_choices, fit_log_centred, fit_totals, hold_out,
};
use crate::base::notice::{Notice, Notices};
use crate::sources::listed::Listed;
use crate::sources::table::file_name;
use crate::sources::travel_times::{PairTime, read_pair_amounts};
use crate::study::error::StudyError;
use crate::study::listed_fields::amounts;

/// What a rule is fitted to.
#[derive(Clone, Copy, Debug)]
pub enum Observed<'a> {
    /// How many customers of each zone go to each centre: a table, and its column.
    Choices(&'a Path, Option<&'a str>),
    /// How much each centre has in all: a field of the centres.
    Totals(&'a str),
}

/// How a rule is fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FitMethod {
    /// Maximum likelihood of a multinomial logit.
    #[default]
    Likelihood,
    /// Least squares of log-centred shares (MCI).
    LogCentred,
}

/// What is to be fitted.
#[derive(Clone, Copy, Debug)]
pub struct FitQuestion<'a> {
    /// To what.
    pub observed: Observed<'a>,
    /// How.
    pub method: FitMethod,
}

/// A fitted number.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `minutes`, or the field of the centres.
    pub name: String,
    /// Its power; for minutes what stands in the rule of decay.
    pub estimate: f64,
    /// Its standard error if customers choose each by himself.
    pub error: f64,
    /// Its standard error where those of a zone are alike, or totals scatter.
    pub robust_error: Option<f64>,
}

/// How well visits are told: of zones that the fit has not seen, and by the rule as it was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foretold {
    /// R² of visits per pair.
    pub r_squared: Option<f64>,
    /// Sum of what is missed over all visits.
    pub wape: Option<f64>,
}

/// A rule that was fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedRule {
    /// How time puts customers off.
    pub decay: Decay,
    /// Per centre what its fields come to.
    pub pulls: Vec<f64>,
    /// What was fitted: minutes first.
    pub parameters: Vec<Parameter>,
    /// Zones that were foretold by the others; those with customers, for totals.
    pub zones: usize,
    /// What was observed in all.
    pub observed: f64,
    /// McFadden's R²; `None` for least squares.
    pub pseudo_r_squared: Option<f64>,
    /// Zones that the fit had not seen; `None` for totals, which know no zones.
    pub held_out: Option<Foretold>,
    /// The same zones by the rule as it was given.
    pub as_given: Option<Foretold>,
}

/// What is known before a fit.
pub(super) struct Known<'a> {
    /// Zones, and their customers.
    pub zones: (&'a [Listed], &'a [f64]),
    /// Centres, and their file.
    pub centres: (&'a [Listed], &'a Path),
    /// Fields of the centres, with a value for each.
    pub fields: &'a [(String, Vec<f64>)],
    /// Ways in the order of zones and centres.
    pub ways: &'a [PairTime],
    /// The rule as it was given.
    pub decay: Decay,
    /// What the fields of each centre come to by that rule.
    pub pulls: &'a [f64],
}

/// Coefficients with their errors.
struct Fitted {
    coefficients: Vec<f64>,
    errors: Vec<f64>,
    robust_errors: Option<Vec<f64>>,
    pseudo_r_squared: Option<f64>,
}

impl From<ChoiceFit> for Fitted {
    fn from(fit: ChoiceFit) -> Self {
        let pseudo_r_squared = Some(fit.pseudo_r_squared());
        Self { coefficients: fit.coefficients, errors: fit.errors, robust_errors: fit.robust_errors, pseudo_r_squared }
    }
}

/// Fits a rule.
pub(super) fn fit_rule(
    question: FitQuestion<'_>,
    known: &Known<'_>,
    notices: &mut Notices,
) -> Result<FittedRule, StudyError> {
    let mut sets = sets_of(known)?;
    let size = 1 + known.fields.len();
    let fit = |sets: &[ChoiceSet]| match question.method {
        FitMethod::Likelihood => fit_choices(sets, size).map(Fitted::from),
        FitMethod::LogCentred => fit_log_centred(sets, size).map(|(coefficients, errors)| Fitted {
            coefficients,
            errors,
            robust_errors: None,
            pseudo_r_squared: None,
        }),
    };
    let failed = |problem: FitError| StudyError::NotFitted { problem };
    let (fitted, observed, foretold) = match question.observed {
        Observed::Choices(path, column) => {
            let observed = observe(&mut sets, (path, column), known, notices)?;
            let foretold = hold_out(&sets, |rest| fit(rest).ok().map(|fitted| fitted.coefficients));
            (fit(&sets).map_err(failed)?, observed, Some(foretold))
        }
        Observed::Totals(field) => {
            let totals = amounts(known.centres.0, (known.centres.1, Some(field)), notices)?;
            let is_reached = |centre: usize| sets.iter().any(|set| set.alternatives.contains(&centre));
            let lost: f64 =
                (0..totals.len()).filter(|&at| totals[at] > 0.0 && !is_reached(at)).map(|at| totals[at]).sum();
            let all: f64 = totals.iter().sum();
            if lost > 0.0 {
                let problem = format!("{lost} of {all} belong to centres without a known way, or without attraction");
                let notice = Notice::warning("choice_without_way", &file_name(known.centres.1), problem);
                notices.push(notice.field("field", field).action("left out of the fit"));
            }
            let fitted = fit_totals(&sets, &totals, size).map_err(failed)?;
            (fitted.into(), all - lost, None)
        }
    };
    let (decay, parameters) = parameters_of(known, &fitted)?;
    let pull = |centre: usize| {
        let powers = known.fields.iter().zip(&fitted.coefficients[1..]);
        powers
            .map(|((_, values), power)| if values[centre] > 0.0 { values[centre].powf(*power) } else { 0.0 })
            .product()
    };
    let zones = match &foretold {
        Some(foretold) => foretold.iter().flatten().count(),
        None => sets.iter().filter(|set| set.customers > 0.0 && !set.alternatives.is_empty()).count(),
    };
    Ok(FittedRule {
        decay,
        pulls: (0..known.centres.0.len()).map(pull).collect(),
        parameters,
        zones,
        observed,
        pseudo_r_squared: fitted.pseudo_r_squared,
        as_given: foretold
            .as_ref()
            .map(|foretold| foretell(&sets, foretold, |at, _| shares_as_given(&sets[at], at, known))),
        held_out: foretold.as_ref().map(|foretold| foretell(&sets, foretold, |_, shares| shares.to_vec())),
    })
}

/// What time does to a centre's utility, with the sign by which its coefficient is above 0; `None` for rules whose numbers do not
/// stand as a factor in the exponent.
fn attribute(decay: Decay, minutes: f64) -> Option<f64> {
    match decay {
        Decay::Power { floor, .. } => Some(-minutes.max(floor).ln()),
        Decay::Exponential { .. } | Decay::HalfLife { .. } => Some(-minutes),
        Decay::Gaussian { .. } => Some(-minutes * minutes / 2.0),
        _ => None,
    }
}

/// The rule of decay with a coefficient, the number that stands in it, and how that changes with the coefficient.
fn decay_with(decay: Decay, coefficient: f64) -> Option<(Decay, f64, f64)> {
    if coefficient <= 0.0 {
        return None;
    }
    match decay {
        Decay::Power { floor, .. } => Some((Decay::Power { exponent: coefficient, floor }, coefficient, 1.0)),
        Decay::Exponential { .. } => Some((Decay::Exponential { rate: coefficient }, coefficient, 1.0)),
        Decay::HalfLife { .. } => {
            let half_life = std::f64::consts::LN_2 / coefficient;
            Some((Decay::HalfLife { half_life }, half_life, half_life / coefficient))
        }
        Decay::Gaussian { .. } => {
            let sigma = coefficient.sqrt().recip();
            Some((Decay::Gaussian { sigma }, sigma, sigma / (2.0 * coefficient)))
        }
        _ => None,
    }
}

/// Per zone the centres with a way that attract at all, and their attributes: what time does, then logarithms of the fields.
fn sets_of(known: &Known<'_>) -> Result<Vec<ChoiceSet>, StudyError> {
    let (zones, customers) = known.zones;
    let mut sets: Vec<ChoiceSet> =
        customers.iter().map(|&customers| ChoiceSet { customers, ..ChoiceSet::default() }).collect();
    debug_assert_eq!(zones.len(), sets.len());
    for way in known.ways {
        if known.fields.iter().any(|(_, values)| values[way.destination] <= 0.0) {
            continue;
        }
        let set = &mut sets[way.origin];
        set.attributes.push(attribute(known.decay, way.minutes).ok_or(StudyError::DecayNotFitted)?);
        set.attributes.extend(known.fields.iter().map(|(_, values)| values[way.destination].ln()));
        set.alternatives.push(way.destination);
        set.chosen.push(0.0);
    }
    Ok(sets)
}

/// Notes what was observed; what goes to a centre without a way or without attraction is told.
fn observe(
    sets: &mut [ChoiceSet],
    (path, column): (&Path, Option<&str>),
    known: &Known<'_>,
    notices: &mut Notices,
) -> Result<f64, StudyError> {
    let ids =
        [known.zones.0, known.centres.0].map(|list| list.iter().map(|thing| thing.id.clone()).collect::<Vec<_>>());
    let (mut observed, mut lost, mut a_loss) = (0.0, 0.0, None);
    for (zone, centre, amount) in read_pair_amounts(path, [&ids[0], &ids[1]], column, notices)? {
        match sets[zone].alternatives.binary_search(&centre).ok() {
            Some(place) => {
                sets[zone].chosen[place] += amount;
                observed += amount;
            }
            None if amount > 0.0 => {
                lost += amount;
                a_loss.get_or_insert((zone, centre));
            }
            None => {}
        }
    }
    if let Some((zone, centre)) = a_loss {
        let problem = format!(
            "{lost} of {} go where no time or nothing that attracts is known, such as from {} to {}",
            observed + lost,
            ids[0][zone],
            ids[1][centre]
        );
        notices.push(Notice::warning("choice_without_way", &file_name(path), problem).action("left out of the fit"));
    }
    Ok(observed)
}

/// The rule of decay, and all that was fitted.
fn parameters_of(known: &Known<'_>, fitted: &Fitted) -> Result<(Decay, Vec<Parameter>), StudyError> {
    let attracts = || StudyError::TimeAttracts { coefficient: fitted.coefficients[0] };
    let (decay, estimate, change) = decay_with(known.decay, fitted.coefficients[0]).ok_or_else(attracts)?;
    let robust = |at: usize| fitted.robust_errors.as_ref().map(|errors| errors[at]);
    let mut parameters = vec![Parameter {
        name: "minutes".to_owned(),
        estimate,
        error: change * fitted.errors[0],
        robust_error: robust(0).map(|error| change * error),
    }];
    parameters.extend(known.fields.iter().enumerate().map(|(at, (name, _))| Parameter {
        name: name.clone(),
        estimate: fitted.coefficients[at + 1],
        error: fitted.errors[at + 1],
        robust_error: robust(at + 1),
    }));
    Ok((decay, parameters))
}

fn shares_as_given(set: &ChoiceSet, zone: usize, known: &Known<'_>) -> Vec<f64> {
    let from = known.ways.partition_point(|way| way.origin < zone);
    let own = known.ways[from..].iter().take_while(|way| way.origin == zone);
    let utility = |centre: &usize| {
        let way = own.clone().find(|way| way.destination == *centre);
        way.map_or(0.0, |way| known.pulls[*centre] * known.decay.weight(way.minutes))
    };
    let utilities: Vec<f64> = set.alternatives.iter().map(utility).collect();
    let all: f64 = utilities.iter().sum();
    utilities.iter().map(|utility| if all > 0.0 { utility / all } else { 0.0 }).collect()
}

/// How far visits are from those by some shares, over the zones that were foretold.
fn foretell(sets: &[ChoiceSet], foretold: &[Option<Vec<f64>>], shares: impl Fn(usize, &[f64]) -> Vec<f64>) -> Foretold {
    let mut pairs = Vec::new();
    for (at, (set, own)) in sets.iter().zip(foretold).enumerate() {
        let Some(own) = own else { continue };
        let all: f64 = set.chosen.iter().sum();
        let modelled = shares(at, own);
        pairs.extend(modelled.iter().zip(&set.chosen).map(|(share, &counted)| Pair { modelled: all * share, counted }));
    }
    Foretold { r_squared: r_squared(&pairs), wape: wape(&pairs) }
}
