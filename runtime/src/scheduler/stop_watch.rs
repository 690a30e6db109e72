//! `StopWatch`: how much of a stop of the world was the system's, which did not run threads that were ready; for
//! `minigo run -gcstats`.
//!
//! Linux counts for each thread the nanoseconds in which it was ready and had no processor: the second number of its `schedstat`
//! (Documentation/scheduler/sched-stats.rst of the kernel). So a thread that came late is told from one that was not let run,
//! whoever had the processor instead. What a thread waits for while the system finds it memory is not counted, nor what a
//! virtual machine has to wait for: both look like work of its own.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gc::StopTimes;
use gc::sync::{LockRank, RankedMutex};

thread_local! {
    static OWN: Arc<Delays> = Arc::new(Delays::of_this_thread());
}

/// Where the delays of one thread are counted; nowhere on a system that does not.
struct Delays(Option<File>);

impl Delays {
    fn of_this_thread() -> Self {
        Self(File::open("/proc/thread-self/schedstat").ok())
    }

    /// Their sum so far, but for one under way.
    fn sum(&self) -> Duration {
        let mut text = [0; 64];
        let read = self.0.as_ref().map(|file| file.read_at(&mut text, 0));
        let length = read.and_then(Result::ok).unwrap_or(0);
        parse(&text[..length])
    }
}

/// The delays that the line of `schedstat` states; none if it does not.
fn parse(text: &[u8]) -> Duration {
    let text = str::from_utf8(text).unwrap_or_default();
    let number = text.split_whitespace().nth(1);
    Duration::from_nanos(number.and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

/// Watches one stop after the other.
pub(super) struct StopWatch {
    inner: RankedMutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// By number.
    workers: Vec<Option<Arc<Delays>>>,
    stop: Option<Stop>,
}

/// The stop under way.
struct Stop {
    /// The workers that have not arrived, with their delays when they were asked.
    awaited: Vec<(u32, Duration)>,
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
        inner.workers[index] = Some(OWN.with(Arc::clone));
    }

    /// This thread is about to ask `awaited` to stop.
    pub(super) fn begin(&self, awaited: impl Iterator<Item = u32>) {
        let mut inner = self.inner.lock();
        let delays_of = |worker: u32| inner.workers.get(worker as usize)?.as_ref();
        let awaited = awaited
            .filter_map(|worker| Some((worker, delays_of(worker)?.sum())))
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
        let is_own = |&(other, _): &(u32, Duration)| other == worker;
        if let Some(position) = stop.awaited.iter().position(is_own) {
            let (_, before) = stop.awaited.swap_remove(position);
            let delay = OWN.with(|own| own.sum()).saturating_sub(before);
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
            if let Some(Some(delays)) = inner.workers.get(worker as usize) {
                let delay = delays.sum().saturating_sub(before);
                last = last.max(Arrival::new(now, delay));
            }
        }
        last.times(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_number_is_read() {
        assert_eq!(parse(b"105 2007 31\n"), Duration::from_nanos(2007));
        assert_eq!(parse(b""), Duration::ZERO);
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
