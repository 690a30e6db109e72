//! The protocol of the two generations, as a state machine all of whose states are explored.
//!
//! A heap of three objects of one field, and a goroutine with two registers, which is scanned in stop A: what it takes to have
//! goroutines scanned later, and several, is explored in `protocol.rs`. Or a heap of two, and a second goroutine with a register,
//! which is parked, but for moments: it is given what the first holds, or runs and hands over what it holds. When it rests it is not
//! scanned. Cycles follow one another without end, each a young or a
//! full one. A store is two steps, the barrier's and its own; markers look at cards, at what was logged, and at grey objects in any
//! order, while the goroutine goes on. When nothing is left to look at, and no store is half done, the cycle ends: what a register
//! or a reachable field names must be marked, and what is not is freed.
//!
//! Each rule can be left out, to see that the exploration finds the mistake.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

const OBJECTS: usize = 3;
const NIL: u8 = 3;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a bit that the heap keeps too"
)]
struct Object {
    is_allocated: bool,
    /// Outside of marking: it is old.
    is_marked: bool,
    /// Marked, and not scanned.
    is_grey: bool,
    /// Allocated since stop A.
    is_black: bool,
    is_logged: bool,
    /// In the table that stores mark.
    has_card: bool,
    /// In the table that markers read.
    has_old_card: bool,
    field: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
enum Phase {
    Idle,
    Young,
    Full,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct State {
    objects: [Object; OBJECTS],
    registers: [u8; 2],
    /// Whether there is a second goroutine, and one object fewer.
    has_parked: bool,
    /// The register of that.
    parked: u8,
    /// Stops A since it ran or was given something; two stand for more.
    rest: u8,
    phase: Phase,
    /// A store whose barrier is done: object and new value.
    half_done: Option<(u8, u8)>,
    /// What is taken for fresh, with [`Without::SafepointsInFreshness`]: it was once.
    fresh: u8,
}

/// What is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Without {
    Nothing,
    /// Stores mark no cards.
    Cards,
    /// Markers wipe the cards that stores mark while they do.
    SecondTable,
    /// Stores to objects that are fresh mark no cards, whatever stops there were since.
    SafepointsInFreshness,
    /// A full cycle begins with the marks of the old.
    WipedMarks,
    /// Stores log nothing.
    DeletionBarrier,
    /// Who is given something rests on.
    GivingEndsRest,
    /// Who has not run since the last stop A rests: as if nothing were allocated while the cycle before marks.
    RestOfAWholeCycle,
    /// Who rests is not scanned in a full cycle.
    FullCyclesScanAll,
}

impl State {
    fn shade(&mut self, object: u8) {
        if let Some(object) = self.objects.get_mut(usize::from(object))
            && !object.is_marked
        {
            object.is_marked = true;
            object.is_grey = true;
        }
    }

    /// The barrier of a store.
    fn begin_store(&mut self, target: u8, new: u8, without: Without) {
        let erased = self.objects[usize::from(target)].field;
        if self.phase != Phase::Idle && without != Without::DeletionBarrier && erased != NIL {
            // If it is marked it makes no difference.
            let erased = &mut self.objects[usize::from(erased)];
            erased.is_logged = !erased.is_marked;
        }
        let object = &mut self.objects[usize::from(target)];
        object.has_card |= match without {
            Without::Cards => false,
            _ => target != self.fresh,
        };
        self.half_done = Some((target, new));
    }

    fn stop_a(&mut self, phase: Phase, without: Without) {
        self.phase = phase;
        for object in &mut self.objects {
            if without != Without::SecondTable {
                // A full cycle only wipes them.
                object.has_old_card = std::mem::take(&mut object.has_card) && phase == Phase::Young;
            }
            if phase == Phase::Full && without != Without::WipedMarks {
                object.is_marked = false;
            }
        }
        for register in self.registers {
            self.shade(register);
        }
        self.rest = (self.rest + 1).min(2);
        let enough = match without {
            Without::RestOfAWholeCycle => 1,
            _ => 2,
        };
        let may_skip = phase == Phase::Young || without == Without::FullCyclesScanAll;
        if !(may_skip && self.rest >= enough) {
            self.shade(self.parked);
        }
    }

    fn reachable(&self) -> [bool; OBJECTS] {
        let mut reached = [false; OBJECTS];
        for mut name in self.registers.into_iter().chain([self.parked]) {
            while name != NIL && !reached[usize::from(name)] {
                reached[usize::from(name)] = true;
                name = self.objects[usize::from(name)].field;
            }
        }
        reached
    }

    /// Ends the marking and sweeps. False when something reachable was not marked.
    fn stop_b(&mut self) -> bool {
        let reached = self.reachable();
        self.phase = Phase::Idle;
        for (object, is_reached) in self.objects.iter_mut().zip(reached) {
            if is_reached && !object.is_marked {
                return false;
            }
            if !object.is_marked {
                *object = Object {
                    field: NIL,
                    ..Object::default()
                };
            }
            object.is_marked &= !object.is_black;
            object.is_black = false;
        }
        true
    }

    fn free_object(&self) -> Option<usize> {
        let count = OBJECTS - usize::from(self.has_parked);
        let objects = &self.objects[..count];
        objects.iter().position(|object| !object.is_allocated)
    }

    fn is_drained(&self) -> bool {
        !self
            .objects
            .iter()
            .any(|object| object.is_grey || object.is_logged || object.has_old_card)
    }

    fn steps_of_goroutine(&self, without: Without, add: &mut impl FnMut(State)) {
        if let Some((target, new)) = self.half_done {
            let mut next = *self;
            next.half_done = None;
            next.objects[usize::from(target)].field = new;
            add(next);
            return;
        }
        for register in 0..2 {
            let mut next = *self;
            next.registers[register] = NIL;
            add(next);
            let (name, other) = (self.registers[register], self.registers[1 - register]);
            if self.has_parked {
                let mut next = *self;
                next.parked = name;
                if without != Without::GivingEndsRest {
                    next.rest = 0;
                }
                add(next);
                let mut next = *self;
                next.registers[register] = self.parked;
                next.rest = 0;
                add(next);
            }
            if name != NIL {
                let mut next = *self;
                next.registers[1 - register] = self.objects[usize::from(name)].field;
                add(next);
                for new in [other, NIL] {
                    let mut next = *self;
                    next.begin_store(name, new, without);
                    add(next);
                }
            }
            if let Some(free) = self.free_object() {
                let mut next = *self;
                let is_marking = self.phase != Phase::Idle;
                next.objects[free] = Object {
                    is_allocated: true,
                    is_marked: is_marking,
                    is_black: is_marking,
                    // Initialized at once, without a barrier.
                    field: other,
                    ..Object::default()
                };
                next.registers[register] = free as u8;
                if without == Without::SafepointsInFreshness && self.fresh == NIL {
                    next.fresh = free as u8;
                }
                add(next);
            }
        }
    }

    fn steps_of_collector(&self, without: Without, add: &mut impl FnMut(Option<State>)) {
        if self.phase == Phase::Idle {
            if self.half_done.is_none() {
                for phase in [Phase::Young, Phase::Full] {
                    let mut next = *self;
                    next.stop_a(phase, without);
                    add(Some(next));
                }
            }
            return;
        }
        for index in 0..OBJECTS {
            let object = self.objects[index];
            if object.is_grey {
                let mut next = *self;
                next.objects[index].is_grey = false;
                next.shade(object.field);
                add(Some(next));
            }
            if object.is_logged {
                let mut next = *self;
                next.objects[index].is_logged = false;
                next.shade(index as u8);
                add(Some(next));
            }
            let has_card =
                object.has_old_card || without == Without::SecondTable && object.has_card;
            if has_card {
                let mut next = *self;
                next.objects[index].has_old_card = false;
                if without == Without::SecondTable {
                    next.objects[index].has_card = false;
                }
                if self.phase == Phase::Young && object.is_marked && !object.is_black {
                    next.shade(object.field);
                }
                add(Some(next));
            }
        }
        if self.is_drained() && self.half_done.is_none() {
            let mut next = *self;
            add(next.stop_b().then_some(next));
        }
    }
}

/// Mixes the bytes of a state: quicker than what withstands attacks.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }
}

/// How many states there are; `None` when something reachable can be lost.
fn explore(without: Without, has_parked: bool) -> Option<usize> {
    let empty = Object {
        field: NIL,
        ..Object::default()
    };
    let start = State {
        objects: [empty; OBJECTS],
        registers: [NIL; 2],
        has_parked,
        parked: NIL,
        rest: 0,
        phase: Phase::Idle,
        half_done: None,
        fresh: NIL,
    };
    let mut seen = HashSet::<State, BuildHasherDefault<Mixer>>::default();
    seen.insert(start);
    let mut open = vec![start];
    let mut is_lost = false;
    while let Some(state) = open.pop() {
        let mut next = Vec::new();
        state.steps_of_goroutine(without, &mut |state| next.push(state));
        state.steps_of_collector(without, &mut |state| match state {
            Some(state) => next.push(state),
            None => is_lost = true,
        });
        if is_lost {
            return None;
        }
        for state in next {
            if seen.insert(state) {
                open.push(state);
            }
        }
    }
    Some(seen.len())
}

#[test]
fn nothing_reachable_is_lost_in_any_state() {
    for has_parked in [false, true] {
        let states = explore(Without::Nothing, has_parked).expect("nothing is lost");
        assert!(states > 10_000, "{states}");
    }
}

#[test]
fn each_rule_is_needed() {
    for without in [
        Without::Cards,
        Without::SecondTable,
        Without::SafepointsInFreshness,
        Without::WipedMarks,
        Without::DeletionBarrier,
    ] {
        assert_eq!(explore(without, false), None, "{without:?}");
    }
    for without in [
        Without::GivingEndsRest,
        Without::RestOfAWholeCycle,
        Without::FullCyclesScanAll,
    ] {
        assert_eq!(explore(without, true), None, "{without:?}");
    }
}
