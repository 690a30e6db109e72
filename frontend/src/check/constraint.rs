//! Constraints: which types a type parameter may stand for (spec: "Type constraints", "Satisfying a type constraint").
//!
//! A constraint is an interface, perhaps with type terms. Here it is flattened: methods, and of all embedded unions one
//! list of terms. So far only `any`, `comparable`, single unions and embedded constraints are needed; an interface with
//! two unions, which intersect, is refused.

use super::generic::GenericKind;
use super::{Checker, Mode, ObjectKind};
use crate::ast::{ExprId, ExprKind, InterfaceElement, UnionTerm};
use crate::types::{Type, TypeId};

/// What a type argument must satisfy.
#[derive(Debug, Clone, Default)]
pub(super) struct Constraint {
    /// How it is written.
    pub(super) text: Box<str>,
    /// How it is listed in messages about a type that is missing in it.
    pub(super) terms_text: Box<str>,
    /// The interface with its methods, if it has any.
    pub(super) methods: Option<TypeId>,
    pub(super) is_comparable: bool,
    /// The terms, if it has any.
    pub(super) terms: Option<Vec<Term>>,
}

/// A type, or all types with that underlying type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) has_tilde: bool,
    pub(super) ty: TypeId,
}

impl Constraint {
    /// The only term, if there is one: what the underlying type of all arguments is.
    pub(super) fn core(&self) -> Option<Term> {
        match self.terms.as_deref() {
            Some([only]) => Some(*only),
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// The constraint of a type parameter.
    pub(super) fn constraint(&mut self, terms: &[UnionTerm]) -> Constraint {
        let mut constraint = Constraint {
            text: self.terms_text(terms).into(),
            ..Constraint::default()
        };
        self.add_elements(terms, &mut constraint);
        constraint
    }

    fn terms_text(&self, terms: &[UnionTerm]) -> String {
        let texts = terms.iter().map(|term| {
            let tilde = if term.has_tilde { "~" } else { "" };
            format!("{tilde}{}", self.expression(term.ty))
        });
        texts.collect::<Vec<_>>().join(" | ")
    }

    fn add_elements(&mut self, terms: &[UnionTerm], constraint: &mut Constraint) {
        if let [
            UnionTerm {
                has_tilde: false,
                ty,
            },
        ] = terms
        {
            self.add_element(*ty, constraint);
            return;
        }
        if constraint.terms.is_some() {
            let span = self.span(terms[0].ty);
            self.unsupported(span, "generics", "intersections of unions");
            return;
        }
        let list = terms.iter().map(|term| Term {
            has_tilde: term.has_tilde,
            ty: self.type_expression(term.ty),
        });
        constraint.terms = Some(list.collect());
        constraint.terms_text = self.terms_text(terms).into();
    }

    fn add_element(&mut self, ty: ExprId, constraint: &mut Constraint) {
        let ast = self.ast.clone();
        let inner = ast.unparen(ty);
        match &ast.exprs[inner].kind {
            ExprKind::Name(ident)
                if self.lookup(ast.idents[*ident].name) == Some(self.universe.comparable) =>
            {
                constraint.is_comparable = true;
                return;
            }
            ExprKind::InterfaceType(elements) => {
                let unions = elements.iter().filter_map(|element| match element {
                    InterfaceElement::Embedded(terms) => Some(terms),
                    InterfaceElement::Method { .. } => None,
                });
                let unions: Vec<_> = unions.collect();
                // An interface of methods only is a type like any other.
                if unions.len() == elements.len() && !elements.is_empty() {
                    unions
                        .into_iter()
                        .for_each(|terms| self.add_elements(terms, constraint));
                    return;
                }
            }
            ExprKind::Name(_) | ExprKind::Selector { .. } => {
                let (x, _) = self.raw_expr(inner, None);
                if x.mode == Mode::Generic
                    && let Some(generic) = x.generic
                {
                    self.add_declared_constraint(generic.object, constraint);
                    return;
                }
            }
            _ => {}
        }
        let ty = self.type_expression(inner);
        match self.underlying(ty) {
            Type::Interface(methods) if methods.is_empty() => {}
            Type::Interface(_) => constraint.methods = Some(ty),
            _ => {
                constraint.terms = Some(vec![Term {
                    has_tilde: false,
                    ty,
                }]);
                constraint.terms_text = self.type_text(ty).into();
            }
        }
    }

    fn add_declared_constraint(&mut self, object: super::ObjectId, constraint: &mut Constraint) {
        debug_assert!(matches!(self.objects[object].kind, ObjectKind::Generic));
        let (generic, head) = (self.generic(object), self.head(object));
        if let GenericKind::Type(spec) = &generic.kind {
            self.in_scope(generic.package, head.scope, |checker| {
                checker.add_element(spec.ty, constraint);
            });
        }
    }

    /// Why a type does not satisfy a constraint, in gc's words; `map` are the type arguments for what the constraint mentions.
    pub(super) fn unsatisfied(
        &mut self,
        ty: TypeId,
        constraint: &Constraint,
        map: &super::instantiate::Substitution,
    ) -> Option<String> {
        let refusal = |checker: &Self| {
            format!(
                "{} does not satisfy {}",
                checker.type_text(ty),
                constraint.text
            )
        };
        if let Some(methods) = constraint.methods {
            let methods = self.substitute(methods, map);
            self.prepare_lookup(ty);
            if let Some(cause) = self.missing_method(ty, methods, false) {
                return Some(format!("{} {cause}", refusal(self)));
            }
        }
        let underlying = self.underlying_id(ty);
        if constraint.is_comparable && !self.types.is_comparable(ty) {
            return Some(refusal(self));
        }
        let terms = constraint.terms.as_ref()?;
        let mut is_near = None;
        for term in terms {
            let wanted = self.substitute(term.ty, map);
            if self.types.identical(wanted, ty) {
                return None;
            }
            let wanted_underlying = self.underlying_id(wanted);
            if self.types.identical(wanted_underlying, underlying) {
                if term.has_tilde {
                    return None;
                }
                is_near = Some(wanted);
            }
        }
        let cause = match is_near {
            Some(near) => format!(
                "possibly missing ~ for {} in {}",
                self.type_text(near),
                constraint.text
            ),
            None => format!(
                "{} missing in {}",
                self.type_text(ty),
                constraint.terms_text
            ),
        };
        Some(format!("{} ({cause})", refusal(self)))
    }
}
