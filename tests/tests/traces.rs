//! What a program shows when it dies: which goroutines, why and how long they wait, who made them.
//!
//! The golden files of `programs` leave traces out, since addresses vary. Here whole traces are compared without them.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

type TestResult = Result<(), Box<dyn std::error::Error>>;

const WAITING: &str = r#"package main

import (
	"sync"
	"time"
)

func receive(c chan int) int { return <-c }

func main() {
	var nothing chan int
	go receive(make(chan int))
	go func() { nothing <- 1 }()
	go func() { select {} }()
	go func() {
		select {
		case <-nothing:
		case nothing <- 2:
		}
	}()
	var lock sync.Mutex
	lock.Lock()
	go lock.Lock()
	go time.Sleep(time.Hour)
	time.Sleep(3*time.Minute + time.Second)
	panic("enough")
}
"#;

/// A file with this program, in a folder of its own.
fn file(name: &str, program: &str) -> Result<PathBuf, std::io::Error> {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.mg"));
    std::fs::write(&path, program)?;
    Ok(path)
}

fn command(file: &PathBuf, arguments: &[&str], level: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minigo-under-test"));
    command
        .arg("run")
        .args(arguments)
        .arg(file)
        .env("GOTRACEBACK", level);
    command.env_remove("MINIGODEBUG").stdin(Stdio::null());
    command
}

/// The lines that say which goroutines there are and who made them.
fn goroutines(trace: &str) -> Vec<&str> {
    let says = |line: &&str| line.starts_with("goroutine ") || line.starts_with("created by ");
    trace.lines().filter(says).collect()
}

#[test]
fn all_goroutines_are_shown_with_what_they_wait_for_and_how_long() -> TestResult {
    let path = file("waiting", WAITING)?;
    let output = command(&path, &["-seed", "1"], "all").output()?;
    assert_eq!(output.status.code(), Some(2));
    let trace = String::from_utf8(output.stderr)?;
    assert!(trace.starts_with("panic: enough\n\ngoroutine 1 [running]:\nmain.main()\n"));
    assert!(trace.ends_with("\nseed 1\n"), "{trace}");
    let mut lines = goroutines(&trace);
    let by_main = "created by main.main in goroutine 1";
    assert_eq!(
        lines.iter().filter(|&&line| line == by_main).count(),
        6,
        "{trace}"
    );
    lines.retain(|&line| line != by_main);
    let waits: Vec<_> = lines
        .iter()
        .filter_map(|line| line.split_once(' ')?.1.split_once(' '))
        .map(|(_, wait)| wait)
        .collect();
    assert_eq!(
        waits,
        [
            "[running]:",
            "[chan receive, 3 minutes]:",
            "[chan send (nil chan), 3 minutes]:",
            "[select (no cases), 3 minutes]:",
            "[select, 3 minutes]:",
            "[sync.Mutex.Lock, 3 minutes]:",
            "[sleep, 3 minutes]:",
        ]
    );
    Ok(())
}

#[test]
fn one_goroutine_is_shown_by_default_and_none_on_request() -> TestResult {
    let path = file("single", WAITING)?;
    for (level, count) in [("", 1), ("single", 1), ("none", 0), ("0", 0), ("1", 7)] {
        let output = command(&path, &["-seed", "1"], level).output()?;
        assert_eq!(output.status.code(), Some(2), "{level}");
        let trace = String::from_utf8(output.stderr)?;
        let shown = trace
            .lines()
            .filter(|line| line.starts_with("goroutine "))
            .count();
        assert_eq!(shown, count, "{level}: {trace}");
    }
    Ok(())
}

#[test]
fn a_goroutine_locked_to_its_thread_is_marked() -> TestResult {
    let program = "package main\n\nimport \"runtime\"\n\nfunc main() {\n\truntime.LockOSThread()\n\t<-make(chan int)\n}\n";
    let path = file("locked", program)?;
    let output = command(&path, &[], "all").output()?;
    let trace = String::from_utf8(output.stderr)?;
    assert_eq!(
        goroutines(&trace),
        ["goroutine 1 [chan receive, locked to thread]:"]
    );
    Ok(())
}

#[test]
fn functions_that_were_copied_into_others_have_their_lines() -> TestResult {
    let program = r"package main

type list struct{ items []int }

func (l *list) at(i int) int { return l.items[i] }

func (l *list) last() int {
	return l.at(len(l.items))
}

func get(l *list) int { return l.last() + 1 }

func main() {
	l := &list{items: []int{1, 2, 3}}
	println(l.at(0), l.at(2))
	println(get(l))
}
";
    let path = file("copied", program)?;
    let output = command(&path, &[], "").output()?;
    let trace = String::from_utf8(output.stderr)?;
    let name = path.display();
    // As Go prints it: what is copied has no start to count an offset from.
    let expected = format!(
        "main.(*list).at(...)\n\t{name}:5\nmain.(*list).last(...)\n\t{name}:8\n\
         main.get(...)\n\t{name}:11\nmain.main()\n\t{name}:16 +0x"
    );
    assert!(trace.contains(&expected), "{trace}");
    Ok(())
}

#[test]
fn a_crash_is_an_abort() -> TestResult {
    use std::os::unix::process::ExitStatusExt as _;
    let path = file("crash", "package main\n\nfunc main() { panic(1) }\n")?;
    let output = command(&path, &[], "crash").output()?;
    assert_eq!(output.status.signal(), Some(libc::SIGABRT));
    Ok(())
}

#[test]
fn the_quit_signal_shows_all_goroutines_and_ends_with_status_2() -> TestResult {
    let program = r#"package main

import "fmt"

func main() {
	c := make(chan int)
	go func() {
		for {
		}
	}()
	go func() { <-c }()
	fmt.Println("ready")
	c <- <-c
}
"#;
    let path = file("quit", program)?;
    for processors in ["1", "2", "8"] {
        let mut child = command(&path, &[], "")
            .env("GOMAXPROCS", processors)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut ready = [0; 6];
        let mut stdout = child.stdout.take().ok_or("no standard output")?;
        stdout.read_exact(&mut ready)?;
        std::thread::sleep(Duration::from_millis(50));
        // SAFETY: the child has not been waited for, so the number is its own.
        unsafe { libc::kill(child.id().cast_signed(), libc::SIGQUIT) };
        let output = child.wait_with_output()?;
        assert_eq!(output.status.code(), Some(2));
        let trace = String::from_utf8(output.stderr)?;
        assert!(trace.starts_with("SIGQUIT: quit\nPC=0x"), "{trace}");
        let lines = goroutines(&trace);
        assert_eq!(lines.len(), 5, "{trace}");
        assert_eq!(lines[0], "goroutine 1 [chan receive]:");
        assert!(
            lines
                .iter()
                .any(|line| line.ends_with("[runnable]:") || line.ends_with("[running]:")),
            "{trace}"
        );
    }
    Ok(())
}
