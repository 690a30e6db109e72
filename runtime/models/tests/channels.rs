//! Channels and `select` of the runtime, as several goroutines use them: under many schedules nobody waits for ever, and the
//! histories are those of first-in-first-out queues.

use minigo_runtime_models::history::{Effect, History};
use minigo_runtime_models::program::{Case, Panicked, Thread, Words};
use shuttle::rand::Rng as _;
use shuttle::thread;

/// Schedules tried for each model; the tests of a change need not take longer.
const SCHEDULES: usize = 1500;

fn below(bound: u64) -> u64 {
    shuttle::rand::thread_rng().gen_range(0..bound)
}

/// A channel with its history.
#[derive(Debug, Clone)]
struct Watched {
    words: Words,
    history: History,
    capacity: usize,
}

impl Watched {
    fn new(capacity: usize) -> Self {
        Self {
            words: Words::new(capacity),
            history: History::default(),
            capacity,
        }
    }

    fn check(&self) {
        assert_eq!(self.history.mistake(self.capacity), None);
    }
}

/// Sends `count` words, some by way of a `select`.
fn sender(channel: Watched, number: u64, count: u64) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut g = Thread::new(below(1 << 32));
        for word in 0..count {
            let word = number * 100 + word;
            channel.history.record(|| {
                if below(2) == 0 {
                    g.send(channel.words, word).expect("it is open");
                } else {
                    let cases = [Case::Receive(None), Case::Send(Some(channel.words), word)];
                    let selected = g.select(&cases, false).expect("it is open");
                    assert_eq!(selected.0, Some(1));
                }
                Effect::Sent(word)
            });
        }
    })
}

/// Receives until the channel is closed.
fn receiver(channel: Watched) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut g = Thread::new(below(1 << 32));
        let mut is_open = true;
        while is_open {
            let began = channel.history.now();
            let received = if below(2) == 0 {
                g.receive(channel.words)
            } else {
                let cases = [Case::Receive(Some(channel.words)), Case::Send(None, 0)];
                let has_default = below(2) == 0;
                let (case, word) = g.select(&cases, has_default).expect("nothing is sent");
                if case.is_none() {
                    // Nothing was there; others are to run.
                    thread::yield_now();
                    continue;
                }
                word
            };
            is_open = received.is_some();
            channel.history.end(
                began,
                received.map_or(Effect::FoundClosed, Effect::Received),
            );
        }
    })
}

/// Runs senders and receivers, closes the channel once all is sent, and checks the history.
fn exchange(capacity: usize, senders: u64, receivers: u64, words: u64) {
    let channel = Watched::new(capacity);
    let sending: Vec<_> = (0..senders)
        .map(|number| sender(channel.clone(), number, words))
        .collect();
    let receiving: Vec<_> = (0..receivers).map(|_| receiver(channel.clone())).collect();
    for thread in sending {
        thread.join().expect("a sender ends");
    }
    channel.history.record(|| {
        let closed = Thread::new(0).close(channel.words);
        closed.expect("it is closed once");
        Effect::Closed
    });
    for thread in receiving {
        thread.join().expect("a receiver ends");
    }
    channel.check();
}

#[test]
fn histories_of_random_programs_are_those_of_a_queue() {
    shuttle::check_random(
        || {
            let (senders, receivers) = (1 + below(3), 1 + below(3));
            exchange(below(3) as usize, senders, receivers, 1 + below(4));
        },
        SCHEDULES,
    );
}

#[test]
fn priorities_that_change_rarely_find_nothing_either() {
    shuttle::check_pct(|| exchange(1, 2, 2, 2), SCHEDULES, 3);
}

#[test]
fn a_select_has_one_winner() {
    shuttle::check_random(
        || {
            let (left, right) = (Words::new(0), Words::new(below(2) as usize));
            // Both ends of each channel are in a select of each side: an exchange needs two winners at once.
            let sides = [(left, right), (right, left)].map(|(to, from)| {
                thread::spawn(move || {
                    let mut g = Thread::new(below(1 << 32));
                    let (mut sent, mut received) = (0, 0);
                    while sent < 2 || received < 2 {
                        let cases = [
                            Case::Send((sent < 2).then_some(to), 7),
                            Case::Receive((received < 2).then_some(from)),
                        ];
                        match g.select(&cases, false).expect("nothing is closed") {
                            (Some(0), _) => sent += 1,
                            (Some(1), Some(7)) => received += 1,
                            other => panic!("{other:?}"),
                        }
                    }
                })
            });
            for side in sides {
                side.join().expect("a side ends");
            }
        },
        SCHEDULES,
    );
}

#[test]
fn several_channels_are_locked_without_deadlock() {
    shuttle::check_random(
        || {
            let channels = [Watched::new(0), Watched::new(0), Watched::new(1)];
            let sending: Vec<_> = (0..3)
                .map(|number| sender(channels[number as usize].clone(), number, 2))
                .collect();
            let receiving: Vec<_> = (0..2)
                .map(|_| {
                    let channels = channels.clone();
                    thread::spawn(move || {
                        let mut g = Thread::new(below(1 << 32));
                        let mut open = [true; 3];
                        while open.contains(&true) {
                            let began = channels.each_ref().map(|channel| channel.history.now());
                            let order = if below(2) == 0 { [0, 1, 2] } else { [2, 1, 0] };
                            let cases = order.map(|index: usize| {
                                Case::Receive(open[index].then_some(channels[index].words))
                            });
                            let (case, word) = g.select(&cases, false).expect("nothing is sent");
                            let index = order[case.expect("there is no default")];
                            open[index] = word.is_some();
                            let effect = word.map_or(Effect::FoundClosed, Effect::Received);
                            channels[index].history.end(began[index], effect);
                        }
                    })
                })
                .collect();
            for thread in sending {
                thread.join().expect("a sender ends");
            }
            for channel in &channels {
                channel.history.record(|| {
                    let closed = Thread::new(0).close(channel.words);
                    closed.expect("it is closed once");
                    Effect::Closed
                });
            }
            for thread in receiving {
                thread.join().expect("a receiver ends");
            }
            channels.iter().for_each(Watched::check);
        },
        SCHEDULES,
    );
}

#[test]
fn closing_wakes_all_and_only_senders_panic() {
    shuttle::check_random(
        || {
            let channel = Words::new(0);
            let waiting: Vec<_> = (0..3)
                .map(|number| {
                    thread::spawn(move || {
                        let mut g = Thread::new(number);
                        let error = Err(Panicked("send on closed channel"));
                        match number {
                            0 => assert_eq!(g.send(channel, 1), error),
                            1 => {
                                let cases = [Case::Send(Some(channel), 2), Case::Receive(None)];
                                let selected = g.select(&cases, false).map(|_| ());
                                assert_eq!(selected, error);
                            }
                            _ => assert_eq!(g.select(&[], true), Ok((None, None))),
                        }
                    })
                })
                .collect();
            Thread::new(9).close(channel).expect("it is closed once");
            for thread in waiting {
                thread.join().expect("it is woken");
            }
            let again = Thread::new(9).close(channel);
            assert_eq!(again, Err(Panicked("close of closed channel")));
            assert_eq!(Thread::new(9).receive(channel), None);
        },
        SCHEDULES,
    );
}

#[test]
fn who_found_a_channel_closed_receives_from_no_sender_that_still_waits() {
    shuttle::check_random(
        || {
            let channel = Words::new(below(2) as usize);
            let waiting: Vec<_> = (0..4)
                .map(|number| {
                    thread::spawn(move || {
                        let mut g = Thread::new(number);
                        if g.send(channel, number).is_err() {
                            // What is buffered was sent before; more than that can be no more.
                            g.receive(channel);
                            assert_eq!(g.receive(channel), None);
                        }
                    })
                })
                .collect();
            Thread::new(9).close(channel).expect("it is closed once");
            for thread in waiting {
                thread.join().expect("it is woken");
            }
        },
        SCHEDULES,
    );
}

/// The checker finds what it is there for.
#[test]
fn wrong_histories_are_told_from_right_ones() {
    let of = |operations: &[(u64, u64, Effect)]| {
        let history = History::default();
        let mut events: Vec<(u64, u64, Option<Effect>)> = Vec::new();
        for &(began, ended, effect) in operations {
            events.push((began, began, None));
            events.push((ended, began, Some(effect)));
        }
        events.sort_by_key(|event| event.0);
        let mut times = std::collections::HashMap::new();
        for (_, began, effect) in events {
            match effect {
                None => {
                    times.insert(began, history.now());
                }
                Some(effect) => history.end(times[&began], effect),
            }
        }
        history.mistake(1)
    };
    use Effect::{Closed, FoundClosed, Received, Sent};
    assert_eq!(of(&[(1, 2, Sent(1)), (3, 4, Received(1))]), None);
    assert_eq!(of(&[(1, 9, Sent(1)), (2, 8, Received(1))]), None);
    let wrong: [&[(u64, u64, Effect)]; 6] = [
        &[(1, 2, Received(1))],
        &[(1, 2, Sent(1))],
        &[(1, 2, Received(1)), (3, 4, Sent(1))],
        &[
            (1, 2, Sent(1)),
            (3, 6, Sent(2)),
            (5, 7, Received(2)),
            (8, 9, Received(1)),
        ],
        &[
            (1, 2, Sent(1)),
            (3, 4, Sent(2)),
            (5, 6, Received(1)),
            (7, 8, Received(2)),
        ],
        &[
            (1, 2, Sent(1)),
            (3, 4, Closed),
            (5, 6, FoundClosed),
            (7, 8, Received(1)),
        ],
    ];
    for operations in wrong {
        assert!(of(operations).is_some(), "{operations:?}");
    }
}
