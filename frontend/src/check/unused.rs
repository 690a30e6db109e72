//! What is declared but not used, initialised or there at all.

use super::{Checker, Object, ObjectKind};
use crate::ast::{ExprId, IdentId};
use crate::source::Span;

impl Checker<'_> {
    /// Reports initialisers without a name and names without one.
    pub(super) fn check_arity(
        &mut self,
        at: Span,
        names: &[IdentId],
        values: &[ExprId],
        is_constant: bool,
        is_inherited: bool,
    ) {
        if names.len() < values.len() {
            let extra = values[names.len()];
            if is_inherited {
                let message = format!(
                    "extra init expr at {}",
                    self.position(self.span(extra).start)
                );
                self.error(at, "arity", message);
            } else {
                let message = format!("extra init expr {}", self.expression(extra));
                self.error(self.span(extra), "arity", message);
            }
        } else if names.len() > values.len() && (is_constant || values.len() != 1) {
            let ident = self.ast.idents[names[values.len()]];
            let message = format!("missing init expr for {}", self.text(ident.name));
            self.error(ident.span, "arity", message);
        }
    }

    /// Reports imports and variables that nobody uses. What was refused may use them.
    pub(super) fn report_unused(&mut self) {
        if self.has_refused {
            return;
        }
        for object in std::mem::take(&mut self.locals) {
            if !self.used.contains(&object) {
                let Object { name, span, .. } = self.objects[object];
                let message = format!("declared and not used: {}", self.text(name));
                self.error(span, "unused-variable", message);
            }
        }
        for import in std::mem::take(&mut self.imports) {
            if self.used.contains(&import.object) {
                continue;
            }
            let last = import.path.rsplit('/').next().unwrap_or(&import.path);
            let ObjectKind::PackageName(package) = self.objects[import.object].kind else {
                continue;
            };
            let name = self.text(import.name.unwrap_or(self.packages[package].name));
            let is_dot = self.objects[import.object].name == self.universe.unnamed;
            let message = if is_dot || name == last {
                format!("{:?} imported and not used", import.path)
            } else {
                format!("{:?} imported as {name} and not used", import.path)
            };
            let span = self.objects[import.object].span;
            self.error(span, "unused-import", message);
        }
    }
}
