//! Who travels: the modes that have a network of their own, and the profiles that share one.

/// How people travel. Each mode has a street graph of its own, built from the same records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// On foot, or in a wheelchair.
    Walk,
    /// By bicycle.
    Bicycle,
    /// By car.
    Car,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Walk, Self::Bicycle, Self::Car];

    /// The profiles whose impedances its graph holds, in the order of the columns.
    pub const fn profiles(self) -> &'static [Profile] {
        match self {
            Self::Walk => {
                &[Profile::Adult, Profile::StepFree, Profile::WheelchairStrict, Profile::WheelchairOptimistic]
            }
            Self::Bicycle => &[Profile::Bicycle, Profile::CalmBicycle],
            Self::Car => &[Profile::Car],
        }
    }

    /// The key in files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Bicycle => "bicycle",
            Self::Car => "car",
        }
    }
}

/// Who travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// An adult on foot at the planning speed.
    Adult,
    /// The same speed, but no steps without a ramp, no escalators, no stiles.
    StepFree,
    /// A wheelchair where nothing unknown is passable: the lower bound.
    WheelchairStrict,
    /// A wheelchair where all that is unknown is passable: the upper bound.
    WheelchairOptimistic,
    /// A bicycle on every street that is open to it.
    Bicycle,
    /// A bicycle that keeps to calm streets (level of traffic stress 1 and 2) and is pushed elsewhere.
    CalmBicycle,
    /// A car.
    Car,
}

impl Profile {
    /// The mode whose graph holds the profile.
    pub const fn mode(self) -> Mode {
        match self {
            Self::Adult | Self::StepFree | Self::WheelchairStrict | Self::WheelchairOptimistic => Mode::Walk,
            Self::Bicycle | Self::CalmBicycle => Mode::Bicycle,
            Self::Car => Mode::Car,
        }
    }

    /// Its place among the profiles of its mode.
    pub(super) const fn column(self) -> usize {
        match self {
            Self::Adult | Self::Bicycle | Self::Car => 0,
            Self::StepFree | Self::CalmBicycle => 1,
            Self::WheelchairStrict => 2,
            Self::WheelchairOptimistic => 3,
        }
    }

    /// The key in files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::StepFree => "step_free",
            Self::WheelchairStrict => "wheelchair_strict",
            Self::WheelchairOptimistic => "wheelchair_optimistic",
            Self::Bicycle => "bicycle",
            Self::CalmBicycle => "calm_bicycle",
            Self::Car => "car",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_stands_in_its_column() {
        for mode in Mode::ALL {
            for (column, profile) in mode.profiles().iter().enumerate() {
                assert_eq!((profile.mode(), profile.column()), (mode, column), "{profile:?}");
            }
        }
    }
}
