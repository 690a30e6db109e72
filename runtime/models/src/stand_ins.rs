//! What the runtime's files use of the rest of it, as little as they need.

pub mod abi {
    use gc::layout::TypeDescriptor;

    use crate::sync::atomic::AtomicU64;

    pub const COUNT_OFFSET: i32 = 0;
    pub const CHANNEL_CAPACITY_OFFSET: i32 = size_of::<AtomicU64>() as i32;

    pub struct RuntimeType {
        pub size_bytes: u64,
        pub descriptor: TypeDescriptor,
        pub element: *const RuntimeType,
    }

    pub struct SelectCaseRecord {
        pub channel: *mut u8,
        pub element: *mut u8,
        pub is_send: u64,
    }
}

pub mod alloc {
    use gc::layout::TypeDescriptor;

    use crate::goroutine::Goroutine;

    pub const MAX_ALLOCATION_BYTES: u64 = 1 << 48;

    pub fn array_bytes(element_bytes: u64, count: i64) -> Option<u64> {
        element_bytes.checked_mul(u64::try_from(count).ok()?)
    }

    pub fn new_with_header(
        _: &Goroutine,
        header: &TypeDescriptor,
        element: &TypeDescriptor,
        count: usize,
    ) -> *mut u8 {
        let bytes = header.size_bytes() + element.size_bytes() * count;
        vec![0_u64; bytes.div_ceil(8) + 1]
            .leak()
            .as_mut_ptr()
            .cast()
    }
}

/// No model has a collector.
pub mod barrier {
    use crate::goroutine::Goroutine;

    pub unsafe fn before_store(_: &Goroutine, _: *const u8, _: usize) {}
    pub unsafe fn before_clear(_: &Goroutine, _: *const u8, _: usize) {}
}

pub mod entry {
    pub type Word = u64;

    #[repr(C)]
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Pair(pub Word, pub Word);
}

pub mod goroutine {
    use std::cell::UnsafeCell;

    use shuttle::sync::{Condvar, Mutex};

    use crate::panic::Any;
    use crate::random::Random;
    use crate::scheduler::ParkedUnder;
    use crate::select::SelectWait;
    use crate::sync::atomic::AtomicBool;
    use crate::wait_queue::Waiter;

    #[derive(Debug, Default)]
    pub enum Resume {
        #[default]
        Return,
        Panic,
        Select,
    }

    #[derive(Debug, Clone, Copy)]
    pub enum WaitReason {
        ChannelReceive,
        ChannelReceiveNil,
        ChannelSend,
        ChannelSendNil,
        Select,
        SelectNoCases,
    }

    #[derive(Debug, Default)]
    pub struct Block {
        pub results: [u64; 2],
    }

    #[derive(Debug)]
    pub struct Goroutine {
        pub block: Block,
        pub resume: Resume,
        pub waiter: Waiter,
        pub select: Option<Box<SelectWait>>,
        pub select_is_won: AtomicBool,
        /// What it parked under, until that is released.
        pub parked: Option<ParkedUnder>,
        /// Whether it panics.
        pub panic: Option<Any>,
        pub random: UnsafeCell<Random>,
        /// Whether somebody has made it ready.
        pub is_ready: Mutex<bool>,
        pub wake: Condvar,
    }
}

pub mod instance {
    #[derive(Debug)]
    pub struct Instance;
}

pub mod panic {
    use crate::goroutine::{Goroutine, Resume};

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Any(pub &'static str);

    pub fn start(g: &mut Goroutine, value: Any) {
        g.panic = Some(value);
    }

    pub fn start_when_resumed(g: &mut Goroutine, value: Any) {
        g.panic = Some(value);
        g.resume = Resume::Panic;
    }
}

pub mod runtime_error {
    use crate::goroutine::Goroutine;
    use crate::panic::Any;

    pub fn plain_error(_: &Goroutine, text: &'static str) -> Any {
        Any(text)
    }
}

pub mod safepoint {
    use crate::goroutine::Goroutine;

    /// So that others come in between.
    pub const STEPS_BETWEEN_LOOKS: usize = 1;

    pub fn poll(_: &Goroutine) {}

    pub fn let_stop(_: &mut Goroutine) {}
}

pub mod scheduler {
    use crate::goroutine::{Goroutine, WaitReason};
    use crate::instance::Instance;
    use crate::random::Random;
    use crate::spin_lock::SpinLock;

    pub struct Processor<'g> {
        pub random: &'g mut Random,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ParkedUnder {
        Nothing,
        Lock(*const SpinLock),
        SelectedChannels,
    }

    pub fn park(g: &mut Goroutine, _: WaitReason, under: ParkedUnder) {
        g.parked = Some(under);
    }

    pub fn ready(_: &Goroutine, g: *mut Goroutine) {
        // SAFETY: goroutines of a model live as long as its run; only the token is borrowed.
        let (is_ready, wake) = unsafe { (&(*g).is_ready, &(*g).wake) };
        let mut is_ready = is_ready.lock().expect("no model panics under it");
        assert!(!*is_ready, "a goroutine is made ready once for each wait");
        *is_ready = true;
        wake.notify_one();
    }

    #[derive(Debug)]
    pub struct ProcessorSlot;

    pub fn slot_of<'a>(_: &Goroutine) -> &'a ProcessorSlot {
        &ProcessorSlot
    }

    pub fn instance_of<'a>(_: &Goroutine) -> &'a Instance {
        &Instance
    }

    pub fn processor_of(g: &Goroutine) -> Processor<'_> {
        // SAFETY: a goroutine is used by one thread, for one choice at a time.
        let random = unsafe { &mut *g.random.get() };
        Processor { random }
    }
}

/// No model has timers.
pub mod timer_channel {
    use crate::channel::{Attempt, Channel};
    use crate::goroutine::Goroutine;
    use crate::instance::Instance;
    use crate::scheduler::ProcessorSlot;

    pub unsafe fn is_due(_: *const Channel, _: &Instance) -> bool {
        unreachable!("no channel is that of a timer")
    }

    pub unsafe fn try_receive(_: *mut Channel, _: &Goroutine, _: *mut u8) -> Attempt {
        unreachable!("no channel is that of a timer")
    }

    pub unsafe fn begin_waiting(_: *mut Channel, _: &Instance, _: &ProcessorSlot) {}

    pub unsafe fn end_waiting(_: *mut Channel, _: &Instance) {}
}

/// Sleeping on a word: as the system has it, a sleep may end for no reason, and one with a timeout does.
pub mod futex {
    use crate::sync::atomic::AtomicU32;
    use crate::sync::atomic::Ordering::SeqCst;
    use crate::sync::thread;

    pub fn sleep_while(word: &AtomicU32, value: u32, timeout_ns: Option<u64>) {
        while timeout_ns.is_none() && word.load(SeqCst) == value {
            thread::yield_now();
        }
    }

    pub fn wake(_: &AtomicU32, _: i32) {}
}
