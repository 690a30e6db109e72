//! `Goroutine`: a function call with a stack of its own, and everything the runtime knows of it.
//!
//! What must hold:
//! - A goroutine never moves and is never freed while its program runs: finished ones are used again. So a stale
//!   pointer (the monitor's) touches a goroutine, if perhaps not the one it meant.
//! - Only the worker that runs it, or that just took it from a queue, touches it; `block.stack_limit` and
//!   `block.preempt` may be written by others too, to preempt it, as atomics. What is known of it while it waits belongs to
//!   whoever takes its waiter out of the queue.
//! - Its status changes through [`Goroutine::set_status`] only, along the arrows below.
//! - A blocked goroutine costs at most 2,600 bytes with its 2 KiB stack: what few need is boxed.
//!
//! ```text
//!   Dead -> Runnable -> Running -> Waiting -> Runnable ...
//!                          |-> Runnable (it yielded)
//!                          '-> Dead     (its function returned)
//! ```

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};

use gc::ScanState;

use crate::abi::GoroutineBlock;
use crate::context::{self, SavedRegisters};
use crate::defer::DeferRecord;
use crate::instance::Instance;
use crate::object_stack::ObjectStack;
use crate::panic::PanicRecord;
use crate::scheduler::Worker;
use crate::select::SelectWait;
use crate::stack::{self, Stack};
use crate::wait_queue::Waiter;

/// Where a goroutine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// It has no function to run, and may be used for a new one.
    Dead,
    /// It waits in a run queue.
    Runnable,
    /// A worker runs it.
    Running,
    /// It waits for what its [`WaitReason`] says.
    Waiting,
}

/// What a goroutine waits for, as traces name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "`text` says what each is")]
pub enum WaitReason {
    ChannelReceive,
    ChannelReceiveNil,
    ChannelSend,
    ChannelSendNil,
    Select,
    SelectNoCases,
    Sleep,
    Semaphore,
    MutexLock,
    ReadLock,
    WriteLock,
    WaitGroupWait,
    ConditionWait,
}

impl WaitReason {
    /// The words in brackets of a trace, as Go has them.
    pub fn text(self) -> &'static str {
        match self {
            WaitReason::ChannelReceive => "chan receive",
            WaitReason::ChannelReceiveNil => "chan receive (nil chan)",
            WaitReason::ChannelSend => "chan send",
            WaitReason::ChannelSendNil => "chan send (nil chan)",
            WaitReason::Select => "select",
            WaitReason::SelectNoCases => "select (no cases)",
            WaitReason::Sleep => "sleep",
            WaitReason::Semaphore => "semacquire",
            WaitReason::MutexLock => "sync.Mutex.Lock",
            WaitReason::ReadLock => "sync.RWMutex.RLock",
            WaitReason::WriteLock => "sync.RWMutex.Lock",
            WaitReason::WaitGroupWait => "sync.WaitGroup.Wait",
            WaitReason::ConditionWait => "sync.Cond.Wait",
        }
    }
}

/// How a goroutine goes on when a worker enters it.
#[derive(Debug, Default)]
pub enum Resume {
    /// It returns from the runtime call in which it left.
    #[default]
    Return,
    /// It jumps to this address, one of [`crate::context`]'s or a landing pad.
    Jump(*const u8),
    /// It gets all its registers back and returns to compiled code.
    Registers(Box<SavedRegisters>),
    /// It does not go on where it left, but panics: somebody added a record to its panics while it waited.
    Panic,
    /// As `Return`, from a `select`: its places in the other queues are to be given up first.
    Select,
}

/// A goroutine. r15 points at its block, which is its first field, in all compiled code.
#[repr(C)]
#[derive(Debug)]
pub struct Goroutine {
    /// What compiled code reads and writes.
    pub block: GoroutineBlock,
    /// The program it belongs to.
    pub instance: *const Instance,
    /// The worker that runs it; while it does not run the one that did, which may be gone unless they are locked together.
    pub worker: *mut Worker,
    /// Its number in traces, from 1; another one for each use.
    pub id: u64,
    status: AtomicU8,
    /// What it waits for; meaningful while it waits.
    pub wait_reason: WaitReason,
    /// How many times it was locked to its thread and not unlocked; its worker is then [`Self::worker`].
    pub lock_count: u32,
    /// Since when it waits, in ticks of the monitor.
    pub wait_since_ticks: u64,
    /// Return address of the `go` statement that made it; 0 for the first.
    pub created_at: u64,
    /// Number of the goroutine that made it.
    pub created_by: u64,
    /// The closure it was started with: a root as long as it lives, since no frame above the first holds it.
    pub start: u64,
    /// How it goes on.
    pub resume: Resume,
    /// Its object stack.
    pub object_stack: ObjectStack,
    /// Deferred calls, innermost last.
    pub defers: Vec<DeferRecord>,
    /// Panics under way, innermost last.
    pub panics: Vec<PanicRecord>,
    /// Its place in the queue of whatever it waits for alone.
    pub waiter: Waiter,
    /// Its places in the queues of a `select`, while it waits there.
    pub select: Option<Box<SelectWait>>,
    /// Whether it was scanned since marking began.
    pub scan_state: ScanState,
    /// Whether nobody ever ran on its stack: the system may have to find memory for it.
    pub has_fresh_stack: bool,
    /// Whether somebody has woken it from its `select`: the first to set this does.
    pub select_is_won: AtomicBool,
}

impl Goroutine {
    /// A dead goroutine without a stack.
    pub fn new(instance: *const Instance) -> Box<Self> {
        Box::new(Self {
            block: GoroutineBlock {
                stack_limit: u64::MAX,
                grow_stack: context::grow_stack as *const () as u64,
                saved_sp: 0,
                saved_fp: 0,
                thread_sp: 0,
                cache: std::ptr::null_mut(),
                cards: std::ptr::null_mut(),
                phase: 0,
                preempt: 0,
                leave: 0,
                padding: [0; 5],
                object_top: 0,
                object_limit: 0,
                object_frame: 0,
                stack_low: 0,
                stack_high: 0,
                argument_count: 0,
                arguments: std::ptr::null_mut(),
                results: [0; 2],
            },
            instance,
            worker: std::ptr::null_mut(),
            id: 0,
            status: AtomicU8::new(Status::Dead as u8),
            wait_reason: WaitReason::Sleep,
            lock_count: 0,
            wait_since_ticks: 0,
            created_at: 0,
            created_by: 0,
            start: 0,
            resume: Resume::Return,
            object_stack: ObjectStack::default(),
            defers: Vec::new(),
            panics: Vec::new(),
            waiter: Waiter::default(),
            select: None,
            scan_state: ScanState::default(),
            has_fresh_stack: false,
            select_is_won: AtomicBool::new(false),
        })
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        // Relaxed: what hands a goroutine over orders the rest of it.
        match self.status.load(Relaxed) {
            0 => Status::Dead,
            1 => Status::Runnable,
            2 => Status::Running,
            _ => Status::Waiting,
        }
    }

    /// Moves it along one of the arrows in the header.
    pub fn set_status(&mut self, status: Status) {
        use Status::{Dead, Runnable, Running, Waiting};
        debug_assert!(
            matches!(
                (self.status(), status),
                (Dead | Waiting | Running, Runnable)
                    | (Runnable, Running)
                    | (Running, Waiting | Dead)
            ),
            "goroutine {} went from {:?} to {status:?}",
            self.id,
            self.status(),
        );
        self.status.store(status as u8, Relaxed);
    }

    /// The stack it runs on.
    pub fn stack(&self) -> Stack {
        Stack {
            low: self.block.stack_low,
            high: self.block.stack_high,
        }
    }

    /// Gives it a stack and the limit that belongs to it.
    pub fn set_stack(&mut self, stack: Stack) {
        self.block.stack_low = stack.low;
        self.block.stack_high = stack.high;
        self.reset_stack_limit();
    }

    /// Undoes a poisoned stack limit.
    pub fn reset_stack_limit(&mut self) {
        self.stack_limit()
            .store(stack::limit_of(self.stack()), Relaxed);
    }

    /// The stack limit, which the monitor may poison at any time. Relaxed will do: it carries no other data.
    pub fn stack_limit(&self) -> &AtomicU64 {
        // SAFETY: the field is aligned and lives as long as `self`; all its users go through atomics or are compiled
        // code, whose plain aligned loads are atomic on the machine.
        unsafe { AtomicU64::from_ptr((&raw const self.block.stack_limit).cast_mut()) }
    }

    /// The preempt flag, likewise.
    pub fn preempt_flag(&self) -> &AtomicU8 {
        // SAFETY: as in `stack_limit`.
        unsafe { AtomicU8::from_ptr((&raw const self.block.preempt).cast_mut()) }
    }

    /// Position of an address of its stack, from the high end down: the same wherever the stack moves.
    pub fn stack_offset(&self, address: u64) -> u64 {
        self.block.stack_high - address
    }

    /// The address at a position that [`Self::stack_offset`] gave.
    pub fn stack_address(&self, offset: u64) -> u64 {
        self.block.stack_high - offset
    }

    /// Tells the trampoline not to return to compiled code; the worker then does what was left for it.
    pub fn leave(&mut self) {
        self.block.leave = 1;
    }
}

const _: () = assert!(std::mem::offset_of!(Goroutine, block) == 0);
const _: () = assert!(
    size_of::<Goroutine>() <= 480,
    "a blocked goroutine must stay small"
);
