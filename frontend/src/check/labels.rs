//! Labels and branches: `break`, `continue`, `goto`, `fallthrough` (spec: "Labeled statements" ff).
//!
//! gc checks these before types; the texts are those of its parser. A forward `goto` waits in its
//! block until its label comes, and notes the last variable declared in between.

use std::collections::HashMap;

use super::{Checker, Object, ObjectKind};
use crate::ast::{Block, Declaration, IdentId, Name, Statement, StatementKind};
use crate::source::Span;

/// What encloses a statement.
#[derive(Debug, Clone, Copy)]
struct Targets {
    /// What an unlabelled `break` leaves.
    breaks: Option<Breakable>,
    /// Whether an unlabelled `continue` has a loop.
    continues: bool,
    /// In the body of an expression switch: whether it is the last clause.
    is_last_case: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breakable {
    Loop,
    Switch,
    TypeSwitch,
    Select,
}

#[derive(Debug)]
struct Label {
    block: usize,
    ident: IdentId,
    /// What it names, if that can be left or continued.
    kind: Option<Breakable>,
    is_used: bool,
}

#[derive(Debug)]
struct BlockInfo {
    parent: Option<usize>,
    start: u32,
    /// The label of the statement whose block this is.
    label: Option<Name>,
}

#[derive(Debug, Default)]
struct Labels {
    by_name: HashMap<Name, Label>,
    order: Vec<Name>,
    blocks: Vec<BlockInfo>,
}

impl Labels {
    fn encloses(&self, outer: usize, inner: usize) -> bool {
        let mut current = Some(inner);
        while let Some(block) = current {
            if block == outer {
                return true;
            }
            current = self.blocks[block].parent;
        }
        false
    }

    fn is_inside_labelled(&self, name: Name, inner: usize) -> bool {
        let mut current = Some(inner);
        while let Some(block) = current {
            if self.blocks[block].label == Some(name) {
                return true;
            }
            current = self.blocks[block].parent;
        }
        false
    }
}

/// The lists of statements directly inside a statement that stands inside `targets`: what encloses each, and where it begins.
fn bodies(statement: &StatementKind, targets: Targets) -> Vec<(Targets, u32, &[Statement])> {
    let plain = Targets {
        is_last_case: None,
        ..targets
    };
    let leaving = |breakable| Targets {
        breaks: Some(breakable),
        ..plain
    };
    match statement {
        StatementKind::Block(inner) => vec![(plain, inner.span.start, &inner.statements)],
        StatementKind::If(inner) => {
            let then = (plain, inner.then.span.start, &*inner.then.statements);
            let otherwise = inner.otherwise.as_ref().map(|otherwise| {
                let list = std::slice::from_ref(otherwise);
                (plain, list[0].span.start, list)
            });
            std::iter::once(then).chain(otherwise).collect()
        }
        StatementKind::For(inner) => {
            let targets = Targets {
                continues: true,
                ..leaving(Breakable::Loop)
            };
            vec![(targets, inner.body.span.start, &inner.body.statements)]
        }
        StatementKind::Switch(inner) => {
            let last = inner.clauses.len().saturating_sub(1);
            let clauses = inner.clauses.iter().enumerate();
            clauses
                .map(|(position, clause)| {
                    let targets = Targets {
                        is_last_case: Some(position == last),
                        ..leaving(Breakable::Switch)
                    };
                    (targets, clause.span.start, &*clause.body)
                })
                .collect()
        }
        StatementKind::TypeSwitch(inner) => {
            let targets = leaving(Breakable::TypeSwitch);
            let clauses = inner.clauses.iter();
            clauses
                .map(|clause| (targets, clause.span.start, &*clause.body))
                .collect()
        }
        StatementKind::Select(clauses) => {
            let targets = leaving(Breakable::Select);
            clauses
                .iter()
                .map(|clause| (targets, clause.span.start, &*clause.body))
                .collect()
        }
        _ => Vec::new(),
    }
}

impl Checker<'_> {
    /// Checks all branches of a function's body, less those of function literals in it.
    pub(super) fn check_branches(&mut self, body: &Block) {
        let mut labels = Labels::default();
        let targets = Targets {
            breaks: None,
            continues: false,
            is_last_case: None,
        };
        let forward = self.branches(
            &mut labels,
            None,
            targets,
            None,
            body.span.start,
            &body.statements,
        );
        for ident in forward {
            let crate::ast::Ident { name, span } = self.ast.idents[ident];
            let text = self.text(name).to_owned();
            match labels.by_name.get_mut(&name) {
                Some(label) => {
                    label.is_used = true;
                    let start = labels.blocks[label.block].start;
                    let message = format!(
                        "goto {text} jumps into block starting at {}",
                        self.position(start)
                    );
                    self.error(span, "label", message);
                }
                None => self.error(span, "label", format!("label {text} not defined")),
            }
        }
        for name in &labels.order {
            let label = &labels.by_name[name];
            if !label.is_used {
                let message = format!("label {} defined and not used", self.text(*name));
                self.error(self.ast.idents[label.ident].span, "label", message);
            }
        }
    }

    fn branches(
        &mut self,
        labels: &mut Labels,
        parent: Option<usize>,
        targets: Targets,
        label: Option<Name>,
        start: u32,
        list: &[Statement],
    ) -> Vec<IdentId> {
        let block = labels.blocks.len();
        labels.blocks.push(BlockInfo {
            parent,
            start,
            label,
        });
        let mut forward: Vec<IdentId> = Vec::new();
        // Forward jumps that a variable declaration follows, and that declaration.
        let mut over: Vec<IdentId> = Vec::new();
        let mut variable: Option<(String, Span)> = None;
        let length = list.len()
            - list
                .iter()
                .rev()
                .take_while(|statement| matches!(statement.kind, StatementKind::Empty))
                .count();
        for (index, statement) in list[..length].iter().enumerate() {
            let mut label: Option<Name> = None;
            let mut statement = statement;
            while let StatementKind::Labeled {
                label: ident,
                statement: inner,
            } = &statement.kind
            {
                let name = self.ast.idents[*ident].name;
                if !self.is_blank(name) {
                    self.declare_label(labels, block, *ident, inner);
                    let mut rest = Vec::new();
                    for jump in forward {
                        if self.ast.idents[jump].name != name {
                            rest.push(jump);
                            continue;
                        }
                        if let Some(label) = labels.by_name.get_mut(&name) {
                            label.is_used = true;
                        }
                        self.record_label_use(labels, jump);
                        if let (true, Some((variable, at))) = (over.contains(&jump), &variable) {
                            let message = format!(
                                "goto {} jumps over declaration of {variable} at {}",
                                self.text(name),
                                self.position(at.start)
                            );
                            self.error(self.ast.idents[jump].span, "label", message);
                        }
                    }
                    forward = rest;
                    label = Some(name);
                }
                statement = inner;
            }
            match &statement.kind {
                StatementKind::Declaration(declaration) => {
                    if let Declaration::Var(specs) = &**declaration
                        && let Some(spec) = specs.first()
                        && let Some(name) = spec.names.first()
                    {
                        variable =
                            Some((self.text(self.ast.idents[*name].name).to_owned(), spec.span));
                        over.clone_from(&forward);
                    }
                }
                StatementKind::Define { left, operator, .. } => {
                    let names: Vec<String> =
                        left.iter().map(|expr| self.expression(*expr)).collect();
                    variable = Some((names.join(", "), Span::at(*operator)));
                    over.clone_from(&forward);
                }
                StatementKind::Goto(target) => {
                    let name = self.ast.idents[*target].name;
                    let is_backward = match labels.by_name.get_mut(&name) {
                        Some(label) => {
                            label.is_used = true;
                            let declared_in = label.block;
                            labels.encloses(declared_in, block)
                        }
                        None => false,
                    };
                    if is_backward {
                        self.record_label_use(labels, *target);
                    } else {
                        forward.push(*target);
                    }
                }
                _ => self.check_branch(labels, block, targets, statement, index + 1 == length),
            }
            for (targets, start, list) in bodies(&statement.kind, targets) {
                let jumps = self.branches(labels, Some(block), targets, label, start, list);
                forward.extend(jumps);
            }
        }
        forward
    }

    /// Checks a branch other than `goto`.
    fn check_branch(
        &mut self,
        labels: &mut Labels,
        block: usize,
        targets: Targets,
        statement: &Statement,
        is_last: bool,
    ) {
        let (ident, is_continue) = match &statement.kind {
            StatementKind::Break(None) => {
                if targets.breaks.is_none() {
                    let message = "break is not in a loop, switch, or select";
                    self.error(statement.span, "branch", message);
                }
                return;
            }
            StatementKind::Continue(None) => {
                if !targets.continues {
                    self.error(statement.span, "branch", "continue is not in a loop");
                }
                return;
            }
            StatementKind::Fallthrough => {
                let message = match (targets.breaks, targets.is_last_case) {
                    (Some(Breakable::TypeSwitch), _) => "cannot fallthrough in type switch",
                    (Some(Breakable::Switch), Some(false)) if is_last => return,
                    (Some(Breakable::Switch), Some(true)) if is_last => {
                        "cannot fallthrough final case in switch"
                    }
                    _ => "fallthrough statement out of place",
                };
                self.error(statement.span, "branch", message);
                return;
            }
            StatementKind::Break(Some(ident)) => (*ident, false),
            StatementKind::Continue(Some(ident)) => (*ident, true),
            _ => return,
        };
        let crate::ast::Ident { name, span } = self.ast.idents[ident];
        let text = self.text(name).to_owned();
        let keyword = if is_continue { "continue" } else { "break" };
        let is_inside = labels.is_inside_labelled(name, block);
        let Some(label) = labels.by_name.get_mut(&name) else {
            self.error(
                span,
                "label",
                format!("{keyword} label not defined: {text}"),
            );
            return;
        };
        label.is_used = true;
        let is_fitting = match label.kind {
            Some(Breakable::Loop) => true,
            Some(_) => !is_continue,
            None => false,
        };
        if is_inside && is_fitting {
            self.record_label_use(labels, ident);
        } else {
            self.error(span, "label", format!("invalid {keyword} label {text}"));
        }
    }

    fn declare_label(
        &mut self,
        labels: &mut Labels,
        block: usize,
        ident: IdentId,
        statement: &Statement,
    ) {
        let crate::ast::Ident { name, span } = self.ast.idents[ident];
        if let Some(other) = labels.by_name.get(&name) {
            let other = self.position(self.ast.idents[other.ident].span.start);
            let message = format!("label {} already defined at {other}", self.text(name));
            self.error(span, "label", message);
            return;
        }
        let kind = match &statement.kind {
            StatementKind::For(_) => Some(Breakable::Loop),
            StatementKind::Switch(_) => Some(Breakable::Switch),
            StatementKind::TypeSwitch(_) => Some(Breakable::TypeSwitch),
            StatementKind::Select(_) => Some(Breakable::Select),
            _ => None,
        };
        labels.order.push(name);
        labels.by_name.insert(
            name,
            Label {
                block,
                ident,
                kind,
                is_used: false,
            },
        );
        let package = Some(self.environment.package);
        let ty = self.invalid();
        let object = self.objects.push(Object {
            name,
            span,
            package,
            ty,
            kind: ObjectKind::Label,
        });
        self.record_object(ident, object);
    }

    fn record_label_use(&mut self, labels: &Labels, ident: IdentId) {
        if let Some(label) = labels.by_name.get(&self.ast.idents[ident].name) {
            self.info.objects[ident] = self.info.objects[label.ident];
        }
    }
}
