//! The operands of a call after `go` or `defer` that are evaluated at the statement, as gc has them.
//!
//! Constants, declared functions, `new(T)` and literals of structs, arrays and slices are left to the
//! closure that makes the call; what is in such a literal is an operand of its own.

use crate::ast::{Element, ExprId, ExprKind};
use crate::check::{Builtin, Mode, ObjectKind, SelectionKind, TypedProgram};
use crate::types::{Type, TypeId, TypeTable};

/// An operand.
#[derive(Debug, Clone, Copy)]
pub struct Operand {
    /// What is evaluated; of a method call the callee stands for the receiver.
    pub expr: ExprId,
    /// What it is converted to.
    pub ty: TypeId,
    /// Whether it is the receiver.
    pub is_receiver: bool,
}

/// Adds the operands in an argument that is converted to `ty`. The types of a program that is being
/// lowered are not in `typed`.
pub fn of_argument(
    typed: &TypedProgram,
    types: &TypeTable,
    argument: ExprId,
    ty: TypeId,
    operands: &mut Vec<Operand>,
) {
    let expr = typed.ast.unparen(argument);
    if typed.info.modes[expr] == Mode::Nil {
        return;
    }
    let from = typed.info.types[expr].expand();
    let is_converted = types.is_interface(ty) && from.is_some_and(|from| !types.is_interface(from));
    let operand = Operand {
        expr: argument,
        ty,
        is_receiver: false,
    };
    if is_converted {
        operands.push(operand);
        return;
    }
    if typed.constant_of(expr).is_some() || is_declared_function(typed, expr) {
        return;
    }
    match &typed.ast.exprs[expr].kind {
        ExprKind::Call {
            callee, arguments, ..
        } if typed.builtin_of(*callee) == Some(Builtin::New)
            && typed.info.modes[arguments[0]] == Mode::Type => {}
        ExprKind::CompositeLiteral { elements, .. } => {
            match types.underlying(typed.type_of(expr)) {
                Type::Array(element, _) | Type::Slice(element) => {
                    for item in elements {
                        of_argument(typed, types, item.value, *element, operands);
                    }
                }
                Type::Struct(fields) => {
                    for (index, item) in elements.iter().enumerate() {
                        let field = field_index(typed, item, index);
                        of_argument(typed, types, item.value, fields[field].ty, operands);
                    }
                }
                _ => operands.push(operand),
            }
        }
        _ => operands.push(operand),
    }
}

/// The type that an argument of a builtin function is converted to, if it is.
pub fn builtin_parameter(
    typed: &TypedProgram,
    types: &TypeTable,
    builtin: Builtin,
    arguments: &[ExprId],
    index: usize,
) -> Option<TypeId> {
    match (builtin, index) {
        (Builtin::Panic, _) => types.find(&Type::Interface(Box::default())),
        (Builtin::Delete, 1) => match types.underlying(typed.type_of(arguments[0])) {
            Type::Map(key, _) => Some(*key),
            _ => None,
        },
        _ => None,
    }
}

/// Which field an element of a struct literal sets.
pub fn field_index(typed: &TypedProgram, element: &Element, place: usize) -> usize {
    let selection = element.key.and_then(|key| typed.info.selections.get(&key));
    selection
        .and_then(|selection| selection.path.last())
        .map_or(place, |index| *index as usize)
}

/// Whether an expression names a declared function or is a method expression.
pub fn is_declared_function(typed: &TypedProgram, expr: ExprId) -> bool {
    let expr = typed.ast.unparen(expr);
    let ident = match &typed.ast.exprs[expr].kind {
        ExprKind::Name(ident) => *ident,
        ExprKind::Selector { name, .. } => match typed.info.selections.get(&expr) {
            Some(selection) => return selection.kind == SelectionKind::MethodExpression,
            None => *name,
        },
        _ => return false,
    };
    typed
        .object_of(ident)
        .is_some_and(|object| matches!(typed.objects[object].kind, ObjectKind::Function(_)))
}
