//! `StopWatch`: how much of a stop of the world was the system's, which did not run threads that were ready; for
//! `minigo run -gcstats`.
//!
//! Linux counts for each thread how long it ran, how long it was ready and had no processor, and how often it was given one: its
//! `schedstat` (Documentation/scheduler/sched-stats.rst of the kernel), and a clock. So a thread that came late is told from one
//! that was not let run, whoever had the processor instead; also the machine below, if this one is virtual and is told what is
//! stolen from it, for then the clock stands still. What the system does for a thread is not counted, such as finding memory: it
//! looks like work of its own.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gc::StopTimes;
use gc::sync::{LockRank, RankedMutex};

thread_local! {
    static OWN: Option<Arc<Account>> = Account::of_this_thread().map(Arc::new);
}

/// Where one thread's use of processors is counted.
struct Account {
    schedstat: File,
    clock: libc::clockid_t,
}

impl Account {
    /// None on a system that does not count.
    fn of_this_thread() -> Option<Self> {
        let schedstat = File::open("/proc/thread-self/schedstat").ok()?;
        let mut clock = 0;
        // SAFETY: this thread is alive, and the number is ours to write to.
        let status = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) };
        (status == 0).then_some(Self { schedstat, clock })
    }

    /// How it stands now.
    fn usage(&self) -> Option<Usage> {
        let mut text = [0; 64];
        let length = self.schedstat.read_at(&mut text, 0).ok()?;
        let (delayed, turns) = parse(&text[..length])?;
        Some(Usage {
            at: Instant::now(),
            ran: time_of(self.clock),
            delayed,
            turns,
        })
    }
}

/// The time of a clock; zero if its thread is gone.
fn time_of(clock: libc::clockid_t) -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the structure is ours.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// What the line of `schedstat` states as its second and third number.
fn parse(text: &[u8]) -> Option<(Duration, u64)> {
    let mut numbers = str::from_utf8(text).ok()?.split_whitespace().skip(1);
    let delayed_ns = numbers.next()?.parse().ok()?;
    Some((
        Duration::from_nanos(delayed_ns),
        numbers.next()?.parse().ok()?,
    ))
}

/// How the account of this thread stands.
fn own_usage() -> Option<Usage> {
    OWN.with(|own| own.as_ref()?.usage())
}

/// What a thread had of the processors until some time.
#[derive(Clone, Copy)]
struct Usage {
    at: Instant,
    /// How long it ran.
    ran: Duration,
    /// How long it was ready and had no processor, but for a time under way.
    delayed: Duration,
    /// How often it was given a processor.
    turns: u64,
}

impl Usage {
    /// How long the system kept a thread that runs now from running since `before`, when it ran too.
    fn delay_since(self, before: Self) -> Duration {
        if self.turns == before.turns {
            // It had a processor all the while.
            let ran = self.ran.saturating_sub(before.ran);
            (self.at - before.at).saturating_sub(ran)
        } else {
            self.known_delay_since(before)
        }
    }

    /// As [`Self::delay_since`], for a thread that may have slept meanwhile.
    fn known_delay_since(self, before: Self) -> Duration {
        self.delayed.saturating_sub(before.delayed)
    }
}

/// Watches one stop after the other.
pub(super) struct StopWatch {
    inner: RankedMutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// By number.
    workers: Vec<Option<Arc<Account>>>,
    stop: Option<Stop>,
}

/// The stop under way.
struct Stop {
    /// The workers that have not arrived, and how they stood when they were asked.
    awaited: Vec<(u32, Usage)>,
    last: Arrival,
}

/// When a worker arrived, or the last of several did.
#[derive(Clone, Copy)]
struct Arrival {
    at: Instant,
    /// When it would have, had the system not delayed it.
    undelayed: Instant,
}

impl Arrival {
    fn new(at: Instant, delay: Duration) -> Self {
        Self {
            at,
            undelayed: at.checked_sub(delay).unwrap_or(at),
        }
    }

    fn max(self, other: Self) -> Self {
        Self {
            at: self.at.max(other.at),
            undelayed: self.undelayed.max(other.undelayed),
        }
    }

    /// The times of a stop whose last arrival it is.
    fn times(self, asked: Instant) -> StopTimes {
        StopTimes {
            asked,
            last_arrival: self.at,
            lost: self.at - self.undelayed.max(asked),
        }
    }
}

impl StopWatch {
    pub(super) fn new() -> Self {
        Self {
            inner: RankedMutex::new(LockRank(2900), Inner::default()),
        }
    }

    /// Notes that this thread is that of the worker with the given number.
    pub(super) fn note_worker(&self, worker: u32) {
        let mut inner = self.inner.lock();
        let index = worker as usize;
        if inner.workers.len() <= index {
            inner.workers.resize_with(index + 1, || None);
        }
        inner.workers[index] = OWN.with(Option::clone);
    }

    /// This thread is about to ask `awaited` to stop.
    pub(super) fn begin(&self, awaited: impl Iterator<Item = u32>) {
        let mut inner = self.inner.lock();
        let account_of = |worker: u32| inner.workers.get(worker as usize)?.as_ref();
        let awaited = awaited
            .filter_map(|worker| Some((worker, account_of(worker)?.usage()?)))
            .collect();
        inner.stop = Some(Stop {
            awaited,
            last: Arrival::new(Instant::now(), Duration::ZERO),
        });
    }

    /// The worker with the given number, on its own thread, is about to stand.
    pub(super) fn arrive(&self, worker: u32) {
        let mut inner = self.inner.lock();
        let Some(stop) = &mut inner.stop else { return };
        let is_own = |&(other, _): &(u32, Usage)| other == worker;
        if let Some(position) = stop.awaited.iter().position(is_own) {
            let (_, before) = stop.awaited.swap_remove(position);
            let delay = own_usage().map_or(Duration::ZERO, |now| now.delay_since(before));
            stop.last = stop.last.max(Arrival::new(Instant::now(), delay));
        }
    }

    /// The world stands, and this thread, which `asked` for it, knows.
    pub(super) fn end(&self, asked: Instant) -> StopTimes {
        let mut inner = self.inner.lock();
        let Some(Stop { awaited, mut last }) = inner.stop.take() else {
            return StopTimes::since(asked);
        };
        let now = Instant::now();
        for (worker, before) in awaited {
            // It went idle or into a system call, nobody knows when.
            let account = inner.workers.get(worker as usize).and_then(Option::as_ref);
            let usage = account.and_then(|account| account.usage());
            let delay = usage.map_or(Duration::ZERO, |usage| usage.known_delay_since(before));
            last = last.max(Arrival::new(now, delay));
        }
        last.times(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_read() {
        let read = parse(b"105 2007 31\n");
        assert_eq!(read, Some((Duration::from_nanos(2007), 31)));
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn who_had_a_processor_and_did_not_run_was_delayed() {
        let us = Duration::from_micros;
        let before = Usage {
            at: Instant::now(),
            ran: us(500),
            delayed: us(40),
            turns: 7,
        };
        let after = |turns| Usage {
            at: before.at + us(1000),
            ran: us(530),
            delayed: us(240),
            turns,
        };
        assert_eq!(after(7).delay_since(before), us(970));
        // It may have slept: only what was counted as a delay is one.
        assert_eq!(after(8).delay_since(before), us(200));
        assert_eq!(after(7).known_delay_since(before), us(200));
    }

    #[test]
    fn a_thread_that_runs_uses_its_processor() {
        let usage = || own_usage().expect("Linux counts");
        let before = usage();
        while usage().ran < before.ran + Duration::from_millis(2) {}
        assert!(usage().delay_since(before) < usage().at - before.at);
    }

    #[test]
    fn only_delays_are_lost() {
        let us = Duration::from_micros;
        let asked = Instant::now();
        let arrival = |at, delay| Arrival::new(asked + us(at), us(delay));
        let late = arrival(30, 0).max(arrival(1500, 1480));
        assert_eq!(late.times(asked).lost, us(1470));
        // One that ran all the while.
        let times = late.max(arrival(1400, 0)).times(asked);
        assert_eq!(times.lost, us(100));
        assert_eq!(times.last_arrival, asked + us(1500));
        // A delay may have begun before.
        assert_eq!(arrival(40, 60).times(asked).lost, us(40));
    }

    #[test]
    fn who_arrives_is_no_longer_awaited() {
        let watch = StopWatch::new();
        watch.note_worker(1);
        let asked = Instant::now();
        // Nobody knows the first.
        watch.begin([0, 1].into_iter());
        let awaited = || {
            let inner = watch.inner.lock();
            inner.stop.as_ref().map(|stop| stop.awaited.len())
        };
        assert_eq!(awaited(), Some(1));
        watch.arrive(0);
        assert_eq!(awaited(), Some(1));
        watch.arrive(1);
        assert_eq!(awaited(), Some(0));
        assert!(watch.end(asked).last_arrival > asked);
        assert_eq!(awaited(), None);
    }
}
