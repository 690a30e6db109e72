//! Declarations inside functions (spec: "Declarations and scope").

use super::constant::Constant;
use super::{Checker, Colour, LocalKind, Object, ObjectId, ObjectKind};
use crate::ast::{self, Declaration, IdentId, TypeSpec, ValueSpec};
use crate::types::TypeId;

impl Checker<'_> {
    /// A new local variable, not declared yet.
    pub(super) fn local_variable(&mut self, ident: IdentId, ty: TypeId) -> ObjectId {
        let ast::Ident { name, span } = self.ast.idents[ident];
        let package = Some(self.environment.package);
        let kind = ObjectKind::Local(LocalKind::Variable);
        let object = self.objects.push(Object {
            name,
            span,
            package,
            ty,
            kind,
        });
        self.record_object(ident, object);
        object
    }

    /// A declaration inside a function.
    pub(super) fn local_declaration(&mut self, declaration: &Declaration) {
        match declaration {
            Declaration::Const(specs) => {
                let mut last: Option<&ValueSpec> = None;
                for spec in specs {
                    let is_inherited = spec.ty.is_none() && spec.values.is_empty();
                    if !is_inherited {
                        last = Some(spec);
                    }
                    let is_inherited = is_inherited && last.is_some();
                    let (ty, values) =
                        last.map_or((None, &[][..]), |last| (last.ty, &last.values[..]));
                    let mut objects = Vec::new();
                    for (position, ident) in spec.names.iter().enumerate() {
                        let object = self.local_variable(*ident, self.invalid());
                        self.objects[object].kind = ObjectKind::Constant(Constant::Bool(false));
                        let value = values.get(position).copied();
                        self.constant_declaration(
                            object,
                            ty,
                            value,
                            is_inherited,
                            spec.index_in_group,
                        );
                        objects.push(object);
                    }
                    self.check_arity(spec.span, &spec.names, values, true, is_inherited);
                    for object in objects {
                        self.declare(self.environment.scope, object);
                    }
                }
            }
            Declaration::Var(specs) => {
                for spec in specs {
                    self.local_variables(spec);
                }
            }
            Declaration::Type(specs) => {
                for spec in specs {
                    self.local_type(spec);
                }
            }
            Declaration::Import(_) | Declaration::Function(_) => {}
        }
    }

    fn local_variables(&mut self, spec: &ValueSpec) {
        let invalid = self.invalid();
        let objects: Vec<ObjectId> = spec
            .names
            .iter()
            .map(|ident| self.local_variable(*ident, invalid))
            .collect();
        if spec.values.len() == 1 && objects.len() > 1 {
            self.variable_declaration(objects[0], Some(&objects), spec.ty, Some(spec.values[0]));
        } else {
            let mut first: Option<TypeId> = None;
            for (position, object) in objects.iter().enumerate() {
                if let (Some(_), Some(ty)) = (spec.ty, first) {
                    // The type is checked once for all names.

                    self.objects[*object].ty = ty;
                    if let Some(value) = spec.values.get(position) {
                        let mut x = self.initial_value(*value);
                        self.initialize_variable(*object, true, &mut x, "variable declaration");
                    }
                } else {
                    self.variable_declaration(
                        *object,
                        None,
                        spec.ty,
                        spec.values.get(position).copied(),
                    );
                    if spec.ty.is_some() {
                        first = Some(self.objects[*object].ty);
                    }
                }
            }
        }
        if spec.ty.is_none() || !spec.values.is_empty() {
            self.check_arity(spec.span, &spec.names, &spec.values, false, false);
        }
        for object in objects {
            self.declare(self.environment.scope, object);
        }
    }

    fn local_type(&mut self, spec: &TypeSpec) {
        let object = self.local_variable(spec.name, self.invalid());
        self.objects[object].kind = ObjectKind::TypeName;
        self.declare(self.environment.scope, object);
        if spec.is_alias || !spec.type_parameters.is_empty() {
            self.path.push(object);
            self.colours[object] = Colour::Grey;
            self.type_declaration(object, spec);
            self.colours[object] = Colour::Black;
            self.path.pop();
        } else {
            self.reachability.local_types += 1;
            let named = self.define_type(object, self.reachability.local_types);
            self.incomplete.retain(|other| *other != object);
            self.complete_with(named, object, spec.ty);
        }
        self.settle();
        self.process_delayed_at_rest();
    }
}
