//! Type inference: type arguments that a use leaves out (spec: "Type inference", "Type unification").
//!
//! First the types of arguments are unified with the types of the parameters they are passed to. Then constraints with a
//! single term are: what is known of `S` in `S ~[]E` tells `E`, and the reverse. Last, a parameter that only
//! untyped constants are passed to has the default type of the kind that comes last.
//!
//! Wording and order are those of `cmd/compile/internal/types2/infer.go`.

use super::generic::Head;
use super::instantiate::{GenericOperand, Substitution};
use super::operand::Operand;
use super::{Checker, Mode};
use crate::ast::ExprId;
use crate::source::Span;
use crate::types::{Signature, Type, TypeId};

/// What is known of the type arguments.
struct Unifier<'a> {
    head: &'a Head,
    found: Vec<Option<TypeId>>,
}

/// How closely two types must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// One may be assigned to the other: only one of them is a defined type, or a channel's direction is left out.
    Assignable,
    /// They are identical.
    Identical,
}

impl<'h> Unifier<'h> {
    fn new(head: &'h Head, given: &[TypeId]) -> Self {
        let mut found: Vec<_> = given.iter().copied().map(Some).collect();
        found.resize(head.parameters.len(), None);
        Unifier { head, found }
    }

    fn place(&self, ty: TypeId) -> Option<usize> {
        self.head
            .parameters
            .iter()
            .position(|parameter| parameter.ty == ty)
    }

    /// The types that were found.
    fn substitution(&self) -> Substitution {
        let parameters = self.head.parameters.iter().zip(&self.found);
        parameters
            .filter_map(|(parameter, found)| Some((parameter.ty, (*found)?)))
            .collect()
    }

    /// The names of all type parameters, as a sentence lists them.
    fn names(&self, checker: &Checker<'_>) -> String {
        let names: Vec<&str> = self
            .head
            .parameters
            .iter()
            .map(|parameter| checker.text(parameter.name))
            .collect();
        match &names[..] {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first, second] => format!("{first} and {second}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        }
    }
}

/// What is unified with what, for messages.
enum Role {
    /// An argument with its parameter.
    Argument,
    /// A generic function with the type that it is assigned to.
    Target,
}

impl Checker<'_> {
    /// The type arguments of a call, with those given first, or a report. `wanted` has the parameter type of each value.
    pub(super) fn infer_from_arguments(
        &mut self,
        call: ExprId,
        callee: ExprId,
        head: &Head,
        given: &[TypeId],
        wanted: &[TypeId],
        values: &[Operand],
    ) -> Option<Vec<TypeId>> {
        if !values.iter().all(Operand::is_valid) {
            return None;
        }
        let mut unifier = Unifier::new(head, given);
        let context = format!("in call to {}, ", self.expression(callee));
        let mut untyped: Vec<(usize, TypeId)> = Vec::new();
        let known = unifier.substitution();
        for (value, parameter) in values.iter().zip(wanted) {
            // What is known from the beginning is for the assignment to compare.
            let parameter = &self.substitute(*parameter, &known);
            if !self.has_parameters(*parameter) {
                continue;
            }
            // Generic functions take what the others leave.
            if value.mode == Mode::Generic {
                continue;
            }
            if self.is_untyped(value.ty) {
                if let Some(place) = unifier.place(*parameter)
                    && !value.is_nil()
                {
                    untyped.push((place, value.ty));
                }
                continue;
            }
            if !self.unify(&mut unifier, *parameter, value.ty, Match::Assignable) {
                let text = self.operand_text(value);
                let message = self.mismatch(&unifier, *parameter, value.ty, &text, &Role::Argument);
                self.error(
                    self.operand_span(value),
                    "inference",
                    format!("{context}{message}"),
                );
                return None;
            }
        }
        let at = Span::at(self.ast.exprs[call].position);
        if !self.unify_constraints(&mut unifier, at, &context) {
            return None;
        }
        for (place, ty) in untyped {
            // Kinds are ordered as the specification orders them.
            if unifier.found[place].is_none_or(|found| self.is_untyped(found) && found < ty) {
                unifier.found[place] = Some(ty);
            }
        }
        for found in &mut unifier.found {
            *found = found.map(|ty| self.default_type(ty));
        }
        if !self.unify_constraints(&mut unifier, at, &context) {
            return None;
        }
        self.all_found(&unifier, at, &context)
    }

    /// The type arguments that make a generic function assignable to a function type, or a report.
    pub(super) fn infer_from_target(
        &mut self,
        x: &Operand,
        head: &Head,
        given: &[TypeId],
        target: TypeId,
        description: &str,
    ) -> Option<Vec<TypeId>> {
        let mut unifier = Unifier::new(head, given);
        let signature = head.signature?;
        let at = Span::at(self.ast.exprs[x.expr].position);
        if !self.unify(&mut unifier, signature, target, Match::Assignable) {
            let message = self.mismatch(&unifier, signature, target, description, &Role::Target);
            self.error(at, "inference", message);
            return None;
        }
        if !self.unify_constraints(&mut unifier, at, "") {
            return None;
        }
        self.all_found(&unifier, at, "")
    }

    /// The type arguments that follow from those given, or a report.
    pub(super) fn infer_rest(
        &mut self,
        expr: ExprId,
        head: &Head,
        given: &[TypeId],
    ) -> Option<Vec<TypeId>> {
        let mut unifier = Unifier::new(head, given);
        let at = Span::at(self.ast.exprs[expr].position);
        if !self.unify_constraints(&mut unifier, at, "") {
            return None;
        }
        self.all_found(&unifier, at, "")
    }

    fn all_found(&mut self, unifier: &Unifier<'_>, at: Span, context: &str) -> Option<Vec<TypeId>> {
        // What was found for one may mention others.
        let mut map = unifier.substitution();
        for _ in 0..map.len() {
            let resolved = map
                .iter()
                .map(|(parameter, ty)| (*parameter, self.substitute(*ty, &map)));
            map = resolved.collect();
        }
        let mut arguments = Vec::with_capacity(unifier.head.parameters.len());
        for parameter in &unifier.head.parameters {
            let found = map
                .get(&parameter.ty)
                .copied()
                .filter(|ty| !self.mentions_parameter_of(unifier, *ty));
            let Some(ty) = found else {
                let name = self.text(parameter.name);
                let declared = self.position(parameter.span.start);
                let message = format!("{context}cannot infer {name} (declared at {declared})");
                self.error(at, "inference", message);
                return None;
            };
            arguments.push(ty);
        }
        Some(arguments)
    }

    fn mentions_parameter_of(&mut self, unifier: &Unifier<'_>, ty: TypeId) -> bool {
        let invalid = self.invalid();
        let map = unifier
            .head
            .parameters
            .iter()
            .map(|parameter| (parameter.ty, invalid))
            .collect();
        self.has_parameters(ty) && self.substitute(ty, &map) != ty
    }

    /// Why a type does not go with a parameter type.
    fn mismatch(
        &mut self,
        unifier: &Unifier<'_>,
        parameter: TypeId,
        ty: TypeId,
        description: &str,
        role: &Role,
    ) -> String {
        let (given, wanted) = (self.type_text(ty), self.type_text(parameter));
        if unifier.found.iter().all(Option::is_none) {
            let names = unifier.names(self);
            return format!(
                "type {given} of {description} does not match {wanted} (cannot infer {names})"
            );
        }
        let inferred = self.substitute(parameter, &unifier.substitution());
        if inferred == parameter {
            return format!("type {given} of {description} does not match {wanted}");
        }
        let inferred = self.type_text(inferred);
        match role {
            Role::Argument => {
                format!(
                    "type {given} of {description} does not match inferred type {inferred} for {wanted}"
                )
            }
            Role::Target => {
                format!(
                    "inferred type {inferred} for {wanted} does not match type {given} of {description}"
                )
            }
        }
    }

    /// Learns from constraints until nothing new comes; false after a report.
    fn unify_constraints(&mut self, unifier: &mut Unifier<'_>, at: Span, context: &str) -> bool {
        loop {
            let before = unifier.found.clone();
            let head = unifier.head;
            for (place, parameter) in head.parameters.iter().enumerate() {
                let Some(core) = parameter.constraint.core() else {
                    continue;
                };
                let Some(found) = unifier.found[place] else {
                    // With a tilde the argument may be another type, but only this one can be guessed.
                    let ty = self.substitute(core.ty, &unifier.substitution());
                    unifier.found[place] = Some(ty).filter(|ty| !self.has_parameters(*ty));
                    continue;
                };
                let is_fine = self.is_untyped(found)
                    || self.unify_core(unifier, core.ty, found, core.has_tilde);
                if !is_fine {
                    let (name, ty) = (self.text(parameter.name), self.type_text(found));
                    let constraint = &parameter.constraint.text;
                    let message =
                        format!("{context}{name} (type {ty}) does not satisfy {constraint}");
                    self.error(at, "inference", message);
                    return false;
                }
            }
            if unifier.found == before {
                return true;
            }
        }
    }

    fn unify_core(
        &mut self,
        unifier: &mut Unifier<'_>,
        core: TypeId,
        found: TypeId,
        has_tilde: bool,
    ) -> bool {
        let found = if has_tilde {
            self.underlying_id(found)
        } else {
            found
        };
        self.unify(unifier, core, found, Match::Identical)
    }

    /// Whether `ty` is `pattern` with some types for its type parameters; notes these types.
    fn unify(
        &mut self,
        unifier: &mut Unifier<'_>,
        pattern: TypeId,
        ty: TypeId,
        how: Match,
    ) -> bool {
        if let Some(place) = unifier.place(pattern) {
            let Some(found) = unifier.found[place] else {
                unifier.found[place] = Some(ty);
                return true;
            };
            if !self.unify(unifier, found, ty, how) {
                return false;
            }
            // Of a defined type and its underlying type, or of a channel and one with a direction, the first is taken.
            let is_named = |ty| matches!(self.types.get(ty), Type::Named(_));
            if is_named(ty) && !is_named(found) {
                unifier.found[place] = Some(ty);
            }
            return true;
        }
        if self.types.identical(pattern, ty) {
            return true;
        }
        let (mut pattern, mut ty) = (pattern, ty);
        let is_named = |checker: &Self, ty| matches!(checker.types.get(ty), Type::Named(_));
        if how == Match::Assignable && is_named(self, pattern) != is_named(self, ty) {
            let other = if is_named(self, ty) { pattern } else { ty };
            // A basic type has a name, too.
            if !matches!(self.types.get(other), Type::Basic(_)) {
                (pattern, ty) = (self.underlying_id(pattern), self.underlying_id(ty));
            }
        }
        let exact = Match::Identical;
        match (self.types.get(pattern).clone(), self.types.get(ty).clone()) {
            (Type::Pointer(left), Type::Pointer(right))
            | (Type::Slice(left), Type::Slice(right)) => self.unify(unifier, left, right, exact),
            (Type::Array(left, length), Type::Array(right, other)) => {
                length == other && self.unify(unifier, left, right, exact)
            }
            (Type::Map(key, left), Type::Map(other, right)) => {
                self.unify(unifier, key, other, exact) && self.unify(unifier, left, right, exact)
            }
            (Type::Channel(direction, left), Type::Channel(other, right)) => {
                (how == Match::Assignable || direction == other)
                    && self.unify(unifier, left, right, exact)
            }
            (Type::Function(left), Type::Function(right)) => {
                self.unify_signatures(unifier, &left, &right)
            }
            (Type::Struct(left), Type::Struct(right)) => {
                left.len() == right.len()
                    && left.iter().zip(&right).all(|(left, right)| {
                        (left.name, left.package, left.is_embedded, &left.tag)
                            == (right.name, right.package, right.is_embedded, &right.tag)
                            && self.unify(unifier, left.ty, right.ty, exact)
                    })
            }
            (Type::Interface(left), Type::Interface(right)) => {
                left.len() == right.len()
                    && left.iter().zip(&right).all(|(left, right)| {
                        (left.name, left.package) == (right.name, right.package)
                            && self.unify(unifier, left.signature, right.signature, exact)
                    })
            }
            (Type::Named(left), Type::Named(right)) => {
                let (left, right) = (
                    self.types.named(left).clone(),
                    self.types.named(right).clone(),
                );
                let is_same = !left.arguments.is_empty()
                    && left.arguments.len() == right.arguments.len()
                    && self.is_same_generic(left.object, right.object);
                is_same
                    && left
                        .arguments
                        .iter()
                        .zip(&right.arguments)
                        .all(|(left, right)| self.unify(unifier, *left, *right, exact))
            }
            _ => false,
        }
    }

    fn unify_signatures(
        &mut self,
        unifier: &mut Unifier<'_>,
        left: &Signature,
        right: &Signature,
    ) -> bool {
        let mut unify_lists = |left: &[TypeId], right: &[TypeId]| {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| self.unify(unifier, *left, *right, Match::Identical))
        };
        left.is_variadic == right.is_variadic
            && unify_lists(&left.parameters, &right.parameters)
            && unify_lists(&left.results, &right.results)
    }

    /// Makes a generic function the instance that the type it is assigned to decides, or reports; `description` is of
    /// what it is assigned to.
    pub(super) fn instantiate_operand(
        &mut self,
        x: &mut Operand,
        target: TypeId,
        description: &str,
    ) {
        let Some(GenericOperand { object, arguments }) = x.generic.as_deref().cloned() else {
            return x.invalidate();
        };
        let head = self.head(object);
        let inferred = self.infer_from_target(x, &head, &arguments, target, description);
        let at = Span::at(self.ast.exprs[x.expr].position);
        self.finish_instantiation(x, object, inferred, at);
    }

    /// Gives an operand that is a generic function these type arguments, if they were found and satisfy their constraints.
    pub(super) fn finish_instantiation(
        &mut self,
        x: &mut Operand,
        object: super::ObjectId,
        arguments: Option<Vec<TypeId>>,
        at: Span,
    ) {
        x.generic = None;
        let head = self.head(object);
        let Some(arguments) = arguments.filter(|arguments| self.verify(&head, arguments, |_| at))
        else {
            return x.invalidate();
        };
        let (instance, ty) = self.instantiate_function(object, &arguments);
        self.settle_generic(x.expr, instance, ty);
        x.mode = Mode::Value;
        x.ty = ty;
    }
}

#[cfg(test)]
mod tests {
    use crate::types::{Basic, TypeTable};

    #[test]
    fn untyped_kinds_are_ordered_as_types_are() {
        let kinds = [
            Basic::UntypedInt,
            Basic::UntypedRune,
            Basic::UntypedFloat,
            Basic::UntypedComplex,
        ];
        let types = TypeTable::new();
        assert!(kinds.iter().map(|kind| types.basic(*kind)).is_sorted());
    }
}
