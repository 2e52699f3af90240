//! A priority queue for whole numbers: a ring of buckets, one per value.
//!
//! In: nodes with times. Out: the nodes of the least time. Works as long as nothing is put in that is more than the
//! largest step above the least time in it; the ring is larger than that step.

use crate::base::ids::NodeId;

#[derive(Debug)]
pub(super) struct BucketRing {
    buckets: Vec<Vec<NodeId>>,
    /// A bit per bucket: whether something is in it.
    occupied: Vec<u64>,
    mask: u32,
}

impl BucketRing {
    pub(super) fn new() -> Self {
        Self { buckets: vec![Vec::new(); 64], occupied: vec![0], mask: 63 }
    }

    /// Grows the ring until it is larger than a step. Only while it is empty.
    pub(super) fn hold_steps_of(&mut self, largest_step: u32) {
        debug_assert!(self.occupied.iter().all(|&word| word == 0), "a search ends with an empty ring");
        if largest_step > self.mask {
            // Arcs are cut at a day, 864 000 deciseconds: the ring stays below 2^20 buckets.
            let size = (largest_step as usize + 1).next_power_of_two();
            self.buckets.resize(size, Vec::new());
            self.occupied.resize(size / 64, 0);
            self.mask = u32::try_from(size - 1).expect("arcs are shorter than a day");
        }
        assert!(largest_step <= self.mask, "the ring must exceed the largest impedance");
    }

    #[inline]
    pub(super) fn push(&mut self, time: u32, node: NodeId) {
        let slot = (time & self.mask) as usize;
        self.buckets[slot].push(node);
        self.occupied[slot / 64] |= 1 << (slot % 64);
    }

    /// The least time from `now` on at which something is in the ring.
    pub(super) fn next_from(&self, now: u32) -> Option<u32> {
        let slot = now & self.mask;
        let words = self.occupied.len();
        let first = slot as usize / 64;
        let ahead = self.occupied[first] & (u64::MAX << (slot % 64));
        let found = if ahead != 0 {
            Some((first, ahead))
        } else {
            // Once around, and back to the part of the first word that lies behind.
            (1..=words)
                .map(|step| (first + step) % words)
                .find(|&at| self.occupied[at] != 0)
                .map(|at| (at, self.occupied[at]))
        };
        let (word, bits) = found?;
        let at = word as u32 * 64 + bits.trailing_zeros();
        Some(now.saturating_add(at.wrapping_sub(slot) & self.mask))
    }

    /// Takes the bucket of a time out of the ring.
    pub(super) fn take(&mut self, time: u32) -> Vec<NodeId> {
        let slot = (time & self.mask) as usize;
        self.occupied[slot / 64] &= !(1 << (slot % 64));
        std::mem::take(&mut self.buckets[slot])
    }

    /// Gives an emptied bucket back, so that its memory is used again.
    pub(super) fn give_back(&mut self, time: u32, bucket: Vec<NodeId>) {
        self.buckets[(time & self.mask) as usize] = bucket;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_out_in_order_around_the_ring() {
        let mut ring = BucketRing::new();
        ring.hold_steps_of(200);
        let mut found = Vec::new();
        ring.push(250, NodeId(1));
        ring.push(449, NodeId(2));
        ring.push(260, NodeId(3));
        let mut now = 250;
        while let Some(next) = ring.next_from(now) {
            now = next;
            let mut bucket = ring.take(now);
            found.extend(bucket.drain(..).map(|node| (now, node.0)));
            ring.give_back(now, bucket);
            if now == 260 {
                ring.push(460, NodeId(4));
            }
        }
        assert_eq!(found, [(250, 1), (260, 3), (449, 2), (460, 4)]);
    }
}
