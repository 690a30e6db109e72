//! What is known of library functions apart from their bodies.
//!
//! Natives have no body to read: the tables here say what they do with pointers, after their
//! contract (`NATIVES.md` of the library). A native that is not listed leaks everything, as do
//! functions of the user's without body, unless `//go:noescape` stands before them. Some functions of
//! Go's library keep what ours have no use for; callers are told the same of both.

use frontend::ssa::{Function, Program};

use crate::ParamSummary;
use crate::build::has_pointers;

/// Natives that read what they are given, or write through it, and keep nothing.
const CONTAINED: &[&str] = &[
    "internal/reflectlite.Bool",
    "internal/reflectlite.Comparable",
    "internal/reflectlite.ComplexParts",
    "internal/reflectlite.ElemKind",
    "internal/reflectlite.ElemTypeString",
    "internal/reflectlite.FieldFlags",
    "internal/reflectlite.FieldName",
    "internal/reflectlite.FieldTypeString",
    "internal/reflectlite.Float",
    "internal/reflectlite.Int",
    "internal/reflectlite.IsNil",
    "internal/reflectlite.KeyTypeString",
    "internal/reflectlite.Kind",
    "internal/reflectlite.Len",
    "internal/reflectlite.NumField",
    "internal/reflectlite.PointerWord",
    "internal/reflectlite.SameType",
    "internal/reflectlite.SetBool",
    "internal/reflectlite.SetFloat",
    "internal/reflectlite.SetInt",
    "internal/reflectlite.SetUint",
    "internal/reflectlite.Swap",
    "internal/reflectlite.TypeString",
    "internal/reflectlite.Uint",
    "os.chdir",
    "os.chmod",
    "os.link",
    "os.listDirectory",
    "os.mkdir",
    "os.open",
    "os.pread",
    "os.pwrite",
    "os.read",
    "os.readlink",
    "os.rename",
    "os.rmdir",
    "os.stat",
    "os.truncate",
    "os.unlink",
    "os.write",
    "runtime.KeepAlive",
    "runtime.callers",
    "runtime.checkCleanup",
    "runtime.funcEntry",
    "runtime.memoryStatistics",
    "runtime.stackTrace",
    "strconv.decimalToFloat",
    "strings.addressOf",
    "strings.indexByteNative",
    "strings.indexNative",
];

/// The package whose natives all are of that kind, as far as they work on memory without pointers.
const ATOMIC_PACKAGE: &str = "sync/atomic.";

/// Natives whose result is what they are given.
const RETURNED: &[&str] = &["bytes.view", "strings.bytesToStringNoCopy"];

/// Functions that in Go keep all of their arguments.
const KEEPING: &[&str] = &["runtime.SetFinalizer"];

/// What a native does with each of its parameters.
pub(crate) fn summaries(program: &Program, function: &Function) -> Vec<ParamSummary> {
    let types = &program.typed.types;
    let name = function.name.as_str();
    let is_atomic = name.starts_with(ATOMIC_PACKAGE)
        && function.parameters.iter().all(|ty| {
            let memory = types.pointee(*ty).unwrap_or(*ty);
            !has_pointers(types, memory)
        });
    let summary = if is_atomic || CONTAINED.contains(&name) {
        ParamSummary {
            mutator: Some(0),
            ..ParamSummary::default()
        }
    } else if is_noescape(program, function) {
        ParamSummary {
            mutator: Some(0),
            callee: Some(0),
            ..ParamSummary::default()
        }
    } else if RETURNED.contains(&name) {
        ParamSummary {
            results: vec![Some(0)],
            ..ParamSummary::default()
        }
    } else {
        ParamSummary::unknown()
    };
    vec![summary; function.parameters.len()]
}

/// Whether `//go:noescape` stands among the comments before a function.
fn is_noescape(program: &Program, function: &Function) -> bool {
    let sources = &program.typed.sources;
    let offset = function.span.start;
    let (Some(file), Some(position)) = (sources.file_of(offset), sources.position(offset)) else {
        return false;
    };
    let file = sources.file(file);
    (1..position.line)
        .rev()
        .map(|line| file.line_text(line).trim_end())
        .take_while(|text| text.is_empty() || text.starts_with("//"))
        .any(|text| text == "//go:noescape")
}

/// Whether callers must take all arguments for lost, whatever the body says.
pub(crate) fn keeps_everything(function: &Function) -> bool {
    KEEPING.contains(&function.name.as_str())
}
