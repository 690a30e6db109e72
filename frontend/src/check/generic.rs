//! Generic declarations: what is known of one before it has type arguments.
//!
//! Only the library declares generic functions and types so far; a user's are refused where they stand. The library's
//! archive holds no code of them, just their names: what a generic declaration means is in its text, and [`instantiate`]
//! makes instances of it.
//!
//! # How a generic declaration comes into a program
//! Trees can only be made while nobody walks one, but a use is found in the middle of a walk. So declarations are parsed
//! ahead, without bodies, as soon as their *name* occurs in some tree of the program, whatever it means there: in the
//! user's files, and in the trees of other generic declarations and instances. What was not parsed is not mentioned by
//! anybody. A program that mentions none pays for looking up some names.
//!
//! A package that comes from the archive has an empty scope. Into that are put those of its members whose names
//! occur in the trees, so that the text finds what it mentions.
//!
//! # What is checked
//! A *head*: the type parameters with their constraints and, of a function, the signature, in which
//! [`Type::Parameter`] stands for them. Heads of methods, and what a type is declared as, are looked at when an
//! instance needs them. Bodies are never checked with type parameters: a mistake in one is found in its instances, of
//! which the library's build makes one each (`library`).
//!
//! Library files keep to: no generic type in a group `type (...)`, and methods in the file of their type.
//!
//! Source: the Go specification, "Type parameter declarations", "Type constraints".
//!
//! [`instantiate`]: super::instantiate

use std::rc::Rc;

use super::constraint::Constraint;
use super::instantiate::Instances;
use super::scope::ScopeId;
use super::{Checker, Environment, Object, ObjectId, ObjectKind, PackageId};
use crate::ast::{
    self, Declaration, ExprId, ExprKind, FunctionDeclaration, IdentId, InterfaceElement, Name,
    TypeSpec,
};
use crate::hash::HashMap;
use crate::parser::{self, Bodies};
use crate::source::{FileId, Span};
use crate::token::Token;
use crate::types::{Type, TypeId, TypeParameter};

/// All generic declarations of a program, and their instances.
#[derive(Debug, Default)]
pub(super) struct Generics {
    /// Those of loaded packages whose names did not occur yet.
    waiting: Vec<(PackageId, Box<str>)>,
    /// Those that were parsed.
    declarations: HashMap<ObjectId, Rc<Generic>>,
    heads: HashMap<ObjectId, Rc<Head>>,
    /// The signatures of methods, by type and place in [`Generic::methods`].
    methods: HashMap<(ObjectId, usize), TypeId>,
    /// What types are declared as; `None` while that is found out.
    underlying: HashMap<ObjectId, Option<TypeId>>,
    /// The scopes of library files with generic declarations.
    file_scopes: HashMap<FileId, ScopeId>,
    parameter_count: u32,
    pub(super) instances: Instances,
}

/// A generic declaration, as it is written.
#[derive(Debug)]
pub(super) struct Generic {
    pub(super) package: PackageId,
    pub(super) file: FileId,
    pub(super) file_scope: ScopeId,
    pub(super) kind: GenericKind,
    /// The methods of a type.
    pub(super) methods: Vec<FunctionDeclaration>,
}

/// What is declared.
#[derive(Debug)]
pub(super) enum GenericKind {
    Function(Box<FunctionDeclaration>),
    /// A type, or an interface with type terms, which may have no type parameters.
    Type(TypeSpec),
}

/// What is known of a generic declaration without looking inside.
#[derive(Debug)]
pub(super) struct Head {
    /// Where the type parameters are declared.
    pub(super) scope: ScopeId,
    pub(super) parameters: Vec<Parameter>,
    /// Of a function its signature.
    pub(super) signature: Option<TypeId>,
}

/// A type parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: Name,
    pub(super) span: Span,
    pub(super) ty: TypeId,
    pub(super) constraint: Constraint,
}

/// Whether an interface type has elements that only constraints may have.
fn is_constraint(ast: &ast::Ast, ty: ExprId) -> bool {
    let ExprKind::InterfaceType(elements) = &ast.exprs[ast.unparen(ty)].kind else {
        return false;
    };
    elements.iter().any(|element| match element {
        InterfaceElement::Method { .. } => false,
        InterfaceElement::Embedded(terms) => {
            terms.len() > 1 || terms.iter().any(|term| term.has_tilde)
        }
    })
}

impl Checker<'_> {
    /// Whether a type declaration of the library is not checked by itself.
    pub(super) fn is_generic_type(&self, spec: &TypeSpec) -> bool {
        !spec.type_parameters.is_empty() || is_constraint(&self.ast, spec.ty)
    }

    /// Notes a generic declaration of a package, to be looked at when its name occurs.
    pub(super) fn add_generic(&mut self, package: PackageId, name: &str) {
        self.generics.waiting.push((package, name.into()));
    }

    /// Notes the scope of a file that was loaded as text.
    pub(super) fn note_file_scope(&mut self, file: FileId, scope: ScopeId) {
        self.generics.file_scopes.insert(file, scope);
    }

    /// Parses the generic declarations whose names have come up, while nobody walks the trees.
    pub(super) fn parse_mentioned_generics(&mut self) {
        loop {
            let waiting = std::mem::take(&mut self.generics.waiting);
            let (mentioned, waiting): (Vec<_>, _) = waiting
                .into_iter()
                .partition(|(_, name)| self.names.find(name).is_some());
            self.generics.waiting = waiting;
            if mentioned.is_empty() {
                return;
            }
            for (package, name) in mentioned {
                if let Some(object) = self.package_member(package, &name) {
                    self.parse_generic(package, object);
                }
            }
        }
    }

    fn parse_generic(&mut self, package: PackageId, object: ObjectId) {
        let Object { name, span, .. } = self.objects[object];
        let Some(file) = self.sources.file_of(span.start) else {
            return;
        };
        let text = self.text(name).to_owned();
        let is_wanted = |outline: &crate::token_passes::Outline<'_>| {
            outline.name == span.start || outline.receiver == Some(&text)
        };
        let declarations = self.parse_part(package, file, is_wanted, Bodies::Skip);
        let file_scope = self.library_file_scope(package, file);
        let mut kind = None;
        let mut methods = Vec::new();
        for declaration in declarations {
            match declaration {
                Declaration::Function(function) if function.receiver.is_some() => {
                    methods.push(*function);
                }
                Declaration::Function(function) => kind = Some(GenericKind::Function(function)),
                Declaration::Type(mut specs) => kind = specs.pop().map(GenericKind::Type),
                Declaration::Import(_) | Declaration::Const(_) | Declaration::Var(_) => {}
            }
        }
        if let Some(kind) = kind {
            let generic = Generic {
                package,
                file,
                file_scope,
                kind,
                methods,
            };
            self.generics.declarations.insert(object, Rc::new(generic));
        }
    }

    /// Parses declarations of a library file into new trees, while nobody walks the old ones.
    pub(super) fn parse_part(
        &mut self,
        package: PackageId,
        file: FileId,
        is_wanted: impl Fn(&crate::token_passes::Outline<'_>) -> bool,
        bodies: Bodies,
    ) -> Vec<Declaration> {
        let ast = Rc::get_mut(&mut self.ast).expect("trees are made while nobody walks them");
        let before = ast.idents.len();
        ast.names = std::mem::take(&mut self.names);
        let declarations = parser::parse_declarations(&self.sources, file, is_wanted, bodies, ast);
        self.names = std::mem::take(&mut ast.names);
        if self.is_archived(package) {
            let mentioned: Vec<Name> = self
                .ast
                .idents
                .values()
                .skip(before)
                .map(|ident| ident.name)
                .collect();
            for name in mentioned {
                let text = self.text(name).to_owned();
                if let Some(object) = self.package_member(package, &text) {
                    self.scopes
                        .insert(self.package_scopes[package], name, object);
                }
            }
        }
        declarations
    }

    /// The scope with what a library file imports.
    fn library_file_scope(&mut self, package: PackageId, file: FileId) -> ScopeId {
        if let Some(scope) = self.generics.file_scopes.get(&file) {
            return *scope;
        }
        let imports = self.parse_part(
            package,
            file,
            |outline| outline.keyword == Token::Import,
            Bodies::Skip,
        );
        let scope = self.open_file_scope(package, &imports);
        self.generics.file_scopes.insert(file, scope);
        scope
    }

    /// The declaration of a generic function or type.
    pub(super) fn generic(&self, object: ObjectId) -> Rc<Generic> {
        let generic = self.generics.declarations.get(&object);
        generic
            .expect("a generic declaration is parsed when its name occurs")
            .clone()
    }

    /// Whether an object is a generic type, or a constraint.
    pub(super) fn is_generic_type_object(&self, object: ObjectId) -> bool {
        matches!(self.objects[object].kind, ObjectKind::Generic)
            && matches!(self.generic(object).kind, GenericKind::Type(_))
    }

    /// Type parameters and signature of a generic declaration.
    pub(super) fn head(&mut self, object: ObjectId) -> Rc<Head> {
        if let Some(head) = self.generics.heads.get(&object) {
            return head.clone();
        }
        let generic = self.generic(object);
        let groups = match &generic.kind {
            GenericKind::Function(function) => &function.type_parameters,
            GenericKind::Type(spec) => &spec.type_parameters,
        };
        let head = self.in_scope(generic.package, generic.file_scope, |checker| {
            checker.open_scope();
            let scope = checker.environment.scope;
            let parameters = checker.type_parameters(groups);
            let signature = match &generic.kind {
                GenericKind::Function(function) => {
                    Some(checker.signature(None, &function.signature).ty)
                }
                GenericKind::Type(_) => None,
            };
            Rc::new(Head {
                scope,
                parameters,
                signature,
            })
        });
        self.generics.heads.insert(object, head.clone());
        head
    }

    fn type_parameters(&mut self, groups: &[ast::TypeParameter]) -> Vec<Parameter> {
        let mut declared = Vec::new();
        for group in groups {
            for ident in &group.names {
                let ast::Ident { name, span } = self.ast.idents[*ident];
                let number = self.generics.parameter_count;
                self.generics.parameter_count += 1;
                let ty = self
                    .types
                    .intern(Type::Parameter(TypeParameter { name, number }));
                self.bind_type(*ident, ty);
                declared.push((name, span, ty, group));
            }
        }
        // A constraint may mention any of them.
        let parameters = declared
            .into_iter()
            .map(|(name, span, ty, group)| Parameter {
                name,
                span,
                ty,
                constraint: self.constraint(&group.constraint),
            });
        parameters.collect()
    }

    /// The type parameters of a generic declaration with their constraints, in brackets.
    pub(super) fn parameters_text(&mut self, object: ObjectId) -> String {
        let head = self.head(object);
        let mut text = String::from("[");
        for (index, parameter) in head.parameters.iter().enumerate() {
            let next = head.parameters.get(index + 1);
            text.push_str(self.text(parameter.name));
            if next.is_none_or(|next| next.constraint.text != parameter.constraint.text) {
                text.push(' ');
                text.push_str(&parameter.constraint.text);
            }
            text.push_str(if next.is_some() { ", " } else { "]" });
        }
        text
    }

    /// Declares a name of the current scope to mean a type.
    pub(super) fn bind_type(&mut self, ident: IdentId, ty: TypeId) {
        let ast::Ident { name, span } = self.ast.idents[ident];
        let object = self.objects.push(Object {
            name,
            span,
            package: Some(self.environment.package),
            ty,
            kind: ObjectKind::TypeName,
        });
        self.record_object(ident, object);
        self.declare(self.environment.scope, object);
    }

    /// What a generic type is declared as, with its type parameters.
    pub(super) fn generic_underlying(&mut self, object: ObjectId) -> TypeId {
        if let Some(known) = self.generics.underlying.get(&object) {
            return known.unwrap_or(self.invalid());
        }
        self.generics.underlying.insert(object, None);
        let (generic, head) = (self.generic(object), self.head(object));
        let GenericKind::Type(spec) = &generic.kind else {
            return self.invalid();
        };
        let declared = self.in_scope(generic.package, head.scope, |checker| {
            let declared = checker.type_expression(spec.ty);
            checker.underlying_id(declared)
        });
        self.generics.underlying.insert(object, Some(declared));
        declared
    }

    /// The signature of a method of a generic type, with the type's parameters.
    pub(super) fn generic_method(&mut self, object: ObjectId, index: usize) -> TypeId {
        if let Some(signature) = self.generics.methods.get(&(object, index)) {
            return *signature;
        }
        let (generic, head) = (self.generic(object), self.head(object));
        let method = &generic.methods[index];
        let signature = self.in_scope(generic.package, generic.file_scope, |checker| {
            checker.open_scope();
            for (ident, parameter) in checker
                .receiver_parameters(method)
                .into_iter()
                .zip(&head.parameters)
            {
                checker.bind_type(ident, parameter.ty);
            }
            checker.signature(None, &method.signature).ty
        });
        self.generics.methods.insert((object, index), signature);
        signature
    }

    /// The names that a method's receiver gives the type parameters.
    pub(super) fn receiver_parameters(&self, method: &FunctionDeclaration) -> Vec<IdentId> {
        let receiver = method.receiver.as_deref().unwrap_or_default();
        let ty = receiver.first().map(|receiver| {
            let inner = self.ast.unparen(receiver.ty);
            match self.ast.exprs[inner].kind {
                ExprKind::Star(element) => self.ast.unparen(element),
                _ => inner,
            }
        });
        let Some(ExprKind::Index { indices, .. }) = ty.map(|ty| &self.ast.exprs[ty].kind) else {
            return Vec::new();
        };
        let names = indices
            .iter()
            .filter_map(|index| match self.ast.exprs[*index].kind {
                ExprKind::Name(ident) => Some(ident),
                _ => None,
            });
        names.collect()
    }

    /// Does something as if in another scope.
    pub(super) fn in_scope<T>(
        &mut self,
        package: PackageId,
        scope: ScopeId,
        check: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let environment = Environment::new(package, scope);
        let outer = std::mem::replace(&mut self.environment, environment);
        let result = check(self);
        self.environment = outer;
        result
    }
}
