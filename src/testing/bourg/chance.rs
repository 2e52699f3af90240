//! Numbers that look random and never change.

/// A number from 0 up to, not including, 1 for a position in a named series (splitmix64).
pub fn share(position: u64, series: u64) -> f64 {
    let mut z = position.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(series.wrapping_mul(0xD1B5_4A32_D192_ED03));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}
