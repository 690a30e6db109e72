//! Lists the library's `.mg` files for `src/lib.rs`, and makes their archive.
//!
//! A package is a folder with at least one `.mg` file directly in it; its import path is the folder's path below
//! this one. A file named `*_<arch>.mg` belongs to that target architecture only (Go's names: `amd64`, `arm64`).
//! The output `packages.rs` is one expression: a slice of `(import path, [(file name, text)])` sorted by path;
//! `library.archive` is what `frontend::archive` makes of them. A mistake in the library ends the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use frontend::archive;
use frontend::check;

/// Folders below the crate that hold no library packages.
const NOT_PACKAGES: [&str; 3] = ["src", "tests", "target"];
const ARCHITECTURES: [(&str, &str); 2] = [("x86_64", "amd64"), ("aarch64", "arm64")];

fn main() {
    let root =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets the manifest folder"));
    let target = env::var("CARGO_CFG_TARGET_ARCH").expect("cargo sets the target architecture");
    let mut packages = BTreeMap::new();
    collect(&root, "", &target, &mut packages);

    let mut text = String::from("&[\n");
    for (import_path, files) in &packages {
        writeln!(text, "    ({import_path:?}, &[").expect("writing to a string");
        for file in files {
            let name = format!(
                "{import_path}/{}",
                file.file_name().unwrap_or_default().to_string_lossy()
            );
            writeln!(
                text,
                "        ({name:?}, include_str!({:?})),",
                file.to_string_lossy()
            )
            .expect("writing to a string");
        }
        text.push_str("    ]),\n");
    }
    text.push_str("]\n");
    let output = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets the output folder"));
    fs::write(output.join("packages.rs"), text).expect("the output folder is writable");

    let library = Library::read(&packages);
    let paths: Vec<&str> = packages.keys().map(String::as_str).collect();
    // The checker and the lowering recurse along the nesting of the source.
    let archive = std::thread::scope(|scope| {
        let build = std::thread::Builder::new().stack_size(STACK_BYTES);
        let thread = build.spawn_scoped(scope, || archive::write::library(&library, &paths));
        thread
            .expect("a thread")
            .join()
            .expect("the library compiles")
    });
    match archive {
        Ok(bytes) => fs::write(output.join("library.archive"), bytes).expect("a writable folder"),
        Err(mistakes) => panic!("mistakes in the library:\n{mistakes}"),
    }
}

/// Of the thread that compiles the library.
const STACK_BYTES: usize = 64 << 20;

/// The files of a package with their texts.
type Texts = &'static [(&'static str, &'static str)];

/// The texts of all packages. They are read once and for good.
struct Library {
    packages: BTreeMap<String, Texts>,
}

impl Library {
    fn read(packages: &BTreeMap<String, Vec<PathBuf>>) -> Self {
        let text = |path: &PathBuf| -> &'static str {
            // Besides `include_str!`, which is about the text alone.
            println!("cargo::rerun-if-changed={}", path.display());
            fs::read_to_string(path).expect("a readable file").leak()
        };
        let files = |(import_path, files): (&String, &Vec<PathBuf>)| {
            let files = files.iter().map(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let name: &'static str = format!("{import_path}/{name}").leak();
                (name, text(path))
            });
            let texts: Texts = files.collect::<Vec<_>>().leak();
            (import_path.clone(), texts)
        };
        Library {
            packages: packages.iter().map(files).collect(),
        }
    }
}

impl check::Library for Library {
    fn package(&self, import_path: &str) -> Option<Texts> {
        self.packages.get(import_path).copied()
    }
}

fn collect(
    folder: &Path,
    import_path: &str,
    target: &str,
    packages: &mut BTreeMap<String, Vec<PathBuf>>,
) {
    // Watching the folder makes a new or removed file rebuild the list; `include_str!` watches the contents.
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if import_path.is_empty() && NOT_PACKAGES.contains(&name.as_str()) {
                continue;
            }
            let below = if import_path.is_empty() {
                name
            } else {
                format!("{import_path}/{name}")
            };
            collect(&path, &below, target, packages);
        } else if !import_path.is_empty()
            && path.extension().is_some_and(|extension| extension == "mg")
            && is_for(target, &name)
        {
            packages
                .entry(import_path.to_owned())
                .or_default()
                .push(path);
        }
    }
}

fn is_for(target: &str, name: &str) -> bool {
    ARCHITECTURES
        .iter()
        .all(|(rust, go)| !name.ends_with(&format!("_{go}.mg")) || *rust == target)
}
