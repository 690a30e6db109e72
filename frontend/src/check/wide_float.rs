//! Constants too large or too small for an exact rational: a mantissa of a fixed number of bits and
//! a binary exponent, as gc's big floats are. No type of a variable holds one, but a program may
//! compute with them on the way to a value that fits (`1e100000000 / 1e99999999`).

use std::cmp::Ordering;

use dashu::base::{BitTest, Sign};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use serde::{Deserialize, Serialize};

/// Bits of a mantissa (gc's precision).
const MANTISSA_BITS: i64 = 512;
/// Bits a quotient has beyond those that stay, for rounding.
const GUARD_BITS: i64 = 2;

/// `mantissa * 2^exponent`, not zero; the magnitude of the mantissa has [`MANTISSA_BITS`] bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WideFloat {
    mantissa: IBig,
    exponent: i64,
}

impl WideFloat {
    /// The value rounded to the nearest; `None` for zero.
    pub fn new(mantissa: IBig, exponent: i64) -> Option<Self> {
        let (sign, magnitude) = mantissa.into_parts();
        if magnitude.is_zero() {
            return None;
        }
        let extra = magnitude.bit_len() as i64 - MANTISSA_BITS;
        let (rounded, exponent) = if extra <= 0 {
            (magnitude << (-extra) as usize, exponent + extra)
        } else {
            let half = UBig::ONE << (extra - 1) as usize;
            let rounded = (magnitude + half) >> extra as usize;
            if rounded.bit_len() as i64 > MANTISSA_BITS {
                (rounded >> 1, exponent + extra + 1)
            } else {
                (rounded, exponent + extra)
            }
        };
        Some(WideFloat {
            mantissa: IBig::from_parts(sign, rounded),
            exponent,
        })
    }

    /// A rational, rounded; `None` for zero.
    pub fn from_rational(value: &RBig) -> Option<Self> {
        let (sign, numerator) = value.numerator().clone().into_parts();
        let denominator = value.denominator().clone();
        let excess = numerator.bit_len() as i64 - denominator.bit_len() as i64;
        let scale = excess - MANTISSA_BITS - GUARD_BITS;
        let quotient = if scale >= 0 {
            numerator / (denominator << scale as usize)
        } else {
            (numerator << (-scale) as usize) / denominator
        };
        WideFloat::new(IBig::from_parts(sign, quotient), scale)
    }

    /// `base` to a power, by squaring.
    pub fn power(base: u32, mut exponent: u64) -> Option<Self> {
        let mut square = WideFloat::new(IBig::from(base), 0)?;
        let mut product = WideFloat::new(IBig::ONE, 0)?;
        while exponent > 0 {
            if exponent & 1 == 1 {
                product = product.times(&square)?;
            }
            square = square.times(&square)?;
            exponent >>= 1;
        }
        Some(product)
    }

    /// The exact value, which takes memory in proportion to the exponent.
    pub fn to_rational(&self) -> RBig {
        if self.exponent >= 0 {
            RBig::from(self.mantissa.clone() << self.exponent as usize)
        } else {
            RBig::from_parts(
                self.mantissa.clone(),
                UBig::ONE << (-self.exponent) as usize,
            )
        }
    }

    /// `e` such that the magnitude is at least `2^(e-1)` and below `2^e`.
    pub fn binary_exponent(&self) -> i64 {
        self.exponent + MANTISSA_BITS
    }

    /// The value divided by two to the power of [`Self::binary_exponent`].
    pub fn fraction(&self) -> f64 {
        let leading = self.mantissa.clone() >> (MANTISSA_BITS - 53) as usize;
        i64::try_from(leading).unwrap_or(0) as f64 / (1_u64 << 53) as f64
    }

    /// Whether the value is below zero.
    pub fn is_negative(&self) -> bool {
        self.mantissa.sign() == Sign::Negative
    }

    /// `-x`
    #[must_use]
    pub fn negated(&self) -> Self {
        WideFloat {
            mantissa: -self.mantissa.clone(),
            exponent: self.exponent,
        }
    }

    /// `x + y`; `None` for zero.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let (high, low) = if self.exponent >= other.exponent {
            (self, other)
        } else {
            (other, self)
        };
        let distance = high.exponent - low.exponent;
        if distance > MANTISSA_BITS + GUARD_BITS {
            return Some(high.clone());
        }
        WideFloat::new(
            (high.mantissa.clone() << distance as usize) + &low.mantissa,
            low.exponent,
        )
    }

    /// `x * y`; `None` never happens, as neither is zero.
    pub fn times(&self, other: &Self) -> Option<Self> {
        WideFloat::new(
            &self.mantissa * &other.mantissa,
            self.exponent + other.exponent,
        )
    }

    /// `x / y`; `None` never happens, as neither is zero.
    pub fn divided_by(&self, other: &Self) -> Option<Self> {
        let shift = MANTISSA_BITS + GUARD_BITS;
        let quotient = (self.mantissa.clone() << shift as usize) / &other.mantissa;
        WideFloat::new(quotient, self.exponent - other.exponent - shift)
    }
}

impl Ord for WideFloat {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (is_negative, _) => {
                let exponents = self.exponent.cmp(&other.exponent);
                let by_size = if is_negative {
                    exponents.reverse()
                } else {
                    exponents
                };
                by_size.then_with(|| self.mantissa.cmp(&other.mantissa))
            }
        }
    }
}

impl PartialOrd for WideFloat {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
