//! Faults in compiled code become panics; signals that end or inspect the program.
//!
//! Compiled code dereferences pointers without checking them: what is nil faults. The handler runs on an alternate stack
//! (the goroutine's own may have no room), looks whether the faulting address is compiled code of a program in this
//! process, and if so sends the thread, by way of the interrupted context, to `context::fault_entry` on its own stack. All
//! else happens there, outside of the handler. A fault anywhere else is a bug of ours: the default action follows.
//!
//! The table of code ranges is the one thing in the runtime that belongs to the process.

use std::marker::PhantomData;
use std::sync::Once;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64};

use crate::abi::{GoroutineBlock, trap};
use crate::context;
use crate::fatal;
use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::panic::{self, SignalInfo};
use crate::runtime_error;
use crate::scheduler::{attention, instance_of};

/// Programs that can run at the same time.
const MAX_PROGRAMS: usize = 16;

/// Faults at addresses below this are dereferences of nil, at an offset.
const NIL_PAGE_BYTES: u64 = 4096;

const ALTERNATE_STACK_BYTES: usize = 64 << 10;

struct CodeSpan {
    start: AtomicU64,
    end: AtomicU64,
    /// The program; null between programs.
    instance: AtomicPtr<Instance>,
    /// The thread of its first worker.
    thread: AtomicU64,
}

static CODE: [CodeSpan; MAX_PROGRAMS] = [const {
    CodeSpan {
        start: AtomicU64::new(0),
        end: AtomicU64::new(0),
        instance: AtomicPtr::new(std::ptr::null_mut()),
        thread: AtomicU64::new(0),
    }
}; MAX_PROGRAMS];

/// Whether SIGQUIT arrived: programs print their goroutines and end.
static IS_QUITTING: AtomicBool = AtomicBool::new(false);

/// Where the thread was that got the first SIGQUIT.
static QUIT_PC: AtomicU64 = AtomicU64::new(0);

/// Keeps a program's code known to the fault handler.
#[derive(Debug)]
pub struct Registration<'instance> {
    index: usize,
    _instance: PhantomData<&'instance Instance>,
}

/// Whether the user asked for all goroutines' traces and the end.
pub fn is_quitting() -> bool {
    IS_QUITTING.load(Relaxed)
}

/// Where the thread was that SIGQUIT arrived on.
pub fn quit_pc() -> u64 {
    QUIT_PC.load(Relaxed)
}

/// Makes faults in the program's code panics of its goroutines, on threads that called [`use_alternate_stack`]. The calling
/// thread is that of its first worker. `None` if too many programs run.
pub fn register(instance: &Instance) -> Option<Registration<'_>> {
    static HANDLERS: Once = Once::new();
    HANDLERS.call_once(install_handlers);
    let image = &instance.image;
    let start = image.functions.first().map_or(1, |function| function.start);
    let end = image
        .functions
        .last()
        .map_or(start, |function| function.end);
    let index = CODE
        .iter()
        // Acquire and release order nothing but the words of a span against each other.
        .position(|span| {
            span.start
                .compare_exchange(0, start, Acquire, Acquire)
                .is_ok()
        })?;
    let span = &CODE[index];
    span.end.store(end, Release);
    // SAFETY: only returns a name.
    span.thread.store(unsafe { libc::pthread_self() }, Relaxed);
    span.instance
        .store(std::ptr::from_ref(instance).cast_mut(), Release);
    Some(Registration {
        index,
        _instance: PhantomData,
    })
}

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        let span = &CODE[self.index];
        span.instance.store(std::ptr::null_mut(), Release);
        span.end.store(0, Release);
        span.start.store(0, Release);
    }
}

fn is_compiled_code(pc: u64) -> bool {
    CODE.iter().any(|span| {
        let start = span.start.load(Acquire);
        start != 0 && (start..span.end.load(Acquire)).contains(&pc)
    })
}

/// Memory for signal handlers of one thread.
#[derive(Debug)]
pub struct AlternateStack {
    memory: Vec<u8>,
}

/// Gives the calling thread a stack for signal handlers, until the value is dropped (on the same thread).
pub fn use_alternate_stack() -> AlternateStack {
    let mut memory = vec![0; ALTERNATE_STACK_BYTES];
    set_alternate_stack(memory.as_mut_ptr(), 0);
    AlternateStack { memory }
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        set_alternate_stack(self.memory.as_mut_ptr(), libc::SS_DISABLE);
    }
}

fn set_alternate_stack(start: *mut u8, flags: i32) {
    let stack = libc::stack_t {
        ss_sp: start.cast(),
        ss_flags: flags,
        ss_size: ALTERNATE_STACK_BYTES,
    };
    // SAFETY: the memory is as large as stated and outlives its use.
    let result = unsafe { libc::sigaltstack(&raw const stack, std::ptr::null_mut()) };
    assert_eq!(result, 0, "a thread can have an alternate stack");
}

fn install_handlers() {
    for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE] {
        // SAFETY: the structure is plain data; zero is a valid start.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = handle_fault as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
        // SAFETY: the handler only does what handlers may.
        unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
    }
    // SAFETY: as above.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handle_quit as *const () as usize;
        // No SA_RESTART: a worker that sleeps is to wake up.
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigaction(libc::SIGQUIT, &raw const action, std::ptr::null_mut());
    }
    // Rust ignores SIGPIPE; a write to a closed pipe is the write's own business (see the natives of `os`).
    // SAFETY: ignoring a signal is always allowed.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}

/// Asks what runs to yield: a worker then sees the flag. The first one may wait in a system call, or for work: it gets the
/// signal too, which ends its wait.
extern "C" fn handle_quit(number: i32, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    if !IS_QUITTING.swap(true, Relaxed) {
        // SAFETY: the system passes a valid context to handlers with SA_SIGINFO.
        let registers = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
        QUIT_PC.store(registers[libc::REG_RIP as usize] as u64, Relaxed);
    }
    for span in &CODE {
        // SAFETY: a registration keeps its program alive for as long as it is here.
        let Some(instance) = (unsafe { span.instance.load(Acquire).as_ref() }) else {
            continue;
        };
        instance.scheduler.call_attention(attention::QUIT);
        for slot in instance.scheduler.slots() {
            slot.shared.preempt();
        }
        let thread = span.thread.load(Relaxed);
        // SAFETY: the thread runs as long as its program.
        unsafe {
            if thread != libc::pthread_self() {
                libc::pthread_kill(thread, number);
            }
        }
    }
}

extern "C" fn handle_fault(number: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the system passes a valid context to handlers with SA_SIGINFO.
    let context = unsafe { &mut *context.cast::<libc::ucontext_t>() };
    let registers = &mut context.uc_mcontext.gregs;
    let pc = registers[libc::REG_RIP as usize] as u64;
    if !is_compiled_code(pc) {
        // SAFETY: as in `install_handlers`. Returning repeats the fault, which now ends the process.
        unsafe { libc::signal(number, libc::SIG_DFL) };
        return;
    }
    // SAFETY: in compiled code r15 is the address of the running goroutine's block, which is nobody else's.
    let block = unsafe { &mut *(registers[libc::REG_R15 as usize] as *mut GoroutineBlock) };
    let top = (registers[libc::REG_RSP as usize] as u64 & !15) - 8;
    // SAFETY: below the stack pointer there is always the slack, see `stack`.
    unsafe { *(top as *mut u64) = pc + 1 };
    block.saved_sp = top;
    block.saved_fp = registers[libc::REG_RBP as usize] as u64;
    // SAFETY: the system passes valid information.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr() as u64) };
    registers[libc::REG_RSP as usize] = block.thread_sp as i64;
    registers[libc::REG_RDI as usize] = registers[libc::REG_R15 as usize];
    registers[libc::REG_RSI as usize] = pc as i64;
    registers[libc::REG_RDX as usize] = i64::from(number);
    registers[libc::REG_RCX as usize] = i64::from(code);
    registers[libc::REG_R8 as usize] = address as i64;
    registers[libc::REG_RIP as usize] = context::fault_entry as *const () as i64;
}

/// A fault in compiled code, on the thread's stack, with the goroutine's context saved.
///
/// # Safety
/// Called by [`context::fault_entry`] only, with what the handler passed.
pub unsafe extern "sysv64" fn fault_raised(
    g: *mut Goroutine,
    pc: u64,
    number: i32,
    code: i32,
    address: u64,
) {
    // SAFETY: the handler passes the running goroutine.
    let g = unsafe { &mut *g };
    let image = &instance_of(g).image;
    let signal = SignalInfo {
        number,
        code,
        address,
    };
    let site = image
        .traps
        .binary_search_by_key(&pc, |site| site.address)
        .ok()
        .map(|index| image.traps[index].code);
    let value = match (number, site) {
        (libc::SIGFPE, _) => runtime_error::error_string(g, "integer divide by zero"),
        (libc::SIGSEGV | libc::SIGBUS, Some(trap::NIL)) if address < NIL_PAGE_BYTES => {
            runtime_error::nil_dereference(g)
        }
        (libc::SIGILL, Some(trap::NIL)) => runtime_error::nil_dereference(g),
        _ => {
            panic::start_fault(g, panic::Any::default(), signal);
            let what = match number {
                libc::SIGILL => "internal error: compiled code that must not run was reached",
                _ => "unexpected fault in compiled code",
            };
            fatal::throw(
                g,
                &format!("{what} (signal {number}, address {address:#x}, pc {pc:#x})"),
            );
            return;
        }
    };
    panic::start_fault(g, value, signal);
}
