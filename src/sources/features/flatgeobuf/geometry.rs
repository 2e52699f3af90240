//! A geometry of FlatGeobuf: all positions in one list, and where its parts end in another.

use geo::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::table::Table;

/// Fields of the table `Geometry`.
const ENDS: usize = 0;
const POSITIONS: usize = 1;
const KIND: usize = 6;
const PARTS: usize = 7;
/// Deepest nesting of geometries.
const DEEPEST: u8 = 8;

/// Reads the geometries of one feature.
pub(super) struct GeometryReader {
    /// How many bytes of lists and parts may still be read: parts that share bytes would unpack without end.
    left: usize,
    /// A ring did not end where it starts.
    pub open_ring: bool,
}

impl GeometryReader {
    /// For a feature of so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { left: bytes, open_ring: false }
    }

    /// The geometry of a table; `kind` is that of the whole file, 0 where each tells its own.
    pub fn geometry(&mut self, table: &Table<'_>, kind: u8, depth: u8) -> Result<Geometry<f64>, String> {
        if depth > DEEPEST {
            return Err(format!("geometries are nested more than {DEEPEST} deep"));
        }
        let kind = if kind == 0 { table.byte(KIND)? } else { kind };
        Ok(match kind {
            1 => match self.positions(table)?.first() {
                Some(position) if !(position.x.is_nan() && position.y.is_nan()) => Point(*position).into(),
                _ => MultiPoint(Vec::new()).into(),
            },
            2 => LineString(self.positions(table)?).into(),
            3 => self.polygon(table)?.into(),
            4 => MultiPoint(self.positions(table)?.into_iter().map(Point).collect()).into(),
            5 => MultiLineString(self.lines(table)?).into(),
            6 => {
                let mut polygons = Vec::new();
                for part in table.tables(PARTS)? {
                    self.spend(4)?;
                    polygons.push(self.polygon(&part?)?);
                }
                MultiPolygon(polygons).into()
            }
            7 => {
                let mut parts = Vec::new();
                for part in table.tables(PARTS)? {
                    self.spend(4)?;
                    parts.push(self.geometry(&part?, 0, depth + 1)?);
                }
                Geometry::GeometryCollection(GeometryCollection(parts))
            }
            0 => return Err("geometry does not say of what kind it is".to_owned()),
            other => return Err(format!("geometry is of kind {other}, a curve or surface, which is not read")),
        })
    }

    fn spend(&mut self, bytes: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(bytes).ok_or("geometry has parts that share their bytes")?;
        Ok(())
    }

    fn positions(&mut self, table: &Table<'_>) -> Result<Vec<Coord<f64>>, String> {
        let bytes = table.list(POSITIONS, 8)?.unwrap_or_default();
        self.spend(bytes.len())?;
        let (numbers, _) = bytes.as_chunks::<8>();
        let (pairs, odd) = numbers.as_chunks::<2>();
        if !odd.is_empty() {
            return Err(format!("geometry has {} coordinates, which are no pairs", numbers.len()));
        }
        Ok(pairs.iter().map(|&[x, y]| Coord { x: f64::from_le_bytes(x), y: f64::from_le_bytes(y) }).collect())
    }

    /// The positions cut where the list of ends says; all of them where there is none.
    fn lines(&mut self, table: &Table<'_>) -> Result<Vec<LineString<f64>>, String> {
        let positions = self.positions(table)?;
        let ends = table.list(ENDS, 4)?.unwrap_or_default();
        self.spend(ends.len())?;
        if ends.is_empty() {
            return Ok(if positions.is_empty() { Vec::new() } else { vec![LineString(positions)] });
        }
        let mut start = 0;
        let mut lines = Vec::new();
        for end in ends.as_chunks::<4>().0 {
            let end = usize::try_from(u32::from_le_bytes(*end)).unwrap_or(usize::MAX);
            let part = positions.get(start..end);
            let part =
                part.ok_or_else(|| format!("geometry has a part from {start} to {end} of {}", positions.len()))?;
            lines.push(LineString(part.to_vec()));
            start = end;
        }
        Ok(lines)
    }

    fn polygon(&mut self, table: &Table<'_>) -> Result<Polygon<f64>, String> {
        let rings = self.lines(table)?;
        self.open_ring |= rings.iter().any(|ring| ring.0.first() != ring.0.last());
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or(LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Collections within collections, `deep` of them, each of which lists the next one `wide` times; a point in the last.
    fn nested(deep: usize, wide: u32) -> Vec<u8> {
        let mut bytes = 24_u32.to_le_bytes().to_vec();
        // The list of fields at 4: its length, that of a table, then only the kind (6) and the parts (7).
        for number in [20_u16, 12, 0, 0, 0, 0, 0, 0, 8, 4] {
            bytes.extend(number.to_le_bytes());
        }
        for level in 0..=deep {
            let table = bytes.len();
            bytes.extend((table as u32 - 4).to_le_bytes());
            bytes.extend(8_u32.to_le_bytes());
            bytes.extend(if level == deep { 1_u32 } else { 7 }.to_le_bytes());
            bytes.extend(wide.to_le_bytes());
            let next = bytes.len() as u32 + 4 * wide;
            for _ in 0..wide {
                bytes.extend((next - bytes.len() as u32).to_le_bytes());
            }
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Geometry<f64>, String> {
        let table = Table::root(bytes)?;
        GeometryReader::new(bytes.len()).geometry(&table, 0, 0)
    }

    #[test]
    fn collections_are_read_to_a_depth_of_eight() {
        assert!(matches!(read(&nested(0, 0)), Ok(Geometry::MultiPoint(points)) if points.0.is_empty()));
        let Ok(Geometry::GeometryCollection(two)) = read(&nested(1, 2)) else { panic!("a collection") };
        assert_eq!(two.len(), 2);
        assert!(read(&nested(8, 1)).is_ok());
        assert_eq!(read(&nested(9, 1)), Err("geometries are nested more than 8 deep".to_owned()));
    }

    /// 1000 times 1000 times 1000 points in 12 kB.
    #[test]
    fn parts_that_share_their_bytes_are_refused() {
        assert_eq!(read(&nested(3, 1000)), Err("geometry has parts that share their bytes".to_owned()));
        for length in 0..60 {
            assert!(read(&nested(1, 2)[..length]).is_err() || length > 51, "{length}");
        }
    }
}
