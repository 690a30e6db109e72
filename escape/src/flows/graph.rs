//! Locations and assignments as gc's messages speak of them, and the walk that finds and tells what
//! escapes.
//!
//! The rules are those of [`crate::solve`]; what differs is that every location and every step has a
//! text, and that the order of everything counts: of several chains to the same end gc tells the one
//! its walk meets first. Locations are walked last one first; what turns out to escape is walked at
//! once, other changes later; inside a walk locations wait in a queue.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use super::words::{Node, Words};

/// A location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Location(pub(super) usize);

/// Everything that is on no stack.
pub(super) const HEAP: Location = Location(0);
/// What is written through.
pub(super) const MUTATOR: Location = Location(1);
/// What is called with its results lost.
pub(super) const CALLEE: Location = Location(2);
/// What nobody reads.
pub(super) const BLANK: Location = Location(3);

/// A function of the group, by its place in [`Graph::functions`].
pub(super) type FunctionIndex = usize;

/// A step on the way from a location to another: where and why, from the source on.
#[derive(Debug)]
pub(super) struct Note<'p> {
    next: Option<Rc<Note<'p>>>,
    node: Node<'p>,
    position: u32,
    why: &'static str,
}

/// Where a value goes.
#[derive(Debug, Clone)]
pub(super) struct Hole<'p> {
    /// The location.
    pub(super) target: Location,
    /// Dereferences on the way less addresses taken, at least -1.
    pub(super) derefs: i32,
    notes: Option<Rc<Note<'p>>>,
    /// Whether the last step takes an address.
    takes_address: bool,
}

impl<'p> Hole<'p> {
    /// Straight into a location.
    pub(super) fn of(target: Location) -> Self {
        Hole {
            target,
            derefs: 0,
            notes: None,
            takes_address: false,
        }
    }

    /// With a step before it.
    pub(super) fn note(&self, node: Node<'p>, position: u32, why: &'static str) -> Self {
        Hole {
            notes: Some(Rc::new(Note {
                next: self.notes.clone(),
                node,
                position,
                why,
            })),
            ..self.clone()
        }
    }

    /// With so many more dereferences.
    pub(super) fn shift(&self, derefs: i32) -> Self {
        Hole {
            derefs: self.derefs + derefs,
            takes_address: derefs < 0,
            ..self.clone()
        }
    }

    /// Of what the value points to.
    pub(super) fn deref(&self, node: Node<'p>, position: u32, why: &'static str) -> Self {
        self.shift(1).note(node, position, why)
    }

    /// Of the value's address.
    pub(super) fn address(&self, node: Node<'p>, position: u32, why: &'static str) -> Self {
        self.shift(-1).note(node, position, why)
    }
}

#[derive(Debug)]
struct Edge<'p> {
    source: Location,
    derefs: i32,
    notes: Option<Rc<Note<'p>>>,
}

/// What a location is.
#[derive(Debug, Clone)]
pub(super) enum Kind<'p> {
    /// One of the four that are no part of the program.
    Special,
    /// A value on its way.
    Temporary,
    /// A variable, parameter or result.
    Variable(Rc<str>),
    /// What an expression allocates.
    Storage(Node<'p>),
}

/// How a variable is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Not at all.
    Local,
    /// As a parameter.
    Parameter,
    /// As the result with this number.
    Result(usize),
}

/// What may be done with a location, a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Attributes(u8);

impl Attributes {
    const NONE: Self = Attributes(0);
    /// It is in the heap.
    const ESCAPES: Self = Attributes(1);
    /// Its memory is not used again in the same statement.
    const PERSISTS: Self = Attributes(2);
    /// What it points at may be written.
    const MUTATES: Self = Attributes(4);
    /// What it points at may be called with the results lost.
    const CALLS: Self = Attributes(8);
    const ALL: Self = Attributes(15);

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn and(self, other: Self) -> Self {
        Attributes(self.0 & other.0)
    }

    fn or(self, other: Self) -> Self {
        Attributes(self.0 | other.0)
    }
}

/// What is known of a location.
#[derive(Debug)]
pub(super) struct Data<'p> {
    pub(super) kind: Kind<'p>,
    pub(super) role: Role,
    pub(super) position: u32,
    pub(super) function: FunctionIndex,
    pub(super) loop_depth: u32,
    /// The closure it is the memory of.
    pub(super) closure: Option<FunctionIndex>,
    attributes: Attributes,
    pub(super) is_captured: bool,
    pub(super) is_reassigned: bool,
    pub(super) is_address_taken: bool,
    edges: Vec<Edge<'p>>,
    derefs: i32,
    /// In which walk `derefs`, `next` and `next_edge` were set.
    round: u32,
    queued_in: u32,
    next: Location,
    next_edge: usize,
}

/// A function of the group.
#[derive(Debug)]
pub(super) struct FunctionData {
    /// As gc prints it.
    pub(super) name: Rc<str>,
    /// The function it is nested in.
    pub(super) parent: Option<FunctionIndex>,
    pub(super) results: Vec<Location>,
    has_lost_results: bool,
}

/// A line of output: the position it begins with, and the rest.
pub(super) type Line = (u32, String);

/// The locations of a group of functions.
pub(super) struct Graph<'p> {
    pub(super) words: Words<'p>,
    pub(super) locations: Vec<Data<'p>>,
    pub(super) functions: Vec<FunctionData>,
    pub(super) lines: Vec<Line>,
    is_late: bool,
    round: u32,
}

impl<'p> Graph<'p> {
    pub(super) fn new(words: Words<'p>) -> Self {
        let mut graph = Graph {
            words,
            locations: Vec::new(),
            functions: Vec::new(),
            lines: Vec::new(),
            is_late: false,
            round: 0,
        };
        for _ in 0..4 {
            graph.add(Kind::Special, Role::Local, 0, usize::MAX, 0);
        }
        graph.locations[HEAP.0].attributes = Attributes::ALL;
        graph.locations[MUTATOR.0].attributes = Attributes::MUTATES;
        graph.locations[CALLEE.0].attributes = Attributes::CALLS;
        graph
    }

    /// Adds a location.
    pub(super) fn add(
        &mut self,
        kind: Kind<'p>,
        role: Role,
        position: u32,
        function: FunctionIndex,
        loop_depth: u32,
    ) -> Location {
        let attributes = match kind {
            Kind::Variable(_) => Attributes::PERSISTS,
            _ => Attributes::NONE,
        };
        self.locations.push(Data {
            kind,
            role,
            position,
            function,
            loop_depth,
            closure: None,
            attributes,
            is_captured: false,
            is_reassigned: false,
            is_address_taken: false,
            edges: Vec::new(),
            derefs: 0,
            round: 0,
            queued_in: 0,
            next: BLANK,
            next_edge: 0,
        });
        Location(self.locations.len() - 1)
    }

    /// Adds a function of the group.
    pub(super) fn add_function(
        &mut self,
        name: Rc<str>,
        parent: Option<FunctionIndex>,
    ) -> FunctionIndex {
        self.functions.push(FunctionData {
            name,
            parent,
            results: Vec::new(),
            has_lost_results: false,
        });
        self.functions.len() - 1
    }

    /// From now on what is known to be constant is shown as such.
    pub(super) fn set_late(&mut self) {
        self.is_late = true;
    }

    /// A location that lasts as long as a variable.
    pub(super) fn keep(&mut self, location: Location) {
        let attributes = &mut self.locations[location.0].attributes;
        *attributes = attributes.or(Attributes::PERSISTS);
    }

    /// Adds the assignment of a location to a hole.
    pub(super) fn flow(&mut self, hole: &Hole<'p>, source: Location) {
        if hole.takes_address {
            self.locations[source.0].is_address_taken = true;
        }
        let target = hole.target;
        if target == BLANK || (target == source && hole.derefs >= 0) {
            return;
        }
        if self.escapes(target) && hole.derefs < 0 {
            self.say_that_it_escapes(source);
            let position = self.locations[source.0].position;
            self.explain_step(position, target, source, hole.derefs, hole.notes.as_deref());
            self.locations[source.0].attributes = Attributes::ALL;
            return;
        }
        self.locations[target.0].edges.push(Edge {
            source,
            derefs: hole.derefs,
            notes: hole.notes.clone(),
        });
    }

    /// Walks from every location until nothing changes.
    pub(super) fn solve(&mut self) {
        self.is_late = true;
        let mut queue: VecDeque<Location> = (BLANK.0 + 1..self.locations.len())
            .rev()
            .map(Location)
            .collect();
        for special in [MUTATOR, CALLEE, HEAP] {
            queue.push_front(special);
        }
        let mut is_queued = vec![true; self.locations.len()];
        while let Some(root) = queue.pop_front() {
            is_queued[root.0] = false;
            for changed in self.walk(root) {
                if std::mem::replace(&mut is_queued[changed.0], true) {
                    continue;
                }
                if self.escapes(changed) {
                    queue.push_front(changed);
                } else {
                    queue.push_back(changed);
                }
            }
        }
    }

    /// Walks everything that reaches `root`; returns what changed.
    fn walk(&mut self, root: Location) -> Vec<Location> {
        let mut changed = Vec::new();
        self.round += 1;
        let round = self.round;
        self.locations[root.0].round = round;
        self.locations[root.0].derefs = 0;
        if self.locations[root.0].attributes.has(Attributes::CALLS)
            && let Some(closure) = self.locations[root.0].closure
            && !std::mem::replace(&mut self.functions[closure].has_lost_results, true)
        {
            changed.extend_from_slice(&self.functions[closure].results);
        }
        let mut queue = VecDeque::from([root]);
        while let Some(node) = queue.pop_front() {
            self.locations[node.0].queued_in = 0;
            let is_address = self.locations[node.0].derefs < 0;
            let derefs = self.locations[node.0].derefs.max(0);
            let is_outlived = self.outlives(root, node);
            let of_root = self.locations[root.0].attributes;
            let mut gained = Attributes::NONE;
            if is_address {
                if is_outlived {
                    if !self.escapes(node) {
                        self.say_that_it_escapes(node);
                        self.explain_path(root, node);
                    }
                    gained = Attributes::ALL;
                } else {
                    gained = of_root.and(Attributes::PERSISTS);
                }
            }
            if derefs == 0 {
                gained = gained.or(of_root.and(Attributes::MUTATES.or(Attributes::CALLS)));
            }
            if self.locations[node.0].role == Role::Parameter && is_outlived && !self.escapes(node)
            {
                self.say_that_it_leaks(root, node, derefs);
            }
            let data = &mut self.locations[node.0];
            let all = data.attributes.or(gained);
            if all != data.attributes {
                data.attributes = all;
                changed.push(node);
                if all.has(Attributes::ESCAPES) {
                    continue;
                }
            }
            for index in 0..self.locations[node.0].edges.len() {
                let edge = &self.locations[node.0].edges[index];
                let (source, sum) = (edge.source, derefs + edge.derefs);
                let data = &mut self.locations[source.0];
                if data.attributes.has(Attributes::ESCAPES)
                    || (data.round == round && data.derefs <= sum)
                {
                    continue;
                }
                data.round = round;
                data.derefs = sum;
                data.next = node;
                data.next_edge = index;
                if data.queued_in != round {
                    data.queued_in = round;
                    queue.push_back(source);
                }
            }
        }
        changed
    }

    fn outlives(&self, root: Location, other: Location) -> bool {
        let (one, two) = (&self.locations[root.0], &self.locations[other.0]);
        if one.attributes.has(Attributes::ESCAPES) {
            return true;
        }
        if root == MUTATOR || root == CALLEE || one.function == usize::MAX {
            return false;
        }
        if matches!(one.role, Role::Result(_)) {
            return !self.is_nested_in(one.function, two.function)
                || self.functions[one.function].has_lost_results;
        }
        (one.function == two.function && one.loop_depth < two.loop_depth)
            || self.is_nested_in(two.function, one.function)
    }

    fn is_nested_in(&self, inner: FunctionIndex, outer: FunctionIndex) -> bool {
        let mut current = self.functions.get(inner).and_then(|data| data.parent);
        while let Some(parent) = current {
            if parent == outer {
                return true;
            }
            current = self.functions[parent].parent;
        }
        false
    }

    fn escapes(&self, location: Location) -> bool {
        self.locations[location.0]
            .attributes
            .has(Attributes::ESCAPES)
    }

    fn say_that_it_leaks(&mut self, root: Location, parameter: Location, derefs: i32) {
        let data = &self.locations[parameter.0];
        let text = format!(
            "parameter {} leaks to {} for {} with derefs={derefs}:",
            self.name(parameter),
            self.describe(root),
            self.functions[data.function].name
        );
        self.lines.push((data.position, text));
        self.explain_path(root, parameter);
    }

    fn say_that_it_escapes(&mut self, location: Location) {
        let data = &self.locations[location.0];
        let text = format!(
            "{} escapes to heap in {}:",
            self.name(location),
            self.functions[data.function].name
        );
        self.lines.push((data.position, text));
    }

    fn explain_path(&mut self, root: Location, from: Location) {
        let position = self.locations[from.0].position;
        let mut seen = HashSet::new();
        let mut source = from;
        loop {
            if !seen.insert(source) {
                let text = "  warning: truncated explanation due to assignment cycle; see golang.org/issue/35518";
                self.lines.push((position, text.to_owned()));
                return;
            }
            let (target, edge) = {
                let data = &self.locations[source.0];
                (data.next, data.next_edge)
            };
            let edge = &self.locations[target.0].edges[edge];
            let (derefs, notes) = (edge.derefs, edge.notes.clone());
            self.explain_step(position, target, source, derefs, notes.as_deref());
            if target == root {
                return;
            }
            source = target;
        }
    }

    fn explain_step(
        &mut self,
        position: u32,
        target: Location,
        source: Location,
        derefs: i32,
        notes: Option<&Note<'p>>,
    ) {
        let operators = match usize::try_from(derefs) {
            Ok(derefs) => "*".repeat(derefs),
            Err(_) => "&".to_owned(),
        };
        let text = format!(
            "  flow: {} ← {operators}{}:",
            self.describe(target),
            self.describe(source)
        );
        self.lines.push((position, text));
        let mut next = notes;
        while let Some(note) = next {
            let text = format!(
                "    from {} ({}) at {}",
                self.words.node(&note.node, self.is_late),
                note.why,
                self.words.position(note.position)
            );
            self.lines.push((position, text));
            next = note.next.as_deref();
        }
    }

    fn name(&self, location: Location) -> String {
        match &self.locations[location.0].kind {
            Kind::Variable(name) => name.to_string(),
            Kind::Storage(node) => self.words.node(node, self.is_late),
            Kind::Temporary | Kind::Special => "<nil>".to_owned(),
        }
    }

    fn describe(&self, location: Location) -> String {
        match &self.locations[location.0].kind {
            Kind::Special => "{heap}".to_owned(),
            Kind::Temporary => "{temp}".to_owned(),
            Kind::Variable(name) => name.to_string(),
            Kind::Storage(node) => {
                format!("{{storage for {}}}", self.words.node(node, self.is_late))
            }
        }
    }
}
