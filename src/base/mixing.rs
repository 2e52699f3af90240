//! Numbers that look drawn by chance and are always the same.
//!
//! # References
//! Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.

use std::convert::Infallible;

use rand_core::TryRng;

/// What SplitMix64 adds from draw to draw.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64: spreads a number over all 64 bits.
pub fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One draw after another, from a seed.
#[derive(Clone, Copy, Debug)]
pub struct Mixing(u64);

impl Mixing {
    /// Begins with a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next draw.
    pub fn draw(&mut self) -> u64 {
        let drawn = mix(self.0);
        self.0 = self.0.wrapping_add(STEP);
        drawn
    }
}

/// Any distribution may be drawn with it.
impl TryRng for Mixing {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.draw() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.draw())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(8) {
            let drawn = self.draw().to_le_bytes();
            part.copy_from_slice(&drawn[..part.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the reference implementation for a seed of 1234567.
    #[test]
    fn draws_are_those_of_the_reference() {
        let mut draws = Mixing::of(1_234_567);
        let found: Vec<u64> = (0..3).map(|_| draws.draw()).collect();
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
