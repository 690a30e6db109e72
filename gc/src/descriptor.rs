//! `TypeDescriptor` and `PointerBitmap`: what the heap knows of a type. Public as part of [`crate::layout`].

use std::sync::Arc;

use crate::layout::WORD_SIZE_BYTES;

/// The words of a value that hold pointers, bit 0 of word 0 for its first word.
///
/// Canonical: no trailing zero words, and inline whenever 64 bits do. Equal patterns are therefore equal values.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PointerBitmap {
    /// The pointers are all among the first 64 words.
    Inline(u64),
    /// 64 words of the value in each element.
    Indirect(Arc<[u64]>),
}

impl PointerBitmap {
    /// No pointers at all.
    pub const EMPTY: Self = Self::Inline(0);

    /// From a bit a word, in order; made canonical.
    pub fn from_words(bits: &[u64]) -> Self {
        let length = bits
            .iter()
            .rposition(|&bits| bits != 0)
            .map_or(0, |last| last + 1);
        match length {
            0 => Self::EMPTY,
            1 => Self::Inline(bits[0]),
            _ => Self::Indirect(bits[..length].into()),
        }
    }

    /// From the indices of the words that hold pointers, in any order.
    pub fn from_pointer_words(words: impl IntoIterator<Item = usize>) -> Self {
        let mut bits = Vec::new();
        for word in words {
            if word / 64 >= bits.len() {
                bits.resize(word / 64 + 1, 0);
            }
            bits[word / 64] |= 1 << (word % 64);
        }
        Self::from_words(&bits)
    }

    /// Whether no word holds a pointer.
    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Inline(0))
    }

    /// Whether word `word` holds a pointer.
    pub fn is_pointer(&self, word: usize) -> bool {
        self.as_words()
            .get(word / 64)
            .is_some_and(|bits| bits >> (word % 64) & 1 != 0)
    }

    /// Words up to and including the last pointer.
    pub fn prefix_words(&self) -> usize {
        let words = self.as_words();
        match words.last() {
            Some(0) | None => 0,
            Some(last) => words.len() * 64 - last.leading_zeros() as usize,
        }
    }

    /// The bits, 64 words of the value at a time.
    #[inline]
    pub fn as_words(&self) -> &[u64] {
        match self {
            Self::Inline(bits) => std::slice::from_ref(bits),
            Self::Indirect(bits) => bits,
        }
    }

    /// Calls `visit` with `base` plus the index of every word that holds a pointer, rising.
    #[inline]
    pub(crate) fn for_each(&self, base: usize, visit: &mut impl FnMut(usize)) {
        for (index, &bits) in self.as_words().iter().enumerate() {
            let mut rest = bits;
            while rest != 0 {
                visit(base + index * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }

    /// Indices of the words that hold pointers, rising.
    pub fn pointer_words(&self) -> impl Iterator<Item = usize> {
        self.as_words()
            .iter()
            .enumerate()
            .flat_map(|(index, &bits)| {
                std::iter::successors((bits != 0).then_some(bits), |bits| {
                    let rest = bits & (bits - 1);
                    (rest != 0).then_some(rest)
                })
                .map(move |bits| index * 64 + bits.trailing_zeros() as usize)
            })
    }
}

/// What the heap needs to know of a type: its size and where its pointers are. It knows nothing else of types.
///
/// The bitmap describes one period; a type that is an array repeats it to its end, so that a huge array stays small here.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TypeDescriptor {
    size_bytes: usize,
    align_bytes: usize,
    pointers: PointerBitmap,
    period_words: usize,
}

impl TypeDescriptor {
    /// A type of `size_bytes` whose pointers are `pointers`.
    ///
    /// # Panics
    /// When a type with pointers is no whole number of words, or a pointer lies outside it.
    pub fn new(size_bytes: usize, align_bytes: usize, pointers: PointerBitmap) -> Self {
        if pointers.is_empty() {
            return Self::noscan(size_bytes, align_bytes);
        }
        let size_words = size_bytes / WORD_SIZE_BYTES;
        assert!(
            size_bytes.is_multiple_of(WORD_SIZE_BYTES),
            "a type with pointers is a whole number of words"
        );
        assert!(
            pointers.prefix_words() <= size_words,
            "a pointer lies outside its type"
        );
        let (pointers, period_words) = shortest_period(pointers, size_words);
        Self {
            size_bytes,
            align_bytes,
            pointers,
            period_words,
        }
    }

    /// A type of `size_bytes` without pointers.
    pub fn noscan(size_bytes: usize, align_bytes: usize) -> Self {
        Self {
            size_bytes,
            align_bytes,
            pointers: PointerBitmap::EMPTY,
            period_words: 1,
        }
    }

    /// An array of `count` elements; `None` when its size overflows.
    pub fn array(element: &Self, count: usize) -> Option<Self> {
        let size_bytes = element.size_bytes.checked_mul(count)?;
        if count == 0 {
            return Some(Self::noscan(0, element.align_bytes));
        }
        Some(Self {
            size_bytes,
            ..element.clone()
        })
    }

    /// Bytes of one value, a multiple of its alignment.
    #[inline]
    pub fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Alignment in bytes; the heap aligns every object to a word.
    pub fn align_bytes(&self) -> usize {
        self.align_bytes
    }

    /// Whether a value can hold a pointer.
    #[inline]
    pub fn has_pointers(&self) -> bool {
        !self.pointers.is_empty()
    }

    /// The pointers of the first [`Self::period_words`] words; the pattern repeats to the end of the value.
    #[inline]
    pub fn pointers(&self) -> &PointerBitmap {
        &self.pointers
    }

    /// Words after which the pattern of pointers repeats; 1 when there are none.
    #[inline]
    pub fn period_words(&self) -> usize {
        self.period_words
    }

    /// Bytes up to and including the last pointer; 0 without pointers.
    pub fn pointer_prefix_bytes(&self) -> usize {
        if !self.has_pointers() {
            return 0;
        }
        self.size_bytes - (self.period_words - self.pointers.prefix_words()) * WORD_SIZE_BYTES
    }

    /// Indices of all words that hold pointers, rising.
    pub fn pointer_words(&self) -> impl Iterator<Item = usize> {
        let periods = if self.has_pointers() {
            self.size_bytes / WORD_SIZE_BYTES / self.period_words
        } else {
            0
        };
        (0..periods).flat_map(move |period| {
            self.pointers
                .pointer_words()
                .map(move |word| period * self.period_words + word)
        })
    }
}

/// The shortest pattern that repeats to `pointers` over `size_words`, so that `[4]*T` and `[7]*T` agree.
fn shortest_period(pointers: PointerBitmap, size_words: usize) -> (PointerBitmap, usize) {
    // Longer types are rare, and trying every divisor of them would cost more than sharing pages could gain.
    const MAX_WORDS: usize = 4096;
    if size_words > MAX_WORDS {
        return (pointers, size_words);
    }
    let repeats_after = |period: &usize| {
        size_words.is_multiple_of(*period)
            && (*period..size_words)
                .all(|word| pointers.is_pointer(word) == pointers.is_pointer(word - period))
    };
    match (1..size_words).find(repeats_after) {
        Some(period) => (
            PointerBitmap::from_pointer_words(
                pointers.pointer_words().take_while(|&word| word < period),
            ),
            period,
        ),
        None => (pointers, size_words),
    }
}
