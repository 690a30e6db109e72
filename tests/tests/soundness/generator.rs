//! Random programs that shuffle pointers: through calls, closures, interfaces, channels, slices, maps, defers and loops.
//!
//! Each ends, and prints a number that depends on every pointer it followed. A case is a few functions that call each
//! other; many cases make one file, so that starting up is paid once.

use std::fmt::Write as _;

/// What all programs share.
const PRELUDE: &str = include_str!("prelude.mg");

/// Functions a case.
const FUNCTIONS: u64 = 2;

/// A program of so many cases.
pub(crate) fn program(seed: u64, cases: u64) -> String {
    let mut text = PRELUDE.to_owned();
    let mut main = String::new();
    for case in 0..cases {
        let mut generator = Generator {
            random: SplitMix64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ case),
            case,
            names: 0,
            variables: Vec::new(),
            is_island: false,
        };
        for function in 0..FUNCTIONS {
            let body = generator.function(function);
            text.push_str(&body);
        }
        let _ = writeln!(main, "\trun(\"case {case}\", f{case}_0)");
    }
    let _ = write!(text, "\nfunc main() {{\n{main}}}\n");
    text
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

struct Generator {
    random: SplitMix64,
    case: u64,
    /// Locals made so far, so that no two have one name.
    names: u64,
    /// What expressions are made of.
    variables: Vec<String>,
    /// Whether those are an island: nothing of it gets out, so that much of it can be on the stack. Elsewhere one
    /// assignment to a package variable is enough to have everything in the heap.
    is_island: bool,
}

#[expect(
    clippy::many_single_char_names,
    reason = "the names of the generated programs' variables"
)]
impl Generator {
    fn function(&mut self, number: u64) -> String {
        self.variables = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let count = 3 + self.random.below(4);
        let statements: String = (0..count).map(|_| self.statement(3)).collect();
        let result = self.variable();
        format!(
            "\nfunc f{}_{number}(a, b *node, o operation) *node {{\n\tc, d := one({number}), made(2, a)\n{statements}\
             \tnote(a)\n\tnote(b)\n\tnote(c)\n\tnote(d)\n\treturn {result}\n}}\n",
            self.case
        )
    }

    fn number(&mut self, limit: u64) -> u64 {
        self.random.below(limit)
    }

    /// A number below `limit` that is not among `leaks`, inside of an island.
    fn choice(&mut self, limit: u64, leaks: &[u64]) -> u64 {
        loop {
            let choice = self.number(limit);
            if !(self.is_island && leaks.contains(&choice)) {
                return choice;
            }
        }
    }

    fn variable(&mut self) -> String {
        let index = self.random.below(self.variables.len() as u64);
        self.variables[index as usize].clone()
    }

    /// A block, or loop, with variables of its own, whose values stay inside.
    fn island(&mut self, depth: u32) -> String {
        let variables = vec![self.fresh(), self.fresh(), self.fresh()];
        let [x, y, z] = [&variables[0], &variables[1], &variables[2]];
        let k = self.number(4);
        let mut text = format!("{x}, {y} := made({k}, nil), one(a.v)\n{z} := {y}.linked({x})\n");
        for variable in &variables {
            let _ = writeln!(text, "note({variable})");
        }
        let outer = std::mem::replace(&mut self.variables, variables);
        let was_island = std::mem::replace(&mut self.is_island, true);
        let body = self.block(depth) + &self.block(depth);
        let (v, w) = (self.variable(), self.variable());
        self.is_island = was_island;
        self.variables = outer;
        let i = self.fresh();
        match k {
            0 => format!("{{\n{text}{body}note({v})\n}}\n"),
            1 => format!("for {i} := 0; {i} < 3; {i}++ {{\n{text}{body}note({v})\n}}\n"),
            _ => format!(
                "{{\n{text}for {i} := 0; {i} < 4; {i}++ {{\n{body}{v} = made({i}, {w})\nnote({v})\n}}\nnote({w})\n}}\n"
            ),
        }
    }

    fn fresh(&mut self) -> String {
        self.names += 1;
        format!("x{}", self.names)
    }

    /// A condition that is sometimes true.
    fn condition(&mut self) -> String {
        let (v, w) = (self.variable(), self.variable());
        match self.number(3) {
            0 => format!("{v}.v&1 == 0"),
            1 => format!("{v}.v < {w}.v"),
            _ => format!("{v} == {w}"),
        }
    }

    /// An expression of type `*node` that is never nil, if the variables are not.
    fn pointer(&mut self, depth: u32) -> String {
        let v = self.variable();
        let Some(depth) = depth.checked_sub(1) else {
            return v;
        };
        let k = self.number(9);
        let mut inner = || self.pointer(depth);
        match k {
            // Half of all are values, made or chosen.
            0 => return v,
            1 => return format!("made({}, {})", depth + 5, inner()),
            2 => return format!("one({}.v)", inner()),
            3 => return format!("{}.plus({})", inner(), inner()),
            _ => {}
        }
        let (e, f) = (inner(), inner());
        let k = self.number(10);
        let name = self.fresh();
        match self.choice(34, &[12, 24, 25]) {
            0 => format!("{e}.tail()"),
            1 => format!("choose({}, {e}, {f})", self.condition()),
            2 => format!("pairOf({e}, {v}).other({f}).{}", self.part()),
            3 => format!("boxOf({e}, {v}).with({f}).{}", self.part()),
            4 => format!("same({e})"),
            5 => format!("address(*{e})"),
            6 => format!("last(fill({e}))"),
            7 => format!("fill({e})[{}]", k % 4),
            8 => format!("apply(func(z *node) *node {{ return made(z.v, {v}) }}, {e})"),
            9 => format!("apply(func(z *node) *node {{ {v} = z; return {f} }}, {e})"),
            10 => format!("(&node{{{k}, {e}}})"),
            11 => format!("increment{{{k}}}.do({e})"),
            12 => format!("o.do({e})"),
            13 => format!("func() *node {{ {name} := node{{{v}.v, {e}}}; return &{name} }}()"),
            14 => format!("get(&{v})"),
            15 => format!("or({e}.next, {f})"),
            16 => format!("adder({k})({e})"),
            17 => format!("holder({e})()"),
            18 => format!("first({e}, {v}, {f})"),
            19 => format!("first(fill({e})...)"),
            20 => format!("unboxed(boxed({e}), {v})"),
            21 => format!("unboxed(boxedValue({e}), {v})"),
            22 => format!("unboxed(pair{{{e}, {f}}}, {v})"),
            23 => format!("unboxed(&pair{{{e}, {f}}}, {v})"),
            24 => format!("through(make(chan *node, {}), {e})", k % 2),
            25 => format!("piped({e}, {k})"),
            26 => format!("later({e})"),
            27 => format!("deep({}, {e})", k % 3),
            28 => format!("{e}.linked({f})"),
            29 => format!("{e}.copied()"),
            30 => format!("apply({e}.plus, {f})"),
            31 => format!("(*node).linked({e}, {f})"),
            32 => format!("map[int]*node{{1: {e}, {}: {f}}}[1]", k + 2),
            _ => format!("[...]*node{{{e}, {f}, {v}}}[{}.v%3]", self.variable()),
        }
    }

    fn part(&mut self) -> &'static str {
        ["p", "q"][self.random.below(2) as usize]
    }

    fn block(&mut self, depth: u32) -> String {
        let count = 1 + self.number(2);
        (0..count).map(|_| self.statement(depth)).collect()
    }

    fn statement(&mut self, depth: u32) -> String {
        if depth > 0 && self.number(100) < 40 {
            self.nested(depth - 1)
        } else {
            self.simple()
        }
    }

    /// A statement that contains others.
    fn nested(&mut self, depth: u32) -> String {
        let (v, w) = (self.variable(), self.variable());
        let k = self.number(3) + 2;
        let name = self.fresh();
        if self.number(3) == 0 {
            return self.island(depth);
        }
        let body = self.block(depth);
        match self.choice(17, &[9]) {
            0 => {
                format!(
                    "for {name} := 0; {name} < {k}; {name}++ {{\n{body}{v}.v += {name} & 3\n}}\n"
                )
            }
            1 => {
                let (condition, other) = (self.condition(), self.block(depth));
                format!("if {condition} {{\n{body}}} else {{\n{other}}}\n")
            }
            // Hides a variable of the same name.
            2 => format!("{{\n{v} := {}\n{body}note({v})\n}}\n", self.pointer(2)),
            3 => {
                format!("for n := {v}; n != nil && hash%97 != 3; n = n.next {{\n{body}hash++\n}}\n")
            }
            4 => format!(
                "func() {{\ndefer func() {{\nif recover() != nil {{\nhash ^= {k}\n}}\n}}()\n{body}if {v}.v&7 == 1 {{\n\
                 panic({w})\n}}\n}}()\n"
            ),
            5 => format!(
                "switch {v}.v & 3 {{\ncase 0:\n{body}case 1:\n{}default:\n{v} = {w}\n}}\n",
                self.block(depth)
            ),
            6 => format!(
                "for _, {name} := range fill({}) {{\n{body}{v} = {name}\n}}\n",
                self.pointer(1)
            ),
            7 => format!(
                "{name} := func(z *node) *node {{\n{body}return {w}.linked(z)\n}}\n{v} = {name}({})\n",
                self.pointer(1)
            ),
            8 => format!(
                "func() {{\ndefer note({v})\ndefer func() {{\n{v} = {}\n}}()\n{body}}}()\n",
                self.pointer(2)
            ),
            9 => format!(
                "{name} := make(chan *node, 2)\ngo func(z *node) {{\n{name} <- z.copied()\n{name} <- z\nclose({name})\n}}({})\n\
                 for n := range {name} {{\n{body}note(n)\n{v} = n\n}}\n",
                self.pointer(2)
            ),
            10 => format!(
                "var {name} *node\nfor i := range {k} {{\n{body}if i&1 == 0 {{\n{name} = {}\n}}\n}}\n{v} = or({name}, {v})\n",
                self.pointer(2)
            ),
            11 => format!(
                "var {name} []func() *node\nfor i := 0; i < {k}; i++ {{\n{body}{name} = append({name}, func() *node {{\n\
                 return made(i, {v})\n}})\n}}\nfor _, f := range {name} {{\nnote(f())\n}}\n{w} = {name}[0]()\n"
            ),
            12 => format!(
                "var {name} []*node\nfor i := 0; i < {k}; i++ {{\n{body}{name} = append({name}, {v})\n}}\nfor _, n := range \
                 {name} {{\nnote(n)\n}}\n{w} = {name}[{k}-1]\n"
            ),
            13 => format!(
                "var {name}, old{name} []*node\nfor i := 0; i < 5; i++ {{\n{body}if i == {k} {{\nold{name}, {name} = {name}, nil\n\
                 }}\n{name} = append({name}, {v}, {w})\n}}\nfor _, n := range append(old{name}, {name}...) {{\nnote(n)\n}}\n"
            ),
            14 => format!(
                "var {name}, other{name} []int\nfor i := 0; i < {k}; i++ {{\n{body}{name}, other{name} = other{name}, \
                 append({name}, {v}.v, i)\n}}\nfor i, n := range append(other{name}, {name}...) {{\nhash = (hash*7 + n + i) & \
                 0xffffff\n}}\n"
            ),
            15 => format!(
                "var {name} []int\nfor i := 0; i < {k}; i++ {{\nnow := append({name}, {v}.v)\n{body}if i&1 == 0 {{\n{name} = now\n\
                 }}\nhash ^= now[i/2] & 63\n}}\n"
            ),
            _ => format!(
                "{name} := 0\nagain{name}:\n{body}if {name}++; {name} < {k} {{\ngoto again{name}\n}}\n"
            ),
        }
    }

    /// A statement that contains none.
    fn simple(&mut self) -> String {
        let (v, w) = (self.variable(), self.variable());
        let (x, y) = (self.fresh(), self.fresh());
        let e = self.pointer(3);
        let k = self.number(8);
        match self.choice(34, &[14, 15, 16, 24, 30]) {
            0..=4 => format!("{v} = {e}\n"),
            5 | 6 => format!("note({e})\n"),
            7 => format!("{v}.next = one({w}.v)\n"),
            8 => format!("{v}, {w} = both({e}, {})\n", self.pointer(1)),
            9 => format!("{v}, {w} = {w}, {e}\n"),
            10 => format!(
                "{x} := pairOf({e}, {w})\n{x}.p = {}\nnote({x}.p)\nnote({x}.q)\n",
                self.pointer(1)
            ),
            11 => format!(
                "{x} := boxOf({v}, {w})\n{x}.push({e})\nfor _, n := range {x}.all {{\nnote(n)\n}}\n{v} = last({x}.all)\n"
            ),
            12 => {
                let kept = [
                    "&y",
                    "same(&y)",
                    "made(y.v, nil)",
                    "(&y).plus(&y)",
                    "y.copied()",
                ];
                let kept = kept[self.number(kept.len() as u64) as usize];
                format!("{{\ny := *{v}\ny.v++\n{w} = {kept}\n}}\n")
            }
            13 => format!("{v}.v ^= {w}.v & 15\n"),
            14 => match k {
                0..=2 => format!("o = &exchange{{boxOf({e}, nil)}}\n"),
                3 => "o = chain{o, increment{1}}\n".to_owned(),
                4 | 5 => format!("o = (*keeper)({v})\n"),
                _ => format!("o = increment{{{k}}}\n"),
            },
            15 => match k {
                0 => format!("global = {v}\n"),
                1 => format!("globalPair.q = {e}\n"),
                2 => format!("globalAll = append(globalAll, {v})\n"),
                3 => "for _, n := range globalAll {\nnote(n)\n}\n".to_owned(),
                4 => "note(globalPair.q)\n".to_owned(),
                _ => "note(global)\n".to_owned(),
            },
            16 => format!(
                "if steps++; steps < 40 {{\n{v} = f{}_{}({e}, {w}, o)\n}}\n",
                self.case,
                self.random.below(FUNCTIONS)
            ),
            17 => format!(
                "var {x} [3]*node\n{x}[{v}.v&1] = {e}\n{x}[2] = {w}\nfor i, n := range {x} {{\nif n != nil {{\n\
                 note({x}[i])\n}}\n}}\n"
            ),
            18 => format!("{x} := &{v}\n*{x} = {e}\n"),
            19 => format!("set(&{v}, {e})\n"),
            20 => format!(
                "{x} := pair{{{v}, {w}}}\n*{x}.either({}) = {e}\n{v} = {x}.p\n",
                self.condition()
            ),
            21 => format!("{x} := map[int]*node{{}}\n{x}[1] = {e}\n{x}[{k}] = {w}\n{v} = {x}[1]\n"),
            22 => format!("{x} := {v}.linked\n{v} = {e}\n{w} = {x}({w})\n"),
            23 => format!("var {x} any = {e}\n{y} := {x}\n{v} = {y}.(*node)\n"),
            24 => format!(
                "var {x} operation = {}\n{v} = {x}.do({w})\n",
                self.operation(&e)
            ),
            25 => format!(
                "{x} := []pair{{{{{v}, {e}}}, {{{w}, nil}}}}\n{x}[1].q = {x}[0].p\n{v} = {x}[1].q\n"
            ),
            26 => format!(
                "{x} := box{{call: func(n *node) *node {{ return n.linked({v}) }}, pp: &{w}}}\n*{x}.pp = {e}\n{v} = {x}.call({w})\n"
            ),
            27 => format!(
                "{x} := *boxOf({v}, {w})\n{y} := {x}\n{y}.k[{}] = {e}\n{x}.k = {y}.k\n{v} = or({x}.k[1], {w})\n",
                k % 3
            ),
            28 => format!(
                "{x} := append([]*node(nil), {v}, {e})\n{x} = append({x}[:1], {w}, {x}[1])\n{v} = {x}[2]\n"
            ),
            29 => format!(
                "{x} := fill({e})\ncopy({x}[1:], {x})\n{v} = {x}[{}]\n",
                k % 4
            ),
            30 => format!(
                "{x} := make(chan any, 1)\nselect {{\ncase {x} <- {e}:\ndefault:\nnote({w})\n}}\nselect {{\ncase {y} := <-{x}:\n\
                 {v} = {y}.(*node)\ncase <-make(chan int):\n}}\n"
            ),
            31 => format!(
                "{x} := 0\n{y} := func(n *node) {{ {x} += n.v; {v} = n }}\n{y}({e})\n{y}({w})\nhash ^= {x} & 255\n"
            ),
            32 => format!(
                "{x} := []byte{{byte({v}.v), {k}}}\n{y} := string({x})\n{x}[0]++\nhash ^= int({y}[0]) + len({y}+\"ab\")\n"
            ),
            _ => format!(
                "for {x} := ({e}); {x} != nil; {x} = {x}.next {{\nif hash += 7; hash%5 == 0 {{\n{v} = {x}\nbreak\n}}\n}}\n"
            ),
        }
    }

    /// A value that implements `operation`, made of a pointer.
    fn operation(&mut self, e: &str) -> String {
        match self.number(4) {
            0 => format!("increment{{{e}.v}}"),
            1 => format!("&exchange{{boxOf({e}, nil)}}"),
            2 => format!("chain{{o, (*keeper)({e})}}"),
            _ => format!("(*keeper)({e})"),
        }
    }
}
