//! Maps against a model, and the rules of iteration, with hand-made types and memory that is never collected.

use std::collections::{HashMap, HashSet};

use gc::layout::TypeDescriptor;

use super::layout::room_descriptor;
use super::*;
use crate::abi::{Kind, RuntimeType};
use crate::random::Random;
use crate::test_types::{any, int, map_of, scalar, string, structure, words};

/// Memory for one test.
struct TestMemory {
    objects: Vec<Box<[u64]>>,
    random: Random,
    allocated_words: usize,
}

impl TestMemory {
    fn new(seed: u64) -> Self {
        Self {
            objects: Vec::new(),
            random: Random::from_seed(seed),
            allocated_words: 0,
        }
    }
}

impl MapMemory for TestMemory {
    fn allocate_array(&mut self, element: &TypeDescriptor, count: usize) -> Option<*mut u8> {
        let size_words = element.size_bytes() * count / 8;
        self.allocated_words += size_words;
        self.objects.push(vec![0; size_words].into_boxed_slice());
        self.objects
            .last_mut()
            .map(|object| object.as_mut_ptr().cast())
    }

    fn random(&mut self) -> u64 {
        self.random.word()
    }

    fn before_store(&mut self, _address: *const u8, _size_bytes: usize) {}
    fn before_clear(&mut self, _address: *const u8, _size_bytes: usize) {}
}

/// A map of one test.
struct TestMap {
    memory: TestMemory,
    header: &'static mut MapHeader,
    layout: Box<MapLayout>,
}

impl TestMap {
    fn new(ty: &RuntimeType, hint: u64, seed: u64) -> Self {
        let mut memory = TestMemory::new(seed);
        // SAFETY: the tests keep the types alive.
        let layout = Box::new(unsafe { MapLayout::new(ty) });
        // SAFETY: a map type has a key and an element type.
        let room = unsafe { room_descriptor(&(*ty.key).descriptor, &(*ty.element).descriptor) };
        let room = Box::leak(vec![0_u64; room.size_bytes() / 8].into_boxed_slice());
        let header: *mut MapHeader = room.as_mut_ptr().cast();
        // What begins small may begin in room of its maker's.
        // SAFETY: there is room for a header and a group, zeroed and for ever; the layout lives as long.
        let header = unsafe {
            if hint == 0 && seed % 2 == 1 {
                MapHeader::make_in(header.cast(), &raw const *layout, &mut memory);
            } else {
                MapHeader::initialize(header, &raw const *layout, hint, &mut memory)
                    .expect("memory");
            }
            &mut *header
        };
        Self {
            memory,
            header,
            layout,
        }
    }

    fn assign<K, V>(&mut self, key: &K, value: V) {
        // SAFETY: the tests use the key and element types of the map.
        unsafe {
            let element = self
                .header
                .assign((&raw const *key).cast(), &mut self.memory)
                .expect("a hashable key");
            element.cast::<V>().write(value);
        }
    }

    fn find<K, V: Copy>(&self, key: &K) -> Option<V> {
        // SAFETY: as above.
        unsafe {
            self.header
                .find((&raw const *key).cast())
                .expect("a hashable key")
                .map(|at| at.cast::<V>().read())
        }
    }

    fn delete<K>(&mut self, key: &K) {
        // SAFETY: as above.
        unsafe {
            self.header
                .delete((&raw const *key).cast(), &mut self.memory)
        }
        .expect("a hashable key");
    }

    fn iterate(&mut self) -> MapIterator {
        let mut iterator = MapIterator::default();
        let start = self.memory.random();
        // SAFETY: the tests keep the map while they iterate.
        unsafe { iterator.start(&raw mut *self.header, start) };
        iterator
    }

    fn entries<K: Copy, V: Copy>(&mut self) -> Vec<(K, V)> {
        let mut iterator = self.iterate();
        std::iter::from_fn(|| iterator.next_entry())
            .map(read_entry)
            .collect()
    }
}

fn read_entry<K: Copy, V: Copy>((key, element): (*mut u8, *mut u8)) -> (K, V) {
    // SAFETY: as above; an iteration gives the addresses of an entry.
    unsafe { (key.cast::<K>().read(), element.cast::<V>().read()) }
}

/// Random operations on a map and on a model of it; `key` makes one of a few keys.
fn compare_with_model<K: Copy>(ty: &RuntimeType, seed: u64, hint: u64, key: impl Fn(u64) -> K) {
    let mut map = TestMap::new(ty, hint, seed);
    let mut model: HashMap<u64, u64> = HashMap::new();
    let mut random = Random::from_seed(!seed);
    for step in 0..20_000 {
        // The number of entries rises and falls.
        let number = random.below(if step / 4000 % 2 == 0 { 3000 } else { 300 });
        match random.below(if step / 2000 % 2 == 0 { 10 } else { 20 }) {
            0..6 => {
                map.assign(&key(number), step);
                model.insert(number, step);
            }
            6..8 => assert_eq!(
                map.find::<K, u64>(&key(number)),
                model.get(&number).copied()
            ),
            _ => {
                map.delete(&key(number));
                model.remove(&number);
            }
        }
        assert_eq!(map.header.len(), model.len() as u64);
        if step % 1000 == 999 {
            let mut values: Vec<u64> = map
                .entries::<K, u64>()
                .into_iter()
                .map(|(_, value)| value)
                .collect();
            values.sort_unstable();
            let mut expected: Vec<u64> = model.values().copied().collect();
            expected.sort_unstable();
            assert_eq!(values, expected);
        }
    }
    map.header.clear(&mut map.memory);
    assert!(map.header.is_empty() && map.entries::<K, u64>().is_empty());
    map.assign(&key(1), 1_u64);
    assert_eq!(map.find::<K, u64>(&key(1)), Some(1));
}

#[test]
fn maps_of_every_kind_of_key_agree_with_a_model() {
    let (int_type, string_type, any_type) = (int(), string(), any());
    let narrow = scalar("int32", Kind::Int32, 4);
    let byte_like = scalar("int16", Kind::Int16, 2);
    let float = scalar("float64", Kind::Float64, 8);
    let pair = structure("main.P", &[&int_type, &string_type]);
    let texts: Vec<String> = (0..3000).map(|number| format!("key {number}")).collect();
    let text = |number: u64| {
        [
            texts[number as usize].as_ptr() as u64,
            texts[number as usize].len() as u64,
        ]
    };
    for seed in 0..2 {
        compare_with_model(&map_of(&int_type, &int_type), seed, 0, |number| number);
        compare_with_model(&map_of(&int_type, &int_type), seed, 1000, |number| {
            number << 40
        });
        compare_with_model(&map_of(&narrow, &int_type), seed, 9, |number| number as u32);
        compare_with_model(&map_of(&byte_like, &int_type), seed, 8, |number| {
            number as u16
        });
        compare_with_model(&map_of(&float, &int_type), seed, 7, |number| number as f64);
        compare_with_model(&map_of(&string_type, &int_type), seed, 0, text);
        compare_with_model(&map_of(&pair, &int_type), seed, 0, |number| {
            let [start, length] = text(number);
            [number % 7, start, length]
        });
        let boxes: Vec<u64> = (0..3000).collect();
        compare_with_model(&map_of(&any_type, &int_type), seed, 0, |number| {
            [
                &raw const int_type as u64,
                &raw const boxes[number as usize] as u64,
            ]
        });
    }
}

#[test]
fn an_iteration_gives_each_entry_once_while_the_map_grows_and_shrinks() {
    let int_type = int();
    let ty = map_of(&int_type, &int_type);
    for seed in 0..50 {
        let mut random = Random::from_seed(seed);
        let mut map = TestMap::new(&ty, 0, seed);
        let first = 1 + random.below(200);
        (0..first).for_each(|key| map.assign(&key, key));
        let mut deleted = HashSet::new();
        let mut seen = HashSet::new();
        let mut iterator = map.iterate();
        while let Some(entry) = iterator.next_entry() {
            let (key, value) = read_entry::<u64, u64>(entry);
            assert!(seen.insert(key), "seed {seed}: {key} came twice");
            assert!(
                !deleted.contains(&key),
                "seed {seed}: {key} was deleted before"
            );
            assert!(
                value == key || value == key + 1_000_000,
                "the value is the current one"
            );
            let victim = random.below(first);
            map.delete(&victim);
            deleted.insert(victim);
            // Keys that were never there, so that none comes back.
            for _ in 0..random.below(6) {
                let key = 1000 + random.below(100_000);
                if !seen.contains(&key) && !deleted.contains(&key) {
                    map.assign(&key, key);
                }
            }
            let changed = random.below(first);
            if map.find::<u64, u64>(&changed).is_some() {
                map.assign(&changed, changed + 1_000_000);
            }
            if seen.len() > 2000 {
                break;
            }
        }
        let missed = (0..first)
            .filter(|key| !seen.contains(key) && !deleted.contains(key))
            .count();
        assert!(
            missed == 0 || seen.len() > 2000,
            "seed {seed}: {missed} entries were not seen"
        );
    }
}

#[test]
fn iterations_start_anywhere() {
    let int_type = int();
    let mut map = TestMap::new(&map_of(&int_type, &int_type), 0, 3);
    (0..8_u64).for_each(|key| map.assign(&key, key));
    let firsts: HashSet<u64> = (0..200).map(|_| map.entries::<u64, u64>()[0].0).collect();
    assert_eq!(firsts.len(), 8);
}

#[test]
fn a_map_cleared_during_an_iteration_gives_no_more() {
    let int_type = int();
    let mut map = TestMap::new(&map_of(&int_type, &int_type), 0, 4);
    (0..100_u64).for_each(|key| map.assign(&key, key));
    let mut iterator = map.iterate();
    assert!(iterator.next_entry().is_some());
    (100..1000_u64).for_each(|key| map.assign(&key, key));
    map.header.clear(&mut map.memory);
    assert!(iterator.next_entry().is_none());
}

#[test]
fn nans_are_never_found_but_all_iterated() {
    let (float, int_type) = (scalar("float64", Kind::Float64, 8), int());
    let mut map = TestMap::new(&map_of(&float, &int_type), 0, 5);
    let mut iterator = map.iterate();
    assert!(iterator.next_entry().is_none());
    (0..7_u64).for_each(|value| map.assign(&f64::NAN, value));
    let mut iterator = map.iterate();
    let first = read_entry::<f64, u64>(iterator.next_entry().expect("seven entries")).1;
    (7..1000_u64).for_each(|value| map.assign(&f64::NAN, value));
    assert_eq!(map.header.len(), 1000);
    assert_eq!(map.find::<f64, u64>(&f64::NAN), None);
    map.delete(&f64::NAN);
    let values: HashSet<u64> = map
        .entries::<f64, u64>()
        .into_iter()
        .map(|(_, value)| value)
        .collect();
    assert_eq!(values.len(), 1000);
    // The one that began before the map grew still sees what was there.
    let mut early: HashSet<u64> = std::iter::from_fn(|| iterator.next_entry())
        .map(|entry| read_entry::<f64, u64>(entry).1)
        .collect();
    early.insert(first);
    assert!((0..7).all(|value| early.contains(&value)));
    map.header.clear(&mut map.memory);
    assert!(map.entries::<f64, u64>().is_empty());
}

#[test]
fn zeros_of_both_signs_are_one_key_and_the_last_one_stays() {
    let (float, int_type) = (scalar("float64", Kind::Float64, 8), int());
    let mut map = TestMap::new(&map_of(&float, &int_type), 0, 6);
    map.assign(&0.0_f64, 1_u64);
    map.assign(&-0.0_f64, 2_u64);
    let entries = map.entries::<f64, u64>();
    assert_eq!((entries.len(), entries[0].1), (1, 2));
    assert!(entries[0].0.is_sign_negative());
}

#[test]
fn a_key_without_a_hash_is_a_fault_even_in_an_empty_map() {
    let (any_type, int_type) = (any(), int());
    let slice = words("[]int", Kind::Slice, 3, &[0]);
    let mut map = TestMap::new(&map_of(&any_type, &int_type), 0, 7);
    let empty = [0_u64; 3];
    let key = [&raw const slice as u64, empty.as_ptr() as u64];
    let fault = Fault::Unhashable(&raw const slice);
    // SAFETY: an interface value.
    unsafe {
        let key: *const u8 = (&raw const key).cast();
        assert_eq!(map.header.find(key), Err(fault));
        assert_eq!(
            map.header.assign(key, &mut map.memory),
            Err(MapError::Fault(fault))
        );
        assert_eq!(map.header.delete(key, &mut map.memory), Err(fault));
        assert_eq!(map.layout.check_key(key), Err(fault));
    }
    assert_eq!(fault.message(), "hash of unhashable type []int");
}

#[test]
fn coming_and_going_entries_do_not_make_the_table_grow() {
    let int_type = int();
    let mut map = TestMap::new(&map_of(&int_type, &int_type), 0, 8);
    for key in 0..100_000_u64 {
        map.assign(&key, key);
        if key >= 10 {
            map.delete(&(key - 10));
        }
    }
    assert!(
        map.header.group_mask < 8,
        "{} groups",
        map.header.group_mask + 1
    );
}

#[test]
fn a_hint_makes_room_at_once() {
    let int_type = int();
    for hint in [8, 9, 14, 15, 100, 1000, 4096] {
        let mut map = TestMap::new(&map_of(&int_type, &int_type), hint, 9);
        let before = map.memory.allocated_words;
        (0..hint).for_each(|key| map.assign(&key, key));
        assert_eq!(map.memory.allocated_words, before, "hint {hint}");
    }
    let map = TestMap::new(&map_of(&int_type, &int_type), u64::MAX, 9);
    assert_eq!(map.memory.allocated_words, 0);
}

#[test]
fn empty_keys_and_elements_stay_inside_the_table() {
    let (nothing, int_type) = (structure("struct {}", &[]), int());
    let mut map = TestMap::new(&map_of(&nothing, &int_type), 0, 10);
    map.assign(&(), 1_u64);
    map.assign(&(), 2_u64);
    assert_eq!((map.header.len(), map.find::<(), u64>(&())), (1, Some(2)));
    for ty in [map_of(&int_type, &nothing), map_of(&nothing, &nothing)] {
        let mut set = TestMap::new(&ty, 0, 12);
        (0..1000_u64).for_each(|key| set.assign(&key, ()));
        let mut iterator = set.iterate();
        let object = set.memory.objects.last().expect("a table").as_ptr_range();
        let mut count = 0;
        while let Some((key, element)) = iterator.next_entry() {
            assert!(
                object.contains(&key.cast_const().cast())
                    && object.contains(&element.cast_const().cast())
            );
            count += 1;
        }
        assert_eq!(count, set.header.len());
    }
}

#[test]
fn the_collector_finds_the_pointers_of_every_slot() {
    let (string_type, pointer) = (string(), words("*int", Kind::Pointer, 1, &[0]));
    let map = TestMap::new(&map_of(&string_type, &pointer), 0, 12);
    let pointers: Vec<usize> = map.layout.shape.descriptor.pointer_words().collect();
    let expected: Vec<usize> = (0..8)
        .flat_map(|slot| [1 + slot * 3, 1 + slot * 3 + 2])
        .collect();
    assert_eq!(pointers, expected);
}
