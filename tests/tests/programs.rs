//! One file, one test: every `.mg` file under `run`, `panic`, `scheduling`, `check`, `escape`, `regress` and `../examples`
//! says in its first line how it is tested.
//!
//! | first line | what is done | golden |
//! |---|---|---|
//! | `// run [args]` | runs; status 0 | `x.out`: standard output; `x.in`, if there, is standard input |
//! | `// parallel` | runs on 1, 2 and 8 processors, several times each; status 0 | `x.out`; `x.in` |
//! | `// seeded` | runs with each of some seeds twice; status 0 | none: both outputs are the same, and those of all seeds are not |
//! | `// panic exit=N` | runs; status N | `x.err`: standard error, traces cut; `x.out` if there |
//! | `// errorcheck` | builds; status 1 | each `// ERROR "text"` is part of the error on its line, and no other error |
//! | `// escapecheck` | `build -m -l` | `x.escape`: gc's lines |
//! | `// escapecheck full` | `build -m -l -escape=full` | `x.escape`: the lines of a run's analysis, not Go's |
//! | `// why NAME` | `build -m -why NAME` | `x.why`: the chains |
//!
//! Expected output comes from the real Go toolchain. `UPDATE_GOLDEN=1` rewrites goldens from ours:
//! compare with Go before you commit. `MINIGO_STRESS="gcstress=1,gcverify=1"` (a `MINIGODEBUG` text)
//! runs every program under that mode; output must not change. Each run has a time limit.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type TestResult = Result<(), Box<dyn std::error::Error>>;

/// Under stress modes programs are hundreds of times slower.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// How often a parallel program runs on each number of processors.
const PARALLEL_RUNS: usize = 3;

struct Outcome {
    stdout: String,
    stderr: String,
    status: Option<i32>,
}

fn minigo(
    arguments: &[&str],
    file: &Path,
    rest: &[&str],
    stdin: Option<Vec<u8>>,
) -> Result<Outcome, Box<dyn std::error::Error>> {
    minigo_in(&[], arguments, file, rest, stdin)
}

fn minigo_in(
    environment: &[(&str, &str)],
    arguments: &[&str],
    file: &Path,
    rest: &[&str],
    stdin: Option<Vec<u8>>,
) -> Result<Outcome, Box<dyn std::error::Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minigo-under-test"));
    command.args(arguments).arg(file).args(rest);
    command.envs(environment.iter().copied());
    if let Ok(modes) = std::env::var("MINIGO_STRESS") {
        command.env("MINIGODEBUG", modes);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut input = child.stdin.take().ok_or("no standard input")?;
    let feeder = std::thread::spawn(move || {
        // The program may end without reading everything: no mistake.
        let _ = input.write_all(&stdin.unwrap_or_default());
    });
    let mut stdout = child.stdout.take().ok_or("no standard output")?;
    let mut stderr = child.stderr.take().ok_or("no standard error")?;
    let out = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stdout.read_to_end(&mut bytes);
        bytes
    });
    let err = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stderr.read_to_end(&mut bytes);
        bytes
    });
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status.code();
        }
        if started.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
            return Err(format!("{} ran for more than {TIME_LIMIT:?}", file.display()).into());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let _ = feeder.join();
    let text = |thread: std::thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&thread.join().unwrap_or_default()).into_owned()
    };
    Ok(Outcome {
        stdout: text(out),
        stderr: text(err),
        status,
    })
}

fn golden(file: &Path, extension: &str, actual: &str) -> TestResult {
    let path = file.with_extension(extension);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, actual)?;
        return Ok(());
    }
    let expected =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if expected == actual {
        return Ok(());
    }
    Err(format!(
        "{} differs\n--- expected\n{expected}\n--- actual\n{actual}",
        path.display()
    )
    .into())
}

fn expect_status(outcome: &Outcome, status: i32) -> TestResult {
    if outcome.status == Some(status) {
        return Ok(());
    }
    let Outcome {
        stdout,
        stderr,
        status: actual,
    } = outcome;
    Err(format!("status {actual:?}, expected {status}\n--- standard output\n{stdout}\n--- standard error\n{stderr}").into())
}

/// What stays of standard error: everything up to the first trace, whose addresses vary.
fn without_traces(stderr: &str) -> String {
    let trace = [stderr.find("\ngoroutine "), stderr.find("\nruntime stack:")]
        .into_iter()
        .flatten()
        .min();
    let end = trace.map_or(stderr.len(), |start| start + 1);
    // Addresses and stack bounds vary.
    let lines = stderr[..end]
        .lines()
        .filter(|line| !line.starts_with("[signal ") && !line.starts_with("runtime: sp="));
    lines
        .map(|line| format!("{line}\n"))
        .collect::<String>()
        .trim_end()
        .to_owned()
        + "\n"
}

/// Does what the first line says. A failure names the stress mode, and with it the seed: enough to see it again.
fn program(file: &Path) -> TestResult {
    perform(file).map_err(|error| match std::env::var("MINIGO_STRESS") {
        Ok(modes) => format!("under MINIGODEBUG={modes}: {error}").into(),
        Err(_) => error,
    })
}

fn perform(file: &Path) -> TestResult {
    // Paths in messages are as given: tests give the bare name.
    let source = std::fs::read_to_string(file)?;
    let first = source.lines().next().unwrap_or("");
    let mut words = first.trim_start_matches('/').split_whitespace();
    match words.next() {
        Some("run") => {
            let stdin = std::fs::read(file.with_extension("in")).ok();
            let rest: Vec<&str> = words.collect();
            let outcome = minigo(&["run"], file, &rest, stdin)?;
            expect_status(&outcome, 0)?;
            golden(file, "out", &outcome.stdout)
        }
        Some("parallel") => {
            let stdin = std::fs::read(file.with_extension("in")).ok();
            for processors in ["1", "2", "8"] {
                for _ in 0..PARALLEL_RUNS {
                    let environment = [("GOMAXPROCS", processors)];
                    let outcome = minigo_in(&environment, &["run"], file, &[], stdin.clone())?;
                    expect_status(&outcome, 0)?;
                    golden(file, "out", &outcome.stdout)?;
                }
            }
            Ok(())
        }
        Some("seeded") => seeded(file),
        Some("panic") => {
            let status = words
                .next()
                .and_then(|word| word.strip_prefix("exit="))
                .ok_or("`// panic exit=N`")?
                .parse()?;
            let outcome = minigo(&["run"], file, &[], None)?;
            expect_status(&outcome, status)?;
            golden(file, "err", &without_traces(&outcome.stderr))?;
            let has_output = file.with_extension("out").exists();
            if has_output {
                golden(file, "out", &outcome.stdout)
            } else {
                Ok(())
            }
        }
        Some("errorcheck") => errorcheck(file, &source),
        Some("escapecheck") => {
            let is_full = words.next() == Some("full");
            let analysis = if is_full {
                "-escape=full"
            } else {
                "-escape=go"
            };
            let outcome = minigo(&["build", "-m", "-l", analysis], file, &[], None)?;
            expect_status(&outcome, 0)?;
            let prefix = format!("{}:", file.display());
            // The last line is not one of gc's.
            let lines = outcome
                .stderr
                .lines()
                .filter(|line| is_full || !line.starts_with("# a run has "))
                .map(|line| line.strip_prefix(&prefix).unwrap_or(line));
            golden(
                file,
                "escape",
                &lines.map(|line| format!("{line}\n")).collect::<String>(),
            )
        }
        Some("why") => {
            let name = words.next().ok_or("no name")?;
            let outcome = minigo(&["build", "-m", "-why", name], file, &[], None)?;
            expect_status(&outcome, 0)?;
            let name = file.display().to_string();
            golden(
                file,
                "why",
                &outcome.stdout.replace(&format!("{name}:"), ""),
            )
        }
        _ => Err(format!("{}: the first line names no kind of test", file.display()).into()),
    }
}

/// A seed stands for one run: the same choices each time, and others than another seed's.
fn seeded(file: &Path) -> TestResult {
    let mut outputs = Vec::new();
    for seed in ["1", "2", "3", "4", "5"] {
        let arguments = ["run", "-seed", seed];
        let (first, second) = (
            minigo(&arguments, file, &[], None)?,
            minigo(&arguments, file, &[], None)?,
        );
        expect_status(&first, 0)?;
        if first.stdout != second.stdout {
            let (first, second) = (first.stdout, second.stdout);
            let problem =
                format!("seed {seed} gave two runs\n--- first\n{first}\n--- second\n{second}");
            return Err(problem.into());
        }
        outputs.push(first.stdout);
    }
    if outputs.iter().all(|output| *output == outputs[0]) {
        return Err("all seeds gave the same run".into());
    }
    Ok(())
}

/// Every error must be expected on its line, every expectation met.
fn errorcheck(file: &Path, source: &str) -> TestResult {
    let outcome = minigo(&["build"], file, &[], None)?;
    expect_status(&outcome, 1)?;
    let prefix = format!("{}:", file.display());
    let mut errors: Vec<(usize, String)> = Vec::new();
    for line in outcome.stderr.lines() {
        if let Some(rest) = line.strip_prefix(&prefix) {
            let number = rest.split(':').next().unwrap_or("").parse()?;
            errors.push((number, rest.to_owned()));
        }
        // Other lines are details and excerpts; those quote the expectation itself.
    }
    let mut problems = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let Some((_, expectation)) = line.split_once("// ERROR ") else {
            continue;
        };
        let expected = expectation.trim().trim_matches('"').replace("\\\"", "\"");
        let place = errors
            .iter()
            .position(|(number, text)| *number == index + 1 && text.contains(&expected));
        match place {
            Some(place) => {
                errors.remove(place);
            }
            None => problems.push(format!(
                "line {}: no error contains `{expected}`",
                index + 1
            )),
        }
    }
    problems.extend(
        errors
            .into_iter()
            .map(|(_, text)| format!("unexpected: {text}")),
    );
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n").into())
    }
}

/// Examples carry no directive: they are programs for people.
fn example(file: &Path) -> TestResult {
    let stdin = std::fs::read(file.with_extension("in")).ok();
    let outcome = minigo(&["run"], file, &[], stdin)?;
    expect_status(&outcome, 0)?;
    golden(file, "out", &outcome.stdout)
}

// A name a folder, so that stress runs can choose.

fn run(file: &Path) -> TestResult {
    program(file)
}

fn panic(file: &Path) -> TestResult {
    program(file)
}

fn scheduling(file: &Path) -> TestResult {
    program(file)
}

fn check(file: &Path) -> TestResult {
    program(file)
}

fn escape(file: &Path) -> TestResult {
    program(file)
}

fn regress(file: &Path) -> TestResult {
    program(file)
}

datatest_stable::harness! {
    { test = run, root = "run", pattern = r"\.mg$" },
    { test = panic, root = "panic", pattern = r"\.mg$" },
    { test = scheduling, root = "scheduling", pattern = r"\.mg$" },
    { test = check, root = "check", pattern = r"\.mg$" },
    { test = escape, root = "escape", pattern = r"\.mg$" },
    { test = regress, root = "regress", pattern = r"\.mg$" },
    { test = example, root = "../examples", pattern = r"\.mg$" },
}
