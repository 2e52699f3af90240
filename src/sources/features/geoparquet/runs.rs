//! Numbers in runs: as often as a count says, or packed bit by bit (Parquet's RLE and bit-packing hybrid).
//!
//! Numbers are given one by one, so that a run of two billion takes no memory.

/// Reads small numbers from runs that lie in a page.
#[derive(Debug)]
pub(super) struct Runs {
    at: usize,
    end: usize,
    width: u32,
    run: Run,
}

#[derive(Debug)]
enum Run {
    Same { value: u32, left: u64 },
    Packed { bit: u64, left: u64 },
}

impl Runs {
    /// Numbers of `width` bits that lie between two offsets of a page. `Err` where they cannot.
    pub fn new(at: usize, end: usize, width: u32) -> Result<Self, String> {
        if width > 32 {
            return Err(format!("a page has numbers of {width} bits"));
        }
        Ok(Self { at, end, width, run: Run::Same { value: 0, left: 0 } })
    }

    /// The next number.
    pub fn next(&mut self, page: &[u8]) -> Result<u32, String> {
        loop {
            match &mut self.run {
                Run::Same { value, left } if *left > 0 => {
                    *left -= 1;
                    return Ok(*value);
                }
                Run::Packed { bit, left } if *left > 0 => {
                    let value = bits(page.get(..self.end).unwrap_or(page), *bit, self.width)?;
                    *bit += u64::from(self.width);
                    *left -= 1;
                    return Ok(value);
                }
                _ => self.begin_run(page)?,
            }
        }
    }

    fn begin_run(&mut self, page: &[u8]) -> Result<(), String> {
        let page = page.get(..self.end).unwrap_or(page);
        let header = varint(page, &mut self.at)?;
        if header & 1 == 1 {
            let groups = header >> 1;
            let start = self.at;
            let length = groups.saturating_mul(self.width.into());
            self.run = Run::Packed { bit: start as u64 * 8, left: groups.saturating_mul(8) };
            // The last group may end with the page.
            self.at = self.at.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(page.len());
            return Ok(());
        }
        let size = self.width.div_ceil(8) as usize;
        let end = self.at.saturating_add(size);
        let bytes = page.get(self.at..end).ok_or(ENDS)?;
        let value = bytes.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte));
        self.at = end;
        self.run = Run::Same { value, left: header >> 1 };
        Ok(())
    }
}

const ENDS: &str = "a page ends before its last value";

fn varint(page: &[u8], at: &mut usize) -> Result<u64, String> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = *page.get(*at).ok_or(ENDS)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a page has a run without end".to_owned())
}

/// A number of `width` bits, lowest bit first.
fn bits(page: &[u8], bit: u64, width: u32) -> Result<u32, String> {
    if width == 0 {
        return Ok(0);
    }
    let first = usize::try_from(bit / 8).map_err(|_| ENDS)?;
    let shift = u32::try_from(bit % 8).unwrap_or(0);
    let count = (shift + width).div_ceil(8) as usize;
    let bytes = page.get(first..first.saturating_add(count)).ok_or(ENDS)?;
    let number = bytes.iter().rev().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
    let mask = (1_u64 << width) - 1;
    Ok(u32::try_from(number >> shift & mask).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &[u8], width: u32, count: usize) -> Result<Vec<u32>, String> {
        let mut runs = Runs::new(0, page.len(), width)?;
        (0..count).map(|_| runs.next(page)).collect()
    }

    #[test]
    fn runs_and_packed_numbers_follow_one_another() {
        // Three times 5, then a group of eight numbers of three bits, 0 to 7 (the example of the Parquet format).
        let page = [6, 5, 3, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(read(&page, 3, 11).expect("numbers"), [5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(read(&page, 3, 12), Err(ENDS.to_owned()));
    }

    #[test]
    fn long_runs_take_no_memory_and_bad_ones_are_refused() {
        let page = [0xfe, 0xff, 0xff, 0xff, 0x0f, 1];
        assert_eq!(read(&page, 1, 3).expect("numbers"), [1, 1, 1]);
        assert_eq!(read(&[3], 0, 8).expect("numbers of no bits"), [0; 8]);
        assert!(read(&[0xff; 20], 8, 1).is_err());
        assert!(Runs::new(0, 9, 33).is_err());
        assert_eq!(read(&[0, 0, 0], 8, 1), Err(ENDS.to_owned()), "runs of nothing end with the page");
    }
}
