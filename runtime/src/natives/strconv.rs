//! Natives of `strconv`: floats to decimals and back, correctly rounded.
//!
//! All the arithmetic is that of Rust's standard library, whose shortest form is the nearest of the shortest, and whose
//! forms with a precision come from the exact value with ties to even; the tests below hold it to that.
//!
//! Sources: Loitsch, "Printing Floating-Point Numbers Quickly and Accurately with Integers" (PLDI 2010); Steele and White,
//! "How to Print Floating-Point Numbers Accurately" (PLDI 1990).

use super::{NativeCall, Table, math};

pub(super) const NATIVES: Table = &[
    ("strconv.floatBits", math::bits),
    ("strconv.floatFromBits", math::bits),
    ("strconv.shortestDecimal", shortest_decimal),
    ("strconv.exactDecimal", exact_decimal),
    ("strconv.decimalToFloat", decimal_to_float),
];

/// No float has more significant digits, nor more digits after the point, so that more need not be asked for.
const MOST_DIGITS: usize = 1100;

fn shortest_decimal(call: &mut NativeCall<'_>) {
    let (value, bit_size) = (call.float(), call.int());
    let (mantissa, exponent) = shortest(value, bit_size == 32);
    call.put(mantissa);
    call.put_int(exponent);
}

fn exact_decimal(call: &mut NativeCall<'_>) {
    let (value, significant, count) = (call.float(), call.bool(), call.int());
    let count = usize::try_from(count).unwrap_or(0).min(MOST_DIGITS);
    let (digits, point) = exact(value, significant, count);
    call.put_string(digits.as_bytes());
    call.put_int(point);
}

fn decimal_to_float(call: &mut NativeCall<'_>) {
    let (text, bit_size) = (call.string(), call.int());
    call.put_float(parse(text, bit_size == 32));
}

/// The shortest decimal that reads back as `value`: digits as a number, and its power of ten.
fn shortest(value: f64, is_single: bool) -> (u64, i64) {
    let text = if is_single {
        format!("{:e}", value as f32)
    } else {
        format!("{value:e}")
    };
    let (digits, exponent) = split_scientific(&text);
    // At most 17 digits.
    let mantissa = digits.parse().unwrap_or(0);
    (mantissa, exponent + 1 - digits.len() as i64)
}

/// `value` rounded to `count` significant digits or digits after the point, as `0.digits * 10^point`.
fn exact(value: f64, significant: bool, count: usize) -> (String, i64) {
    if significant {
        let (digits, exponent) = split_scientific(&format!("{value:.*e}", count.max(1) - 1));
        return trim(&digits, exponent + 1);
    }
    let text = format!("{value:.count$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    trim(&format!("{whole}{fraction}"), whole.len() as i64)
}

/// The digits and the exponent of Rust's scientific form.
fn split_scientific(text: &str) -> (String, i64) {
    let (mantissa, exponent) = text
        .split_once('e')
        .expect("scientific form has an exponent");
    let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse().expect("the exponent is a number"))
}

/// Takes away zeros at both ends.
fn trim(digits: &str, point: i64) -> (String, i64) {
    let trimmed = digits.trim_start_matches('0');
    let point = point - (digits.len() - trimmed.len()) as i64;
    let trimmed = trimmed.trim_end_matches('0');
    if trimmed.is_empty() {
        (String::new(), 0)
    } else {
        (trimmed.to_owned(), point)
    }
}

/// The nearest float to the decimal in `text`.
fn parse(text: &[u8], is_single: bool) -> f64 {
    let text = str::from_utf8(text).unwrap_or("");
    // What the contract excludes would give NaN, never a wrong number.
    if is_single {
        text.parse::<f32>().map_or(f64::NAN, f64::from)
    } else {
        text.parse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::{exact, parse, shortest};

    #[test]
    fn shortest_decimals_of_hard_cases() {
        let cases = [
            (1.0, (1, 0)),
            (100.0, (1, 2)),
            (0.1, (1, -1)),
            (0.3, (3, -1)),
            (5e-324, (5, -324)),
            (2.225_073_858_507_201_4e-308, (22_250_738_585_072_014, -324)),
            (f64::MAX, (17_976_931_348_623_157, 292)),
            (9_007_199_254_740_993.0, (9_007_199_254_740_992, 0)),
            (2.0_f64.powi(-44), (5_684_341_886_080_802, -29)),
            (1e23, (1, 23)),
            (8.41e21, (841, 19)),
            (4.35, (435, -2)),
        ];
        for (value, expected) in cases {
            assert_eq!(shortest(value, false), expected, "{value:e}");
        }
        assert_eq!(shortest(f64::from(0.1_f32), true), (1, -1));
        assert_eq!(shortest(f64::from(f32::MAX), true), (34_028_235, 31));
        assert_eq!(shortest(f64::from(f32::from_bits(1)), true), (1, -45));
    }

    #[test]
    fn exact_decimals_round_ties_to_even() {
        let text = |digits: &str, point| (digits.to_owned(), point);
        assert_eq!(exact(0.5, false, 0), text("", 0));
        assert_eq!(exact(1.5, false, 0), text("2", 1));
        assert_eq!(exact(2.5, false, 0), text("2", 1));
        assert_eq!(exact(3.5, false, 0), text("4", 1));
        assert_eq!(exact(0.125, false, 2), text("12", 0));
        assert_eq!(exact(0.375, false, 2), text("38", 0));
        assert_eq!(exact(2.5, true, 1), text("2", 1));
        assert_eq!(exact(9.5, true, 1), text("1", 2));
        assert_eq!(exact(8.5, true, 1), text("8", 1));
        assert_eq!(exact(0.000_5, false, 3), text("1", -2)); // Above the tie: 0.0005000000000000000104.
        assert_eq!(exact(0.062_5, false, 3), text("62", -1));
        assert_eq!(exact(1e23, true, 17), text("99999999999999992", 23));
        assert_eq!(exact(0.01, false, 1), text("", 0));
        assert_eq!(exact(999.96, false, 1), text("1", 4));
        assert_eq!(exact(123.456, true, 2), text("12", 3));
    }

    #[test]
    fn exact_decimals_are_exact_to_the_last_digit() {
        let (digits, point) = exact(5e-324, false, 1100);
        assert_eq!((digits.len(), point), (751, -323));
        assert!(digits.starts_with("49406564584124654417") && digits.ends_with("625"));
        let (digits, point) = exact(f64::MAX, false, 1100);
        assert_eq!((digits.len(), point), (309, 309));
        assert_eq!(
            exact(0.1, true, 1100).0,
            "1000000000000000055511151231257827021181583404541015625"
        );
        assert_eq!(exact(1.0, true, 1100), ("1".to_owned(), 1));
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the results are exact")]
    fn decimals_become_the_nearest_float() {
        assert_eq!(parse(b"1.", false), 1.0);
        assert_eq!(parse(b".5e1", false), 5.0);
        assert_eq!(parse(b"1e400", false), f64::INFINITY);
        assert_eq!(parse(b"1e-400", false), 0.0);
        // Half way between two floats, and just above.
        assert_eq!(parse(b"9007199254740993", false), 9_007_199_254_740_992.0);
        assert_eq!(
            parse(b"9007199254740993.00000000000000000000000000001", false),
            9_007_199_254_740_994.0
        );
        assert_eq!(
            parse(b"2.2250738585072011e-308", false).to_bits(),
            0x000f_ffff_ffff_ffff
        );
        // Rounding to a double first would round to the wrong single.
        assert_eq!(
            parse(b"1.00000005960464477540", true),
            f64::from(1.000_000_1_f32)
        );
        assert_eq!(parse(b"3.4028236e38", true), f64::INFINITY);
    }
}
