//! `CycleReport`: what a cycle did, and the line that says so in the format of Go's `gctrace=1`.

use std::time::Duration;

/// What a cycle did.
#[derive(Clone, Debug)]
pub struct CycleReport {
    /// Number of the cycle, from 1.
    pub number: u32,
    /// When it began, since the heap was made.
    pub since_start: Duration,
    /// Share of the time since then that went into collecting, 0 to 1.
    pub gc_cpu_fraction: f64,
    /// The first stop: from asking the world to stop until it was told to run again.
    pub first_stop: Duration,
    /// That part of it in which the world was not yet stopped.
    pub stop_wait: Duration,
    /// Marking: after the first stop, or in it if that was the only one.
    pub mark: Duration,
    /// The last stop; zero if the first was the only one.
    pub last_stop: Duration,
    /// Processor time that mutators spent marking.
    pub assist: Duration,
    /// Processor time of the collecting thread.
    pub mark_cpu: Duration,
    /// Size of the heap when it began.
    pub heap_before_bytes: u64,
    /// Size of the heap when marking ended.
    pub heap_after_bytes: u64,
    /// Bytes of the objects reached.
    pub live_bytes: u64,
    /// The goal it ran towards; `u64::MAX` when there was none.
    pub goal_before_bytes: u64,
    /// Stacks scanned.
    pub stack_bytes: u64,
    /// Globals scanned.
    pub globals_bytes: u64,
    /// Whether the program asked for it.
    pub is_forced: bool,
}

impl CycleReport {
    /// The cycle as a line in Go's format, without line feed, for a program on `processors` Processors:
    /// `gc 1 @0.012s 2%: 0.018+1.2+0.003 ms clock, 0.018+0/1.2/0+0.003 ms cpu, 4->4->1 MB, 4 MB goal, 0 MB stacks,
    /// 0 MB globals, 1 P`. Clock: first stop, marking, last stop; processor time: of the stops, and of marking by assists, in
    /// the background, and when idle.
    pub fn trace_line(&self, processors: usize) -> String {
        let in_stop = u32::try_from(processors).unwrap_or(1);
        let [first, mark, last, first_cpu, assist, mark_cpu, last_cpu] = [
            self.first_stop,
            self.mark,
            self.last_stop,
            self.first_stop * in_stop,
            self.assist,
            self.mark_cpu,
            self.last_stop * in_stop,
        ]
        .map(format_ms);
        let megabytes = |bytes: u64| bytes >> 20;
        format!(
            "gc {number} @{seconds:.3}s {percent}%: {first}+{mark}+{last} ms clock, \
             {first_cpu}+{assist}/{mark_cpu}/0+{last_cpu} ms cpu, {before}->{after}->{live} MB, {goal} MB goal, \
             {stacks} MB stacks, {globals} MB globals, {processors} P{forced}",
            number = self.number,
            seconds = self.since_start.as_secs_f64(),
            percent = (self.gc_cpu_fraction * 100.0) as u64,
            before = megabytes(self.heap_before_bytes),
            after = megabytes(self.heap_after_bytes),
            live = megabytes(self.live_bytes),
            goal = megabytes(self.goal_before_bytes),
            stacks = megabytes(self.stack_bytes),
            globals = megabytes(self.globals_bytes),
            forced = if self.is_forced { " (forced)" } else { "" },
        )
    }
}

/// Milliseconds with two significant digits below ten, none after the point above, as Go prints them.
fn format_ms(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    match ms {
        _ if ms == 0.0 => "0".to_owned(),
        _ if ms >= 10.0 => format!("{ms:.0}"),
        _ if ms >= 1.0 => format!("{ms:.1}"),
        _ if ms >= 0.1 => format!("{ms:.2}"),
        _ => format!("{ms:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_the_shape_of_gctrace() {
        let report = CycleReport {
            number: 3,
            since_start: Duration::from_millis(1234),
            gc_cpu_fraction: 0.025,
            first_stop: Duration::from_micros(18),
            stop_wait: Duration::from_micros(11),
            mark: Duration::from_micros(1240),
            last_stop: Duration::from_micros(3),
            assist: Duration::from_micros(100),
            mark_cpu: Duration::from_micros(1100),
            heap_before_bytes: 9 << 20,
            heap_after_bytes: (9 << 20) + 5,
            live_bytes: (4 << 20) + 7,
            goal_before_bytes: 10 << 20,
            stack_bytes: 100,
            globals_bytes: 0,
            is_forced: true,
        };
        assert_eq!(
            report.trace_line(2),
            "gc 3 @1.234s 2%: 0.018+1.2+0.003 ms clock, 0.036+0.10/1.1/0+0.006 ms cpu, 9->9->4 MB, 10 MB goal, \
             0 MB stacks, 0 MB globals, 2 P (forced)"
        );
    }
}
