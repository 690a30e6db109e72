//! The protocol of concurrent marking, as a state machine of which every interleaving is explored.
//!
//! The model begins at the first stop of a cycle, with some heap of three objects of one field, and three goroutines: two
//! that run, and one that is parked, into whose register others may put a value, and which they may wake. A store is two
//! steps, the barrier's and its own, so that stores to one field race. What the barrier logs is in some Processor's buffer until
//! that is handed over, at any time; then the collector shades it. The collector scans goroutines and objects, and when
//! nothing is grey and no goroutine stale it stops the world: no store is half done then, and all buffers are handed over. If
//! they held nothing white, marking is over, and everything that a register or a reachable field names must be marked; else
//! the world goes on.
//!
//! Each rule of the protocol can be left out, to see that the exploration finds the mistake.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

const OBJECTS: usize = 3;
const NIL: u8 = 3;
/// Registers of each goroutine.
const REGISTERS: [usize; 3] = [2, 1, 1];
const PARKED: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Colour {
    Free,
    White,
    Grey,
    Black,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct State {
    colours: [Colour; OBJECTS],
    fields: [u8; OBJECTS],
    registers: [[u8; 2]; 3],
    is_stale: [bool; 3],
    is_awake: bool,
    /// A store whose barrier is done: object and new value.
    half_done: [Option<(u8, u8)>; 3],
    /// Objects that the barrier logged, in anybody's buffer: whose makes no difference.
    buffered: [bool; OBJECTS],
}

/// What is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Without {
    Nothing,
    /// Stores log nothing.
    DeletionBarrier,
    /// Stores log what they write, instead of what they erase.
    DeletionButInsertionBarrier,
    /// What is allocated while marking is white.
    BlackAllocation,
    /// A goroutine may run before it was scanned.
    ScanBeforeRun,
    /// What is handed over is not looked at.
    Log,
    /// The last stop does not have the buffers handed over.
    LastHandOver,
    /// The last stop ends marking whatever the buffers held.
    LastLook,
}

/// States, packed, that were seen.
type Seen = HashSet<u64, BuildHasherDefault<PackedHasher>>;

/// Hashes one number.
#[derive(Default)]
struct PackedHasher(u64);

impl Hasher for PackedHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("packed states are numbers");
    }

    fn write_u64(&mut self, packed: u64) {
        let mixed = packed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

impl State {
    /// The state as one number: different states differ in it.
    fn packed(&self) -> u64 {
        let mut packed = 0;
        let mut put = |value: u8, bits: u32| packed = packed << bits | u64::from(value);
        for object in 0..OBJECTS {
            put(self.colours[object] as u8, 2);
            put(self.fields[object], 2);
            put(u8::from(self.buffered[object]), 1);
        }
        for goroutine in 0..3 {
            put(self.registers[goroutine][0], 2);
            put(self.registers[goroutine][1], 2);
            put(u8::from(self.is_stale[goroutine]), 1);
            let half_done = self.half_done[goroutine];
            let (object, new) = half_done.unwrap_or_default();
            put(u8::from(half_done.is_some()), 1);
            put(object, 2);
            put(new, 2);
        }
        put(u8::from(self.is_awake), 1);
        packed
    }

    fn shade(&mut self, object: u8) {
        if object != NIL && self.colours[object as usize] == Colour::White {
            self.colours[object as usize] = Colour::Grey;
            // In a buffer it makes no difference any more.
            self.buffered[object as usize] = false;
        }
    }

    /// What is in a buffer gets to the collector.
    fn hand_over(&mut self, object: u8, without: Without) {
        if std::mem::take(&mut self.buffered[object as usize]) && without != Without::Log {
            self.shade(object);
        }
    }

    fn scan(&mut self, goroutine: usize) {
        self.is_stale[goroutine] = false;
        for register in self.registers[goroutine] {
            self.shade(register);
        }
    }

    /// Calls `visit` with every state one step away.
    fn successors(&self, without: Without, mut visit: impl FnMut(State)) {
        for goroutine in 0..3 {
            if self.is_stale[goroutine] {
                // By the collector, or by whoever runs it next.
                let mut next = *self;
                next.scan(goroutine);
                visit(next);
                if without != Without::ScanBeforeRun {
                    continue;
                }
            }
            if goroutine == PARKED && !self.is_awake {
                continue;
            }
            self.run(goroutine, without, &mut visit);
        }
        for object in 0..OBJECTS as u8 {
            let mut next = *self;
            if self.colours[object as usize] == Colour::Grey {
                next.shade(self.fields[object as usize]);
                next.colours[object as usize] = Colour::Black;
                visit(next);
            }
            if self.buffered[object as usize] {
                let mut next = *self;
                next.hand_over(object, without);
                visit(next);
            }
        }
    }

    fn run(&self, goroutine: usize, without: Without, visit: &mut impl FnMut(State)) {
        if let Some((object, new)) = self.half_done[goroutine] {
            let mut next = *self;
            next.half_done[goroutine] = None;
            next.fields[object as usize] = new;
            visit(next);
            return;
        }
        let registers = REGISTERS[goroutine];
        for from in 0..registers {
            let held = self.registers[goroutine][from];
            if !self.is_awake {
                let mut next = *self;
                next.registers[PARKED][0] = held;
                visit(next);
                next.is_awake = true;
                visit(next);
            }
            if held == NIL {
                continue;
            }
            for to in 0..registers {
                let mut next = *self;
                next.registers[goroutine][to] = self.fields[held as usize];
                visit(next);
            }
            for new in self.registers[goroutine][..registers]
                .iter()
                .copied()
                .chain([NIL])
            {
                let mut next = *self;
                let logged = match without {
                    Without::DeletionBarrier => NIL,
                    Without::DeletionButInsertionBarrier => new,
                    _ => self.fields[held as usize],
                };
                // What is marked already need not be logged: looking at it would change nothing.
                if logged != NIL && next.colours[logged as usize] == Colour::White {
                    next.buffered[logged as usize] = true;
                }
                next.half_done[goroutine] = Some((held, new));
                visit(next);
            }
        }
        for to in 0..registers {
            let mut next = *self;
            next.registers[goroutine][to] = NIL;
            visit(next);
            if let Some(free) = self
                .colours
                .iter()
                .position(|&colour| colour == Colour::Free)
            {
                next.registers[goroutine][to] = free as u8;
                next.colours[free] = match without {
                    Without::BlackAllocation => Colour::White,
                    _ => Colour::Black,
                };
                visit(next);
            }
        }
    }

    /// The last stop: what it leaves behind, and whether that ends marking. `None` when it is not tried, or must wait for stores.
    fn stop(&self, without: Without) -> Option<(State, bool)> {
        if self.half_done != [None; 3]
            || self.is_stale != [false; 3]
            || self.colours.contains(&Colour::Grey)
        {
            return None;
        }
        let mut after = *self;
        if without != Without::LastHandOver {
            (0..OBJECTS as u8).for_each(|object| after.hand_over(object, without));
        }
        let is_over = without == Without::LastLook || !after.colours.contains(&Colour::Grey);
        Some((after, is_over))
    }

    fn loses_something(&self) -> bool {
        let mut grey: Vec<u8> = self.registers.iter().flatten().copied().collect();
        let mut is_reached = [false; OBJECTS];
        while let Some(object) = grey.pop() {
            if object != NIL && !std::mem::replace(&mut is_reached[object as usize], true) {
                grey.push(self.fields[object as usize]);
            }
        }
        (0..OBJECTS).any(|object| is_reached[object] && self.colours[object] != Colour::Black)
    }
}

fn start(fields: [u8; OBJECTS], registers: [[u8; 2]; 3], is_last_free: bool) -> State {
    let last = if is_last_free {
        Colour::Free
    } else {
        Colour::White
    };
    State {
        colours: [Colour::White, Colour::White, last],
        fields,
        registers,
        is_stale: [true; 3],
        is_awake: false,
        half_done: [None; 3],
        buffered: [false; OBJECTS],
    }
}

/// Explores everything; whether anything reachable is ever lost, and the number of states.
fn explore(start: State, without: Without) -> (bool, usize) {
    let mut seen = Seen::from_iter([start.packed()]);
    let mut rest = vec![start];
    while let Some(state) = rest.pop() {
        // With nothing white, and nothing new that may be, nothing can be lost any more.
        let is_new_white =
            without == Without::BlackAllocation && state.colours.contains(&Colour::Free);
        if !is_new_white && !state.colours.contains(&Colour::White) {
            continue;
        }
        let mut go_on_with = |next: State| {
            if seen.insert(next.packed()) {
                rest.push(next);
            }
        };
        match state.stop(without) {
            Some((after, true)) if after.loses_something() => return (true, seen.len()),
            // What is white now nobody can reach any more.
            Some((_, true)) => continue,
            Some((after, false)) => go_on_with(after),
            None => {}
        }
        state.successors(without, go_on_with);
    }
    (false, seen.len())
}

fn starts() -> [State; 4] {
    [
        // A list, held by its head.
        start([1, 2, NIL], [[0, NIL], [NIL, NIL], [NIL, NIL]], false),
        // Two hold what leads to another; room to allocate.
        start([1, NIL, NIL], [[0, NIL], [0, NIL], [NIL, NIL]], true),
        // Only the parked one holds the head of a cycle.
        start([1, 0, NIL], [[NIL, NIL], [2, NIL], [0, NIL]], false),
        // Two that lead to one.
        start([2, 2, NIL], [[0, NIL], [1, NIL], [NIL, NIL]], false),
    ]
}

#[test]
fn nothing_reachable_is_lost_in_any_interleaving() {
    let mut total = 0;
    for start in starts() {
        let (is_lost, states) = explore(start, Without::Nothing);
        assert!(!is_lost, "from {start:?}");
        total += states;
    }
    assert!(total > 100_000, "{total} states are not the whole model");
}

#[test]
fn each_rule_is_needed() {
    for without in [
        Without::DeletionBarrier,
        Without::DeletionButInsertionBarrier,
        Without::BlackAllocation,
        Without::ScanBeforeRun,
        Without::Log,
        Without::LastHandOver,
        Without::LastLook,
    ] {
        let is_lost = starts().into_iter().any(|start| explore(start, without).0);
        assert!(is_lost, "{without:?} makes no difference");
    }
}
