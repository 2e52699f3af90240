//! Rows that exports put above the header: a title, a period, the names of counters above their directions.
//!
//! In: the text of a table and a test that knows a header when it sees one. Out: where the header is. Knows no column.

/// Rows at the start of a table that are looked at to find its header (default).
const MOST_TITLES: usize = 30;

/// The names of the columns as one or two rows tell them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeaderRows {
    /// The names, one per column.
    pub names: Vec<String>,
    /// Whether the row below tells a part of them and so is no row of data.
    pub with_row_below: bool,
}

/// Says whether the middle of three rows heads a table, from their cells without blanks around them. The rows above and
/// below are empty where there are none.
pub(crate) type HeaderTest = fn(above: &[String], row: &[String], below: &[String]) -> Option<HeaderRows>;

/// A header that is not plainly the first row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BelowTitles<'a> {
    /// The text from the last row of the header on.
    pub text: &'a str,
    /// How many lines were cut off before it.
    pub cut_off: u64,
    /// The names of the columns.
    pub names: Vec<String>,
}

/// The header below titles or in two rows; `None` where the first row is the whole header, or none is found.
pub(crate) fn find_below_titles<'a>(text: &'a str, test: HeaderTest) -> Option<BelowTitles<'a>> {
    let mut start = 0;
    let lines: Vec<(u64, usize, &str)> = text
        .split_inclusive('\n')
        .zip(0..)
        .map(|(line, number)| {
            start += line.len();
            (number, start - line.len(), line)
        })
        .filter(|(_, _, line)| !line.trim().is_empty())
        .take(MOST_TITLES + 1)
        .collect();
    let line = |index: usize| lines.get(index).map_or("", |(_, _, line)| *line);
    for index in 0..lines.len().min(MOST_TITLES) {
        let delimiter = [b',', b';', b'\t', b'|']
            .into_iter()
            .rev()
            .max_by_key(|&delimiter| line(index).bytes().filter(|&byte| byte == delimiter).count())?;
        let above = if index == 0 { Vec::new() } else { cells(line(index - 1), delimiter) };
        let row = cells(line(index), delimiter);
        let Some(found) = test(&above, &row, &cells(line(index + 1), delimiter)) else { continue };
        if index == 0 && found.names == row {
            return None;
        }
        let (number, start, _) = lines[index + usize::from(found.with_row_below)];
        return Some(BelowTitles { text: &text[start..], cut_off: number, names: found.names });
    }
    None
}

fn cells(line: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time_first(_: &[String], row: &[String], _: &[String]) -> Option<HeaderRows> {
        (row.first()? == "Time").then(|| HeaderRows { names: row.to_vec(), with_row_below: false })
    }

    #[test]
    fn a_header_is_found_below_titles_and_lines_are_counted() {
        let found = find_below_titles("Rue Neuve\n\n\"a;b\";\nTime;A\n1;2\n", time_first).expect("titles");
        assert_eq!((found.text, found.cut_off, found.names.len()), ("Time;A\n1;2\n", 3, 2));
        assert_eq!(find_below_titles("Time;A\n1;2\n", time_first), None, "nothing above the header");
        assert_eq!(find_below_titles("a;b\n1;2\n", time_first), None);
        assert_eq!(find_below_titles(&"x\n".repeat(MOST_TITLES), time_first), None);
        assert_eq!(find_below_titles("", time_first), None);
        let far = format!("{}Time,A\n", "x\n".repeat(MOST_TITLES));
        assert_eq!(find_below_titles(&far, time_first), None, "too far down");
    }
}
