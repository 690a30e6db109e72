//! The sizes Go's allocator rounds requests up to. Ours has classes of its own, but programs can see Go's: they print
//! the capacity of slices that grew, and that is what Go's rounding makes it.
//!
//! Source: the table and rules of Go's `internal/runtime/gc/sizeclasses.go` and `runtime/msize.go`.

/// Go's small object sizes.
const CLASSES: [u64; 67] = [
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352,
    384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048,
    2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728,
    10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672,
    32768,
];

/// Sizes up to this are looked up by words, larger ones by 16 words: all classes above it are multiples of that.
const FINE_BYTES: u64 = 1024;
const FINE_STEP_BYTES: u64 = 8;
const COARSE_STEP_BYTES: u64 = 128;

/// The class for each number of fine steps.
static FINE: [u16; (FINE_BYTES / FINE_STEP_BYTES) as usize + 1] = class_table(FINE_STEP_BYTES);

/// The class for each number of coarse steps.
static COARSE: [u16; (LARGEST_CLASS_BYTES / COARSE_STEP_BYTES) as usize + 1] =
    class_table(COARSE_STEP_BYTES);

const LARGEST_CLASS_BYTES: u64 = CLASSES[CLASSES.len() - 1];

/// The smallest class that holds 0, 1, 2 ... steps.
const fn class_table<const LENGTH: usize>(step_bytes: u64) -> [u16; LENGTH] {
    let mut table = [0; LENGTH];
    let (mut steps, mut class) = (0, 0);
    while steps < LENGTH {
        while CLASSES[class] < steps as u64 * step_bytes {
            class += 1;
        }
        table[steps] = CLASSES[class] as u16;
        steps += 1;
    }
    table
}

/// Bytes of the header Go puts before larger objects with pointers.
const HEADER_BYTES: u64 = 8;

/// Objects with pointers up to this size have no header.
const LARGEST_WITHOUT_HEADER_BYTES: u64 = 512;

const PAGE_BYTES: u64 = 8 << 10;

/// Bytes usable in the object Go would allocate for `size_bytes`.
#[inline]
pub fn round_up(size_bytes: u64, has_pointers: bool) -> u64 {
    if size_bytes > LARGEST_CLASS_BYTES - HEADER_BYTES {
        return size_bytes
            .checked_next_multiple_of(PAGE_BYTES)
            .unwrap_or(size_bytes);
    }
    if size_bytes == 0 {
        return 0;
    }
    let header_bytes = if has_pointers && size_bytes > LARGEST_WITHOUT_HEADER_BYTES {
        HEADER_BYTES
    } else {
        0
    };
    let needed_bytes = size_bytes + header_bytes;
    let class_bytes = if needed_bytes <= FINE_BYTES {
        FINE[needed_bytes.div_ceil(FINE_STEP_BYTES) as usize]
    } else {
        COARSE[needed_bytes.div_ceil(COARSE_STEP_BYTES) as usize]
    };
    u64::from(class_bytes) - header_bytes
}

/// The capacity `append` aims at before rounding: double while small, then by a quarter and a bit.
#[inline]
pub fn next_capacity(new_length: u64, old_capacity: u64) -> u64 {
    const THRESHOLD: u64 = 256;
    if new_length > old_capacity.saturating_mul(2) {
        return new_length;
    }
    if old_capacity < THRESHOLD {
        return old_capacity * 2;
    }
    let mut capacity = old_capacity;
    while capacity < new_length || capacity == old_capacity {
        capacity += (capacity + 3 * THRESHOLD) >> 2;
    }
    capacity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_go_s() {
        assert_eq!(round_up(0, false), 0);
        assert_eq!(round_up(5, false), 8);
        assert_eq!(round_up(33, false), 48);
        assert_eq!(round_up(512, true), 512);
        assert_eq!(round_up(513, true), 568);
        assert_eq!(round_up(32760, false), 32768);
        assert_eq!(round_up(32761, false), 32768);
        assert_eq!(round_up(32769, false), 40960);
        assert_eq!(round_up(40961, true), 49152);
    }

    #[test]
    fn every_size_gets_the_smallest_class_that_holds_it() {
        for size_bytes in 1..=LARGEST_CLASS_BYTES - HEADER_BYTES {
            let class = CLASSES.into_iter().find(|class| *class >= size_bytes);
            assert_eq!(Some(round_up(size_bytes, false)), class, "{size_bytes}");
        }
    }

    #[test]
    fn capacities_grow_as_in_go() {
        assert_eq!(next_capacity(1, 0), 1);
        assert_eq!(next_capacity(3, 2), 4);
        assert_eq!(next_capacity(9, 2), 9);
        assert_eq!(next_capacity(257, 256), 512);
        assert_eq!(next_capacity(513, 512), 832);
    }
}
