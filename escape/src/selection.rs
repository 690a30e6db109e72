//! A part of the decisions, chosen by hash, in search of a wrong one.
//!
//! When a program fails only if objects are on stacks, the one that should not be is found by halving: let
//! only those be there whose hash ends in `0`, or in `1`; take the half that fails, and prefix another
//! bit. Some twenty runs later one is left.
//!
//! Source: Cox, "Hash-Based Bisect Debugging in Compilers and Runtimes" (2024).

use frontend::ssa::{FunctionId, Program, SiteId};

/// Which sites may be on a stack, if nothing else is against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Selection {
    /// All.
    #[default]
    All,
    /// None: whatever allocates, allocates in the heap.
    None,
    /// Those whose hash ends so.
    HashEndsIn {
        /// The bits.
        bits: u64,
        /// How many there are, at most 64.
        count: u32,
    },
}

impl Selection {
    /// Reads `all`, `none` or binary digits.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "all" => Some(Selection::All),
            "none" => Some(Selection::None),
            digits => {
                let bits = u64::from_str_radix(digits, 2).ok()?;
                let count = digits.len() as u32;
                Some(Selection::HashEndsIn { bits, count })
            }
        }
    }

    /// Whether a site is among them.
    pub(crate) fn admits(self, program: &Program, function: FunctionId, site: SiteId) -> bool {
        match self {
            Selection::All => true,
            Selection::None => false,
            Selection::HashEndsIn { bits, count } => {
                let mask = 1u64.checked_shl(count).map_or(u64::MAX, |high| high - 1);
                (hash(program, function, site) ^ bits) & mask == 0
            }
        }
    }
}

/// The same in every run of one build on one program: by the function's name and the site's number in it.
/// Method: FNV-1a, then the finalizer of `SplitMix64`, since the last bits are looked at first.
pub(crate) fn hash(program: &Program, function: FunctionId, site: SiteId) -> u64 {
    let name = program.functions[function].name.bytes();
    let number = site.as_u32().to_le_bytes();
    let fnv = name
        .chain(number)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mixed = (fnv ^ fnv >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_read_from_its_last_bits() {
        assert_eq!(Selection::parse("all"), Some(Selection::All));
        assert_eq!(Selection::parse("none"), Some(Selection::None));
        let bits = Selection::HashEndsIn { bits: 5, count: 4 };
        assert_eq!(Selection::parse("0101"), Some(bits));
        for wrong in ["", "2", "yes", &"1".repeat(65)] {
            assert_eq!(Selection::parse(wrong), None, "{wrong}");
        }
    }
}
