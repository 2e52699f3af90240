//! Tables of people: by position, by the id of a grid cell, or by code.

use std::collections::BTreeMap;

use super::grid::{Grid, GridCell};
use super::{
    CELL_ID, CODE, JOBS, LAT, LON, PEOPLE, PopulationCell, PopulationError, PopulationOptions, PopulationRecords,
    counted,
};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::features::{Placed, Placement};
use crate::sources::table::{Expected, NumberStyle, Table, TableRow};

/// People of a cell where a grid has no longer name for them.
const PEOPLE_OF_CELLS: &[&str] = &["t", "obs value t", "ind"];
/// Columns by which tables of national statistics part the people of one code: their rows are added up.
const PARTING: &[&str] = &[
    "cd sex",
    "cd age",
    "cd age class",
    "cd natlty",
    "cd cvl sts",
    "sex",
    "sexe",
    "age",
    "âge",
    "geschlecht",
    "alter",
    "nationality",
    "nationalité",
];

/// Words for all parts together.
const TOTALS: &[&str] = &["total", "tot", "all", "both", "ensemble", "tous", "insgesamt", "gesamt", "totaal"];
/// What the German census writes for cells whose people it does not tell.
const KEPT_SECRET: &str = "-1";

/// A column of numbers and how it writes them.
#[derive(Clone, Copy)]
struct NumberColumn {
    column: usize,
    style: NumberStyle,
}

impl NumberColumn {
    fn new(table: &Table, column: usize, expected: Expected, notices: &mut Notices) -> Self {
        Self { column, style: table.number_style(column, expected, notices) }
    }

    fn coordinate(&self, row: &TableRow) -> Option<f64> {
        self.style.parse(row.value(self.column))
    }

    fn counted(&self, table: &Table, row: &TableRow) -> Result<Option<f64>, Notice> {
        counted(table.file(), &table.header()[self.column], row.value(self.column), self.style)
    }
}

/// How a table says where its people are.
#[derive(Clone, Copy)]
enum Place {
    /// By the id of a cell of a European grid.
    Cell { id: usize },
    /// By a position; a name may be there as well.
    Position { x: NumberColumn, y: NumberColumn, id: Option<usize> },
    /// By the code of a district or sector.
    Code { code: usize },
}

/// The columns of a population table.
struct Columns {
    people: NumberColumn,
    jobs: Option<NumberColumn>,
    place: Place,
    parts: Parts,
}

/// Columns that part the people of one code, by sex or age, and which rows to add up.
struct Parts {
    columns: Vec<usize>,
    /// Whether the rows for all parts together are there: then they serve alone.
    has_totals: bool,
}

/// What is needed to place a row.
struct Places {
    placement: Placement,
    grid: Option<Grid>,
}

/// The people of a table.
pub(super) fn records_of_table(
    table: &Table,
    options: &PopulationOptions,
    notices: &mut Notices,
) -> Result<PopulationRecords, PopulationError> {
    let file = table.file();
    let columns = find_columns(table, options, notices)?;
    let example = table.rows().iter().find_map(|row| match columns.place {
        Place::Position { x, y, .. } => x.coordinate(row).zip(y.coordinate(row)),
        _ => None,
    });
    let placement = Placement::choose(file, None, example, &options.features, notices)
        .map_err(|source| PopulationError::Placement { file: file.to_owned(), source })?;
    let places = Places { placement, grid: Grid::new() };
    let mut records = PopulationRecords::default();
    let mut seen: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    for row in table.rows() {
        if !columns.parts.serves(row) {
            notices.tally(file).count_dropped();
            continue;
        }
        let read = read_row(table, row, &columns, &places).and_then(|(cell, swapped)| {
            if !matches!(columns.place, Place::Code { .. }) {
                records.cells.push(cell);
                return Ok(swapped);
            }
            match seen.get(&cell.id) {
                Some((index, _)) if !columns.parts.columns.is_empty() => records.by_code[*index].1 += cell.people,
                Some((_, first)) => {
                    let problem = format!("has people already in row {first}");
                    return Err(Notice::error("population_code_duplicate", file, problem).field("code", &cell.id));
                }
                None => {
                    seen.insert(cell.id.clone(), (records.by_code.len(), row.number));
                    records.by_code.push((cell.id, cell.people));
                }
            }
            Ok(swapped)
        });
        match read {
            Ok(swapped) if swapped || row.ragged => {
                if swapped {
                    let problem = "has longitude and latitude in the wrong order";
                    notices.push(
                        Notice::warning("coordinates_swapped", file, problem).at_row(row.number).action("swapped back"),
                    );
                }
                notices.tally(file).count_repaired();
            }
            Ok(_) => notices.tally(file).count_used(),
            Err(notice) => {
                notices.push(notice.at_row(row.number).action("row skipped"));
                notices.tally(file).count_dropped();
            }
        }
    }
    Ok(records)
}

fn find_columns(table: &Table, options: &PopulationOptions, notices: &mut Notices) -> Result<Columns, PopulationError> {
    let asked = options.people_field.as_deref();
    let found = || (table.file().to_owned(), table.header().to_vec());
    let cell = cell_column(table);
    let people = match asked {
        Some(asked) => table.find_column(&[asked]),
        None => table.find_column(PEOPLE).or_else(|| table.find_column(PEOPLE_OF_CELLS).filter(|_| cell.is_some())),
    };
    let people = people.ok_or_else(|| {
        let (file, found) = found();
        PopulationError::NoPeople { file, found }
    })?;
    let mut numbers = |column, expected| NumberColumn::new(table, column, expected, notices);
    let position = table.find_column(LON).zip(table.find_column(LAT));
    let place = match (cell, position, table.find_column(CODE)) {
        (Some(id), ..) => Place::Cell { id },
        (None, Some((x, y)), _) => {
            let (x, y) = (numbers(x, Expected::Coordinate), numbers(y, Expected::Coordinate));
            Place::Position { x, y, id: table.find_column(CELL_ID) }
        }
        (None, None, Some(code)) => Place::Code { code },
        (None, None, None) => {
            let (file, found) = found();
            return Err(PopulationError::NoPlace { file, found });
        }
    };
    let people = numbers(people, Expected::Whole);
    let jobs = table.find_column(JOBS).map(|jobs| numbers(jobs, Expected::Whole));
    let is_by_code = matches!(place, Place::Code { .. });
    let parts = if is_by_code { Parts::find(table, notices) } else { Parts { columns: Vec::new(), has_totals: false } };
    Ok(Columns { people, jobs, place, parts })
}

/// The column in which most values are ids of grid cells.
fn cell_column(table: &Table) -> Option<usize> {
    let are_cells = |column: &usize| {
        let cells = table.rows().iter().filter(|row| GridCell::parse(row.value(*column)).is_some()).count();
        cells * 2 > table.rows().len()
    };
    CELL_ID.iter().filter_map(|name| table.find_column(&[name])).find(are_cells)
}

impl Parts {
    fn find(table: &Table, notices: &mut Notices) -> Self {
        let columns = table.columns_where(|name| PARTING.contains(&name));
        let mut parts = Self { columns, has_totals: false };
        if parts.columns.is_empty() {
            return parts;
        }
        parts.has_totals = table.rows().iter().any(|row| parts.is_total(row));
        let named: Vec<&str> = parts.columns.iter().map(|&column| table.header()[column].as_str()).collect();
        let left_out = table.rows().iter().filter(|row| !parts.serves(row)).count();
        let action = match parts.has_totals {
            true => format!("{left_out} rows of parts left out, those of all together used"),
            false => format!("added up by code; {left_out} rows of sums of parts left out"),
        };
        let notice = Notice::note("population_in_parts", table.file(), "part the people of a code");
        notices.push(notice.field("columns", named.join(", ")).action(action));
        parts
    }

    fn is_sum(&self, row: &TableRow, column: usize) -> bool {
        TOTALS.contains(&row.value(column).to_lowercase().as_str())
    }

    fn is_total(&self, row: &TableRow) -> bool {
        self.columns.iter().all(|&column| self.is_sum(row, column))
    }

    /// Whether the people of a row are to be added up.
    fn serves(&self, row: &TableRow) -> bool {
        match self.has_totals {
            true => self.is_total(row),
            false => !self.columns.iter().any(|&column| self.is_sum(row, column)),
        }
    }
}

/// A row as a cell (its position is meaningless in a table by code) and whether its axes were swapped.
fn read_row(
    table: &Table,
    row: &TableRow,
    columns: &Columns,
    places: &Places,
) -> Result<(PopulationCell, bool), Notice> {
    let file = table.file();
    if matches!(columns.place, Place::Cell { .. }) && row.value(columns.people.column) == KEPT_SECRET {
        let notice = Notice::note("population_kept_secret", file, "stands for a number kept secret, or for nobody");
        return Err(notice.field(&table.header()[columns.people.column], KEPT_SECRET));
    }
    let missing = || Notice::error("population_missing", file, "has no number of people");
    let people = columns.people.counted(table, row)?.ok_or_else(missing)?;
    let jobs = match columns.jobs {
        Some(jobs) => jobs.counted(table, row)?,
        None => None,
    };
    match columns.place {
        Place::Code { code } => {
            let id = row.value(code).to_owned();
            if id.is_empty() {
                return Err(Notice::error("population_code_missing", file, "has people and no code"));
            }
            Ok((PopulationCell { id, position: LonLat::default(), area: None, people, jobs }, false))
        }
        Place::Cell { id } => {
            let id = row.value(id);
            let placed = GridCell::parse(id).and_then(|cell| places.grid.as_ref()?.place(cell));
            let unknown = || Notice::error("grid_cell_unknown", file, "is not the id of a cell of a European grid");
            let (position, area) = placed.ok_or_else(|| unknown().field("cell", id))?;
            Ok((PopulationCell { id: id.to_owned(), position, area: Some(area), people, jobs }, false))
        }
        Place::Position { x, y, id } => {
            let id = Some(row.value_in(id)).filter(|id| !id.is_empty());
            let id = id.map_or_else(|| row.number.to_string(), str::to_owned);
            let (position, swapped) = place_position(file, row, (x, y), &places.placement)?;
            Ok((PopulationCell { id, position, area: None, people, jobs }, swapped))
        }
    }
}

fn place_position(
    file: &str,
    row: &TableRow,
    (x, y): (NumberColumn, NumberColumn),
    placement: &Placement,
) -> Result<(LonLat, bool), Notice> {
    let text = format!("{}, {}", row.value(x.column), row.value(y.column));
    let pair = x.coordinate(row).zip(y.coordinate(row));
    match pair.map_or(Placed::NotFinite, |(x, y)| placement.place(x, y)) {
        Placed::AsWritten(position) => Ok((position, false)),
        Placed::Swapped(position) => Ok((position, true)),
        Placed::NotFinite => Err(Notice::error("position_missing", file, "is not a position").field("lon, lat", text)),
        Placed::Outside => {
            Err(Notice::error("coordinate_outside", file, "is not on the globe").field("lon, lat", text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::table::parse_table;

    fn read(text: &str) -> (PopulationRecords, Notices) {
        let mut notices = Notices::new();
        let table = parse_table("p.csv", text.as_bytes(), &mut notices).expect("a table");
        let records = records_of_table(&table, &PopulationOptions::default(), &mut notices).expect("population");
        assert!(notices.tallies()["p.csv"].balances());
        (records, notices)
    }

    /// The cell of the town hall of Brussels: its id is its place, and it has an outline.
    #[test]
    fn cells_of_a_grid_are_placed_by_their_id() {
        for text in [
            "GRD_ID,TOT_P\nCRS3035RES1000mN3095000E3924000,812\n",
            "GRD_ID;CNTR;T\n1kmN3095E3924;BE;812\n",
            "idcar_1km,ind\nBE_CRS3035RES1000mN3095000E3924000,812\n",
        ] {
            let (records, notices) = read(text);
            let cell = &records.cells[0];
            assert_eq!((cell.people, cell.area.is_some(), notices.kept().len()), (812.0, true, 0), "{text}");
            assert!((cell.position.lat - 50.85).abs() < 0.1, "{:?}", cell.position);
        }
        let (records, notices) =
            read("GITTER_ID_1km;Einwohner\n1kmN3095E3924;-1\n1kmN3095E3925;5\n1kmN3096E3925;6\nx;1\n");
        assert_eq!(records.cells.len(), 2);
        assert_eq!((notices.count("population_kept_secret"), notices.count("grid_cell_unknown")), (1, 1));
    }

    /// Statbel's table of sectors: the code of the sector and not of its commune, with its mark.
    #[test]
    fn sectors_keep_their_codes_whole() {
        let (records, notices) = read(
            "CD_REFNIS;CD_SECTOR;TOTAL;DT_STRT_SECTOR;OPPERVLAKKTE_HM²\n62063;62063A00-;1.639;01/01/2019;40,5\n\
             62063;62063A01-;609;01/01/2019;12,1\n01004;01004A00-;7;01/01/2019;1\n",
        );
        let codes: Vec<&str> = records.by_code.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, ["62063A00-", "62063A01-", "01004A00-"]);
        assert_eq!(records.by_code[0].1, 1639.0);
        assert_eq!(notices.count("number_format_guessed"), 1);
    }

    #[test]
    fn people_parted_by_sex_and_age_are_added_up() {
        let (records, notices) = read("CD_REFNIS,CD_SEX,CD_AGE,MS_POPULATION\n62063,M,0,5\n62063,F,0,7\n04021,M,0,1\n");
        assert_eq!(records.by_code, [("62063".to_owned(), 12.0), ("04021".to_owned(), 1.0)]);
        assert_eq!((notices.count("population_in_parts"), notices.counts().len()), (1, 1));
        let (records, notices) = read("code,sex,population\n1,M,5\n1,F,7\n1,total,12\n");
        assert_eq!(records.by_code, [("1".to_owned(), 12.0)]);
        assert_eq!((notices.tallies()["p.csv"].used, notices.tallies()["p.csv"].dropped), (1, 2));
    }
}
