//! What interface types can hold: how it grows, and what waits for that.

use super::{Analysis, Condition, Demand, Flow, Holdings, Node};
use crate::types::{Basic, Type, TypeId};

impl Analysis<'_> {
    /// The set of an interface type.
    pub(super) fn node(&mut self, ty: TypeId) -> Node {
        let underlying = self.program.typed.types.underlying_id(ty);
        *self.findings.node_of.entry(underlying).or_insert_with(|| {
            self.findings.holdings.push(Holdings::default());
            self.findings.holdings.len() - 1
        })
    }

    /// The set of an interface type in the functions that the runtime calls.
    pub(super) fn asserted_by_runtime(&mut self, ty: TypeId) -> Node {
        let underlying = self.program.typed.types.underlying_id(ty);
        *self
            .findings
            .runtime_node_of
            .entry(underlying)
            .or_insert_with(|| {
                self.findings.holdings.push(Holdings::default());
                self.findings.holdings.len() - 1
            })
    }

    /// The set of `any`.
    pub(super) fn any(&mut self) -> Option<Node> {
        let any = self
            .program
            .typed
            .types
            .find(&Type::Interface(Box::default()))?;
        Some(self.node(any))
    }

    /// Notes that an interface type can hold a type; tells whether that is new.
    pub(super) fn hold(&mut self, node: Node, ty: TypeId) -> bool {
        let holdings = &mut self.findings.holdings[node];
        let is_new = holdings.contains.insert(ty);
        if is_new {
            holdings.types.push(ty);
        }
        is_new
    }

    pub(super) fn flow(&mut self, from: Node, to: Node, filter: Option<TypeId>) -> bool {
        let is_new = from != to && self.findings.known_flows.insert((from, to, filter));
        if is_new {
            self.findings.flows.push(Flow {
                from,
                to,
                filter,
                done: 0,
            });
        }
        is_new
    }

    /// Moves types along the flows; tells whether any was new.
    pub(super) fn follow_flows(&mut self) -> bool {
        let mut is_changed = false;
        for index in 0..self.findings.flows.len() {
            let Flow {
                from,
                to,
                filter,
                done,
            } = self.findings.flows[index];
            let types = self.findings.holdings[from].types[done..].to_vec();
            self.findings.flows[index].done += types.len();
            for ty in types {
                if filter.is_none_or(|interface| self.meets(ty, interface)) {
                    is_changed |= self.hold(to, ty);
                }
            }
        }
        is_changed
    }

    /// Makes the methods live that calls by interfaces can reach.
    pub(super) fn meet_demands(&mut self) -> bool {
        let mut is_changed = false;
        for index in 0..self.findings.demands.len() {
            let Demand {
                receiver,
                name,
                package,
                done,
            } = self.findings.demands[index];
            let types = self.findings.holdings[receiver].types[done..].to_vec();
            self.findings.demands[index].done += types.len();
            for ty in types {
                let entries = self
                    .program
                    .method_tables
                    .get(&ty)
                    .map_or(&[][..], Vec::as_slice);
                for entry in entries
                    .iter()
                    .filter(|entry| entry.name == name && entry.package == package)
                {
                    is_changed |= !self.findings.is_live[entry.function];
                    self.enter(entry.function);
                }
            }
        }
        is_changed
    }

    /// Adds what reflection finds inside of values.
    pub(super) fn take_apart(&mut self) -> bool {
        let Some(any) = self.any().filter(|_| self.findings.reflects) else {
            return false;
        };
        let mut is_changed = false;
        while self.findings.taken_apart < self.findings.holdings[any].types.len() {
            let ty = self.findings.holdings[any].types[self.findings.taken_apart];
            self.findings.taken_apart += 1;
            let types = &self.program.typed.types;
            let parts: Vec<TypeId> = match types.underlying(ty) {
                Type::Pointer(element)
                | Type::Slice(element)
                | Type::Array(element, _)
                | Type::Channel(_, element) => {
                    vec![*element]
                }
                Type::Map(key, element) => vec![*key, *element],
                Type::Struct(fields) => fields.iter().map(|field| field.ty).collect(),
                _ => Vec::new(),
            };
            for part in parts {
                if types.is_interface(part) {
                    // Reflection also stores through pointers.
                    let part_node = self.node(part);
                    is_changed |=
                        self.flow(part_node, any, None) | self.flow(any, part_node, Some(part));
                } else {
                    is_changed |= self.hold(any, part);
                    if let Some(pointer) = types.find(&Type::Pointer(part)) {
                        is_changed |= self.hold(any, pointer);
                    }
                }
            }
        }
        is_changed
    }

    /// Enters blocks whose conditions have come true.
    pub(super) fn check_guards(&mut self) {
        let mut guards = std::mem::take(&mut self.findings.guards);
        guards.retain_mut(|guard| {
            if self.findings.live_blocks[guard.function][guard.block] {
                return false;
            }
            let types = &self.findings.holdings[guard.holder].types;
            let is_true = types[guard.done..].iter().any(|ty| match &guard.condition {
                Condition::Holds(wanted) => ty == wanted || self.meets(*ty, *wanted),
                Condition::HoldsKind(kind) => self.kind(*ty) == *kind,
                // Of an interface type among them nothing follows: its methods were compared by name only.
                Condition::HoldsOther(excluded) => !excluded.contains(ty),
            });
            guard.done = types.len();
            if is_true {
                self.findings.reach(guard.function, guard.block);
            }
            !is_true
        });
        self.findings.guards.append(&mut guards);
    }

    /// Whether a concrete type has the methods of an interface, by their names: signatures only make
    /// it fewer.
    pub(super) fn meets(&self, ty: TypeId, interface: TypeId) -> bool {
        let Type::Interface(methods) = self.program.typed.types.underlying(interface) else {
            return false;
        };
        let entries = self
            .program
            .method_tables
            .get(&ty)
            .map_or(&[][..], Vec::as_slice);
        methods.iter().all(|method| {
            entries
                .iter()
                .any(|entry| entry.name == method.name && entry.package == method.package)
        })
    }

    /// The kind of a type, by the numbers of package reflect.
    pub(super) fn kind(&self, ty: TypeId) -> i64 {
        match self.program.typed.types.underlying(ty) {
            Type::Basic(Basic::UnsafePointer) => 26,
            Type::Basic(Basic::String) => 24,
            // The declaration order is that of package reflect.
            Type::Basic(basic) => *basic as i64 + 1,
            Type::Array(..) => 17,
            Type::Channel(..) => 18,
            Type::Function(_) => 19,
            Type::Interface(_) => 20,
            Type::Map(..) => 21,
            Type::Pointer(_) => 22,
            Type::Slice(_) => 23,
            Type::Struct(_) => 25,
            Type::Named(_) | Type::Tuple(_) | Type::Parameter(_) => 0,
        }
    }
}
