//! The decisions as gc words them: `file:line:col: message`.

use cranelift_entity::SecondaryMap;
use frontend::ssa::{Function, FunctionId, FunctionKind, Op, Program, Site, SiteId, SiteKind};

use crate::{EscapeResults, ParamSummary, Placement, Reason};

/// All lines that `-m -l` prints for the user's package, sorted by position.
pub fn messages(program: &Program, results: &EscapeResults) -> Vec<String> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    for (id, function) in &program.functions {
        if !function.has_body() || !is_users(program, id) {
            continue;
        }
        let boxes = boxes(program, function);
        for (site_id, site) in &function.sites {
            // What is in the heap only for its size has not escaped.
            let escapes = !matches!(
                results.placement(id, site_id),
                Placement::Stack | Placement::Heap(Reason::NonConstantSize)
            );
            let text = match site.kind {
                // Channels are always in the heap, and gc does not say so.
                SiteKind::Temporary | SiteKind::Thunk | SiteKind::MakeChannel => continue,
                SiteKind::Interface if !boxes[site_id] => continue,
                SiteKind::Variable | SiteKind::Parameter | SiteKind::Result => {
                    if !escapes {
                        continue;
                    }
                    format!("moved to heap: {}", site.text)
                }
                _ if escapes => format!("{} escapes to heap", site.text),
                _ => format!("{} does not escape", site.text),
            };
            lines.push((site.position, text));
        }
        if matches!(
            function.kind,
            FunctionKind::Declared | FunctionKind::Closure
        ) {
            parameters(program, results, id, &mut lines);
        }
    }
    lines.sort_by_key(|line| line.0);
    lines.dedup();
    let sources = &program.typed.sources;
    lines
        .into_iter()
        .map(|(position, text)| format!("{}: {text}", sources.display(position)))
        .collect()
}

/// The sites of conversions to interfaces that need memory: not those of pointer-shaped values.
fn boxes(program: &Program, function: &Function) -> SecondaryMap<SiteId, bool> {
    let mut boxes = SecondaryMap::new();
    for &block in &function.layout {
        for &inst in &function.blocks[block].insts {
            if let Op::MakeInterface(value) = function.insts[inst].op
                && let Some(site) = function.insts[inst].site.expand()
            {
                boxes[site] = !frontend::ssa::is_pointer_shaped(
                    &program.typed.types,
                    function.type_of(value),
                );
            }
        }
    }
    boxes
}

fn is_users(program: &Program, id: FunctionId) -> bool {
    let function = &program.functions[id];
    if matches!(
        function.kind,
        FunctionKind::Wrapper | FunctionKind::Entry | FunctionKind::Native
    ) {
        return false;
    }
    let mut owner = function;
    while let (None, Some(parent)) = (owner.object, owner.parent) {
        owner = &program.functions[parent];
    }
    let package = match owner.object {
        Some(object) => program.typed.objects[object].package,
        // Initialisers belong to the package they are named after.
        None => program
            .typed
            .packages
            .iter()
            .find(|(_, package)| owner.name == format!("{}.init", package.path))
            .map(|(id, _)| id),
    };
    package.is_some_and(|package| !program.typed.packages[package].is_library)
}

fn parameters(
    program: &Program,
    results: &EscapeResults,
    id: FunctionId,
    lines: &mut Vec<(u32, String)>,
) {
    let function = &program.functions[id];
    for (index, site) in parameter_sites(function) {
        let Some(summary) = results.summaries(id).get(index) else {
            continue;
        };
        let is_named = !site.text.is_empty() && site.text != "_";
        if is_named && crate::build::has_pointers(&program.typed.types, function.parameters[index])
        {
            lines.extend(
                leak_texts(program, id, &site.text, summary)
                    .into_iter()
                    .map(|text| (site.position, text)),
            );
        }
    }
}

/// The parameters that are variables, with their sites: the builder stores each on entry.
fn parameter_sites(function: &Function) -> Vec<(usize, &Site)> {
    let entry = &function.blocks[function.entry()];
    let mut found = Vec::new();
    for &inst in &entry.insts {
        let Op::Store { address, value } = function.insts[inst].op else {
            continue;
        };
        let Some(index) = entry
            .parameters
            .iter()
            .position(|parameter| *parameter == value)
        else {
            continue;
        };
        let Some(alloc) = function.defining_inst(address) else {
            continue;
        };
        if let Some(site) = function.insts[alloc].site.expand()
            && function.sites[site].kind == SiteKind::Parameter
        {
            found.push((index, &function.sites[site]));
        }
    }
    found
}

fn leak_texts(
    program: &Program,
    id: FunctionId,
    name: &str,
    summary: &ParamSummary,
) -> Vec<String> {
    let mut texts = Vec::new();
    match summary.heap {
        Some(0) => texts.push(format!("leaking param: {name}")),
        Some(_) => texts.push(format!("leaking param content: {name}")),
        None => {}
    }
    for (index, derefs) in summary.results.iter().enumerate() {
        if let Some(derefs) = derefs {
            let result = result_name(program, id, index);
            texts.push(format!(
                "leaking param: {name} to result {result} level={derefs}"
            ));
        }
    }
    if texts.is_empty() {
        texts.push(format!("{name} does not escape"));
    }
    texts
}

fn result_name(program: &Program, id: FunctionId, index: usize) -> String {
    let sites = &program.functions[id].sites;
    let name = sites
        .values()
        .filter(|site| site.kind == SiteKind::Result)
        .nth(index)
        .map(|site| site.text.as_str());
    match name {
        Some(name) if !name.is_empty() && name != "_" => name.to_owned(),
        _ => format!("~r{index}"),
    }
}
