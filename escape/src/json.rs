//! The lines of `-m` for programs: one JSON object a line.
//!
//! The schema is documented in `LANGUAGE.md`; it only grows.

use std::collections::HashMap;
use std::fmt::Write as _;

use frontend::ssa::{FunctionId, Program, SiteId, SiteKind};

use crate::message::{LeakTarget, Message, Subject};
use crate::why::{Chain, chains, source_line};
use crate::{EscapeResults, Mode, Placement};

/// The objects for the lines of `messages`: verdicts of gc and of a run, and for what one of the two
/// analyses has in the heap (`mode` says whose) why.
pub fn json(
    program: &Program,
    mode: Mode,
    messages: &[Message],
    by_gc: &EscapeResults,
    by_run: &EscapeResults,
) -> Vec<String> {
    let results = match mode {
        Mode::Go => by_gc,
        Mode::Full => by_run,
    };
    let mut wanted: HashMap<FunctionId, Vec<SiteId>> = HashMap::new();
    for message in messages {
        if let (Some(function), Some(site)) = (message.function, message.site)
            && is_placed(&message.subject)
            && !results.is_on_stack(function, site)
        {
            wanted.entry(function).or_default().push(site);
        }
    }
    let why: HashMap<(FunctionId, SiteId), Chain> = chains(program, mode, &wanted)
        .into_iter()
        .map(|chain| ((chain.function, chain.site), chain))
        .collect();
    messages
        .iter()
        .map(|message| object(program, message, by_gc, by_run, &why))
        .collect()
}

/// Whether a line says where something is.
fn is_placed(subject: &Subject) -> bool {
    matches!(subject, Subject::Variable | Subject::Expression)
}

fn object(
    program: &Program,
    message: &Message,
    by_gc: &EscapeResults,
    by_run: &EscapeResults,
    why: &HashMap<(FunctionId, SiteId), Chain>,
) -> String {
    let mut object = Object::new();
    object.place(program, message.position);
    object.text("kind", kind(&message.subject));
    object.text("name", &message.name);
    if let Some(function) = message.function {
        object.text("function", &program.functions[function].name);
    }
    object.text("text", &message.text);
    if let Subject::Parameter(Some((target, derefs))) = &message.subject {
        object.text(
            "leaks_to",
            match target {
                LeakTarget::Heap => "heap",
                LeakTarget::Result(_) => "result",
            },
        );
        if let LeakTarget::Result(result) = target {
            object.text("result", result);
        }
        object.number("derefs", i64::from(*derefs));
    }
    if let (Some(function), Some(site)) = (message.function, message.site)
        && is_placed(&message.subject)
    {
        let kind = program.functions[function].sites[site].kind;
        if let Some(allocation) = allocation(kind) {
            object.text("allocation", allocation);
        }
        object.text("gc", placement(by_gc.placement(function, site)));
        object.text("run", placement(by_run.placement(function, site)));
        if let Some(chain) = why.get(&(function, site)) {
            let steps = chain.steps.iter().map(|step| {
                let mut object = Object::new();
                object.place(program, step.position);
                object.text("text", &step.text);
                object.text("source", source_line(program, step.position));
                object.finish()
            });
            object.text("reason", chain.reason());
            object.list("why", steps);
        }
    }
    object.finish()
}

fn kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::Parameter(_) => "parameter",
        Subject::Variable => "variable",
        Subject::Expression => "expression",
        Subject::NoCopy => "no-copy",
        Subject::SelfAssignment => "self-assignment",
        Subject::KnownCall => "known-call",
        Subject::BoundsCheck => "bounds-check",
        Subject::Explanation => "explanation",
    }
}

fn placement(placement: Placement) -> &'static str {
    match placement {
        Placement::Stack => "stack",
        Placement::Heap(_) => "heap",
    }
}

/// What an expression allocates.
fn allocation(kind: SiteKind) -> Option<&'static str> {
    Some(match kind {
        SiteKind::Variable
        | SiteKind::Parameter
        | SiteKind::Result
        | SiteKind::Temporary
        | SiteKind::Thunk => return None,
        SiteKind::New => "new",
        SiteKind::PointerLiteral => "pointer literal",
        SiteKind::SliceLiteral => "slice literal",
        SiteKind::MapLiteral => "map literal",
        SiteKind::MakeSlice => "make slice",
        SiteKind::MakeMap => "make map",
        SiteKind::MakeChannel => "make channel",
        SiteKind::Closure => "closure",
        SiteKind::MethodValue => "method value",
        SiteKind::Interface => "interface",
        SiteKind::VariadicSlice => "variadic slice",
        SiteKind::Append | SiteKind::FirstAppend => "append",
        SiteKind::StringConcat => "string",
        SiteKind::Conversion => "conversion",
    })
}

/// A JSON object that is being written.
struct Object(String);

impl Object {
    fn new() -> Self {
        Object(String::from("{"))
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(&mut self.0, key);
        self.0.push(':');
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        quote(&mut self.0, value);
    }

    fn number(&mut self, key: &str, value: i64) {
        self.key(key);
        let _ = write!(self.0, "{value}");
    }

    fn list(&mut self, key: &str, values: impl Iterator<Item = String>) {
        self.key(key);
        self.0.push('[');
        let values: Vec<String> = values.collect();
        self.0.push_str(&values.join(","));
        self.0.push(']');
    }

    /// `file`, `line` and `column` of a position.
    fn place(&mut self, program: &Program, offset: u32) {
        let Some(at) = program.typed.sources.location(offset) else {
            return;
        };
        self.text("file", &at.path.display().to_string());
        self.number("line", i64::from(at.line));
        if let Some(column) = at.column {
            self.number("column", i64::from(column));
        }
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Appends a string in JSON's quotes.
fn quote(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            _ if (character as u32) < 0x20 => {
                let _ = write!(text, "\\u{:04x}", character as u32);
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_as_json_wants_it() {
        let mut text = String::new();
        quote(&mut text, "a\"b\\c\n\u{1}ü");
        assert_eq!(text, r#""a\"b\\c\n\u0001ü""#);
    }
}
