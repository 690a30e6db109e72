//! The run queue and the places where threads sleep, under many schedules.

use std::sync::Mutex as PlainMutex;

use minigo_runtime_models::parker::Parker;
use minigo_runtime_models::run_queue::RunQueue;
use minigo_runtime_models::spin_lock::SpinLock;
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use shuttle::thread;

const SCHEDULES: usize = 1500;

/// Goroutines are only passed on: numbers from 1 will do.
fn number_of<T>(g: *mut T) -> usize {
    g.addr()
}

#[test]
fn a_run_queue_loses_and_doubles_nothing() {
    shuttle::check_random(
        || {
            let queue = Arc::new(RunQueue::default());
            let taken = Arc::new(PlainMutex::new(Vec::new()));
            let thieves: Vec<_> = (0..2)
                .map(|_| {
                    let (queue, taken) = (Arc::clone(&queue), Arc::clone(&taken));
                    thread::spawn(move || {
                        let own = RunQueue::default();
                        for _ in 0..2 {
                            let mut found: Vec<usize> =
                                queue.steal_into(&own).map(number_of).into_iter().collect();
                            found.extend(std::iter::from_fn(|| own.pop().map(number_of)));
                            assert!(found.is_sorted(), "stolen in order");
                            taken.lock().expect("no panic").extend(found);
                        }
                    })
                })
                .collect();
            let mut own = Vec::new();
            for number in 1..=8 {
                queue.push(std::ptr::without_provenance_mut(number), |_| {
                    panic!("there is room")
                });
                if number % 3 == 0 {
                    own.extend(queue.pop().map(number_of));
                }
            }
            own.extend(std::iter::from_fn(|| queue.pop().map(number_of)));
            assert!(own.is_sorted(), "the owner takes in order");
            for thief in thieves {
                thief.join().expect("a thief ends");
            }
            let mut all = taken.lock().expect("no panic").clone();
            all.extend(own);
            all.sort_unstable();
            assert_eq!(all, (1..=8).collect::<Vec<_>>());
        },
        SCHEDULES,
    );
}

#[test]
fn a_full_run_queue_overflows_beside_a_thief() {
    shuttle::check_random(
        || {
            let queue = Arc::new(RunQueue::default());
            for number in 1..=255 {
                queue.push(std::ptr::without_provenance_mut(number), |_| {
                    panic!("there is room")
                });
            }
            let thief = {
                let queue = Arc::clone(&queue);
                thread::spawn(move || {
                    let own = RunQueue::default();
                    let first = queue.steal_into(&own).map(number_of);
                    let rest = std::iter::from_fn(|| own.pop().map(number_of));
                    first.into_iter().chain(rest).collect::<Vec<_>>()
                })
            };
            let mut all = Vec::new();
            for number in 256..=258 {
                queue.push(std::ptr::without_provenance_mut(number), |batch| {
                    all.extend(batch.iter().copied().map(number_of));
                });
            }
            all.extend(thief.join().expect("the thief ends"));
            all.extend(std::iter::from_fn(|| queue.pop().map(number_of)));
            all.sort_unstable();
            assert_eq!(all, (1..=258).collect::<Vec<_>>());
        },
        40,
    );
}

/// One side submits work and looks for sleepers, the other announces its sleep and looks for work: as workers do, with a
/// parker for the sleeper.
#[test]
fn a_sleeper_is_woken_by_what_it_did_not_see() {
    shuttle::check_random(
        || {
            let (work, is_asleep) = (
                Arc::new(AtomicU64::new(0)),
                Arc::new(AtomicBool::new(false)),
            );
            let parker = Arc::new(Parker::default());
            let sleeper = {
                let (work, is_asleep, parker) = (
                    Arc::clone(&work),
                    Arc::clone(&is_asleep),
                    Arc::clone(&parker),
                );
                thread::spawn(move || {
                    let mut done = 0;
                    while done < 3 {
                        let found = work.swap(0, SeqCst);
                        done += found;
                        if found == 0 {
                            is_asleep.store(true, SeqCst);
                            if work.load(SeqCst) == 0 {
                                parker.wait(None);
                            }
                            is_asleep.store(false, SeqCst);
                        }
                    }
                })
            };
            for _ in 0..3 {
                work.fetch_add(1, SeqCst);
                if is_asleep.load(SeqCst) {
                    parker.wake();
                }
            }
            sleeper.join().expect("the sleeper ends");
        },
        SCHEDULES,
    );
}

#[test]
fn a_token_handed_to_a_parker_arrives() {
    shuttle::check_random(
        || {
            let (ping, pong) = (Arc::new(Parker::default()), Arc::new(Parker::default()));
            let other = {
                let (ping, pong) = (Arc::clone(&ping), Arc::clone(&pong));
                thread::spawn(move || {
                    for _ in 0..3 {
                        while !ping.wait(None) {}
                        pong.wake();
                    }
                })
            };
            for _ in 0..3 {
                ping.wake();
                while !pong.wait(None) {}
            }
            other.join().expect("the other ends");
        },
        SCHEDULES,
    );
}

#[test]
fn a_spin_lock_is_held_by_one() {
    shuttle::check_random(
        || {
            let (lock, held) = (Arc::new(SpinLock::default()), Arc::new(AtomicU64::new(0)));
            let threads: Vec<_> = (0..3)
                .map(|_| {
                    let (lock, held) = (Arc::clone(&lock), Arc::clone(&held));
                    thread::spawn(move || {
                        for _ in 0..2 {
                            lock.lock();
                            assert_eq!(held.fetch_add(1, SeqCst), 0);
                            held.fetch_sub(1, SeqCst);
                            lock.unlock();
                        }
                    })
                })
                .collect();
            for thread in threads {
                thread.join().expect("a thread ends");
            }
        },
        SCHEDULES,
    );
}
