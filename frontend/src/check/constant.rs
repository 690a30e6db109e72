//! Exact values of constant expressions (spec: "Constants").
//!
//! Integers are unbounded. Floats are exact rationals as long as numerator and denominator stay
//! below [`EXACT_BITS`]; beyond they are rounded to a mantissa of [`MANTISSA_BITS`], as gc's big
//! floats are, and past [`EXPONENT_LIMIT`] they are [`WideFloat`]s, so that no constant can take the
//! compiler's memory or time. No value depends on the machine.

use std::cmp::Ordering;
use std::rc::Rc;

use dashu::base::{Abs, BitTest, DivRem, Sign, Signed};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use serde::{Deserialize, Serialize};

use super::wide_float::WideFloat;
use crate::ast::BinaryOp;

/// Rationals with larger parts than this are rounded (gc: `maxExp` of `go/constant`).
const EXACT_BITS: usize = 4 << 10;
/// The precision of rounded values.
const MANTISSA_BITS: usize = 512;
/// Largest magnitude of a binary exponent of a rational. Larger costs time in proportion.
const EXPONENT_LIMIT: i64 = 1 << 18;
/// Largest magnitude of any binary exponent (gc's); beyond is overflow, or zero.
const WIDE_EXPONENT_LIMIT: i64 = i32::MAX as i64;

/// The value of a constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Constant {
    /// `true` or `false`
    Bool(bool),
    /// A string, as bytes: it may hold any byte.
    String(Rc<[u8]>),
    /// An integer or rune.
    Integer(Rc<IBig>),
    /// A floating-point value that is not necessarily an integer.
    Float(Rc<RBig>),
    /// A floating-point value that no type holds.
    Wide(Rc<WideFloat>),
}

fn bits(value: &IBig) -> usize {
    value.abs().bit_len_of()
}

/// The number of bits of a magnitude.
trait BitLength {
    fn bit_len_of(&self) -> usize;
}

impl BitLength for IBig {
    fn bit_len_of(&self) -> usize {
        self.as_ubig().map_or_else(
            || UBig::try_from(self.abs()).map_or(0, |value| value.bit_len()),
            BitTest::bit_len,
        )
    }
}

/// Rounds what has grown too large; the exponent is within [`EXPONENT_LIMIT`].
fn limited(value: RBig) -> RBig {
    let numerator_bits = bits(value.numerator()) as i64;
    let denominator_bits = value.denominator().bit_len() as i64;
    if numerator_bits <= EXACT_BITS as i64 && denominator_bits <= EXACT_BITS as i64 {
        return value;
    }
    let exponent = numerator_bits - denominator_bits;
    // value = quotient * 2^scale, with a quotient of MANTISSA_BITS + 2 or so bits.
    let scale = exponent - MANTISSA_BITS as i64 - 2;
    let (sign, magnitude) = value.numerator().clone().into_parts();
    let denominator = value.denominator().clone();
    let (quotient, remainder) = if scale >= 0 {
        magnitude.div_rem(denominator << scale as usize)
    } else {
        (magnitude << (-scale) as usize).div_rem(denominator)
    };
    let extra = quotient.bit_len() - MANTISSA_BITS;
    let low = &quotient & UBig::ones(extra);
    let half = UBig::ONE << (extra - 1);
    let mut mantissa = &quotient >> extra;
    let is_odd = mantissa.bit(0);
    let rounds_up = match low.cmp(&half) {
        Ordering::Greater => true,
        Ordering::Equal => !remainder.is_zero() || is_odd,
        Ordering::Less => false,
    };
    if rounds_up {
        mantissa += UBig::ONE;
    }
    let exponent = scale + extra as i64;
    let mantissa = IBig::from_parts(sign, mantissa);
    if exponent >= 0 {
        RBig::from(mantissa << exponent as usize)
    } else {
        RBig::from_parts(mantissa, UBig::ONE << (-exponent) as usize)
    }
}

impl Constant {
    /// An integer.
    pub fn integer(value: impl Into<IBig>) -> Constant {
        Constant::Integer(Rc::new(value.into()))
    }

    /// A float; `None` if it is out of all bounds.
    pub fn float(value: RBig) -> Option<Constant> {
        let exponent = bits(value.numerator()) as i64 - value.denominator().bit_len() as i64;
        if exponent.abs() > EXPONENT_LIMIT {
            return Constant::wide(WideFloat::from_rational(&value));
        }
        Some(Constant::Float(Rc::new(limited(value))))
    }

    /// A float of any size, a rational if it can be; `None` if it is out of all bounds.
    fn wide(value: Option<WideFloat>) -> Option<Constant> {
        let zero = || Constant::Float(Rc::new(RBig::ZERO));
        let Some(value) = value else {
            return Some(zero());
        };
        let exponent = value.binary_exponent();
        if exponent.abs() <= EXPONENT_LIMIT {
            return Constant::float(value.to_rational());
        }
        if exponent < -WIDE_EXPONENT_LIMIT {
            return Some(zero());
        }
        (exponent <= WIDE_EXPONENT_LIMIT).then(|| Constant::Wide(Rc::new(value)))
    }

    /// As a wide float; the inner `None` for zero, the outer for what is no number.
    #[expect(
        clippy::option_option,
        reason = "zero and no number are different answers"
    )]
    fn to_wide(&self) -> Option<Option<WideFloat>> {
        match self {
            Constant::Wide(value) => Some(Some((**value).clone())),
            _ => Some(WideFloat::from_rational(&*self.to_rational()?)),
        }
    }

    /// `x op y` of which one is wide.
    fn wide_binary(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
        let value = match (op, left.to_wide()?, right.to_wide()?) {
            (BinaryOp::Add, Some(left), Some(right)) => left.plus(&right),
            (BinaryOp::Subtract, Some(left), Some(right)) => left.plus(&right.negated()),
            (BinaryOp::Multiply, Some(left), Some(right)) => left.times(&right),
            (BinaryOp::Divide, Some(left), Some(right)) => left.divided_by(&right),
            (BinaryOp::Add | BinaryOp::Subtract, Some(left), None) => Some(left),
            (BinaryOp::Add, None, right) => right,
            (BinaryOp::Subtract, None, right) => right.map(|right| right.negated()),
            (BinaryOp::Multiply, _, _) | (BinaryOp::Divide, None, _) => None,
            _ => return None,
        };
        Constant::wide(value)
    }

    /// A string.
    pub fn string(value: &[u8]) -> Constant {
        Constant::String(value.into())
    }

    /// The value as an integer, if it is one.
    pub fn to_integer(&self) -> Option<Rc<IBig>> {
        match self {
            Constant::Integer(value) => Some(value.clone()),
            Constant::Float(value) if value.is_int() => Some(Rc::new(value.numerator().clone())),
            _ => None,
        }
    }

    /// The value as a rational, if it is a number.
    pub fn to_rational(&self) -> Option<Rc<RBig>> {
        match self {
            Constant::Integer(value) => Some(Rc::new(RBig::from((**value).clone()))),
            Constant::Float(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The value as `i64`, if it is an integer that fits.
    pub fn to_i64(&self) -> Option<i64> {
        i64::try_from(&*self.to_integer()?).ok()
    }

    /// The nearest `float64`, if it is finite.
    pub fn to_f64(&self) -> Option<f64> {
        let value = self.to_rational()?.to_f64().value();
        value.is_finite().then_some(value)
    }

    /// -1, 0 or 1; 1 for what is no number.
    pub fn sign(&self) -> i32 {
        match self {
            Constant::Integer(value) if value.is_zero() => 0,
            Constant::Float(value) if value.is_zero() => 0,
            Constant::Integer(value) if value.sign() == Sign::Negative => -1,
            Constant::Float(value) if value.is_negative() => -1,
            Constant::Wide(value) if value.is_negative() => -1,
            _ => 1,
        }
    }

    /// Bits of an integer's magnitude.
    pub fn bit_length(&self) -> usize {
        match self {
            Constant::Integer(value) => bits(value),
            _ => 0,
        }
    }

    /// `-x`; `None` if it is no number.
    #[must_use]
    pub fn negated(&self) -> Option<Constant> {
        Some(match self {
            Constant::Integer(value) => Constant::integer(-&**value),
            Constant::Float(value) => Constant::Float(Rc::new(-(**value).clone())),
            Constant::Wide(value) => Constant::Wide(Rc::new(value.negated())),
            _ => return None,
        })
    }

    /// `^x`, for an unsigned type of `width` bits within that width.
    #[must_use]
    pub fn complemented(&self, width: Option<u32>) -> Option<Constant> {
        let value = self.to_integer()?;
        let complement = !&*value;
        Some(Constant::integer(match width {
            Some(width) => complement & ((IBig::ONE << width as usize) - IBig::ONE),
            None => complement,
        }))
    }

    /// `x op y` for operators other than shifts and comparisons; `/` truncates if
    /// `is_integer_division`. `None` if the result is not representable.
    pub fn binary(
        op: BinaryOp,
        left: &Constant,
        right: &Constant,
        is_integer_division: bool,
    ) -> Option<Constant> {
        match (left, right) {
            (Constant::Bool(left), Constant::Bool(right)) => Some(Constant::Bool(match op {
                BinaryOp::LogicalAnd => *left && *right,
                _ => *left || *right,
            })),
            (Constant::String(left), Constant::String(right)) => {
                Some(Constant::String([&left[..], &right[..]].concat().into()))
            }
            (Constant::Integer(left), Constant::Integer(right)) => {
                let (left, right) = (&**left, &**right);
                Some(Constant::integer(match op {
                    BinaryOp::Add => left + right,
                    BinaryOp::Subtract => left - right,
                    BinaryOp::Multiply => left * right,
                    BinaryOp::Divide if is_integer_division => left / right,
                    BinaryOp::Divide => {
                        return Constant::float(
                            RBig::from(left.clone()) / RBig::from(right.clone()),
                        );
                    }
                    BinaryOp::Remainder => left % right,
                    BinaryOp::And => left & right,
                    BinaryOp::Or => left | right,
                    BinaryOp::Xor => left ^ right,
                    BinaryOp::AndNot => left & !right,
                    _ => return None,
                }))
            }
            (Constant::Wide(_), _) | (_, Constant::Wide(_)) => {
                Constant::wide_binary(op, left, right)
            }
            _ => {
                let (left, right) = (left.to_rational()?, right.to_rational()?);
                let (left, right) = (&*left, &*right);
                Constant::float(match op {
                    BinaryOp::Add => left + right,
                    BinaryOp::Subtract => left - right,
                    BinaryOp::Multiply => left * right,
                    BinaryOp::Divide => left / right,
                    _ => return None,
                })
            }
        }
    }

    /// `x << count` or `x >> count` of an integer.
    #[must_use]
    pub fn shifted(&self, op: BinaryOp, count: usize) -> Option<Constant> {
        let value = self.to_integer()?;
        Some(Constant::integer(if op == BinaryOp::ShiftLeft {
            &*value << count
        } else {
            &*value >> count
        }))
    }

    /// The order of two constants of one kind.
    pub fn compare(left: &Constant, right: &Constant) -> Option<Ordering> {
        Some(match (left, right) {
            (Constant::Bool(left), Constant::Bool(right)) => left.cmp(right),
            (Constant::String(left), Constant::String(right)) => left.cmp(right),
            (Constant::Integer(left), Constant::Integer(right)) => left.cmp(right),
            (Constant::Wide(_), _) | (_, Constant::Wide(_)) => {
                match (left.to_wide()?, right.to_wide()?) {
                    (Some(left), Some(right)) => left.cmp(&right),
                    _ => left.sign().cmp(&right.sign()),
                }
            }
            _ => left.to_rational()?.cmp(&right.to_rational()?),
        })
    }

    /// `left op right` for a comparison operator.
    pub fn holds(op: BinaryOp, left: &Constant, right: &Constant) -> Option<bool> {
        let order = Constant::compare(left, right)?;
        Some(match op {
            BinaryOp::Equal => order == Ordering::Equal,
            BinaryOp::NotEqual => order != Ordering::Equal,
            BinaryOp::Less => order == Ordering::Less,
            BinaryOp::LessEqual => order != Ordering::Greater,
            BinaryOp::Greater => order == Ordering::Greater,
            BinaryOp::GreaterEqual => order != Ordering::Less,
            _ => return None,
        })
    }

    /// Rounded to `float32`; `None` if it overflows.
    pub fn rounded_to_f32(&self) -> Option<Constant> {
        if let Constant::Wide(value) = self {
            return (value.binary_exponent() < 0).then(|| Constant::Float(Rc::new(RBig::ZERO)));
        }
        let value = self.to_rational()?.to_f32().value();
        let exact = RBig::try_from(value).ok().filter(|_| value.is_finite())?;
        Some(Constant::Float(Rc::new(exact)))
    }

    /// Rounded to `float64`; `None` if it overflows.
    pub fn rounded_to_f64(&self) -> Option<Constant> {
        if let Constant::Wide(value) = self {
            return (value.binary_exponent() < 0).then(|| Constant::Float(Rc::new(RBig::ZERO)));
        }
        let value = self.to_rational()?.to_f64().value();
        let exact = RBig::try_from(value).ok().filter(|_| value.is_finite())?;
        Some(Constant::Float(Rc::new(exact)))
    }
}

/// The text gc prints for a constant in a message.
impl std::fmt::Display for Constant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Constant::Bool(value) => write!(out, "{value}"),
            Constant::String(value) => out.write_str(&shortened(quote(value))),
            Constant::Integer(value) => write!(out, "{value}"),
            Constant::Float(value) => out.write_str(&float_text(value)),
            Constant::Wide(value) => {
                out.write_str(&scientific(value.fraction(), value.binary_exponent()))
            }
        }
    }
}

/// A quoted string of at most 72 characters.
fn shortened(quoted: String) -> String {
    const LONGEST: usize = 72;
    if quoted.chars().count() <= LONGEST {
        return quoted;
    }
    let mut short: String = quoted.chars().take(LONGEST - 3).collect();
    short.push_str("...");
    short
}

fn float_text(value: &RBig) -> String {
    let nearest = value.to_f64().value();
    if nearest.is_finite() && (nearest == 0.0) == value.is_zero() {
        let text = general_format(nearest, Some(6));
        if !value.is_int() && !text.contains('.') {
            return general_format(nearest, None);
        }
        return text;
    }
    // Outside of the range of float64: six digits of the mantissa and a decimal exponent.
    let exponent = bits(value.numerator()) as i64 - value.denominator().bit_len() as i64;
    let scaled = if exponent >= 0 {
        value / RBig::from(IBig::ONE << exponent as usize)
    } else {
        value * RBig::from(IBig::ONE << (-exponent) as usize)
    };
    scientific(scaled.to_f64().value(), exponent)
}

/// `fraction * 2^exponent` with six digits of the mantissa.
fn scientific(fraction: f64, exponent: i64) -> String {
    let decimal = exponent as f64 * std::f64::consts::LOG10_2;
    let mut whole = decimal.trunc();
    let mut mantissa = fraction * 10f64.powf(decimal - whole);
    if mantissa.abs() < 1.0 - 0.5e-6 {
        mantissa *= 10.0;
        whole -= 1.0;
    } else if mantissa.abs() > 10.0 - 0.5e-6 {
        mantissa /= 10.0;
        whole += 1.0;
    }
    format!(
        "{}e{}{}",
        general_format(mantissa, Some(6)),
        if whole < 0.0 { "-" } else { "+" },
        whole.abs()
    )
}

/// C's `%.6g` (or the shortest text that reads back, as Go's `%g`).
fn general_format(value: f64, digits: Option<usize>) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = match digits {
        Some(digits) => format!("{value:.*e}", digits - 1),
        None => format!("{value:e}"),
    };
    let (mantissa, exponent) = scientific
        .split_once('e')
        .expect("scientific notation has an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is a number");
    let limit = digits.map_or(21, |digits| digits as i32);
    let trim = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if exponent < -4 || exponent >= limit {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trim(mantissa), exponent.abs());
    }
    match digits {
        Some(digits) => trim(&format!(
            "{value:.*}",
            (digits as i32 - 1 - exponent).max(0) as usize
        )),
        None => format!("{value}"),
    }
}

/// A string literal for bytes, as Go's `strconv.Quote` writes it.
pub fn quote(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\x07' => out.push_str("\\a"),
                '\x08' => out.push_str("\\b"),
                '\x0c' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\x0b' => out.push_str("\\v"),
                '\u{feff}' => out.push_str("\\ufeff"),
                control if (control as u32) < 0x20 || control as u32 == 0x7f => {
                    let _ = write!(out, "\\x{:02x}", control as u32);
                }
                control if control.is_control() => {
                    let _ = write!(out, "\\u{:04x}", control as u32);
                }
                other => out.push(other),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}

/// The value of an integer literal; `None` if it is malformed.
pub fn integer_literal(text: &str) -> Option<Constant> {
    let digits: String = text.chars().filter(|digit| *digit != '_').collect();
    let lower = digits.to_ascii_lowercase();
    let (digits, radix) = match lower.as_bytes() {
        [b'0', b'x', ..] => (&lower[2..], 16),
        [b'0', b'b', ..] => (&lower[2..], 2),
        [b'0', b'o', ..] => (&lower[2..], 8),
        [b'0', _, ..] => (&lower[1..], 8),
        _ => (&lower[..], 10),
    };
    Some(Constant::integer(IBig::from_str_radix(digits, radix).ok()?))
}

/// The value of a floating-point literal; `None` if it is malformed or out of all bounds.
pub fn float_literal(text: &str) -> Option<Constant> {
    let lower: String = text
        .chars()
        .filter(|digit| *digit != '_')
        .collect::<String>()
        .to_ascii_lowercase();
    let (mantissa, exponent, radix, base) = if let Some(rest) = lower.strip_prefix("0x") {
        let (mantissa, exponent) = rest.split_once('p').unwrap_or((rest, "0"));
        (mantissa, exponent, 16, 2)
    } else {
        let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
        (mantissa, exponent, 10, 10)
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = UBig::from_str_radix(if digits.is_empty() { "0" } else { &digits }, radix).ok()?;
    if digits.is_zero() {
        return Some(Constant::Float(Rc::new(RBig::ZERO)));
    }
    let written: i64 = exponent.parse().ok()?;
    let places = fraction.len() as i64 * if radix == 16 { 4 } else { 1 };
    let exponent = written.checked_sub(places)?;
    // The magnitude is known before any power is computed.
    let binary = exponent as f64 * f64::from(base).log2() + digits.bit_len() as f64;
    if binary > 2.0 * WIDE_EXPONENT_LIMIT as f64 {
        return None;
    }
    if binary < -2.0 * WIDE_EXPONENT_LIMIT as f64 {
        return Some(Constant::Float(Rc::new(RBig::ZERO)));
    }
    if binary.abs() > EXPONENT_LIMIT as f64 {
        let digits = WideFloat::new(IBig::from(digits), 0)?;
        let power = WideFloat::power(base as u32, exponent.unsigned_abs())?;
        return Constant::wide(if exponent >= 0 {
            digits.times(&power)
        } else {
            digits.divided_by(&power)
        });
    }
    let power = UBig::from(base as u32).pow(exponent.unsigned_abs() as usize);
    let digits = IBig::from(digits);
    Constant::float(if exponent >= 0 {
        RBig::from(digits * IBig::from(power))
    } else {
        RBig::from_parts(digits, power)
    })
}

/// The bytes of a string literal and the value of a rune literal share the escapes.
fn unescape(text: &str, quote: char) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            pieces.push(Piece::Character(character));
            continue;
        }
        let escape = characters.next()?;
        let mut digits = |count: usize, radix: u32, first: Option<char>| {
            let mut value = first.map_or(Some(0), |digit| digit.to_digit(radix))?;
            for _ in 0..count {
                value = value * radix + characters.next()?.to_digit(radix)?;
            }
            Some(value)
        };
        pieces.push(match escape {
            'a' => Piece::Character('\x07'),
            'b' => Piece::Character('\x08'),
            'f' => Piece::Character('\x0c'),
            'n' => Piece::Character('\n'),
            'r' => Piece::Character('\r'),
            't' => Piece::Character('\t'),
            'v' => Piece::Character('\x0b'),
            '\\' => Piece::Character('\\'),
            'x' => Piece::Byte(u8::try_from(digits(2, 16, None)?).ok()?),
            'u' => Piece::Character(char::from_u32(digits(4, 16, None)?)?),
            'U' => Piece::Character(char::from_u32(digits(8, 16, None)?)?),
            octal if octal.is_digit(8) => {
                Piece::Byte(u8::try_from(digits(2, 8, Some(octal))?).ok()?)
            }
            other if other == quote => Piece::Character(quote),
            _ => return None,
        });
    }
    Some(pieces)
}

enum Piece {
    Character(char),
    Byte(u8),
}

/// The bytes of a string literal, raw or interpreted.
pub fn string_literal(text: &str) -> Option<Vec<u8>> {
    if let Some(raw) = text.strip_prefix('`') {
        return Some(
            raw.strip_suffix('`')?
                .bytes()
                .filter(|byte| *byte != b'\r')
                .collect(),
        );
    }
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner.as_bytes().to_vec());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    for piece in unescape(inner, '"')? {
        match piece {
            Piece::Byte(byte) => bytes.push(byte),
            Piece::Character(character) => bytes.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    Some(bytes)
}

/// The code point of a rune literal.
pub fn rune_literal(text: &str) -> Option<Constant> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    match unescape(inner, '\'')?.as_slice() {
        [Piece::Character(character)] => Some(Constant::integer(*character as u32)),
        [Piece::Byte(byte)] => Some(Constant::integer(*byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_gc_does() {
        let text = |literal: &str| float_literal(literal).expect("a float").to_string();
        assert_eq!(text("1.5"), "1.5");
        assert_eq!(text("1e3"), "1000");
        assert_eq!(text("1e6"), "1e+06");
        assert_eq!(text("1e100"), "1e+100");
        assert_eq!(text("0.1"), "0.1");
        assert_eq!(text("1e1000"), "1e+1000");
        assert_eq!(text("0x1p-2"), "0.25");
        assert_eq!(text("3.14159265358979"), "3.14159");
    }

    #[test]
    fn literals_have_their_values() {
        assert_eq!(integer_literal("0x_FF"), Some(Constant::integer(255)));
        assert_eq!(integer_literal("0755"), Some(Constant::integer(493)));
        assert_eq!(rune_literal("'\\n'"), Some(Constant::integer(10)));
        assert_eq!(
            string_literal("\"a\\xff\\u00e9\""),
            Some(vec![b'a', 0xff, 0xc3, 0xa9])
        );
        assert_eq!(float_literal("1e999999999"), None);
    }
}
