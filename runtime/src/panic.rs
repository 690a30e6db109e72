//! Panics: a state machine beside the goroutine's stack, so that no Rust frame is live while Go code runs.
//!
//! A panic is a [`PanicRecord`] on `g.panics`. [`start`] adds one and leaves to the worker, which calls [`advance`]:
//! that takes the innermost deferred call and has the goroutine make it, on top of the panicking frame, through
//! `context::deferred_call`. When the call returns, [`deferred_call_returned`] leaves again, and `advance` goes on: to
//! the landing pad of the function that deferred the call if it recovered, to the next deferred call otherwise. With
//! none left, `Goexit` ends the goroutine and a panic ends the program.
//!
//! A panic in a deferred call adds a record above. When it recovers in a frame older than the records below, those were
//! aborted and go away with it; but an aborted `Goexit` is not forgotten: it goes on instead.
//!
//! ```text
//!   |  wrapper of f       | <- activation of the deferred call (DeferRecord::frame); recovery jumps to its pad
//!   |  body of f          |
//!   |  g, which panics    |
//!   |  return address     | <- sp of the record
//!   |  rbp (stub's frame) | <- stub_frame of the record
//!   |  deferred function  |
//! ```

use crate::context;
use crate::defer::DeferRecord;
use crate::fatal;
use crate::goroutine::{Goroutine, Resume};
use crate::image::Image;
use crate::panic_text;
use crate::runtime_error;
use crate::safepoint;
use crate::scheduler::{self, AfterSwitch, instance_of};
use crate::stack_walk::{Frame, Frames, read_word};

/// What traces give as the place of `panic`, which in Go is a function of the library.
pub const POSITION: &str = concat!(file!(), ":", line!());

/// A value of type `any`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Any {
    /// Address of its `RuntimeType`, 0 for nil.
    pub ty: u64,
    /// Its data word.
    pub data: u64,
}

/// The signal behind a panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignalInfo {
    /// Its number.
    pub number: i32,
    /// Its `si_code`.
    pub code: i32,
    /// The address that was accessed.
    pub address: u64,
}

/// A panic, or a `Goexit`, under way.
#[derive(Debug, Clone)]
pub struct PanicRecord {
    /// What was passed to `panic`.
    pub value: Any,
    /// Whether this is a `Goexit`, which nothing recovers.
    pub is_goexit: bool,
    /// Whether a deferred call has recovered it.
    pub is_recovered: bool,
    /// Whether the next panic was with the same value: printed as one.
    pub is_repanicked: bool,
    /// Offset of the stack pointer where it began.
    pub sp: u64,
    /// Offset of the frame pointer likewise; 0 if there was none.
    pub fp: u64,
    /// Offset of the frame pointer of the stub that makes its deferred calls; 0 before the first.
    pub stub_frame: u64,
    /// The deferred call being made.
    pub running: Option<DeferRecord>,
    /// Return address where it began, which may be no call site: for a fault, one past the first byte of the instruction.
    pub origin_pc: u64,
    /// The signal it came from.
    pub signal: Option<SignalInfo>,
    /// How the value prints itself, once asked.
    pub text: Text,
}

/// What is known of how a panic value prints itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// It was not asked.
    Unknown,
    /// Its method is running.
    Asked,
    /// It has none: it is printed by its type.
    None,
    /// This is it.
    Known(Vec<u8>),
}

/// What the worker does after a step of a panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Enter the goroutine again.
    Enter,
    /// It has ended.
    Finish,
    /// The program ends with this status.
    Exit(i32),
}

/// Begins a panic with `value`, when the runtime call in progress has returned.
pub fn start(g: &mut Goroutine, value: Any) {
    push(g, value, false);
    scheduler::leave(g, AfterSwitch::AdvancePanic);
}

/// Has `g`, which waits, panic with `value` when it runs again.
pub fn start_when_resumed(g: &mut Goroutine, value: Any) {
    // The collector may be about to read its list of panics.
    safepoint::scan(instance_of(g), g);
    push(g, value, false);
    g.resume = Resume::Panic;
}

/// Begins `Goexit`.
pub fn start_goexit(g: &mut Goroutine) {
    push(g, Any::default(), true);
    scheduler::leave(g, AfterSwitch::AdvancePanic);
}

/// Begins the panic for a fault, whose address is on the stack as if it were a return address.
pub fn start_fault(g: &mut Goroutine, value: Any, signal: SignalInfo) {
    push(g, value, false);
    let index = g.panics.len() - 1;
    g.panics[index].signal = Some(signal);
    scheduler::leave(g, AfterSwitch::AdvancePanic);
}

fn push(g: &mut Goroutine, value: Any, is_goexit: bool) {
    let fp = g.block.saved_fp;
    g.panics.push(PanicRecord {
        value,
        is_goexit,
        is_recovered: false,
        is_repanicked: false,
        sp: g.stack_offset(g.block.saved_sp),
        fp: if fp == 0 { 0 } else { g.stack_offset(fp) },
        stub_frame: 0,
        running: None,
        // SAFETY: the saved rsp points at the return address of the call in progress, or of the fault.
        origin_pc: unsafe { read_word(g.block.saved_sp) },
        signal: None,
        text: Text::Unknown,
    });
}

/// Makes the saved context that of where the innermost panic began.
fn restore_context(g: &mut Goroutine) {
    let panic = g.panics.last().expect("a panic is under way");
    let (sp, fp) = (panic.sp, panic.fp);
    g.block.saved_sp = g.stack_address(sp);
    g.block.saved_fp = if fp == 0 { 0 } else { g.stack_address(fp) };
}

/// The next step of the innermost panic.
pub fn advance(g: &mut Goroutine) -> Next {
    loop {
        let panic = g.panics.last_mut().expect("a panic is under way");
        if let Some(finished) = panic.running.take()
            && panic.is_recovered
        {
            if recover_to(g, finished.frame) {
                return Next::Enter;
            }
            continue;
        }
        restore_context(g);
        let Some(record) = g.defers.pop() else {
            return end(g);
        };
        if record.closure == 0 {
            let value = runtime_error::nil_dereference(g);
            push(g, value, false);
            continue;
        }
        let stub_frame = g.stack_offset(g.block.saved_sp - 8);
        let panic = g.panics.last_mut().expect("a panic is under way");
        panic.stub_frame = stub_frame;
        panic.running = Some(record);
        g.block.results = [record.closure, 0];
        g.resume = Resume::Jump(context::deferred_call as *const u8);
        return Next::Enter;
    }
}

/// Has the goroutine go on at the landing pad of the wrapper whose frame is at offset `frame`. False if instead a `Goexit`
/// that this recovery would have cut off goes on.
fn recover_to(g: &mut Goroutine, frame: u64) -> bool {
    let image: &Image = &instance_of(g).image;
    let recovered = g.panics.pop().expect("a panic is under way");
    // Records of panics that began in frames which now go away.
    let first_aborted = g
        .panics
        .iter()
        .position(|panic| panic.sp > frame)
        .unwrap_or(g.panics.len());
    if let Some(goexit) = (first_aborted..g.panics.len()).find(|&index| g.panics[index].is_goexit) {
        g.panics.truncate(goexit + 1);
        g.panics[goexit].running = None;
        return false;
    }
    g.panics.truncate(first_aborted);
    let wrapper = g.stack_address(frame);
    let start = Frame {
        // SAFETY: the record's position is on the stack in use, with a return address.
        pc: unsafe { read_word(g.stack_address(recovered.sp)) },
        fp: g.stack_address(recovered.fp),
    };
    let pc = Frames::from(start)
        .find(|frame| frame.fp == wrapper)
        .map(|frame| frame.pc)
        .expect("the function that deferred the call is on the stack");
    let index = image
        .handlers
        .binary_search_by_key(&pc, |handler| handler.return_address)
        .expect("a wrapper has a landing pad");
    let handler = image.handlers[index];
    g.block.saved_sp = wrapper - u64::from(handler.frame_bytes);
    g.block.saved_fp = wrapper;
    g.block.results = [0; 2];
    g.resume = Resume::Jump(std::ptr::with_exposed_provenance(
        handler.landing_pad as usize,
    ));
    true
}

/// No deferred call is left: the goroutine ends, or the program, once all values have said how they print.
fn end(g: &mut Goroutine) -> Next {
    if g.panics.last().is_some_and(|panic| panic.is_goexit) {
        g.panics.clear();
        return Next::Finish;
    }
    if g.panics.iter().any(|panic| panic.text == Text::Asked) {
        let value = g.panics.last().expect("a panic is under way").value;
        let text = panic_text::panic_while_printing(value);
        return Next::Exit(fatal::die(g, &text));
    }
    mark_repanicked(&mut g.panics);
    let instance = instance_of(g);
    for index in (0..g.panics.len()).rev() {
        let is_hidden = index > 0 && g.panics[index - 1].is_repanicked;
        let panic = &mut g.panics[index];
        if panic.text != Text::Unknown || panic.is_goexit || is_hidden {
            continue;
        }
        // SAFETY: panic values are `any`s of the running program.
        if let Some(text) = unsafe { runtime_error::text(&instance.known, panic.value) } {
            panic.text = Text::Known(text.into_bytes());
            continue;
        }
        let Some(code) = panic_text::asks_method(instance, panic.value) else {
            panic.text = Text::None;
            continue;
        };
        panic.text = Text::Asked;
        g.block.results = [panic.value.ty, panic.value.data];
        // SAFETY: the block of a goroutine that is about to be entered points at the words of its worker.
        unsafe { *g.block.arguments = code };
        g.resume = Resume::Jump(context::text_call as *const u8);
        return Next::Enter;
    }
    Next::Exit(fatal::uncaught_panic(g))
}

/// Marks every panic that is followed by one with the same value.
fn mark_repanicked(panics: &mut [PanicRecord]) {
    for index in 1..panics.len() {
        panics[index - 1].is_repanicked = panics[index - 1].value == panics[index].value
            && !panics[index].is_goexit
            && !panics[index - 1].is_goexit;
    }
}

/// A deferred call of the innermost panic has returned.
///
/// # Safety
/// Called by [`context::deferred_return`] only.
pub unsafe extern "sysv64" fn deferred_call_returned(g: *mut Goroutine) {
    // SAFETY: the routine passes the running goroutine.
    let g = unsafe { &mut *g };
    restore_context(g);
    scheduler::leave(g, AfterSwitch::AdvancePanic);
}

/// `runtime.panicText` has returned for the panic that was asked.
///
/// # Safety
/// Called by [`context::text_return`] only, with the results.
pub unsafe extern "sysv64" fn panic_text_returned(
    g: *mut Goroutine,
    start: *const u8,
    is_text: u64,
    length: u64,
) {
    // SAFETY: the routine passes the running goroutine.
    let g = unsafe { &mut *g };
    restore_context(g);
    let text = if is_text as u8 == 0 {
        Text::None
    } else if length == 0 {
        Text::Known(Vec::new())
    } else {
        // SAFETY: the function returned a string.
        Text::Known(unsafe { std::slice::from_raw_parts(start, length as usize) }.to_vec())
    };
    let asked = g.panics.iter_mut().rfind(|panic| panic.text == Text::Asked);
    asked.expect("a panic value was asked").text = text;
    scheduler::leave(g, AfterSwitch::AdvancePanic);
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::*;
    use crate::entry::Word;

    /// `panic(v)`.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_value(g: *mut Goroutine, ty: Word, data: Word) {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        let value = if ty == 0 {
            runtime_error::panic_nil(g)
        } else {
            Any { ty, data }
        };
        start(g, value);
    }
}
