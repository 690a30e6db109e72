//! Packages: loading what is imported and declaring what stands at package level.
//!
//! Imports are loaded before their importer gets its id, so that ids follow the order of
//! initialisation. Of a library file only the declarations are parsed here.

use std::rc::Rc;

use cranelift_entity::EntityRef;

use super::constant::Constant;
use super::declaration::{DeclarationInfo, DeclarationKind};
use super::scope::ScopeId;
use super::{Checker, Colour, FunctionObject, Object, ObjectId, ObjectKind, Package, PackageId};
use crate::ast::{
    self, Body, Declaration, ExprId, ExprKind, FunctionDeclaration, IdentId, ImportName, Name,
    ValueSpec,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;
use crate::parser::{self, Bodies};
use crate::source::Span;

/// An import of the user's package, to report if it is not used.
#[derive(Debug)]
pub(super) struct Import {
    /// The package name object.
    pub(super) object: ObjectId,
    /// The imported path.
    pub(super) path: Box<str>,
    /// The name the file gives it; `None` if it has the package's own.
    pub(super) name: Option<Name>,
}

/// One import of a file, with the package it names.
struct ResolvedImport {
    spec: ast::ImportSpec,
    package: PackageId,
    path: Box<str>,
}

impl Checker<'_> {
    /// Declares the user's package.
    pub(super) fn load_main(&mut self, files: Vec<ast::File>) -> PackageId {
        let name = files.first().map_or(self.universe.main, |file| {
            self.ast.idents[file.package].name
        });
        for file in files.iter().skip(1) {
            let other = self.ast.idents[file.package].name;
            if other != name {
                let base = self.sources.file(file.id).base;
                let message = format!(
                    "package {}; expected package {}",
                    self.text(other),
                    self.text(name)
                );
                self.error(Span::at(base), "package-name", message);
            }
        }
        if self.is_blank(name)
            && let Some(file) = files.first()
        {
            let span = self.ast.idents[file.package].span;
            self.error(span, "package-name", "invalid package name _");
        }
        let files: Vec<Rc<ast::File>> = files
            .into_iter()
            .filter(|file| self.ast.idents[file.package].name == name)
            .map(Rc::new)
            .collect();
        let path = if name == self.universe.main {
            "main".into()
        } else {
            self.text(name).into()
        };
        self.declare_package(path, name, &files, false)
    }

    /// Loads the package every program has something of; before the user's, as imports are.
    pub(super) fn load_support(&mut self) -> Option<(PackageId, &'static [&'static str])> {
        let (path, names) = self.library.support()?;
        Some((self.load_library(path, Span::default(), true), names))
    }

    /// Reaches what of the library every program has.
    pub(super) fn reach_support(&mut self, support: Option<(PackageId, &'static [&'static str])>) {
        let Some((package, names)) = support else {
            return;
        };
        for text in names {
            let Some(object) = self.package_member(package, text) else {
                continue;
            };
            self.resolve(object);
            if matches!(self.objects[object].kind, ObjectKind::Function(_)) {
                self.reach_function(object);
            }
            self.support.push(object);
        }
    }

    /// The package with this path, loaded from the library if it was not yet.
    pub(super) fn load_library(&mut self, path: &str, at: Span, by_library: bool) -> PackageId {
        if let Some(id) = self.package_ids.get(path) {
            return *id;
        }
        let refusal = if path == "unsafe" || path == "C" {
            let what = if path == "C" { "cgo" } else { "package unsafe" };
            let message = format!("{what} is not supported by MiniGo");
            Some(Diagnostic::new(
                Code::Unsupported(if path == "C" { "cgo" } else { "unsafe" }),
                at,
                message,
            ))
        } else if !by_library && (path.starts_with("internal/") || path.contains("/internal/")) {
            let message = format!("use of internal package {path} not allowed");
            Some(Diagnostic::new(Code::Type("import"), at, message))
        } else if self.loading.iter().any(|loading| **loading == *path) {
            Some(Diagnostic::new(
                Code::Type("import"),
                at,
                "import cycle not allowed",
            ))
        } else {
            None
        };
        if let Some(diagnostic) = refusal {
            self.report(diagnostic);
            return self.broken_package(path);
        }
        if let Some(id) = self.load_archived(path) {
            return id;
        }
        let Some(texts) = self.library.package(path) else {
            self.error(at, "import", format!("package {path} is not in std"));
            return self.broken_package(path);
        };
        self.loading.push(path.into());
        let ast =
            Rc::get_mut(&mut self.ast).expect("packages are loaded while nobody walks the trees");
        ast.names = std::mem::take(&mut self.names);
        let mut files = Vec::new();
        for (name, text) in texts {
            let Ok(id) = self.sources.add(name, *text) else {
                continue;
            };
            let file = parser::parse_file(&self.sources, id, ast, Bodies::Skip, self.diagnostics);
            files.extend(file.map(Rc::new));
        }
        self.names = std::mem::take(&mut ast.names);
        let name = match files.first() {
            Some(file) => self.ast.idents[file.package].name,
            None => self.universe.unnamed,
        };
        let id = self.declare_package(path.into(), name, &files, true);
        self.loading.pop();
        self.package_ids.insert(path.into(), id);
        id
    }

    /// A package without names that stands for one that could not be loaded.
    fn broken_package(&mut self, path: &str) -> PackageId {
        let last = path
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(path)
            .to_owned();
        let name = self.names.intern(&last);
        let id = self.packages.push(Package {
            path: path.into(),
            name,
            imports: Vec::new(),
            initializers: Vec::new(),
            init_functions: Vec::new(),
            is_library: true,
        });
        self.broken_packages.insert(id);
        self.package_ids.insert(path.into(), id);
        id
    }

    /// The scope of a file of an archived package, with what it imports.
    pub(super) fn open_file_scope(
        &mut self,
        package: PackageId,
        imports: &[Declaration],
    ) -> ScopeId {
        let imports = self.resolve_imports(imports, true);
        let scope = self.scopes.open(self.package_scopes[package]);
        self.declare_imports(package, scope, &imports, true);
        scope
    }

    fn resolve_imports(
        &mut self,
        declarations: &[Declaration],
        is_library: bool,
    ) -> Vec<ResolvedImport> {
        let mut resolved = Vec::new();
        for declaration in declarations {
            let Declaration::Import(specs) = declaration else {
                continue;
            };
            for spec in specs {
                let text = self.sources.text(spec.path);
                let path = super::constant::string_literal(text)
                    .and_then(|bytes| String::from_utf8(bytes).ok());
                let problem = match path.as_deref() {
                    None => Some("invalid syntax".to_owned()),
                    Some("") => Some("empty string".to_owned()),
                    Some(path) => path
                        .chars()
                        .find(|character| {
                            character.is_control()
                                || character.is_whitespace()
                                || "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{FFFD}".contains(*character)
                        })
                        .map(|character| {
                            let code = character as u32;
                            if character.is_control() || character.is_whitespace() {
                                format!("invalid character U+{code:04X}")
                            } else {
                                format!("invalid character U+{code:04X} '{character}'")
                            }
                        }),
                };
                if let Some(problem) = problem {
                    self.error(
                        spec.path,
                        "import",
                        format!("invalid import path ({problem})"),
                    );
                    continue;
                }
                let path = path.unwrap_or_default();
                let package = self.load_library(&path, spec.path, is_library);
                resolved.push(ResolvedImport {
                    spec: *spec,
                    package,
                    path: path.into(),
                });
            }
        }
        resolved
    }

    fn declare_package(
        &mut self,
        path: Box<str>,
        name: Name,
        files: &[Rc<ast::File>],
        is_library: bool,
    ) -> PackageId {
        let imports: Vec<Vec<ResolvedImport>> = files
            .iter()
            .map(|file| self.resolve_imports(&file.declarations, is_library))
            .collect();
        let mut direct: Vec<PackageId> = Vec::new();
        for import in imports.iter().flatten() {
            if !direct.contains(&import.package) && !self.broken_packages.contains(&import.package)
            {
                direct.push(import.package);
            }
        }
        let package = self.packages.push(Package {
            path,
            name,
            imports: direct,
            initializers: Vec::new(),
            init_functions: Vec::new(),
            is_library,
        });
        let scope = self.scopes.open(ScopeId::UNIVERSE);
        self.package_scopes[package] = scope;
        let environment = self.environment.clone();
        self.environment.package = package;
        let mut methods = Vec::new();
        let mut file_scopes = Vec::new();
        for (file, imports) in files.iter().zip(&imports) {
            let file_scope = self.scopes.open(scope);
            file_scopes.push(file_scope);
            self.declare_imports(package, file_scope, imports, is_library);
            if is_library {
                self.note_file_scope(file.id, file_scope);
            }
            for (index, declaration) in file.declarations.iter().enumerate() {
                self.collect(package, file_scope, file, index, declaration, &mut methods);
            }
        }
        for file_scope in file_scopes {
            self.check_file_scope(scope, file_scope);
        }
        for (method, is_pointer, base) in methods {
            if let Some((is_pointer, base)) = self.resolve_receiver_base(scope, is_pointer, base) {
                self.reachability
                    .declared_methods
                    .entry(base)
                    .or_default()
                    .push((method, is_pointer));
            }
        }
        self.environment = environment;
        package
    }

    fn declare_imports(
        &mut self,
        package: PackageId,
        file_scope: ScopeId,
        imports: &[ResolvedImport],
        is_library: bool,
    ) {
        for import in imports {
            let imported = import.package;
            let own = self.packages[imported].name;
            let (name, span, renamed) = match import.spec.name {
                ImportName::Own => (own, import.spec.path, None),
                ImportName::Ident(ident) => {
                    let ident = self.ast.idents[ident];
                    (ident.name, ident.span, Some(ident.name))
                }
                ImportName::Dot(offset) => {
                    (self.universe.unnamed, Span::new(offset, offset + 1), None)
                }
            };
            if name == self.universe.init {
                self.error(
                    span,
                    "import",
                    "cannot import package as init - init must be a func",
                );
                continue;
            }
            let invalid = self.invalid();
            let object = self.objects.push(Object {
                name,
                span,
                package: Some(package),
                ty: invalid,
                kind: ObjectKind::PackageName(imported),
            });
            if let ImportName::Ident(ident) = import.spec.name {
                self.record_object(ident, object);
            }
            let is_broken = self.broken_packages.contains(&imported);
            if !is_library && !is_broken && !self.is_blank(name) {
                self.imports.push(Import {
                    object,
                    path: import.path.clone(),
                    name: renamed,
                });
            }
            if let ImportName::Dot(_) = import.spec.name {
                if is_broken {
                    continue;
                }
                for name in self.package_names(imported) {
                    if !crate::types::lookup::is_exported(&name) {
                        continue;
                    }
                    let Some(exported) = self.package_member(imported, &name) else {
                        continue;
                    };
                    let name = self.names.intern(&name);
                    if let Some(other) = self.scopes.insert(file_scope, name, exported) {
                        let mut message = format!("{} redeclared in this block", self.text(name));
                        self.add_other_declaration(&mut message, other);
                        self.error(span, "redeclared", message);
                    } else {
                        self.dot_imports.insert((file_scope, name), object);
                    }
                }
            } else {
                self.declare(file_scope, object);
            }
        }
    }

    /// Reports names of imports that the package declares itself.
    fn check_file_scope(&mut self, package_scope: ScopeId, file_scope: ScopeId) {
        for (name, object) in self.scopes.names(file_scope).to_vec() {
            let Some(other) = self.scopes.get(package_scope, name) else {
                continue;
            };
            let text = self.text(name).to_owned();
            let mut message = if let ObjectKind::PackageName(imported) = self.objects[object].kind {
                let imported = &self.packages[imported];
                format!(
                    "{text} already declared through import of package {} ({:?})",
                    self.text(imported.name),
                    imported.path
                )
            } else {
                let package = self.objects[object]
                    .package
                    .unwrap_or(self.environment.package);
                let imported = &self.packages[package];
                let name = self.text(imported.name);
                format!(
                    "{text} already declared through dot-import of package {name} ({:?})",
                    imported.path
                )
            };
            self.add_other_declaration(&mut message, object);
            let span = self.objects[other].span;
            self.error(span, "redeclared", message);
        }
    }

    /// Declares what one top-level declaration declares.
    fn collect(
        &mut self,
        package: PackageId,
        file_scope: ScopeId,
        file: &Rc<ast::File>,
        index: usize,
        declaration: &Declaration,
        methods: &mut Vec<(ObjectId, bool, Name)>,
    ) {
        let info = |kind| DeclarationInfo::new(package, file_scope, file.clone(), index, kind);
        match declaration {
            Declaration::Import(_) => {}
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
                    for (position, name) in spec.names.iter().enumerate() {
                        let kind = DeclarationKind::Constant {
                            ty,
                            value: values.get(position).copied(),
                            is_inherited,
                            iota: spec.index_in_group,
                        };
                        let placeholder = ObjectKind::Constant(Constant::Bool(false));
                        self.declare_package_object(package, *name, placeholder, info(kind));
                    }
                    self.check_arity(spec.span, &spec.names, values, true, is_inherited);
                }
            }
            Declaration::Var(specs) => {
                for spec in specs {
                    let mut variables = Vec::new();
                    let is_joint = spec.values.len() == 1 && spec.names.len() > 1;
                    for (position, name) in spec.names.iter().enumerate() {
                        let value = if is_joint {
                            Some(spec.values[0])
                        } else {
                            spec.values.get(position).copied()
                        };
                        let kind = DeclarationKind::Variable {
                            ty: spec.ty,
                            value,
                            joint: None,
                        };
                        let object = self.declare_package_object(
                            package,
                            *name,
                            ObjectKind::Global,
                            info(kind),
                        );
                        variables.push(object);
                    }
                    if is_joint {
                        let all: Rc<[ObjectId]> = variables.iter().flatten().copied().collect();
                        let first = variables
                            .iter()
                            .flatten()
                            .next()
                            .map(|object| self.declaration_of[object]);
                        for object in variables.iter().flatten() {
                            // All of them share the first one's declaration, and so its dependencies.
                            if let Some(first) = first {
                                self.declaration_of.insert(*object, first);
                            }
                        }
                        if let Some(first) = first
                            && let DeclarationKind::Variable { joint, .. } =
                                &mut self.declarations[first].kind
                        {
                            *joint = Some(all);
                        }
                    }
                    if spec.ty.is_none() || !spec.values.is_empty() {
                        self.check_arity(spec.span, &spec.names, &spec.values, false, false);
                    }
                }
            }
            Declaration::Type(specs) => {
                for (position, spec) in specs.iter().enumerate() {
                    if self.packages[package].is_library && self.is_generic_type(spec) {
                        self.declare_generic(package, spec.name);
                        continue;
                    }
                    let kind = DeclarationKind::Type { spec: position };
                    self.declare_package_object(
                        package,
                        spec.name,
                        ObjectKind::TypeName,
                        info(kind),
                    );
                }
            }
            Declaration::Function(function) => {
                if self.packages[package].is_library && !function.type_parameters.is_empty() {
                    return self.declare_generic(package, function.name);
                }
                if self.packages[package].is_library
                    && !self.receiver_parameters(function).is_empty()
                {
                    // It belongs to the instances of its type.
                    return;
                }
                self.collect_function(package, function, info(DeclarationKind::Function), methods);
            }
        }
    }

    fn collect_function(
        &mut self,
        package: PackageId,
        function: &FunctionDeclaration,
        info: DeclarationInfo,
        methods: &mut Vec<(ObjectId, bool, Name)>,
    ) {
        let ident = self.ast.idents[function.name];
        let scope = self.package_scopes[package];
        let is_library = self.packages[package].is_library;
        let is_init = ident.name == self.universe.init && function.receiver.is_none();
        let is_main = ident.name == self.universe.main
            && function.receiver.is_none()
            && self.packages[package].name == self.universe.main;
        if is_init || is_main {
            let text = self.text(ident.name).to_owned();
            if let Some(parameter) = function
                .type_parameters
                .first()
                .and_then(|group| group.names.first())
            {
                let span = self.ast.idents[*parameter].span;
                self.error(
                    span,
                    "init",
                    format!("func {text} must have no type parameters"),
                );
            }
            if !function.signature.parameters.is_empty() || !function.signature.results.is_empty() {
                let message = format!("func {text} must have no arguments and no return values");
                self.error(ident.span, "init", message);
            }
        }
        if function.body.is_none() && !is_library {
            if is_init {
                self.error(ident.span, "init", "func init must have a body");
            } else {
                self.missing_bodies.push(ident.span);
            }
        }
        let invalid = self.invalid();
        let object = self.objects.push(Object {
            name: ident.name,
            span: ident.span,
            package: Some(package),
            ty: invalid,
            kind: ObjectKind::Function(FunctionObject {
                receiver: None,
                body: function.body,
                archived: None,
                parameters: Vec::new(),
                results: Vec::new(),
            }),
        });
        self.record_object(function.name, object);
        self.colours[object] = Colour::White;
        let id = self.declarations.push(info);
        self.declaration_of.insert(object, id);
        if !is_library {
            self.reachability.user_objects.push(object);
        }
        if let Some(receiver) = &function.receiver {
            if let [parameter] = &receiver[..] {
                let (is_pointer, base) = self.unpack_receiver(parameter.ty);
                if let ExprKind::Name(base) = self.ast.exprs[base].kind
                    && !self.is_blank(ident.name)
                {
                    methods.push((object, is_pointer, self.ast.idents[base].name));
                }
            }
        } else if is_init {
            self.packages[package].init_functions.push(object);
        } else {
            self.declare(scope, object);
        }
    }

    /// Whether a receiver type is a pointer, and what stands behind it, type arguments left out.
    pub(super) fn unpack_receiver(&self, ty: ExprId) -> (bool, ExprId) {
        let mut base = self.ast.unparen(ty);
        let mut is_pointer = false;
        if let ExprKind::Star(inner) = self.ast.exprs[base].kind {
            is_pointer = true;
            base = self.ast.unparen(inner);
        }
        if let ExprKind::Index { operand, .. } = self.ast.exprs[base].kind {
            base = operand;
        }
        (is_pointer, base)
    }

    /// The type declaration a receiver's base name leads to, through aliases.
    fn resolve_receiver_base(
        &self,
        scope: ScopeId,
        is_pointer: bool,
        name: Name,
    ) -> Option<(bool, ObjectId)> {
        let mut is_pointer = is_pointer;
        let mut name = name;
        let mut seen = Vec::new();
        loop {
            let object = self.scopes.get(scope, name)?;
            if !matches!(self.objects[object].kind, ObjectKind::TypeName) || seen.contains(&object)
            {
                return None;
            }
            let info = &self.declarations[*self.declaration_of.get(&object)?];
            let spec = info.type_spec()?;
            if !spec.is_alias {
                return Some((is_pointer, object));
            }
            seen.push(object);
            let mut ty = self.ast.unparen(spec.ty);
            if let ExprKind::Star(inner) = self.ast.exprs[ty].kind {
                if is_pointer {
                    return None;
                }
                is_pointer = true;
                ty = self.ast.unparen(inner);
            }
            let ExprKind::Name(ident) = self.ast.exprs[ty].kind else {
                return None;
            };
            name = self.ast.idents[ident].name;
        }
    }

    /// Declares a generic function or type of the library.
    fn declare_generic(&mut self, package: PackageId, ident: IdentId) {
        let ast::Ident { name, span } = self.ast.idents[ident];
        let ty = self.invalid();
        let object = self.objects.push(Object {
            name,
            span,
            package: Some(package),
            ty,
            kind: ObjectKind::Generic,
        });
        self.declare(self.package_scopes[package], object);
        let text = self.text(name).to_owned();
        self.add_generic(package, &text);
    }

    fn declare_package_object(
        &mut self,
        package: PackageId,
        ident: IdentId,
        kind: ObjectKind,
        info: DeclarationInfo,
    ) -> Option<ObjectId> {
        let ast::Ident { name, span } = self.ast.idents[ident];
        let is_program = self.packages[package].name == self.universe.main;
        if name == self.universe.init || (name == self.universe.main && is_program) {
            let message = format!("cannot declare {} - must be func", self.text(name));
            self.error(span, "init", message);
            return None;
        }
        let ty = self.invalid();
        let object = self.objects.push(Object {
            name,
            span,
            package: Some(package),
            ty,
            kind,
        });
        self.record_object(ident, object);
        self.colours[object] = Colour::White;
        let id = self.declarations.push(info);
        self.declaration_of.insert(object, id);
        if !self.packages[package].is_library {
            self.reachability.user_objects.push(object);
        }
        self.declare(self.package_scopes[package], object);
        Some(object)
    }

    /// Parses a body that was skipped before.
    pub(super) fn parse_skipped_body(&mut self, body: ast::BodyId) {
        if matches!(self.ast.bodies[body], Body::Unparsed(_)) {
            let ast =
                Rc::get_mut(&mut self.ast).expect("bodies are parsed while nobody walks the trees");
            ast.names = std::mem::take(&mut self.names);
            parser::parse_body(&self.sources, body, ast, self.diagnostics);
            self.names = std::mem::take(&mut ast.names);
        }
    }

    /// Records which object an identifier declares or uses.
    pub(super) fn record_object(&mut self, ident: IdentId, object: ObjectId) {
        self.info.objects[ident] = object.into();
    }

    /// The library packages and the user's own, in the order of their ids.
    pub(super) fn package_list(&self) -> impl Iterator<Item = PackageId> + use<> {
        (0..self.packages.len()).map(PackageId::new)
    }
}

/// Methods of each declared type with whether their receiver is a pointer.
pub(super) type DeclaredMethods = HashMap<ObjectId, Vec<(ObjectId, bool)>>;
