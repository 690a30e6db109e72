//! Control stacks: where they come from, and how they grow.
//!
//! A stack is contiguous and begins at 2 KiB. When a prologue finds too little room, the stack is copied into one of
//! twice the size: it holds compiled frames only, in which nothing points into the stack but the chain of saved frame
//! pointers, so copying means adding one difference to each of those. Source: Go's `stack.go` (contiguous stacks),
//! without its pointer adjustment, which needs maps of every frame.
//!
//! ```text
//!   high  -> | 16 bytes unused         |
//!            | frames ...              |
//!   rsp   -> |                         |
//!            |                         |
//!   limit -> |  prologues check this   |
//!            |  STACK_SLACK_BYTES      |  small frames may reach down to here unchecked
//!            |  STUB_RESERVE_BYTES     |  return addresses of stubs, registers saved on leaving
//!   low   -> +-------------------------+
//! ```

use std::sync::atomic::Ordering::Relaxed;

use crate::abi::STACK_SLACK_BYTES;
use crate::context::SavedRegisters;
use crate::fatal;
use crate::goroutine::{Goroutine, Resume};
use crate::instance::Instance;
use crate::scheduler::{self, AfterSwitch};

/// Bytes of a new stack.
pub const INITIAL_STACK_BYTES: u64 = 2 << 10;

/// Bytes of the largest stack. Above half of it Go gives up; a frame of ours may be larger than one of Go's.
pub const MAX_STACK_BYTES: u64 = 1 << 30;

/// The cap as Go's message and `debug.SetMaxStack` state it; it stands for [`MAX_STACK_BYTES`].
pub const DEFAULT_STACK_CAP_BYTES: u64 = 1_000_000_000;

/// Bytes kept free below the slack for what the runtime itself pushes.
const STUB_RESERVE_BYTES: u64 = 128;

/// A limit no stack pointer reaches: the next prologue calls [`grow_or_yield`].
pub const POISONED_LIMIT: u64 = u64::MAX;

/// Stacks of at least this size come from the system one by one and go back there.
const LARGE_STACK_BYTES: u64 = 64 << 10;

/// Bytes asked from the system at a time for smaller ones.
const CHUNK_BYTES: u64 = 256 << 10;

const CLASS_COUNT: usize = (LARGE_STACK_BYTES / INITIAL_STACK_BYTES).ilog2() as usize;

/// The address range of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stack {
    /// Its lowest byte.
    pub low: u64,
    /// One past its highest byte; aligned to 16.
    pub high: u64,
}

impl Stack {
    /// Size in bytes, a power of two.
    pub fn size_bytes(self) -> u64 {
        self.high - self.low
    }

    /// Has the system find memory for the end that is used first, if it has none; nobody ran on it yet.
    pub fn touch(self) {
        // SAFETY: it is mapped, and nothing is on it.
        unsafe { pointer(self.high - 1).write_volatile(0) };
    }
}

/// The stack limit of a goroutine that runs on `stack`.
pub fn limit_of(stack: Stack) -> u64 {
    stack.low + STACK_SLACK_BYTES + STUB_RESERVE_BYTES
}

/// Free stacks, and the account of all of them.
#[derive(Debug, Default)]
pub struct StackPool {
    /// Free stacks by size: 2 KiB, 4 KiB, ...
    free: [Vec<u64>; CLASS_COUNT],
    /// The rest of the last chunk.
    chunk_next: u64,
    chunk_end: u64,
    /// All chunks, to be unmapped at the end.
    chunks: Vec<u64>,
    in_use_bytes: u64,
    system_bytes: u64,
    /// Overwrite freed stacks, so that a stale pointer into one is noticed.
    pub poison: bool,
}

/// The system has no memory for a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfStacks;

impl StackPool {
    /// A stack of `size_bytes`, a power of two of at least [`INITIAL_STACK_BYTES`]. Its contents are arbitrary.
    pub fn allocate(&mut self, size_bytes: u64) -> Result<Stack, OutOfStacks> {
        assert!(size_bytes.is_power_of_two() && size_bytes >= INITIAL_STACK_BYTES);
        let low = if size_bytes >= LARGE_STACK_BYTES {
            self.map(size_bytes)?
        } else if let Some(low) = self.free[class_of(size_bytes)].pop() {
            low
        } else {
            self.carve(size_bytes)?
        };
        self.in_use_bytes += size_bytes;
        Ok(Stack {
            low,
            high: low + size_bytes,
        })
    }

    /// Takes back a stack that nothing runs on.
    ///
    /// # Safety
    /// It came from this pool and nothing uses it any more.
    pub unsafe fn free(&mut self, stack: Stack) {
        let size_bytes = stack.size_bytes();
        self.in_use_bytes -= size_bytes;
        if size_bytes >= LARGE_STACK_BYTES {
            self.system_bytes -= size_bytes;
            // SAFETY: `allocate` mapped exactly this range, and the caller has given it up.
            unsafe { libc::munmap(pointer(stack.low).cast(), size_bytes as usize) };
            return;
        }
        if self.poison {
            // SAFETY: the range belongs to the pool again.
            unsafe { pointer(stack.low).write_bytes(0xee, size_bytes as usize) };
        }
        self.free[class_of(size_bytes)].push(stack.low);
    }

    /// Bytes of stacks handed out.
    pub fn in_use_bytes(&self) -> u64 {
        self.in_use_bytes
    }

    /// Bytes obtained from the system.
    pub fn system_bytes(&self) -> u64 {
        self.system_bytes
    }

    fn carve(&mut self, size_bytes: u64) -> Result<u64, OutOfStacks> {
        if self.chunk_end - self.chunk_next < size_bytes {
            // What is left of the old chunk is cut into the smallest stacks.
            while self.chunk_next < self.chunk_end {
                self.free[0].push(self.chunk_next);
                self.chunk_next += INITIAL_STACK_BYTES;
            }
            self.chunk_next = self.map(CHUNK_BYTES)?;
            self.chunk_end = self.chunk_next + CHUNK_BYTES;
            self.chunks.push(self.chunk_next);
        }
        let low = self.chunk_next;
        self.chunk_next += size_bytes;
        Ok(low)
    }

    fn map(&mut self, size_bytes: u64) -> Result<u64, OutOfStacks> {
        // SAFETY: a fresh anonymous mapping touches nothing that exists.
        let address = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size_bytes as usize,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if address == libc::MAP_FAILED {
            return Err(OutOfStacks);
        }
        self.system_bytes += size_bytes;
        Ok(address as u64)
    }
}

impl Drop for StackPool {
    fn drop(&mut self) {
        for &chunk in &self.chunks {
            // SAFETY: the pool goes away with its program; nothing runs on its stacks any more.
            unsafe { libc::munmap(pointer(chunk).cast(), CHUNK_BYTES as usize) };
        }
    }
}

fn class_of(size_bytes: u64) -> usize {
    (size_bytes / INITIAL_STACK_BYTES).ilog2() as usize
}

fn pointer(address: u64) -> *mut u8 {
    std::ptr::with_exposed_provenance_mut(address as usize)
}

/// Moves everything on `g`'s stack to `target`, which is at least as large as what is used.
///
/// # Safety
/// `g` does not run compiled code, its saved rsp and rbp are right, and `target` is unused. What is on the stack must
/// be as the header says.
pub unsafe fn move_stack(g: &mut Goroutine, target: Stack) -> Stack {
    let source = g.stack();
    let used_from = g.block.saved_sp - crate::context::CALLEE_SAVED_BYTES;
    let used_bytes = source.high - used_from;
    assert!(
        used_bytes <= target.size_bytes(),
        "what is in use fits the new stack"
    );
    // SAFETY: both ranges are stacks, and different ones.
    unsafe {
        std::ptr::copy_nonoverlapping(
            pointer(used_from),
            pointer(target.high - used_bytes),
            used_bytes as usize,
        );
    }
    let difference = target.high.wrapping_sub(source.high);
    g.block.saved_sp = g.block.saved_sp.wrapping_add(difference);
    let mut link: *mut u64 = &raw mut g.block.saved_fp;
    loop {
        // SAFETY: `link` is the saved rbp in the block, or in a frame of the new stack, where the chain leads.
        let frame = unsafe { *link };
        if frame == 0 {
            break;
        }
        assert!(
            frame >= used_from && frame < source.high,
            "the frame chain of goroutine {} stays on its stack",
            g.id
        );
        let moved = frame.wrapping_add(difference);
        // SAFETY: as above.
        unsafe { *link = moved };
        link = pointer(moved).cast();
    }
    g.set_stack(target);
    source
}

/// What a prologue calls that found `rsp` below the limit: yields if the limit was poisoned to ask for that, doubles
/// the stack otherwise. The prologue then checks again.
///
/// # Safety
/// Called by [`crate::context::grow_stack`] only, with the registers it saved.
pub unsafe extern "sysv64" fn grow_or_yield(g: *mut Goroutine, registers: *const SavedRegisters) {
    // SAFETY: the trampoline passes the running goroutine, which this worker owns.
    let g = unsafe { &mut *g };
    if g.stack_limit().load(Relaxed) == POISONED_LIMIT {
        g.reset_stack_limit();
        g.preempt_flag().store(0, Relaxed);
        // SAFETY: the trampoline saved them on this thread's stack.
        let registers = unsafe { (*registers).clone() };
        g.resume = Resume::Registers(Box::new(registers));
        scheduler::leave(g, AfterSwitch::Preempt);
        return;
    }
    grow(g);
}

fn grow(g: &mut Goroutine) {
    // SAFETY: the instance outlives its goroutines.
    let instance = unsafe { &*g.instance };
    let size_bytes = g.stack().size_bytes() * 2;
    let cap = instance.stack_cap_bytes();
    if size_bytes > cap {
        fatal::stack_overflow(g);
        return;
    }
    let mut pool = instance.stacks.lock();
    let Ok(target) = pool.allocate(size_bytes) else {
        drop(pool);
        fatal::throw(g, "out of memory (stack growth)");
        return;
    };
    // SAFETY: the goroutine called in from compiled code; `target` is fresh.
    let source = unsafe { move_stack(g, target) };
    // SAFETY: nothing is on the old stack any more.
    unsafe { pool.free(source) };
}

/// Halves the stack of `g`, which does not run and is not in a system call, when less than a quarter of it is in use.
///
/// Source: Go's `shrinkstack`: one step a collection, so that a goroutine that needs its stack again soon loses little.
pub fn shrink(instance: &Instance, g: &mut Goroutine) {
    let size_bytes = g.stack().size_bytes();
    let used_bytes = g.block.stack_high - g.block.saved_sp
        + crate::context::CALLEE_SAVED_BYTES
        + STACK_SLACK_BYTES
        + STUB_RESERVE_BYTES;
    if size_bytes <= INITIAL_STACK_BYTES || used_bytes >= size_bytes / 4 {
        return;
    }
    let mut pool = instance.stacks.lock();
    // Without memory for a smaller one it keeps what it has.
    let Ok(target) = pool.allocate(size_bytes / 2) else {
        return;
    };
    // SAFETY: the goroutine left compiled code; `target` is fresh, and larger than what is in use.
    let source = unsafe { move_stack(g, target) };
    // SAFETY: nothing is on the old stack any more.
    unsafe { pool.free(source) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_used_again() {
        let mut pool = StackPool::default();
        let first = pool.allocate(2048).expect("memory");
        let second = pool.allocate(2048).expect("memory");
        assert_ne!(first, second);
        assert_eq!(pool.in_use_bytes(), 4096);
        // SAFETY: nothing runs on it.
        unsafe { pool.free(first) };
        assert_eq!(pool.allocate(2048), Ok(first));
    }

    #[test]
    fn large_stacks_go_back_to_the_system() {
        let mut pool = StackPool::default();
        let stack = pool.allocate(1 << 20).expect("memory");
        assert_eq!(pool.system_bytes(), 1 << 20);
        // SAFETY: nothing runs on it.
        unsafe { pool.free(stack) };
        assert_eq!((pool.system_bytes(), pool.in_use_bytes()), (0, 0));
    }

    #[test]
    fn the_rest_of_a_chunk_is_not_lost() {
        let mut pool = StackPool::default();
        let mut small = 0;
        pool.allocate(2048).expect("memory");
        while pool.chunks.len() < 2 {
            pool.allocate(32 << 10).expect("memory");
            small += 1;
        }
        assert_eq!(small, 8);
        assert_eq!(pool.free[0].len(), 15);
    }

    #[test]
    fn moving_keeps_contents_and_frame_chain() {
        let mut pool = StackPool::default();
        let mut g = Goroutine::new(std::ptr::null());
        let stack = pool.allocate(2048).expect("memory");
        g.set_stack(stack);
        let word = |address: u64| -> *mut u64 { pointer(address).cast() };
        let (outer, inner) = (stack.high - 64, stack.high - 128);
        // SAFETY: all within the fresh stack.
        unsafe {
            *word(outer) = 0;
            *word(inner) = outer;
            *word(inner - 24) = 42;
        }
        g.block.saved_sp = inner - 32;
        g.block.saved_fp = inner;
        let target = pool.allocate(4096).expect("memory");
        // SAFETY: the goroutine does not run.
        let source = unsafe { move_stack(&mut g, target) };
        assert_eq!(source, stack);
        assert_eq!(g.block.saved_fp, target.high - 128);
        // SAFETY: within the new stack.
        unsafe {
            assert_eq!(*word(target.high - 128), target.high - 64);
            assert_eq!(*word(target.high - 64), 0);
            assert_eq!(*word(g.block.saved_sp + 8), 42);
        }
        assert_eq!(g.block.stack_limit, limit_of(target));
    }
}
