//! The rest of the heap, as far as the files under test name it.

/// The model checker's side of the door.
pub mod sync {
    pub use loom::sync::atomic;
    pub use loom::thread;

    /// Ranks are checked by the real thing.
    pub struct LockRank;

    impl LockRank {
        pub const CENTRAL: Self = Self;
        pub const MARK_POOL: Self = Self;
    }

    pub struct RankedMutex<T>(loom::sync::Mutex<T>);

    impl<T> RankedMutex<T> {
        pub fn new(_: LockRank, value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
            self.0.lock().expect("nobody panics")
        }
    }
}

pub mod object {
    pub fn prefetch(_: usize) {}
}

pub mod span {
    #[derive(Clone, Copy, Default)]
    pub struct Swept {
        pub live: usize,
        pub freed: usize,
        pub slots: usize,
    }
}

pub mod roots {
    use std::marker::PhantomData;

    /// Reads what it visits.
    #[derive(Default)]
    pub struct RootVisitor<'sink, 'heap> {
        pub stack_bytes: u64,
        of: PhantomData<(&'sink (), &'heap ())>,
    }
}

pub mod heap {
    use super::roots::RootVisitor;
    use super::sync::atomic::AtomicU32;
    use super::sync::atomic::Ordering::Relaxed;

    /// A heap that is marking, in its second epoch.
    pub struct Heap {
        pub epoch: AtomicU32,
        /// Whether the cycle is a young one.
        pub has_old: bool,
    }

    impl Heap {
        pub fn new(has_old: bool) -> Self {
            Self {
                epoch: AtomicU32::new(2),
                has_old,
            }
        }

        pub fn has_old(&self) -> bool {
            self.has_old
        }

        pub fn is_marking(&self) -> bool {
            self.epoch.load(Relaxed) > 0
        }

        pub fn shade_roots(&self, visit: impl FnOnce(&mut RootVisitor<'_, '_>)) {
            visit(&mut RootVisitor::default());
        }
    }
}
