//! Index expressions that gc sees are within bounds: it says so after all else.
//!
//! Only the types of operands and constants in the index count: masks, remainders, quotients and
//! shifts of unsigned values, and types that have no value beyond the array.

use frontend::ast::{BinaryOp, ExprId, ExprKind};
use frontend::check::constant::Constant;
use frontend::ssa::Program;
use frontend::ssa::builder::Texts;
use frontend::types::layout::size_and_align;
use frontend::types::{Basic, Type};

use crate::message::{Message, Subject};

/// The lines about the user's package, in the order of the source.
pub(crate) fn messages(program: &Program) -> Vec<Message> {
    let typed = &program.typed;
    let texts = Texts {
        typed,
        types: &typed.types,
        variables: None,
        replaced: None,
    };
    let mut found: Vec<Message> = typed
        .ast
        .exprs
        .iter()
        .filter(|(id, _)| is_elided(&texts, *id))
        .map(|(id, expr)| Message {
            position: expr.position,
            text: "index bounds check elided".to_owned(),
            subject: Subject::BoundsCheck,
            name: texts.expression_text(id),
            function: None,
            site: None,
        })
        .collect();
    found.sort_by_key(|message| message.position);
    found
}

fn is_elided(texts: &Texts<'_>, expr: ExprId) -> bool {
    let (typed, types) = (texts.typed, texts.types);
    let ExprKind::Index { operand, indices } = &typed.ast.exprs[expr].kind else {
        return false;
    };
    let index = typed.ast.unparen(indices[0]);
    let is_value = typed.info.types[*operand].is_some() && typed.info.types[index].is_some();
    if !is_value || typed.constant_of(index).is_some() || typed.constant_of(expr).is_some() {
        return false;
    }
    let ty = texts.type_of(*operand);
    let ty = types.pointee(ty).unwrap_or(ty);
    let length = match types.underlying(ty) {
        Type::Array(_, length) => *length,
        Type::Basic(basic) if basic.is_string() => {
            match typed.constant_of(typed.ast.unparen(*operand)) {
                Some(Constant::String(bytes)) => bytes.len() as u64,
                _ => return false,
            }
        }
        _ => return false,
    };
    is_bounded(texts, index, i64::try_from(length).unwrap_or(i64::MAX))
}

/// Whether a value is known to be at least 0 and below `limit`.
fn is_bounded(texts: &Texts<'_>, index: ExprId, limit: i64) -> bool {
    let typed = texts.typed;
    let ty = texts.type_of(index);
    let Some(basic) = texts.types.as_basic(ty).filter(|basic| basic.is_integer()) else {
        return false;
    };
    let is_signed = matches!(
        basic,
        Basic::Int | Basic::Int8 | Basic::Int16 | Basic::Int32 | Basic::Int64
    );
    let all_bits = 8 * size_and_align(texts.types, ty).0;
    let mut bits = all_bits;
    let constant = |expr: ExprId| match typed.constant_of(typed.ast.unparen(expr)) {
        Some(Constant::Integer(value)) => i64::try_from(&**value).ok(),
        _ => None,
    };
    if let ExprKind::Binary { op, left, right } = typed.ast.exprs[index].kind {
        let right_value = constant(right);
        match op {
            BinaryOp::And | BinaryOp::AndNot => {
                let mask = match (constant(left), right_value) {
                    (Some(mask), _) => Some(mask),
                    (None, Some(mask)) if op == BinaryOp::And => Some(mask),
                    (None, Some(mask)) if is_signed || all_bits == 64 => Some(!mask),
                    (None, Some(mask)) => Some(!mask & ((1 << all_bits) - 1)),
                    (None, None) => None,
                };
                if mask.is_some_and(|mask| (0..limit).contains(&mask)) {
                    return true;
                }
            }
            BinaryOp::Remainder if !is_signed => {
                if right_value.is_some_and(|value| (0..=limit).contains(&value)) {
                    return true;
                }
            }
            BinaryOp::Divide if !is_signed => {
                let mut value = right_value.unwrap_or(0);
                while bits > 0 && value >= 2 {
                    bits -= 1;
                    value >>= 1;
                }
            }
            BinaryOp::ShiftRight if !is_signed => {
                let count = right_value.and_then(|value| u64::try_from(value).ok());
                match count {
                    Some(count) if count > bits => return limit > 0,
                    Some(count) => bits -= count,
                    None => {}
                }
            }
            _ => {}
        }
    }
    !is_signed && bits <= 62 && 1 << bits <= limit
}
