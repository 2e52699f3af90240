//! Well-known binary, as GeoParquet has it, and with the `GP` header before it, as GeoPackage has it.
//!
//! A declared size is never trusted: it is checked against the bytes left before anything is reserved. The `wkb` crate
//! (0.9.3) bounds sizes too, but panics on a multi-point whose parts carry an SRID, takes curves (type codes 9 and 10)
//! for points and lines, and reads the parts of a multi-geometry in the byte order of the whole: hence this reader.

#[cfg(any(test, feature = "tables"))]
use geo::BoundingRect;
use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// The geometry of a GeoPackage blob (`None` for an empty one) and whether a ring was open; `Err` with what is wrong.
pub(super) fn parse_blob(blob: &[u8]) -> Result<(Option<Geometry<f64>>, bool), String> {
    if blob.len() < 8 || &blob[..2] != b"GP" {
        return Err("geometry does not start with a GeoPackage header".to_owned());
    }
    let flags = blob[3];
    if flags & 0b0010_0000 != 0 {
        return Err("geometry is of an extended type, which is not known".to_owned());
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        code => return Err(format!("geometry header has the unknown envelope code {code}")),
    };
    let body = blob.get(8 + envelope..).ok_or("geometry ends inside its header")?;
    if flags & 0b0001_0000 != 0 {
        return Ok((None, false));
    }
    let (geometry, open_ring) = parse_wkb(body)?;
    Ok((Some(geometry), open_ring))
}

/// The box of the geometry of a GeoPackage blob: west, south, east, north in its own units.
#[cfg(any(test, feature = "tables"))] // the recognition of a study asks, which needs the tables
pub(crate) fn bounds_of_blob(blob: &[u8]) -> Option<[f64; 4]> {
    let bounds = parse_blob(blob).ok()?.0?.bounding_rect()?;
    Some([bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y]).filter(|b| b.iter().all(|n| n.is_finite()))
}

/// The geometry of well-known binary and whether a ring was open; `Err` with what is wrong.
pub(super) fn parse_wkb(bytes: &[u8]) -> Result<(Geometry<f64>, bool), String> {
    let mut reader = Reader { bytes, little: true, open_ring: false };
    let geometry = reader.geometry(0)?;
    Ok((geometry, reader.open_ring))
}

struct Reader<'a> {
    bytes: &'a [u8],
    little: bool,
    open_ring: bool,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or("geometry ends too early")?;
        self.bytes = rest;
        Ok(*head)
    }

    fn number(&mut self) -> Result<u32, String> {
        let bytes = self.take()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn float(&mut self) -> Result<f64, String> {
        let bytes = self.take()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A declared count of parts, refused if the bytes left cannot hold them.
    fn count(&mut self, least_bytes_each: usize) -> Result<usize, String> {
        let declared = self.number()?;
        match usize::try_from(declared) {
            Ok(count) if count <= self.bytes.len() / least_bytes_each => Ok(count),
            _ => Err(format!("geometry declares {declared} parts and has {} bytes left", self.bytes.len())),
        }
    }

    /// Type code without dimensions, and how many numbers a point has.
    fn header(&mut self) -> Result<(u32, usize), String> {
        self.little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            [order] => return Err(format!("geometry has the unknown byte order {order}")),
        };
        let code = self.number()?;
        let (has_z, has_m) = (code & 0x8000_0000 != 0, code & 0x4000_0000 != 0);
        if code & 0x2000_0000 != 0 {
            self.number()?; // the SRID of the extended form, which the layer already tells
        }
        let plain = code & 0x0fff_ffff;
        let more = match plain / 1000 {
            0 => usize::from(has_z) + usize::from(has_m),
            1 | 2 => 1,
            3 => 2,
            _ => return Err(format!("geometry type {code} is not known")),
        };
        Ok((plain % 1000, 2 + more))
    }

    fn point(&mut self, dimensions: usize) -> Result<Coord<f64>, String> {
        let coord = Coord { x: self.float()?, y: self.float()? };
        for _ in 2..dimensions {
            self.float()?;
        }
        Ok(coord)
    }

    fn line(&mut self, dimensions: usize) -> Result<LineString<f64>, String> {
        let count = self.count(8 * dimensions)?;
        (0..count).map(|_| self.point(dimensions)).collect::<Result<Vec<_>, _>>().map(LineString)
    }

    fn polygon(&mut self, dimensions: usize) -> Result<Polygon<f64>, String> {
        let count = self.count(4)?;
        let rings: Vec<_> = (0..count).map(|_| self.line(dimensions)).collect::<Result<_, _>>()?;
        self.open_ring |= rings.iter().any(|ring| ring.0.first() != ring.0.last());
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or(LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn parts(&mut self, depth: u8) -> Result<Vec<Geometry<f64>>, String> {
        if depth > 8 {
            return Err("geometries are nested more than 8 deep".to_owned());
        }
        let count = self.count(9)?;
        (0..count).map(|_| self.geometry(depth + 1)).collect()
    }

    fn geometry(&mut self, depth: u8) -> Result<Geometry<f64>, String> {
        let (kind, dimensions) = self.header()?;
        let mismatch = || "a part of the geometry is of another type than the whole".to_owned();
        Ok(match kind {
            1 => {
                let point = self.point(dimensions)?;
                // An empty point is written as NaN, NaN.
                if point.x.is_nan() && point.y.is_nan() { MultiPoint(Vec::new()).into() } else { Point(point).into() }
            }
            2 => self.line(dimensions)?.into(),
            3 => self.polygon(dimensions)?.into(),
            4 => {
                let parts = self.parts(depth)?.into_iter().map(|part| Point::try_from(part).map_err(|_| mismatch()));
                MultiPoint(parts.collect::<Result<_, _>>()?).into()
            }
            5 => {
                let parts =
                    self.parts(depth)?.into_iter().map(|part| LineString::try_from(part).map_err(|_| mismatch()));
                MultiLineString(parts.collect::<Result<_, _>>()?).into()
            }
            6 => {
                let parts = self.parts(depth)?.into_iter().map(|part| Polygon::try_from(part).map_err(|_| mismatch()));
                MultiPolygon(parts.collect::<Result<_, _>>()?).into()
            }
            7 => Geometry::GeometryCollection(self.parts(depth)?.into()),
            other => return Err(format!("geometry type {other} is not known")),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A little-endian polygon blob that declares `points` and holds the given ones.
    fn polygon_blob(points: u32, coordinates: &[(f64, f64)]) -> Vec<u8> {
        let mut blob = b"GP\x00\x01\xe6\x10\x00\x00".to_vec();
        blob.extend([1, 3, 0, 0, 0, 1, 0, 0, 0]);
        blob.extend(points.to_le_bytes());
        for (x, y) in coordinates {
            blob.extend(x.to_le_bytes());
            blob.extend(y.to_le_bytes());
        }
        blob
    }

    const TRIANGLE: [(f64, f64); 4] = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)];

    #[test]
    fn a_polygon_is_read() {
        let (found, open_ring) = parse_blob(&polygon_blob(4, &TRIANGLE)).expect("valid");
        assert!(!open_ring);
        assert!(parse_blob(&polygon_blob(3, &TRIANGLE)).expect("valid").1, "three of the four positions: open");
        let Some(Geometry::Polygon(polygon)) = found else { panic!("not a polygon") };
        assert_eq!(polygon.exterior().0.len(), 4);
        assert_eq!(polygon.exterior().0[1], Coord { x: 1.0, y: 0.0 });
    }

    #[test]
    fn a_blob_that_declares_two_billion_points_is_refused() {
        let found = parse_blob(&polygon_blob(1 << 31, &TRIANGLE));
        assert_eq!(found, Err("geometry declares 2147483648 parts and has 64 bytes left".to_owned()));
    }

    #[test]
    fn the_empty_flag_and_bad_headers_are_told_apart() {
        assert_eq!(parse_blob(b"GP\x00\x11\xe6\x10\x00\x00"), Ok((None, false)));
        assert!(parse_blob(b"GP\x00\x0b\xe6\x10\x00\x00").is_err(), "unknown envelope code 5");
        assert!(parse_blob(b"XX\x00\x01\xe6\x10\x00\x00").is_err());
        assert!(parse_blob(b"GP\x00\x03").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..200), flags in any::<u8>(), kind in 0u32..8) {
            let mut blob = vec![b'G', b'P', 0, flags, 0, 0, 0, 0, 1];
            blob.extend(kind.to_le_bytes());
            blob.extend(tail);
            let _ = parse_blob(&blob);
        }
    }
}
