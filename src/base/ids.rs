//! One strong type per index, and columns that only their own id can index.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use super::mapped::MappedValues;

/// An id that indexes a [`Column`].
pub trait Id: Copy {
    /// From a position in a column.
    fn from_index(index: usize) -> Self;
    /// The position in a column.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[repr(transparent)]
        pub struct $name(pub u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("a column holds fewer than 2^32 rows"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A junction or dead end of the street graph.
    NodeId;
    /// A directed arc of the street graph.
    ArcId;
    /// An undirected street segment between two nodes; both its arcs share it.
    SegmentId;
    /// A point on the line of a street segment.
    LinePointId;
    /// A transit stop of the timetable.
    StopId;
    /// A sequence of stops served by trips that do not overtake each other.
    PatternId;
    /// A trip of the timetable.
    TripId;
    /// A line of the timetable.
    RouteId;
    /// A place that holds opportunities.
    PlaceId;
    /// A district of the study.
    DistrictId;
    /// A residential point: people at one position.
    HomeId;
    /// A parking lot or a stretch of street parking.
    LotId;
    /// A pedestrian count site.
    SiteId;
}

/// A column of values that only ids of type `I` can index: of its own, or in a mapped file.
#[derive(Clone, Debug)]
pub struct Column<I, T> {
    values: Values<T>,
    id: PhantomData<I>,
}

#[derive(Clone, Debug)]
enum Values<T> {
    Own(Vec<T>),
    Mapped(MappedValues<T>),
}

impl<I: Id, T> Column<I, T> {
    /// A column of these values; the first has id 0.
    pub fn new(values: Vec<T>) -> Self {
        Self { values: Values::Own(values), id: PhantomData }
    }

    /// A column of values in a mapped file.
    pub fn mapped(values: MappedValues<T>) -> Self {
        Self { values: Values::Mapped(values), id: PhantomData }
    }

    /// Adds a value and returns its id.
    #[inline]
    pub fn push(&mut self, value: T) -> I
    where
        T: Clone,
    {
        let values = self.own();
        values.push(value);
        I::from_index(values.len() - 1)
    }

    /// Adds values in their order.
    pub fn extend(&mut self, values: &[T])
    where
        T: Clone,
    {
        self.own().extend_from_slice(values);
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }

    /// The values in the order of their ids.
    #[inline]
    pub fn values(&self) -> &[T] {
        match &self.values {
            Values::Own(values) => values,
            Values::Mapped(values) => values.values(),
        }
    }

    /// The values in the order of their ids, to change; those of a mapped file are copied first.
    pub fn values_mut(&mut self) -> &mut [T]
    where
        T: Clone,
    {
        self.own()
    }

    #[inline]
    fn own(&mut self) -> &mut Vec<T>
    where
        T: Clone,
    {
        if let Values::Mapped(values) = &self.values {
            self.values = Values::Own(values.values().to_vec());
        }
        match &mut self.values {
            Values::Own(values) => values,
            Values::Mapped(_) => unreachable!("copied just now"),
        }
    }

    /// All ids in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = I> + use<I, T> {
        (0..self.len()).map(I::from_index)
    }

    /// All ids with their values, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> {
        self.values().iter().enumerate().map(|(i, v)| (I::from_index(i), v))
    }
}

impl<I, T> Default for Column<I, T> {
    fn default() -> Self {
        Self { values: Values::Own(Vec::new()), id: PhantomData }
    }
}

impl<I: Id, T: PartialEq> PartialEq for Column<I, T> {
    fn eq(&self, other: &Self) -> bool {
        self.values() == other.values()
    }
}

impl<I: Id, T> FromIterator<T> for Column<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(values: It) -> Self {
        Self::new(values.into_iter().collect())
    }
}

impl<I: Id, T> Index<I> for Column<I, T> {
    type Output = T;
    #[inline]
    fn index(&self, id: I) -> &T {
        &self.values()[id.index()]
    }
}

impl<I: Id, T: Clone> IndexMut<I> for Column<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.own()[id.index()]
    }
}
