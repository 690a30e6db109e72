//! The standard library of `MiniGo`, as source text.
//!
//! The packages are the folders of this crate (`fmt/print.mg`), written in `MiniGo` and embedded in the binary; the
//! compiler asks for them by import path. A function declared without a body is a *native*: the runtime provides it
//! under `import/path.Name`. `NATIVES.md` is the contract of every native, and of the types the runtime builds itself.
//!
//! What must hold: every bodyless function is in `NATIVES.md` and the reverse, which
//! is tested below; no package needs
//! complex numbers, range over functions, `unsafe` or build tags.

/// One file of a package: its name (`"fmt/print.mg"`) and its text.
pub type File = (&'static str, &'static str);

/// Sorted by import path, files by name.
static PACKAGES: &[(&str, &[File])] = include!(concat!(env!("OUT_DIR"), "/packages.rs"));

/// The files of the package with this import path, sorted by name; `None` if the library has no such package.
pub fn source(import_path: &str) -> Option<&'static [File]> {
    let index = PACKAGES
        .binary_search_by(|(path, _)| (*path).cmp(import_path))
        .ok()?;
    Some(PACKAGES[index].1)
}

/// The packages checked and lowered ahead, for `frontend::archive`.
pub static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.archive"));

/// The import paths of all packages, sorted.
pub fn packages() -> impl Iterator<Item = &'static str> {
    PACKAGES.iter().map(|(path, _)| *path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Signatures of the functions without a body, as `import/path.Name(...) ...`.
    fn natives_of_sources() -> BTreeSet<String> {
        let mut natives = BTreeSet::new();
        for path in packages() {
            for (_, text) in source(path).expect("a listed package has files") {
                for line in text.lines() {
                    let Some(signature) = line.strip_prefix("func ") else {
                        continue;
                    };
                    if !signature.ends_with('{') && !signature.ends_with('}') {
                        natives.insert(format!("{path}.{signature}"));
                    }
                }
            }
        }
        natives
    }

    /// The same from the table rows of the contract: ``| `import/path.Name(...) ...` | meaning |``.
    fn natives_of_contract() -> BTreeSet<String> {
        include_str!("../NATIVES.md")
            .lines()
            .filter_map(|line| line.strip_prefix("| `"))
            .filter_map(|line| line.split_once("` |"))
            .map(|(signature, _)| signature.to_owned())
            .filter(|signature| signature.contains('('))
            .collect()
    }

    #[test]
    fn the_contract_lists_exactly_the_natives() {
        let (sources, contract) = (natives_of_sources(), natives_of_contract());
        let missing: Vec<_> = sources.difference(&contract).collect();
        let stale: Vec<_> = contract.difference(&sources).collect();
        assert!(
            missing.is_empty() && stale.is_empty(),
            "not in NATIVES.md: {missing:#?}\nnot in a source: {stale:#?}"
        );
    }

    #[test]
    fn packages_are_found_by_import_path() {
        assert!(
            source("fmt")
                .is_some_and(|files| files.iter().all(|(name, _)| name.starts_with("fmt/")))
        );
        assert!(source("internal/reflectlite").is_some());
        assert!(source("no/such/package").is_none());
        assert!(packages().is_sorted());
    }
}
