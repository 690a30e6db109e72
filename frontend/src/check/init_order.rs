//! The order in which variables at package level are initialised (spec: "Package initialization").
//!
//! The next variable is always the earliest declared one whose dependencies, through functions too,
//! are all initialised. What remains when none is left has a cycle.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use super::declaration::{DeclarationId, DeclarationKind};
use super::{Checker, InitialValue, Initializer, ObjectId, PackageId};

impl Checker<'_> {
    /// Orders the initialisers of every package and reports cycles.
    pub(super) fn order_initialization(&mut self) {
        let mut by_package: HashMap<PackageId, Vec<DeclarationId>> = HashMap::new();
        for (id, info) in &self.declarations {
            if matches!(
                info.kind,
                DeclarationKind::Variable { .. } | DeclarationKind::Constant { .. }
            ) {
                by_package.entry(info.package).or_default().push(id);
            }
        }
        let mut owners: HashMap<DeclarationId, ObjectId> = HashMap::new();
        for (object, id) in &self.declaration_of {
            let first = owners.entry(*id).or_insert(*object);
            *first = (*first).min(*object);
        }
        for package in self.package_list().collect::<Vec<_>>() {
            let Some(declarations) = by_package.get(&package) else {
                continue;
            };
            let declarations: Vec<DeclarationId> = declarations
                .iter()
                .copied()
                .filter(|id| {
                    owners
                        .get(id)
                        .is_some_and(|object| self.is_checked(*object))
                })
                .collect();
            self.order_package(package, &declarations, &owners);
        }
    }

    fn order_package(
        &mut self,
        package: PackageId,
        declarations: &[DeclarationId],
        owners: &HashMap<DeclarationId, ObjectId>,
    ) {
        // Dependencies among values, functions left out. A declaration comes before all those with
        // higher ids: ids follow the source.
        let mut needs: HashMap<DeclarationId, usize> = HashMap::new();
        let mut needed_by: HashMap<DeclarationId, Vec<DeclarationId>> = HashMap::new();
        let mut ready: BTreeSet<DeclarationId> = BTreeSet::new();
        for id in declarations {
            let direct = self.value_dependencies(*id);
            needs.insert(*id, direct.len());
            if direct.is_empty() {
                ready.insert(*id);
            }
            for dependency in direct {
                needed_by.entry(dependency).or_default().push(*id);
            }
        }
        let mut waiting: BTreeSet<DeclarationId> = declarations.iter().copied().collect();
        loop {
            // Constants first: they are needed by no order, only by the cycles they might be in.
            let next = ready
                .iter()
                .copied()
                .find(|id| !self.is_variable(*id))
                .or_else(|| ready.first().copied());
            let Some(id) = next else {
                // Everything left is in a cycle or needs one.
                let Some(&id) = waiting.iter().min_by_key(|id| (needs[*id], **id)) else {
                    break;
                };
                // Of variables that one call sets, any may be the one in the cycle.
                let members = match &self.declarations[id].kind {
                    DeclarationKind::Variable {
                        joint: Some(joint), ..
                    } => joint.to_vec(),
                    _ => vec![owners[&id]],
                };
                if let Some(cycle) = members
                    .into_iter()
                    .find_map(|member| self.find_cycle(member))
                {
                    self.report_initialization_cycle(&cycle);
                }
                ready.insert(id);
                continue;
            };
            ready.remove(&id);
            if !waiting.remove(&id) {
                continue;
            }
            for dependent in needed_by.remove(&id).unwrap_or_default() {
                if let Some(count) = needs.get_mut(&dependent) {
                    *count = count.saturating_sub(1);
                    if *count == 0 && waiting.contains(&dependent) {
                        ready.insert(dependent);
                    }
                }
            }
            if let DeclarationKind::Variable {
                value: Some(value),
                joint,
                ..
            } = &self.declarations[id].kind
            {
                let variables = match joint {
                    Some(joint) => joint.to_vec(),
                    None => vec![owners[&id]],
                };
                let initializer = Initializer {
                    variables,
                    value: InitialValue::Expression(*value),
                };
                self.packages[package].initializers.push(initializer);
            }
        }
    }

    fn is_variable(&self, id: DeclarationId) -> bool {
        matches!(self.declarations[id].kind, DeclarationKind::Variable { .. })
    }

    /// The values a declaration depends on, directly or through functions.
    fn value_dependencies(&self, id: DeclarationId) -> HashSet<DeclarationId> {
        let package = self.declarations[id].package;
        let mut found = HashSet::new();
        let mut seen = HashSet::new();
        let mut stack = vec![id];
        while let Some(current) = stack.pop() {
            for object in &self.declarations[current].dependencies {
                let Some(&dependency) = self.declaration_of.get(object) else {
                    continue;
                };
                let info = &self.declarations[dependency];
                if info.package != package {
                    continue;
                }
                if info.is_function() {
                    if seen.insert(dependency) {
                        stack.push(dependency);
                    }
                } else {
                    found.insert(dependency);
                }
            }
        }
        found
    }

    /// A way from an object back to itself, the way's objects in reverse.
    fn find_cycle(&self, start: ObjectId) -> Option<Vec<ObjectId>> {
        let mut seen = HashSet::new();
        self.find_path(start, start, &mut seen)
    }

    fn find_path(
        &self,
        from: ObjectId,
        to: ObjectId,
        seen: &mut HashSet<ObjectId>,
    ) -> Option<Vec<ObjectId>> {
        if !seen.insert(from) {
            return None;
        }
        let id = self.declaration_of.get(&from)?;
        let mut dependencies = self.declarations[*id].dependencies.clone();
        dependencies.sort();
        for dependency in dependencies {
            if dependency == to {
                return Some(vec![dependency]);
            }
            if let Some(mut path) = self.find_path(dependency, to, seen) {
                path.push(dependency);
                return Some(path);
            }
        }
        None
    }

    fn report_initialization_cycle(&mut self, cycle: &[ObjectId]) {
        let start = cycle[0];
        let name = |object: ObjectId| self.text(self.name_of(object)).to_owned();
        let mut message = if cycle.len() == 1 {
            format!("initialization cycle: {} refers to itself", name(start))
        } else {
            format!("initialization cycle for {}", name(start))
        };
        if cycle.len() > 1 {
            let mut object = start;
            for next in cycle.iter().rev() {
                let position = self.position(self.objects[object].span.start);
                let _ = write!(
                    message,
                    "\n\t{position}: {} refers to {}",
                    name(object),
                    name(*next)
                );
                object = *next;
            }
        }
        let outer = self.environment.error_span.take();
        self.error(self.objects[start].span, "initialization-cycle", message);
        self.environment.error_span = outer;
    }
}
