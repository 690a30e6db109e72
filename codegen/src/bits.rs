//! Sets of small numbers, as long as they need to be.

/// A set of small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits(Vec<u64>);

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        let length = self.0.len().max(other.0.len());
        (0..length).all(|index| self.word(index) == other.word(index))
    }
}

impl Bits {
    /// An empty set with room for numbers below `count`.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Bits(vec![0; count.div_ceil(64)])
    }

    fn word(&self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }

    /// Whether a number is in it.
    pub(crate) fn contains(&self, number: u32) -> bool {
        self.word(number as usize / 64) >> (number % 64) & 1 != 0
    }

    /// Adds a number; whether it was new.
    pub(crate) fn insert(&mut self, number: u32) -> bool {
        let index = number as usize / 64;
        if index >= self.0.len() {
            self.0.resize(index + 1, 0);
        }
        let is_new = !self.contains(number);
        self.0[index] |= 1 << (number % 64);
        is_new
    }

    /// Takes a number away.
    pub(crate) fn remove(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// Adds all numbers of another set; whether any was new.
    pub(crate) fn union(&mut self, other: &Bits) -> bool {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut grew = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            grew |= *more & !*word != 0;
            *word |= more;
        }
        grew
    }

    /// How many words going through it takes.
    pub(crate) fn words(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no number in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The numbers, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(index, &word)| {
            std::iter::successors((word != 0).then_some(word), |bits| {
                let rest = bits & (bits - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |bits| index as u32 * 64 + bits.trailing_zeros())
        })
    }
}
