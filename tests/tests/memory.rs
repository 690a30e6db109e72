//! What the collector says of its work, how a program ends that has no memory left, and what takes none where Go takes some.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Address space of a program that is to run out of it, in KiB: some for the compiler, little for the heap.
const ADDRESS_SPACE_KIB: u32 = 600_000;

/// The program, written to a file of its own.
fn source(name: &str, text: &str) -> std::path::PathBuf {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut out = std::fs::File::create(&file).expect("a file");
    out.write_all(text.as_bytes()).expect("room");
    file
}

fn run(name: &str, text: &str, options: &str, debug: &str) -> Output {
    let shell = format!("ulimit -v {ADDRESS_SPACE_KIB}; exec \"$0\" run {options} \"$1\"");
    Command::new("sh")
        .args(["-c", &shell, env!("CARGO_BIN_EXE_minigo-under-test")])
        .arg(source(name, text))
        .env("MINIGODEBUG", debug)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

/// The text with every number as `N`, and runs of spaces as one.
fn shape(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '0'..='9' if out.ends_with('N') => {}
            '0'..='9' => out.push('N'),
            ' ' if out.ends_with(' ') => {}
            _ => out.push(character),
        }
    }
    out.replace("N.N", "N")
}

#[test]
fn small_objects_without_end_are_out_of_memory() {
    let output = run(
        "small_without_end.mg",
        "package main\n\ntype node struct {\n\tnext *node\n\tdata [100]int\n}\n\nvar head *node\n\n\
         func main() {\n\tfor {\n\t\thead = &node{next: head}\n\t}\n}\n",
        "",
        "",
    );
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    let shape = shape(&text);
    let expected = "runtime: out of memory: cannot allocate N-byte block (N in use)\n\
                    fatal error: out of memory\n\nheap by type:\n";
    assert!(shape.starts_with(expected), "{text}");
    assert!(shape.contains("N MiB N objects main.node\n"), "{text}");
    assert!(
        shape.contains("\ngoroutine N [running]:\nmain.main()\n"),
        "{text}"
    );
}

#[test]
fn large_objects_without_end_are_out_of_memory() {
    let output = run(
        "large_without_end.mg",
        "package main\n\nvar keep [][]byte\n\nfunc main() {\n\tfor {\n\t\t\
         keep = append(keep, make([]byte, 10<<20))\n\t}\n}\n",
        "",
        "",
    );
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.starts_with("runtime: out of memory: cannot allocate 10485760-byte block"),
        "{text}"
    );
}

const COLLECTS_TWICE: &str =
    "package main\n\nimport \"runtime\"\n\nfunc main() {\n\truntime.GC()\n\truntime.GC()\n}\n";

#[test]
fn a_traced_cycle_is_a_line_as_go_prints_it() {
    let output = run("traced.mg", COLLECTS_TWICE, "", "gctrace=1");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = "gc N @Ns N%: N+N+N ms clock, N+N/N/N+N ms cpu, N->N->N MB, N MB goal, N MB stacks, \
                N MB globals, N P (forced)\n";
    assert_eq!(shape(&text), line.repeat(2), "{text}");
}

#[test]
fn statistics_are_printed_when_the_program_ends() {
    let output = run("statistics.mg", COLLECTS_TWICE, "-gcstats", "");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<String> = shape(&text).lines().map(str::to_owned).collect();
    assert_eq!(
        lines[0],
        "gc: N cycles, N of them forced, N of young objects only; N us of processor time, N% of what there was".replace(
            "us",
            if lines[0].contains(" ms ") {
                "ms"
            } else {
                "us"
            }
        )
    );
    assert!(
        text.starts_with("gc: 2 cycles, 2 of them forced, 0 of young"),
        "{text}"
    );
    assert_eq!(lines[1], "gc: assists N, of N us in all, the longest N us");
    assert!(lines[2].starts_with("gc: stops N, of N "), "{text}");
    assert!(
        lines[3].starts_with("gc: stops without what the system took of them: "),
        "{text}"
    );
    assert!(lines[4].starts_with(" below N "), "{text}");
    assert!(
        lines.contains(&" size spans objects used in spans unused".to_owned()),
        "{text}"
    );
    let all = lines.last().expect("lines");
    assert!(all.starts_with(" all N N N "), "{text}");
}

/// `acc` is a new object in each round, and there is always one of the round before: no frame could hold them.
const CARRIES_AN_OBJECT: &str = "package main

import \"runtime\"

type sum struct{ total, count int }

func (s *sum) add(v int) *sum { return &sum{s.total + v, s.count + 1} }

func main() {
\tvar before, after runtime.MemStats
\truntime.ReadMemStats(&before)
\tacc := &sum{}
\tfor i := range 10000 {
\t\tacc = acc.add(i)
\t}
\truntime.ReadMemStats(&after)
\tprintln(acc.total, acc.count, after.Mallocs - before.Mallocs)
}
";

#[test]
fn an_object_carried_round_a_loop_is_passed_by_value() {
    let output = run("carried.mg", CARRIES_AN_OBJECT, "", "");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let mallocs = text
        .strip_prefix("49995000 10000 ")
        .and_then(|count| count.trim().parse::<u64>().ok());
    assert!(mallocs.is_some_and(|count| count < 100), "{text}");
}
