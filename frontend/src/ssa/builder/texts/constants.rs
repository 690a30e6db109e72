//! Constants: folded, cut where they are long, with their type unless it is their default type.

use std::fmt::Write as _;

use super::Texts;
use crate::ast::{ExprId, ExprKind};
use crate::check::constant::Constant;
use crate::types::{Basic, Type};

impl Texts<'_> {
    /// The constant that an expression is or is known to be; `origin` is what it was written as.
    pub fn constant_text(&self, expr: ExprId, constant: &Constant, origin: ExprId) -> String {
        let ty = self.type_of(expr);
        let basic = match self.types.get(ty) {
            Type::Basic(basic) => Some(*basic),
            _ => None,
        };
        let is_rune = self
            .typed
            .info
            .runes
            .contains(&self.typed.ast.unparen(expr));
        let is_float = self.types.as_basic(ty).is_some_and(Basic::is_float);
        let float = |value: f64| (float_text(value), Basic::Float64);
        let (text, default) = match constant {
            Constant::Bool(value) => (value.to_string(), Basic::Bool),
            Constant::String(bytes) => (quoted(bytes), Basic::String),
            Constant::Integer(value) if is_float => float(value.to_f64().value()),
            Constant::Integer(value) => {
                if is_rune
                    && let Ok(code) = u32::try_from(&**value)
                    && let Some(character) = char::from_u32(code)
                {
                    let mut text = String::from("'");
                    push_escaped(&mut text, character, '\'');
                    text.push('\'');
                    return text;
                }
                (value.to_string(), Basic::Int)
            }
            Constant::Float(value) => float(value.to_f64().value()),
            Constant::Wide(_) => (constant.to_string(), Basic::Float64),
        };
        if basic == Some(default) || self.types.is_interface(ty) {
            text
        } else {
            let origin = self.typed.ast.unparen(origin);
            let written = match self.typed.ast.exprs[origin].kind {
                ExprKind::Call { callee, .. } if self.is_conversion(callee) => {
                    self.type_expr_text(callee)
                }
                _ if is_rune => "rune".to_owned(),
                _ => self.type_text(ty),
            };
            format!("{written}({text})")
        }
    }
}

/// Longest string constant shown, quotes included.
const MAX_STRING_CHARACTERS: usize = 72;

/// A string constant in quotes, shortened as gc does.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_escaped(&mut text, character, '"');
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.push('"');
    if text.chars().count() > MAX_STRING_CHARACTERS {
        text = text.chars().take(MAX_STRING_CHARACTERS - 3).collect();
        text.push_str("...");
    }
    text
}

fn push_escaped(text: &mut String, character: char, quote: char) {
    match character {
        '\n' => text.push_str("\\n"),
        '\t' => text.push_str("\\t"),
        '\r' => text.push_str("\\r"),
        '\\' => text.push_str("\\\\"),
        '\u{7}' => text.push_str("\\a"),
        '\u{8}' => text.push_str("\\b"),
        '\u{b}' => text.push_str("\\v"),
        '\u{c}' => text.push_str("\\f"),
        _ if character == quote => {
            text.push('\\');
            text.push(quote);
        }
        _ if (character as u32) < 0x20 || character as u32 == 0x7f => {
            let _ = write!(text, "\\x{:02x}", character as u32);
        }
        _ => text.push(character),
    }
}

/// A float with six digits; with all of them if six look like an integer and it is none.
fn float_text(value: f64) -> String {
    let short = short_float(value);
    if value.fract() == 0.0 || short.contains('.') {
        return short;
    }
    let scientific = format!("{value:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) if exponent.starts_with('-') && value.abs() < 1e-4 => {
            format!("{digits}e-{:0>2}", exponent.trim_start_matches('-'))
        }
        _ => value.to_string(),
    }
}

/// A float as C's `%.6g`.
fn short_float(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| -> String {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if (-4..6).contains(&exponent) {
        trim(&format!("{value:.*}", (5 - exponent).max(0) as usize))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(digits), exponent.abs())
    }
}
