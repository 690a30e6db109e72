//! The run-time types of a program, made lazily: only what compiled code mentions in conversions,
//! assertions, maps, channels and allocations, and what these reach.
//!
//! Layouts without a Go type (closures, frames that became heap objects) get an anonymous struct
//! type, so that the runtime's `allocate` knows one thing only.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use frontend::ast::ChannelDirection;
use frontend::check::PackageId;
use frontend::types::print::{Printer, Style};
use frontend::types::{Basic, Type, TypeId};
use gc::layout::TypeDescriptor;
use runtime::abi::{Kind, RuntimeField, RuntimeMethod, RuntimeType};

use crate::Module;
use crate::symbols::{CodeKey, Symbol};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Entry {
    Go(TypeId),
    Layout(TypeDescriptor),
}

/// The types that are needed, in the order they were first asked for.
#[derive(Default)]
pub(crate) struct TypesTable {
    entries: RefCell<Vec<Entry>>,
    numbers: RefCell<HashMap<Entry, u32>>,
    /// How many entries [`Self::reach`] has looked at.
    reached: std::cell::Cell<usize>,
}

impl TypesTable {
    fn number(&self, entry: Entry) -> u32 {
        let mut entries = self.entries.borrow_mut();
        *self
            .numbers
            .borrow_mut()
            .entry(entry)
            .or_insert_with_key(|entry| {
                entries.push(entry.clone());
                entries.len() as u32 - 1
            })
    }

    /// A Go type; from now on it is needed.
    pub(crate) fn symbol(&self, ty: TypeId) -> Symbol {
        Symbol::Type(self.number(Entry::Go(ty)))
    }

    /// A type that is nothing but a layout.
    pub(crate) fn layout_symbol(&self, descriptor: &TypeDescriptor) -> Symbol {
        Symbol::Type(self.number(Entry::Layout(descriptor.clone())))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    fn find(&self, ty: TypeId) -> Option<u32> {
        self.numbers.borrow().get(&Entry::Go(ty)).copied()
    }

    /// Adds what the types in the table refer to, and asks for the code of their methods. Returns
    /// whether there was anything new to look at.
    pub(crate) fn reach(&self, module: &Module) -> bool {
        let start = self.reached.get();
        while self.reached.get() < self.len() {
            let entry = self.entries.borrow()[self.reached.get()].clone();
            self.reached.set(self.reached.get() + 1);
            let Entry::Go(ty) = entry else { continue };
            let types = &module.program.typed.types;
            let underlying = types.underlying_id(ty);
            match types.get(underlying) {
                Type::Pointer(element)
                | Type::Slice(element)
                | Type::Array(element, _)
                | Type::Channel(_, element) => {
                    self.symbol(*element);
                }
                Type::Map(key, element) => {
                    self.symbol(*key);
                    self.symbol(*element);
                }
                Type::Struct(fields) => fields.iter().for_each(|field| {
                    self.symbol(field.ty);
                }),
                Type::Function(signature) => {
                    signature
                        .parameters
                        .iter()
                        .chain(&signature.results)
                        .for_each(|ty| {
                            self.symbol(*ty);
                        });
                }
                Type::Interface(methods) => methods.iter().for_each(|method| {
                    self.symbol(method.signature);
                }),
                Type::Basic(_) | Type::Named(_) | Type::Tuple(_) | Type::Parameter(_) => {}
            }
            for method in module.program.method_tables.get(&ty).into_iter().flatten() {
                self.symbol(method.signature);
                module.code.symbol(CodeKey::Function(method.function));
            }
            // Reflection takes addresses and slices only of types whose pointers carry methods.
            if let Some(pointer) = types.find(&Type::Pointer(ty))
                && module.program.method_tables.contains_key(&pointer)
            {
                self.symbol(pointer);
            }
        }
        start < self.len()
    }

    /// Makes all types. `base` is where the first of them will be.
    pub(crate) fn build(
        &self,
        module: &Module,
        base: *const RuntimeType,
        code_address: &dyn Fn(Symbol) -> *const u8,
    ) -> Vec<RuntimeType> {
        let builder = Builder {
            table: self,
            module,
            base,
            code_address,
            plain: RefCell::default(),
        };
        let entries = self.entries.borrow().clone();
        entries
            .into_iter()
            .map(|entry| match entry {
                Entry::Go(ty) => builder.go_type(ty),
                Entry::Layout(descriptor) => layout_type(descriptor),
            })
            .collect()
    }

    /// The number of a type by the name the runtime knows it under: `string`, `runtime.Error`.
    pub(crate) fn request_named(&self, module: &Module, name: &str) -> Option<u32> {
        let typed = &module.program.typed;
        if let Some(basic) = BASICS.iter().find(|basic| basic.name() == name) {
            let Symbol::Type(number) = self.symbol(typed.types.basic(*basic)) else {
                return None;
            };
            return Some(number);
        }
        let (package, type_name) = name.rsplit_once('.')?;
        let is_pointer = package.starts_with('*');
        let package = package.trim_start_matches('*');
        let type_name = typed.ast.names.find(type_name)?;
        let (_, object) = typed.objects.iter().find(|(_, object)| {
            object.name == type_name
                && matches!(object.kind, frontend::check::ObjectKind::TypeName)
                && object
                    .package
                    .is_some_and(|of| *typed.packages[of].path == *package)
                && matches!(typed.types.get(object.ty), Type::Named(_))
        })?;
        let ty = if is_pointer {
            typed.types.find(&Type::Pointer(object.ty))?
        } else {
            object.ty
        };
        // Without a method table the program cannot have a value of it in an interface.
        let Symbol::Type(number) = self.symbol(ty) else {
            return None;
        };
        Some(number)
    }
}

const BASICS: [Basic; 16] = [
    Basic::Bool,
    Basic::Int,
    Basic::Int8,
    Basic::Int16,
    Basic::Int32,
    Basic::Int64,
    Basic::Uint,
    Basic::Uint8,
    Basic::Uint16,
    Basic::Uint32,
    Basic::Uint64,
    Basic::Uintptr,
    Basic::Float32,
    Basic::Float64,
    Basic::String,
    Basic::UnsafePointer,
];

struct Builder<'a> {
    table: &'a TypesTable,
    module: &'a Module<'a>,
    base: *const RuntimeType,
    code_address: &'a dyn Fn(Symbol) -> *const u8,
    plain: RefCell<HashMap<TypeId, bool>>,
}

impl Builder<'_> {
    fn address(&self, ty: TypeId) -> *const RuntimeType {
        self.table.find(ty).map_or(std::ptr::null(), |number| {
            self.base.wrapping_add(number as usize)
        })
    }

    fn package_path(&self, package: PackageId) -> String {
        self.module.program.typed.packages[package].path.to_string()
    }

    /// The package path of a name, empty for exported ones.
    fn private_path(&self, name: &str, package: PackageId) -> String {
        if is_exported(name) {
            String::new()
        } else {
            self.package_path(package)
        }
    }

    fn go_type(&self, ty: TypeId) -> RuntimeType {
        let program = self.module.program;
        let typed = &program.typed;
        let types = &typed.types;
        let names = &typed.ast.names;
        let layout = self.module.layouts.get(ty);
        let printer = Printer {
            types,
            names,
            packages: &typed.packages,
            style: Style::RunTime,
            with_parameter_names: false,
        };
        let mut runtime_type = RuntimeType {
            size_bytes: layout.size,
            align_bytes: layout.align as u32,
            name: printer.type_string(ty),
            is_comparable: self.is_comparable(ty),
            is_plain_memory: self.is_plain(ty),
            pointer_to: types
                .find(&Type::Pointer(ty))
                .map_or(std::ptr::null(), |pointer| self.address(pointer)),
            slice_of: types
                .find(&Type::Slice(ty))
                .map_or(std::ptr::null(), |slice| self.address(slice)),
            ..layout_type(self.module.layouts.descriptor(ty))
        };
        match types.get(ty) {
            Type::Named(named) => {
                runtime_type.is_named = true;
                if let Some(package) = types.named(*named).package {
                    runtime_type.package_path = self.package_path(package);
                }
            }
            Type::Basic(_) => runtime_type.is_named = true,
            _ => {}
        }
        match types.underlying(ty) {
            Type::Basic(basic) => {
                runtime_type.kind = basic_kind(*basic);
                runtime_type.is_pointer_shaped = *basic == Basic::UnsafePointer;
            }
            Type::Pointer(element) => {
                runtime_type.kind = Kind::Pointer;
                runtime_type.is_pointer_shaped = true;
                runtime_type.element = self.address(*element);
            }
            Type::Slice(element) => {
                runtime_type.kind = Kind::Slice;
                runtime_type.element = self.address(*element);
            }
            Type::Array(element, length) => {
                runtime_type.kind = Kind::Array;
                runtime_type.element = self.address(*element);
                runtime_type.length = *length;
            }
            Type::Map(key, element) => {
                runtime_type.kind = Kind::Map;
                runtime_type.is_pointer_shaped = true;
                runtime_type.key = self.address(*key);
                runtime_type.element = self.address(*element);
            }
            Type::Channel(direction, element) => {
                runtime_type.kind = Kind::Channel;
                runtime_type.is_pointer_shaped = true;
                runtime_type.element = self.address(*element);
                runtime_type.channel_direction = match direction {
                    ChannelDirection::Receive => 1,
                    ChannelDirection::Send => 2,
                    ChannelDirection::Both => 3,
                };
            }
            Type::Struct(fields) => {
                runtime_type.kind = Kind::Struct;
                runtime_type.fields = fields
                    .iter()
                    .zip(layout.field_offsets.iter())
                    .map(|(field, offset)| RuntimeField {
                        name: names.text(field.name).to_owned(),
                        package_path: self.private_path(names.text(field.name), field.package),
                        ty: self.address(field.ty),
                        offset: *offset,
                        is_embedded: field.is_embedded,
                        tag: field.tag.as_deref().unwrap_or_default().to_owned(),
                    })
                    .collect();
            }
            Type::Function(signature) => {
                runtime_type.kind = Kind::Function;
                runtime_type.is_pointer_shaped = true;
                runtime_type.parameters = signature
                    .parameters
                    .iter()
                    .map(|ty| self.address(*ty))
                    .collect();
                runtime_type.results = signature
                    .results
                    .iter()
                    .map(|ty| self.address(*ty))
                    .collect();
                runtime_type.is_variadic = signature.is_variadic;
            }
            Type::Interface(methods) => {
                runtime_type.kind = Kind::Interface;
                runtime_type.methods = methods
                    .iter()
                    .map(|method| RuntimeMethod {
                        name: names.text(method.name).to_owned(),
                        package_path: self.private_path(names.text(method.name), method.package),
                        signature: self.address(method.signature),
                        code: std::ptr::null(),
                    })
                    .collect();
            }
            Type::Named(_) | Type::Tuple(_) | Type::Parameter(_) => {}
        }
        if runtime_type.kind != Kind::Interface {
            let methods = program.method_tables.get(&ty).into_iter().flatten();
            runtime_type.methods = methods
                .map(|method| RuntimeMethod {
                    name: names.text(method.name).to_owned(),
                    package_path: self.private_path(names.text(method.name), method.package),
                    signature: self.address(method.signature),
                    code: (self.code_address)(
                        self.module.code.symbol(CodeKey::Function(method.function)),
                    ),
                })
                .collect();
        }
        runtime_type
    }

    fn is_comparable(&self, ty: TypeId) -> bool {
        let types = &self.module.program.typed.types;
        match types.underlying(ty) {
            Type::Slice(_) | Type::Map(..) | Type::Function(_) => false,
            Type::Array(element, _) => self.is_comparable(*element),
            Type::Struct(fields) => fields.iter().all(|field| self.is_comparable(field.ty)),
            _ => true,
        }
    }

    fn is_plain(&self, ty: TypeId) -> bool {
        if let Some(&known) = self.plain.borrow().get(&ty) {
            return known;
        }
        let is_plain = is_plain_memory(self.module, ty);
        self.plain.borrow_mut().insert(ty, is_plain);
        is_plain
    }
}

/// Whether equality of a type is that of its bytes: no padding, floats, strings, interfaces, blank
/// fields.
pub(crate) fn is_plain_memory(module: &Module, ty: TypeId) -> bool {
    let types = &module.program.typed.types;
    match types.underlying(ty) {
        Type::Basic(basic) => !(basic.is_float() || basic.is_complex() || basic.is_string()),
        Type::Pointer(_) | Type::Channel(..) => true,
        Type::Array(element, _) => is_plain_memory(module, *element),
        Type::Struct(fields) => {
            let used: u64 = fields
                .iter()
                .map(|field| module.layouts.size(field.ty))
                .sum();
            let names = &module.program.typed.ast.names;
            used == module.layouts.size(ty)
                && fields
                    .iter()
                    .all(|field| names.text(field.name) != "_" && is_plain_memory(module, field.ty))
        }
        _ => false,
    }
}

/// Whether a name is exported: it begins with an upper case letter.
pub(crate) fn is_exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// A type that says no more than its layout.
fn layout_type(descriptor: TypeDescriptor) -> RuntimeType {
    RuntimeType {
        size_bytes: descriptor.size_bytes() as u64,
        align_bytes: descriptor.align_bytes() as u32,
        kind: Kind::Struct,
        is_pointer_shaped: false,
        is_comparable: false,
        is_plain_memory: false,
        descriptor,
        name: String::new(),
        package_path: String::new(),
        is_named: false,
        element: std::ptr::null(),
        key: std::ptr::null(),
        pointer_to: std::ptr::null(),
        slice_of: std::ptr::null(),
        length: 0,
        channel_direction: 0,
        fields: Vec::new(),
        parameters: Vec::new(),
        results: Vec::new(),
        is_variadic: false,
        methods: Vec::new(),
        map_layout: OnceLock::new(),
    }
}

fn basic_kind(basic: Basic) -> Kind {
    match basic {
        Basic::Bool | Basic::UntypedBool => Kind::Bool,
        Basic::Int | Basic::UntypedInt => Kind::Int,
        Basic::Int8 => Kind::Int8,
        Basic::Int16 => Kind::Int16,
        Basic::Int32 | Basic::UntypedRune => Kind::Int32,
        Basic::Int64 => Kind::Int64,
        Basic::Uint => Kind::Uint,
        Basic::Uint8 => Kind::Uint8,
        Basic::Uint16 => Kind::Uint16,
        Basic::Uint32 => Kind::Uint32,
        Basic::Uint64 => Kind::Uint64,
        Basic::Uintptr => Kind::Uintptr,
        Basic::Float32 => Kind::Float32,
        Basic::Float64 | Basic::UntypedFloat => Kind::Float64,
        Basic::Complex64 => Kind::Complex64,
        Basic::Complex128 | Basic::UntypedComplex => Kind::Complex128,
        Basic::String | Basic::UntypedString => Kind::String,
        Basic::UnsafePointer => Kind::UnsafePointer,
        Basic::UntypedNil | Basic::Invalid => Kind::Invalid,
    }
}
