//! Bitmaps, patterns and the table of layouts.

use proptest::prelude::*;

use super::*;

fn bitmap(words: &[usize]) -> PointerBitmap {
    PointerBitmap::from_pointer_words(words.iter().copied())
}

fn descriptor(size_words: usize, pointers: &[usize]) -> TypeDescriptor {
    TypeDescriptor::new(
        size_words * WORD_SIZE_BYTES,
        WORD_SIZE_BYTES,
        bitmap(pointers),
    )
}

fn visited(pattern: &Pattern, object_words: usize) -> Vec<usize> {
    let mut words = Vec::new();
    let next = pattern.visit_pointer_words(0, usize::MAX, object_words, |word| words.push(word));
    assert_eq!(next, object_words);
    words
}

#[test]
fn equal_patterns_share_a_layout_whatever_the_type() {
    let mut table = LayoutTable::new();
    let four_pointers = table.register_object(&descriptor(4, &[0, 1, 2, 3]));
    assert_eq!(table.register_array(&descriptor(1, &[0]), 4), four_pointers);
    assert_eq!(
        table.register_array(&descriptor(2, &[0, 1]), 2),
        four_pointers
    );
    assert_ne!(table.register_object(&descriptor(4, &[0])), four_pointers);
    assert_ne!(table.register_array(&descriptor(1, &[0]), 5), four_pointers);
}

#[test]
fn registered_layouts_are_dense_and_keep_their_order() {
    let mut table = LayoutTable::new();
    let first = table.register_object(&descriptor(3, &[0])).expect("room");
    let second = table.register_object(&descriptor(3, &[1])).expect("room");
    assert_eq!(
        (first.index(), second.index()),
        (2 * CLASS_COUNT, 2 * CLASS_COUNT + 1)
    );
    assert_eq!(table.get(first).slot_size_bytes(), 24);
    assert!(first.has_cell());
}

#[test]
fn what_has_no_pointers_has_the_layout_of_its_size() {
    let mut table = LayoutTable::new();
    for size_bytes in [1, 16, 17, 2048, 5000, 32768] {
        let class = SizeClass::for_size(size_bytes).expect("in the table");
        let layout = table.register_object(&TypeDescriptor::noscan(size_bytes, 1));
        assert_eq!(layout, Ok(LayoutId::noscan(class)));
    }
}

#[test]
fn layouts_beyond_the_cells_have_none_but_are_still_found() {
    let mut table = LayoutTable::new();
    let mut ids = Vec::new();
    for mask in 1..1024_u64 {
        let object = TypeDescriptor::new(88, 8, PointerBitmap::Inline(mask));
        ids.push((
            object.clone(),
            table.register_object(&object).expect("room"),
        ));
    }
    assert_eq!(table.cell_count(), MAX_LAYOUTS);
    assert!(ids.iter().filter(|(_, id)| id.has_cell()).count() == MAX_LAYOUTS - 2 * CLASS_COUNT);
    for (object, id) in ids {
        assert_eq!(table.register_object(&object), Ok(id));
        assert_eq!(table.get(id).pattern, Pattern::of_object(&object));
    }
}

#[test]
fn a_header_is_visited_once_and_elements_after_it() {
    let header = descriptor(3, &[1]);
    let element = descriptor(2, &[1]);
    assert_eq!(
        visited(&Pattern::of_header_and_array(&header, &element), 8),
        [1, 4, 6]
    );
    let bytes = TypeDescriptor::noscan(1, 1);
    assert_eq!(
        visited(&Pattern::of_header_and_array(&header, &bytes), 8),
        [1]
    );
    assert_eq!(
        Pattern::of_header_and_array(&bytes, &bytes),
        Pattern::Noscan
    );
}

#[test]
fn the_prefix_ends_with_the_last_pointer() {
    assert_eq!(descriptor(5, &[0, 2]).pointer_prefix_bytes(), 24);
    assert_eq!(TypeDescriptor::noscan(40, 8).pointer_prefix_bytes(), 0);
    let array = TypeDescriptor::array(&descriptor(3, &[0]), 10).expect("no overflow");
    assert_eq!(array.pointer_prefix_bytes(), 9 * 24 + 8);
}

#[test]
fn sizes_that_overflow_are_noticed() {
    assert_eq!(
        TypeDescriptor::array(&descriptor(2, &[0]), usize::MAX / 8),
        None
    );
    assert!(TypeDescriptor::array(&descriptor(2, &[0]), usize::MAX / 16).is_some());
}

#[test]
fn the_tail_behind_a_repeating_pattern_must_be_zeroed() {
    let mut table = LayoutTable::new();
    let array = table.register_array(&descriptor(1, &[0]), 9).expect("room");
    assert_eq!(table.get(array).zeroed_size_bytes(72), 80);
    let object = table.register_object(&descriptor(9, &[0])).expect("room");
    assert_eq!(table.get(object).zeroed_size_bytes(72), 72);
}

proptest! {
    #[test]
    fn a_bitmap_gives_back_the_words_it_was_made_from(words in proptest::collection::btree_set(0..300_usize, 0..40)) {
        let bitmap = PointerBitmap::from_pointer_words(words.iter().copied());
        prop_assert_eq!(bitmap.pointer_words().collect::<Vec<_>>(), words.iter().copied().collect::<Vec<_>>());
        prop_assert_eq!(bitmap.prefix_words(), words.last().map_or(0, |word| word + 1));
        prop_assert!((0..320).all(|word| bitmap.is_pointer(word) == words.contains(&word)));
    }

    #[test]
    fn shortening_the_period_changes_no_pointer(
        unit in proptest::collection::vec(any::<bool>(), 1..40),
        count in 1..8_usize,
        elements in 1..5_usize,
    ) {
        let size_words = unit.len() * count;
        let pointers: Vec<usize> = (0..size_words).filter(|word| unit[word % unit.len()]).collect();
        let descriptor = descriptor(size_words, &pointers);
        prop_assert_eq!(descriptor.pointer_words().collect::<Vec<_>>(), pointers.clone());
        prop_assert_eq!(visited(&Pattern::of_object(&descriptor), size_words), pointers);
        let all: Vec<usize> = (0..size_words * elements).filter(|word| unit[word % unit.len()]).collect();
        prop_assert_eq!(visited(&Pattern::of_array(&descriptor), size_words * elements), all);
    }

    #[test]
    fn pieces_of_an_object_add_up_to_it(
        header in proptest::collection::vec(any::<bool>(), 0..5),
        element in proptest::collection::vec(any::<bool>(), 1..100),
        count in 0..20_usize,
        budget in 1..50_usize,
    ) {
        let words_of = |bits: &[bool]| (0..bits.len()).filter(|&word| bits[word]).collect::<Vec<_>>();
        let pattern = Pattern::of_header_and_array(
            &descriptor(header.len(), &words_of(&header)),
            &descriptor(element.len(), &words_of(&element)),
        );
        let object_words = header.len() + element.len() * count;
        let (mut words, mut next) = (Vec::new(), 0);
        while next < object_words {
            let after = pattern.visit_pointer_words(next, budget, object_words, |word| words.push(word));
            prop_assert!(after > next);
            next = after;
        }
        prop_assert_eq!(&words, &visited(&pattern, object_words));
        // And those of a piece that is divided.
        let middle = pattern.start_before(object_words / 2);
        prop_assert!(middle <= object_words / 2);
        let mut parts = Vec::new();
        for (start, end) in [(0, middle), (middle, object_words)] {
            pattern.visit_pointer_words(start, usize::MAX, end, |word| parts.push(word));
        }
        if middle > 0 {
            prop_assert_eq!(parts, words);
        }
    }
}
