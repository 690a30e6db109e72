//! Reading control stacks: frames, the pointers in them, and where code addresses come from.
//!
//! A goroutine that does not run compiled code has its rsp and rbp saved. The word at rsp is the return address into the
//! innermost frame, rbp that frame's; above it the chain of saved frame pointers leads through all frames, with the
//! return address of each beside. The image says for every return address which slots hold pointers.
//!
//! Two kinds of innermost address are no call sites: one in a prologue, when the goroutine stopped in the growth stub
//! (the frame does not exist yet; its arguments are in the saved registers and, if there are many, on the stack of its
//! caller), and that of a fault, which has no landing pad and nothing live.

use crate::goroutine::{Goroutine, Resume};
use crate::image::{CallSite, CodeRange, FrameKind, Image};
use gc::RootVisitor;

/// Reads the word at `address`.
///
/// # Safety
/// `address` lies in a stack in use.
pub unsafe fn read_word(address: u64) -> u64 {
    let pointer: *const u64 = std::ptr::with_exposed_provenance(address as usize);
    // SAFETY: the caller vouches for it.
    unsafe { *pointer }
}

/// A frame of compiled code, or of one of the routines of [`crate::context`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Where it goes on when its callee returns.
    pub pc: u64,
    /// Its frame pointer.
    pub fp: u64,
}

/// The frames of a goroutine, innermost first.
#[derive(Debug)]
pub struct Frames {
    next: Frame,
}

impl Frames {
    /// The frames of `g`, which must not run compiled code.
    pub fn of(image: &Image, g: &Goroutine) -> Self {
        // SAFETY: the saved rsp points at a return address.
        let mut pc = unsafe { read_word(g.block.saved_sp) };
        if is_in_prologue(image, g, pc) {
            // SAFETY: above the return address into the prologue is that into the caller.
            pc = unsafe { read_word(g.block.saved_sp + 8) };
        }
        Self {
            next: Frame {
                pc,
                fp: g.block.saved_fp,
            },
        }
    }

    /// The frames from `frame` on.
    pub fn from(frame: Frame) -> Self {
        Self { next: frame }
    }
}

impl Iterator for Frames {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        let frame = self.next;
        if frame.fp == 0 {
            return None;
        }
        // SAFETY: frame pointers of a stack lead from frame to frame (codegen keeps them in every function).
        self.next = unsafe {
            Frame {
                pc: read_word(frame.fp + 8),
                fp: read_word(frame.fp),
            }
        };
        Some(frame)
    }
}

/// Whether the goroutine stopped in the growth stub, which a prologue called with return address `pc`.
fn is_in_prologue(image: &Image, g: &Goroutine, pc: u64) -> bool {
    find_call_site(image, pc).is_none()
        && find_function(image, pc).is_some()
        && g.panics.last().is_none_or(|panic| panic.origin_pc != pc)
}

/// What is known of the call that returns to `pc`.
pub fn find_call_site(image: &Image, pc: u64) -> Option<&CallSite> {
    let index = image
        .call_sites
        .binary_search_by_key(&pc, |site| site.return_address)
        .ok()?;
    Some(&image.call_sites[index])
}

/// The function that holds code address `pc`.
pub fn find_function(image: &Image, pc: u64) -> Option<&CodeRange> {
    let index = image
        .functions
        .partition_point(|function| function.start <= pc)
        .checked_sub(1)?;
    image
        .functions
        .get(index)
        .filter(|function| pc < function.end)
}

/// A function as the source tells it: several may share a code address, if some were copied into others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFrame<'image> {
    /// As traces print it.
    pub name: &'image str,
    /// Whether a trace must hint at arguments.
    pub has_parameters: bool,
    /// Whether its code is a copy in another function.
    pub is_inlined: bool,
    /// The file, and the line from 1, where control is in it.
    pub position: Option<(&'image str, u32)>,
}

/// The functions that code address `pc` is in, innermost first; hidden ones are left out.
pub fn source_frames(image: &Image, pc: u64) -> SourceFrames<'_> {
    let Some(function) = find_function(image, pc) else {
        return SourceFrames {
            image,
            function: None,
            position: (0, 0),
            inlined: 0,
        };
    };
    let entry = image
        .lines
        .partition_point(|line| line.address <= pc)
        .checked_sub(1)
        .map(|index| &image.lines[index])
        .filter(|line| line.address >= function.start);
    SourceFrames {
        image,
        function: Some(function),
        position: entry.map_or(function.position, |line| (line.file, line.line)),
        inlined: entry.map_or(0, |line| line.inlined),
    }
}

/// See [`source_frames`].
pub struct SourceFrames<'image> {
    image: &'image Image,
    /// The function itself, until it was returned.
    function: Option<&'image CodeRange>,
    position: (u32, u32),
    inlined: u32,
}

impl<'image> Iterator for SourceFrames<'image> {
    type Item = SourceFrame<'image>;

    fn next(&mut self) -> Option<SourceFrame<'image>> {
        let (file, line) = self.position;
        let file = self.image.files.get(file as usize);
        let position = file.map(|file| (file.as_str(), line));
        if let Some(index) = (self.inlined as usize).checked_sub(1) {
            let inlined = &self.image.inlined[index];
            (self.position, self.inlined) = (inlined.call, inlined.outer);
            return Some(SourceFrame {
                name: &inlined.name,
                has_parameters: inlined.has_parameters,
                is_inlined: true,
                position,
            });
        }
        let function = self.function.take()?;
        (function.kind == FrameKind::Shown).then_some(SourceFrame {
            name: &function.name,
            has_parameters: function.has_parameters,
            is_inlined: false,
            position,
        })
    }
}

/// Hands all pointers in the control stack and saved registers of `g` to `roots`.
pub fn visit_stack(image: &Image, g: &Goroutine, roots: &mut RootVisitor<'_, '_>) {
    roots.add_stack_bytes(g.block.stack_high - g.block.saved_sp);
    if let Resume::Registers(registers) = &g.resume {
        visit_entry_arguments(image, g, &registers.words, roots);
    }
    for frame in Frames::of(image, g) {
        let Some(site) = find_call_site(image, frame.pc) else {
            continue;
        };
        let sp = frame.fp - u64::from(site.frame_bytes);
        let slots =
            site.roots_start as usize..site.roots_start as usize + usize::from(site.roots_count);
        for &offset in &image.root_slots[slots] {
            // SAFETY: the map names slots of this frame, which is on the stack in use.
            let pointer = unsafe { read_word(sp + u64::from(offset)) };
            roots.visit(std::ptr::with_exposed_provenance(pointer as usize));
        }
    }
}

/// The registers of a goroutine stopped with all of them; and if that was in a prologue, what its caller may have put on
/// the stack for it: everything of the caller's frame, as nothing says how much of it are arguments.
fn visit_entry_arguments(
    image: &Image,
    g: &Goroutine,
    registers: &[u64],
    roots: &mut RootVisitor<'_, '_>,
) {
    for &word in registers {
        roots.visit_conservative(word as usize);
    }
    // SAFETY: the saved rsp points at a return address.
    if !is_in_prologue(image, g, unsafe { read_word(g.block.saved_sp) }) {
        return;
    }
    let mut address = g.block.saved_sp + 16;
    while address < g.block.saved_fp {
        // SAFETY: between the callee's return address and the caller's frame pointer lies the caller's frame.
        roots.visit_conservative(unsafe { read_word(address) } as usize);
        address += 8;
    }
}
