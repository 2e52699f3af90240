//! The grouping of count intervals into hours, by polars: over a year of a town this is a million rows.

use polars::prelude::*;

use super::hours::{Grouped, Interval};

/// Hours sorted by site, hour and direction, with the number of intervals each is made of; and how many intervals were
/// double, of which the larger count stays.
pub(super) fn group(intervals: &[Interval]) -> PolarsResult<(Vec<Grouped>, usize)> {
    let column =
        |name: &str, of: fn(&Interval) -> i64| Column::new(name.into(), intervals.iter().map(of).collect::<Vec<i64>>());
    let frame = DataFrame::new(
        intervals.len(),
        vec![
            column("site", |i| i64::from(i.site)),
            column("direction", |i| i64::from(i.direction)),
            column("hour", |i| i.hour_start),
            column("second", |i| i.second),
            column("count", |i| i.count),
        ],
    )?;
    let single = frame
        .lazy()
        .group_by([col("site"), col("direction"), col("hour"), col("second")])
        .agg([col("count").max()])
        .collect()?;
    let doubles = intervals.len() - single.height();
    let hourly = single
        .lazy()
        .group_by([col("site"), col("direction"), col("hour")])
        .agg([col("count").sum(), col("second").count().cast(DataType::Int64).alias("intervals")])
        .sort(["site", "hour", "direction"], SortMultipleOptions::default())
        .collect()?;
    let values =
        |name: &str| -> PolarsResult<Vec<i64>> { Ok(hourly.column(name)?.i64()?.into_no_null_iter().collect()) };
    let (site, direction, hour) = (values("site")?, values("direction")?, values("hour")?);
    let (count, parts) = (values("count")?, values("intervals")?);
    let grouped = (0..hourly.height())
        .map(|row| Grouped {
            site: site[row] as u32,
            hour_start: hour[row],
            direction: direction[row] as u32,
            count: count[row],
            intervals: parts[row] as u32,
        })
        .collect();
    Ok((grouped, doubles))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::hours::group_by_sorting;
    use super::*;

    proptest! {
        /// The table library and the plain walk over sorted rows agree.
        #[test]
        fn both_groupings_agree(rows in proptest::collection::vec((0u32..3, 0i64..5, 0u32..3, 0i64..4, 0i64..9), 0..60)) {
            let intervals: Vec<Interval> = rows
                .into_iter()
                .map(|(site, hour, direction, part, count)| {
                    let hour_start = hour * 3600;
                    Interval { site, hour_start, direction, second: hour_start + part * 900, count }
                })
                .collect();
            prop_assert_eq!(group(&intervals).expect("grouped"), group_by_sorting(intervals));
        }
    }
}
