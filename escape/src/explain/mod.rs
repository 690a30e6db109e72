//! The decisions as gc words them: `file:line:col: message`.

mod parameters;

use std::collections::HashSet;

use cranelift_entity::SecondaryMap;
use frontend::ssa::builder::{TEMPORARY, Texts};
use frontend::ssa::op::Callee;
use frontend::ssa::{
    ConvertKind, Function, FunctionId, FunctionKind, Op, Program, Site, SiteId, SiteKind,
};
use frontend::types::{TypeId, TypeTable};

use crate::build::has_pointers;
use crate::flows::{Explainer, Order};
use crate::message::{Message, Subject};
use crate::{EscapeResults, Placement, Reason, bounds};

/// A line about an expression, and what it is sorted by.
type Expression = ((usize, u32), Message);

/// All lines that `-m -l` prints for the user's package, in gc's order: group by group as functions
/// are analyzed, in each group the parameters, then the variables, then the expressions.
pub fn messages(program: &Program, results: &EscapeResults) -> Vec<Message> {
    messages_of_both(program, results, results)
}

/// The same lines, each group's after what gc explains of them (`-m=2`).
pub fn explained_messages(program: &Program, results: &EscapeResults) -> Vec<Message> {
    lines_of_both(program, results, results, |explainer, group| {
        let lines = explainer.explain(results, group).into_iter();
        let explanation = |(position, text)| Message {
            position,
            text,
            subject: Subject::Explanation,
            name: String::new(),
            function: None,
            site: None,
        };
        lines.map(explanation).collect()
    })
}

/// The same lines with the verdicts of another analysis, which has no less on the stack; where the
/// two differ the line says so.
pub fn messages_of_both(
    program: &Program,
    results: &EscapeResults,
    better: &EscapeResults,
) -> Vec<Message> {
    lines_of_both(program, results, better, |_, _| Vec::new())
}

fn lines_of_both(
    program: &Program,
    results: &EscapeResults,
    better: &EscapeResults,
    explain: impl Fn(&Explainer<'_>, &[FunctionId]) -> Vec<Message>,
) -> Vec<Message> {
    let explainer = Explainer::new(program, results);
    let mut lines: Vec<Message> = devirtualized(program, results, &explainer);
    for group in &results.order {
        let users = group.iter().copied();
        for &id in group {
            if is_without_body(program, id) {
                lines.extend(parameters::of_declaration(program, results, id));
            }
        }
        // Nobody can call a function without a name.
        let users: Vec<FunctionId> = users
            .filter(|id| {
                let function = &program.functions[*id];
                let is_blank = function.name.ends_with("._") || function.name.contains("._.");
                function.has_body() && is_users(program, *id) && !is_blank
            })
            .collect();
        for &id in &users {
            self_assignments(program, id, &mut lines);
        }
        if !users.is_empty() {
            lines.extend(explain(&explainer, group));
        }
        for &id in &users {
            let function = &program.functions[id];
            let is_written = matches!(
                function.kind,
                FunctionKind::Declared | FunctionKind::Closure
            );
            if is_written {
                lines.extend(parameters::of_body(program, better, id));
            }
        }
        let mut found = Vec::new();
        if !users.is_empty() {
            let mut order = explainer.order(results, group);
            for &id in &users {
                variables(program, results, better, id, &mut order, &mut lines);
            }
            for (position, name) in order.shared_operands() {
                lines.push(Message {
                    position: *position,
                    text: format!("moved to heap: {name}"),
                    subject: Subject::Variable,
                    name: name.clone(),
                    function: users.first().copied(),
                    site: None,
                });
            }
            for &id in &users {
                expressions(program, results, better, id, &mut order, &mut found);
            }
        }
        found.sort_by_key(|line: &Expression| line.0);
        lines.extend(found.into_iter().map(|(_, message)| message));
    }
    lines.extend(bounds::messages(program));
    lines
}

/// The interface calls that gc turns into calls of methods before everything else: those of declared
/// functions first, each in the order they are written.
fn devirtualized(
    program: &Program,
    results: &EscapeResults,
    explainer: &Explainer<'_>,
) -> Vec<Message> {
    let texts = Texts {
        typed: &program.typed,
        types: &program.typed.types,
        variables: None,
        replaced: None,
    };
    let mut found = Vec::new();
    for call in &results.devirtualized {
        let function = &program.functions[call.function];
        let written = function
            .interface_calls
            .iter()
            .find(|written| written.inst == call.inst);
        let Some(written) = written.filter(|_| is_users(program, call.function)) else {
            continue;
        };
        let callee = &program.functions[call.callee];
        let is_partial = callee.kind == FunctionKind::Wrapper && calls_interface(callee);
        let verb = if is_partial {
            "partially devirtualizing"
        } else {
            "devirtualizing"
        };
        let ty = texts.type_text(call.concrete);
        let called = match written.text.strip_prefix(TEMPORARY) {
            // `go` and `defer` keep the receiver in a temporary.
            Some(method) => {
                let mut groups = results.order.iter();
                let Some(group) = groups.find(|group| group.contains(&call.function)) else {
                    continue;
                };
                explainer.receiver_name(results, group, written.position) + method
            }
            None => written.text.clone(),
        };
        let text = format!("{verb} {called} to {ty}");
        let is_literal = function.kind == FunctionKind::Closure;
        found.push(((is_literal, written.position, text), called, call.function));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
        .into_iter()
        .map(|((_, position, text), called, function)| Message {
            position,
            text,
            subject: Subject::KnownCall,
            name: called,
            function: Some(function),
            site: None,
        })
        .collect()
}

fn calls_interface(function: &Function) -> bool {
    function.insts.values().any(|data| {
        matches!(
            data.op,
            Op::Call {
                callee: Callee::Interface { .. },
                ..
            }
        )
    })
}

/// How many of the places in the user's package that gc has in the heap another analysis has on the
/// stack, and how many there are.
pub fn improvements(
    program: &Program,
    results: &EscapeResults,
    better: &EscapeResults,
) -> (usize, usize) {
    let (mut improved, mut all) = (0, 0);
    for (id, function) in &program.functions {
        if !function.has_body() || !is_users(program, id) {
            continue;
        }
        let insts = function
            .layout
            .iter()
            .flat_map(|block| &function.blocks[*block].insts);
        let sites: HashSet<SiteId> = insts
            .filter_map(|inst| function.insts[*inst].site.expand())
            .filter(|site| !matches!(function.sites[*site].kind, SiteKind::MakeChannel))
            .collect();
        for site in sites {
            if !results.is_on_stack(id, site) {
                all += 1;
                improved += usize::from(better.is_on_stack(id, site));
            }
        }
    }
    (improved, all)
}

/// What was found while the code was read: assignments that are none.
fn self_assignments(program: &Program, id: FunctionId, lines: &mut Vec<Message>) {
    let function = &program.functions[id];
    let name = function.name.split_once('.');
    let name = name.map_or(function.name.as_str(), |(_, name)| name);
    for assignment in &function.self_assignments {
        let text = format!("{name} ignoring self-assignment in {}", assignment.text);
        lines.push(Message {
            position: assignment.position,
            text,
            subject: Subject::SelfAssignment,
            name: assignment.text.clone(),
            function: Some(id),
            site: None,
        });
    }
}

/// The variables of a function that are in the heap.
fn variables(
    program: &Program,
    results: &EscapeResults,
    better: &EscapeResults,
    id: FunctionId,
    order: &mut Order,
    lines: &mut Vec<Message>,
) {
    let function = &program.functions[id];
    let sites = &function.sites;
    let mut found: Vec<(bool, u32, String, SiteId, String)> = sites
        .iter()
        .filter(|(site_id, site)| {
            // Parameters and results may be of any size.
            let is_only_large = site.kind != SiteKind::Variable
                && results.placement(id, *site_id) == Placement::Heap(Reason::TooLarge);
            is_variable(site) && escapes(results, id, *site_id) && !is_only_large
        })
        .map(|(site_id, site)| {
            let is_local = site.kind == SiteKind::Variable;
            let named = (site.text == TEMPORARY)
                .then(|| order.take_variable(site.position))
                .flatten();
            let name = named.unwrap_or_else(|| site.text.clone());
            let text = if escapes(better, id, site_id) {
                format!("moved to heap: {name}")
            } else {
                format!("{name} does not escape (gc: moved to heap)")
            };
            (is_local, site.position, text, site_id, name)
        })
        .collect();
    found.sort_unstable();
    found.dedup_by(|one, other| (one.1, &one.2) == (other.1, &other.2));
    let found = found.into_iter();
    lines.extend(found.map(|(_, position, text, site, name)| Message {
        position,
        text,
        subject: Subject::Variable,
        name,
        function: Some(id),
        site: Some(site),
    }));
}

/// The allocating expressions of a function, each with what it is sorted by.
fn expressions(
    program: &Program,
    results: &EscapeResults,
    better: &EscapeResults,
    id: FunctionId,
    order: &mut Order,
    lines: &mut Vec<Expression>,
) {
    let function = &program.functions[id];
    let boxes = boxes(program, function);
    let copies = copies_of_strings(function);
    for (site_id, site) in &function.sites {
        let is_silent = match site.kind {
            // Channels are always in the heap, and gc does not say so.
            SiteKind::Temporary | SiteKind::Thunk | SiteKind::MakeChannel => true,
            SiteKind::Interface => !boxes[site_id],
            _ => is_variable(site),
        };
        if is_silent {
            continue;
        }
        // What gc has no location for comes last.
        let (rank, shown) = order
            .take(site.position, &site.text)
            .unwrap_or_else(|| (usize::MAX, site.text.clone()));
        let key = (rank, site.position);
        let escapes = escapes(results, id, site_id);
        let verdict = if escapes && !self::escapes(better, id, site_id) {
            "does not escape (gc: escapes to heap)"
        } else if escapes {
            "escapes to heap"
        } else {
            "does not escape"
        };
        let name = if site.text == TEMPORARY {
            shown.clone()
        } else {
            site.text.clone()
        };
        let message = |subject, text| Message {
            position: site.position,
            text,
            subject,
            name: name.clone(),
            function: Some(id),
            site: Some(site_id),
        };
        let text = format!("{shown} {verdict}");
        lines.push((key, message(Subject::Expression, text)));
        if !escapes && copies[site_id] && results.unwritten.contains(&(id, site_id)) {
            let text = "zero-copy string->[]byte conversion".to_owned();
            lines.push((key, message(Subject::NoCopy, text)));
        }
    }
}

fn is_variable(site: &Site) -> bool {
    matches!(
        site.kind,
        SiteKind::Variable | SiteKind::Parameter | SiteKind::Result
    )
}

/// Whether a pointer to it escapes: what is in the heap only for its size has not.
fn escapes(results: &EscapeResults, id: FunctionId, site: SiteId) -> bool {
    !matches!(
        results.placement(id, site),
        Placement::Stack | Placement::Heap(Reason::NonConstantSize)
    )
}

/// The sites of `[]byte(string)`.
fn copies_of_strings(function: &Function) -> SecondaryMap<SiteId, bool> {
    let mut copies = SecondaryMap::new();
    for data in function.insts.values() {
        if let Op::Convert(ConvertKind::StringToBytes, _) = data.op
            && let Some(site) = data.site.expand()
        {
            copies[site] = true;
        }
    }
    copies
}

/// The sites of conversions to interfaces that need memory: not those of pointer-shaped values.
fn boxes(program: &Program, function: &Function) -> SecondaryMap<SiteId, bool> {
    let mut boxes = SecondaryMap::new();
    for data in function.insts.values() {
        if let Op::MakeInterface(value) = data.op
            && let Some(site) = data.site.expand()
        {
            boxes[site] = !is_direct(&program.typed.types, function.type_of(value));
        }
    }
    boxes
}

/// Whether gc keeps a value of this type in an interface as it is: pointers, and what consists of
/// one pointer and parts without size.
pub(crate) fn is_direct(types: &TypeTable, ty: TypeId) -> bool {
    types.size_bytes(ty) == Some(8) && has_pointers(types, ty)
}

/// Whether a function is written in the user's package.
pub(crate) fn is_users(program: &Program, id: FunctionId) -> bool {
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

/// Whether a function is declared in the user's package, but has no body there.
pub(crate) fn is_without_body(program: &Program, id: FunctionId) -> bool {
    let function = &program.functions[id];
    let package = match function.object {
        Some(object) if function.kind == FunctionKind::Native => {
            program.typed.objects[object].package
        }
        _ => None,
    };
    package.is_some_and(|package| !program.typed.packages[package].is_library)
}
