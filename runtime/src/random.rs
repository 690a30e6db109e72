//! The seeded source of every random choice: select, map order, queue order.
//!
//! Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014).

/// A `SplitMix64` generator. Each Processor has one, split from that of the seed.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The generator that `seed` begins.
    pub fn from_seed(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The high half of the product is uniform but for a bias of bound / 2^64.
        ((u128::from(self.word()) * u128::from(bound)) >> 64) as u64
    }

    /// Another generator, independent of what this one gives from now on.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self::from_seed(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_choices() {
        let (mut left, mut right) = (Random::from_seed(7), Random::from_seed(7));
        assert!((0..100).all(|_| left.word() == right.word()));
    }

    #[test]
    fn every_number_below_the_bound_turns_up() {
        let mut random = Random::from_seed(1);
        let mut seen = [0; 5];
        (0..1000).for_each(|_| seen[random.below(5) as usize] += 1);
        assert!(seen.iter().all(|&count| count > 120), "{seen:?}");
    }
}
