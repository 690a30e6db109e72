//! What `-m` says of parameters: how far they leak.

use frontend::check::ObjectKind;
use frontend::ssa::{Function, FunctionId, Op, Program, SiteId, SiteKind};
use frontend::types::Basic;

use super::escapes;
use crate::build::has_pointers;
use crate::message::{LeakTarget, Message, Subject};
use crate::{EscapeResults, ParamSummary};

/// The lines about the parameters of a function.
pub(super) fn of_body(program: &Program, results: &EscapeResults, id: FunctionId) -> Vec<Message> {
    let mut lines = Vec::new();
    let function = &program.functions[id];
    for (index, site_id) in parameter_sites(function) {
        let site = &function.sites[site_id];
        // Of what is moved to the heap nothing else is said.
        if escapes(results, id, site_id) {
            continue;
        }
        let Some(summary) = results.summaries(id).get(index) else {
            continue;
        };
        let is_named = !site.text.is_empty() && site.text != "_";
        if is_named && has_pointers(&program.typed.types, function.parameters[index]) {
            let leaks = leak_texts(program, id, &site.text, summary).into_iter();
            lines.extend(leaks.map(|(leak, text)| Message {
                position: site.position,
                text,
                subject: Subject::Parameter(leak),
                name: site.text.clone(),
                function: Some(id),
                site: Some(site_id),
            }));
        }
    }
    lines
}

/// The lines about the parameters of a function whose body is somewhere else.
pub(super) fn of_declaration(
    program: &Program,
    results: &EscapeResults,
    id: FunctionId,
) -> Vec<Message> {
    let mut lines = Vec::new();
    let typed = &program.typed;
    let Some(ObjectKind::Function(declared)) = program.functions[id]
        .object
        .map(|object| &typed.objects[object].kind)
    else {
        return lines;
    };
    for (index, parameter) in declared.parameters.iter().enumerate() {
        let parameter = &typed.objects[*parameter];
        let written = typed.ast.names.text(parameter.name);
        let is_named = !written.is_empty();
        let is_shown = is_named && written != "_";
        let place = index - usize::from(declared.receiver.is_some() && index > 0);
        let name = if is_shown {
            written.to_owned()
        } else {
            format!("~p{place}")
        };
        let is_address = typed.types.as_basic(parameter.ty) == Some(Basic::Uintptr);
        let (leak, text) = if is_address {
            (None, format!("assuming {name} is unsafe uintptr"))
        } else if !is_named || !has_pointers(&typed.types, parameter.ty) {
            continue;
        } else if results.summaries(id)[index].heap.is_some() {
            let leak = (LeakTarget::Heap, 0);
            (Some(leak), format!("leaking param: {name}"))
        } else {
            (None, format!("{name} does not escape"))
        };
        lines.push(Message {
            position: parameter.span.start,
            text,
            subject: Subject::Parameter(leak),
            name,
            function: Some(id),
            site: None,
        });
    }
    lines
}

/// The parameters that are variables, with their sites: the builder stores each on entry.
fn parameter_sites(function: &Function) -> Vec<(usize, SiteId)> {
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
            found.push((index, site));
        }
    }
    found
}

/// Where a parameter leaks to, with the lines that say so.
fn leak_texts(
    program: &Program,
    id: FunctionId,
    name: &str,
    summary: &ParamSummary,
) -> Vec<(Option<(LeakTarget, i32)>, String)> {
    let mut texts = Vec::new();
    if let Some(derefs) = summary.heap {
        let content = if derefs == 0 { "" } else { " content" };
        texts.push((
            Some((LeakTarget::Heap, derefs)),
            format!("leaking param{content}: {name}"),
        ));
    }
    for (index, derefs) in summary.results.iter().enumerate() {
        if let Some(derefs) = derefs {
            let result = result_name(program, id, index);
            let text = format!("leaking param: {name} to result {result} level={derefs}");
            texts.push((Some((LeakTarget::Result(result), *derefs)), text));
        }
    }
    if texts.is_empty() {
        texts.push((None, format!("{name} does not escape")));
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
