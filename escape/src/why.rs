//! Why something is in the heap: the shortest chain of assignments from it to what outlives it.
//!
//! The solver walks from a root against the assignments; this search goes with them, from the
//! location in question. `budget` is how many dereferences the rest of the chain may still make
//! before what arrives is no longer the location's address: -1 at the start, since the address is
//! not taken yet.

use std::collections::{HashMap, VecDeque};

use frontend::ssa::op::{Callee, Op};
use frontend::ssa::{FunctionId, Inst, Program, SiteId, SiteKind};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::build::Built;
use crate::callees::Callees;
use crate::explain::is_users;
use crate::graph::{LocationGraph, LocationKind};
use crate::solve::outlives;
use crate::{EscapeResults, Mode, Placement, Reason, Selection, build, call_graph, solve};

/// More dereferences than this are not told apart.
const MAX_BUDGET: i32 = 8;
/// Names at most this many edits away are near; short ones must be nearer.
const NEAR_EDITS: usize = 2;
/// So many characters allow for one edit.
const CHARACTERS_AN_EDIT: usize = 3;

/// Explains the placement of everything in the user's package that is called `name`, on one line of
/// the source if `line` is given.
///
/// # Errors
/// Nothing is called so: the names that are near.
pub fn why(
    program: &Program,
    mode: Mode,
    name: &str,
    line: Option<u32>,
) -> Result<Vec<String>, Vec<String>> {
    let mut wanted: HashMap<FunctionId, Vec<SiteId>> = HashMap::new();
    let mut names = Vec::new();
    for (id, function) in &program.functions {
        if !function.has_body() || !is_users(program, id) {
            continue;
        }
        for (site_id, site) in &function.sites {
            if matches!(site.kind, SiteKind::Temporary | SiteKind::Thunk) || site.text.is_empty() {
                continue;
            }
            let position = program.typed.sources.position(site.position);
            let at = position.map(|position| position.line);
            if site.text == name && line.is_none_or(|line| at == Some(line)) {
                wanted.entry(id).or_default().push(site_id);
            }
            names.push(site.text.clone());
        }
    }
    if wanted.is_empty() {
        names.sort();
        names.dedup();
        let allowed = (name.chars().count() / CHARACTERS_AN_EDIT).clamp(1, NEAR_EDITS);
        names.retain(|other| edits(other, name) <= allowed);
        return Err(names);
    }
    let mut lines = Vec::new();
    for chain in chains(program, mode, &wanted) {
        let text = chain.lines(program);
        if !lines.contains(&text) {
            lines.push(text);
        }
    }
    Ok(lines.into_iter().flatten().collect())
}

/// Why a place is in the heap.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) function: FunctionId,
    pub(crate) site: SiteId,
    placement: Placement,
    /// What happens to its address, in order; the last is what makes it escape.
    pub(crate) steps: Vec<ChainStep>,
}

/// A step of a chain.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ChainStep {
    /// Offset of the position.
    pub(crate) position: u32,
    /// What happens there.
    pub(crate) text: String,
}

impl Chain {
    /// Why it is in the heap, in a word: what `why` in the output for programs begins with.
    pub(crate) fn reason(&self) -> &'static str {
        match self.placement {
            Placement::Stack => "none",
            Placement::Heap(Reason::Escapes) => "escapes",
            Placement::Heap(Reason::TooLarge) => "too large",
            Placement::Heap(Reason::NonConstantSize) => "size unknown",
            Placement::Heap(Reason::Empty) => "elements without size",
        }
    }

    /// A line about the place, and one a step.
    fn lines(&self, program: &Program) -> Vec<String> {
        let sources = &program.typed.sources;
        let site = &program.functions[self.function].sites[self.site];
        let verdict = match self.placement {
            Placement::Stack => "is on the stack",
            Placement::Heap(reason) => in_the_heap(reason),
        };
        let place = sources.display(site.position);
        let mut lines = vec![format!("{place}: {} {verdict}", site.text)];
        for step in &self.steps {
            lines.push(format!(
                "\t{}: {}\t| {}",
                sources.display(step.position),
                step.text,
                source_line(program, step.position)
            ));
        }
        lines
    }
}

/// What is said of something in the heap before the steps.
fn in_the_heap(reason: Reason) -> &'static str {
    match reason {
        Reason::TooLarge => "is in the heap: it is too large for a stack",
        Reason::NonConstantSize => "is in the heap: its size is known only at run time",
        Reason::Empty => "is in the heap: its elements have no size",
        Reason::Escapes => "is in the heap:",
    }
}

/// Explains places, in the order of the source.
pub(crate) fn chains(
    program: &Program,
    mode: Mode,
    wanted: &HashMap<FunctionId, Vec<SiteId>>,
) -> Vec<Chain> {
    let mut results = EscapeResults::default();
    let callees = Callees::of_program(program);
    let mut found: Vec<Chain> = Vec::new();
    for group in call_graph::groups(program, &callees, mode) {
        let mut built = build::build(program, mode, Selection::All, &callees, &group, &results);
        solve::solve(&mut built.graph);
        built.record(program, &mut results);
        let sites = SiteNodes::of(&built.graph);
        for id in &group {
            for &site in wanted.get(id).into_iter().flatten() {
                let placement = results.placement(*id, site);
                let steps = if placement == Placement::Heap(Reason::Escapes) {
                    steps(program, &built, sites.get(*id, site))
                } else {
                    Vec::new()
                };
                found.push(Chain {
                    function: *id,
                    site,
                    placement,
                    steps,
                });
            }
        }
    }
    found.sort_by_key(|chain| program.functions[chain.function].sites[chain.site].position);
    found
}

/// Where the sites of a group are in its graph.
struct SiteNodes(HashMap<(FunctionId, SiteId), NodeIndex>);

impl SiteNodes {
    fn of(graph: &LocationGraph) -> Self {
        let sites = graph.graph.node_indices().rev();
        SiteNodes(
            sites
                .filter_map(|node| match graph.graph[node].kind {
                    LocationKind::Site(function, site) => Some(((function, site), node)),
                    _ => None,
                })
                .collect(),
        )
    }

    fn get(&self, function: FunctionId, site: SiteId) -> Option<NodeIndex> {
        self.0.get(&(function, site)).copied()
    }
}

fn steps(program: &Program, built: &Built, start: Option<NodeIndex>) -> Vec<ChainStep> {
    let graph = &built.graph;
    let mut steps: Vec<ChainStep> = Vec::new();
    let mut seen = Vec::new();
    let mut next = start;
    while let Some(node) = next.take() {
        seen.push(node);
        let chain = shortest(graph, node, &seen);
        for (index, step) in chain.iter().enumerate() {
            let is_last = index + 1 == chain.len();
            let target = describe(program, graph, step.target);
            let Some((function, inst)) = step.at else {
                continue;
            };
            // Values on the way have no names.
            let text = match target {
                Some(target) if is_last && is_of_outer_loop(graph, node, step.target) => {
                    format!("goes to {target}, which outlives the loop")
                }
                Some(target) => format!("goes to {target}"),
                None if is_last => cause(program, function, inst),
                None => continue,
            };
            let position = program.functions[function].insts[inst].span.start;
            let step = ChainStep { position, text };
            if steps.last() != Some(&step) {
                steps.push(step);
            }
        }
        if let Some(last) = chain.last()
            && matches!(graph.graph[last.target].kind, LocationKind::Site(..))
            && graph.graph[last.target].escapes.is_some()
            && !seen.contains(&last.target)
        {
            next = Some(last.target);
        }
    }
    steps
}

/// The text around an offset, without indentation.
pub(crate) fn source_line(program: &Program, offset: u32) -> &str {
    let sources = &program.typed.sources;
    let (Some(file), Some(position)) = (sources.file_of(offset), sources.position(offset)) else {
        return "";
    };
    sources.file(file).line_text(position.line).trim()
}

/// An assignment of a chain.
#[derive(Debug, Clone, Copy)]
struct Step {
    target: NodeIndex,
    at: Option<(FunctionId, Inst)>,
}

/// The shortest chain from a location to what outlives it: to what does so by itself if there is
/// one, else to what is in the heap for another reason.
fn shortest(graph: &LocationGraph, from: NodeIndex, seen: &[NodeIndex]) -> Vec<Step> {
    type State = (NodeIndex, i32);
    let start: State = (from, -1);
    let mut before: HashMap<State, (State, Step)> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    let mut fallback = None;
    let mut end = None;
    while let Some(state) = queue.pop_front() {
        let (node, budget) = state;
        if budget >= 0 && node != from && outlives(graph, node, from) {
            let location = &graph.graph[node];
            if location.kind == LocationKind::Heap || location.escapes.is_none() {
                end = Some(state);
                break;
            }
            if fallback.is_none() && !seen.contains(&node) {
                fallback = Some(state);
            }
        }
        for edge in graph.graph.edges(node) {
            let left = (budget - edge.weight().derefs).min(MAX_BUDGET);
            let next = (edge.target(), left);
            if left < 0 || next == start || before.contains_key(&next) {
                continue;
            }
            let step = Step {
                target: edge.target(),
                at: edge.weight().at,
            };
            before.insert(next, (state, step));
            queue.push_back(next);
        }
    }
    let mut chain = Vec::new();
    let mut state = end.or(fallback);
    while let Some(current) = state {
        let Some((previous, step)) = before.get(&current) else {
            break;
        };
        chain.push(*step);
        state = Some(*previous);
    }
    chain.reverse();
    chain
}

/// Whether a variable is declared outside of a loop that another location is in.
fn is_of_outer_loop(graph: &LocationGraph, inner: NodeIndex, outer: NodeIndex) -> bool {
    let (inner, outer) = (&graph.graph[inner], &graph.graph[outer]);
    matches!(outer.kind, LocationKind::Site(..))
        && outer.escapes.is_none()
        && inner.function == outer.function
        && outer.loop_depth < inner.loop_depth
}

/// What a location is called, if it has a name.
fn describe(program: &Program, graph: &LocationGraph, node: NodeIndex) -> Option<String> {
    match graph.graph[node].kind {
        LocationKind::Site(function, site) => {
            let site = &program.functions[function].sites[site];
            (!site.text.is_empty()).then(|| site.text.clone())
        }
        LocationKind::Result(function, index) => Some(format!(
            "result {index} of {}",
            program.functions[function].name
        )),
        _ => None,
    }
}

/// What an instruction does that has no known destination.
fn cause(program: &Program, function: FunctionId, inst: Inst) -> String {
    match &program.functions[function].insts[inst].op {
        Op::Call { callee, .. } => match callee {
            Callee::Function(callee) => {
                format!("is kept by {}", program.functions[*callee].name)
            }
            Callee::Closure(_) => "is passed to a function that is not known".to_owned(),
            Callee::Interface { .. } => {
                "is passed to a method that may keep it, through an interface".to_owned()
            }
        },
        Op::Go(_) => "is used by another goroutine".to_owned(),
        Op::Defer(_) => "is used by a call deferred in a loop".to_owned(),
        Op::Send { .. } | Op::Select { .. } => "is sent to a channel".to_owned(),
        Op::Panic(_) => "is the value of a panic".to_owned(),
        Op::Return(_) => "is returned".to_owned(),
        Op::MapAssign { .. } => "is the key of a map".to_owned(),
        Op::Append { .. } | Op::AppendSlice { .. } => "is appended to a slice".to_owned(),
        Op::Copy { .. } => "is copied to a slice".to_owned(),
        _ => "is stored in the heap".to_owned(),
    }
}

/// How many characters must be put in, left out or replaced to make one word of the other.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, character) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, with) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *with);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
