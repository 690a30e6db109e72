//! Links the command in the order of `sections.ld`, and with the system's libraries in it, at a fixed address, where they can be had.
//!
//! What a short program costs is mostly the start of this one. The loader maps three libraries, of which a compilation executes
//! some 50 KiB, but which are 2 MiB in memory since the system maps neighbours too; and it writes to 200 KiB of tables that hold
//! addresses. Linked like this the command runs a short program in a seventh less time and in 2 MiB less memory.
//!
//! Cargo has a setting for that (`crt-static`), but takes it only together with `--target`: it would be for procedural macros
//! too, which have to be shared libraries. So the linker is told here, for the command alone. It is asked for the shared
//! libraries still; where it looks first it finds texts that name the others.
//!
//! This is for glibc since 2.34, which is one library; it is left as it is elsewhere, or if only shared ones are installed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let is_for_this_system = variable("TARGET") == variable("HOST")
        && variable("CARGO_CFG_TARGET_OS") == "linux"
        && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if !is_for_this_system {
        return;
    }
    order_functions(&variable);
    if installed("libpthread.so").is_some() {
        return;
    }
    let archives = ["libc.a", "libm.a", "libgcc_eh.a", "libgcc.a"].map(installed);
    let [Some(c), Some(math), Some(unwinder), Some(arithmetic)] = archives else {
        return;
    };
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets the output folder"));
    instead_of(&folder, "libc.so", &[&c, &unwinder, &arithmetic]);
    instead_of(&folder, "libm.so", &[&math]);
    instead_of(&folder, "libgcc_s.so", &[&unwinder]);
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo::rustc-link-arg-bins=-static");
    println!("cargo::rustc-link-arg-bins=-no-pie");
}

/// Makes the linker lay functions out as `sections.ld` says. The one that Rust comes with can; of one that the user chose nobody knows.
fn order_functions(variable: &dyn Fn(&str) -> String) {
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let is_chosen = ["RUSTC_LINKER", "CARGO_ENCODED_RUSTFLAGS"]
        .into_iter()
        .any(|name| !variable(name).is_empty());
    if !is_chosen {
        let order = Path::new(&variable("OUT_DIR")).join("sections.ld");
        fs::write(&order, include_str!("sections.ld"))
            .expect("the output folder can be written to");
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", order.display());
    }
}

/// Where the C compiler, which is going to link, has a library.
fn installed(library: &str) -> Option<PathBuf> {
    let output = Command::new("cc")
        .arg(format!("-print-file-name={library}"))
        .output()
        .ok()?;
    // What it does not have it calls by its bare name.
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    path.is_absolute().then_some(path)
}

/// Makes the linker take `archives` for the shared library `name`, all of them as often as it needs.
fn instead_of(folder: &Path, name: &str, archives: &[&Path]) {
    let names: Vec<String> = archives
        .iter()
        .map(|archive| format!("\"{}\"", archive.display()))
        .collect();
    let script = format!("GROUP ( {} )\n", names.join(" "));
    fs::write(folder.join(name), script).expect("the output folder can be written to");
}
