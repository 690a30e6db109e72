//! What is known of compiled code by address: call sites and their roots, landing pads, traps, lines.
//!
//! Cranelift reports offsets from the start of its code; here they become offsets from the start of
//! the function with its stack check, and at linking addresses.

use cranelift_codegen::{CompiledCode, FinalizedMachExceptionHandler};
use runtime::image::{CallSite, Handler, LineEntry, TrapSite};

/// The tables of one function; addresses are offsets from its start.
#[derive(Debug, Default)]
pub(crate) struct FunctionMetadata {
    /// Sorted; `roots_start` counts from the start of `root_slots`.
    call_sites: Vec<CallSite>,
    root_slots: Vec<u32>,
    handlers: Vec<Handler>,
    traps: Vec<TrapSite>,
    /// Offset and source position (an offset of the source map).
    positions: Vec<(u32, u32)>,
}

impl FunctionMetadata {
    /// Collects what Cranelift knows of a function whose code was shifted by `prefix` bytes.
    pub(crate) fn collect(compiled: &CompiledCode, prefix: u32, frame_bytes: u32) -> Self {
        let buffer = &compiled.buffer;
        let mut metadata = FunctionMetadata::default();
        let maps = buffer.user_stack_maps();
        for site in buffer.call_sites() {
            let roots_start = metadata.root_slots.len() as u32;
            let map = maps.binary_search_by_key(&site.ret_addr, |(offset, _, _)| *offset);
            if let Ok(index) = map {
                metadata
                    .root_slots
                    .extend(maps[index].2.entries().map(|(_, offset)| offset));
            }
            let return_address = u64::from(site.ret_addr + prefix);
            let mut has_handler = false;
            for handler in site.exception_handlers {
                if let FinalizedMachExceptionHandler::Default(pad) = handler {
                    has_handler = true;
                    let landing_pad = u64::from(pad + prefix);
                    metadata.handlers.push(Handler {
                        return_address,
                        landing_pad,
                        frame_bytes,
                    });
                }
            }
            let roots_count = (metadata.root_slots.len() as u32 - roots_start) as u16;
            metadata.call_sites.push(CallSite {
                return_address,
                frame_bytes,
                roots_start,
                roots_count,
                has_handler,
            });
        }
        metadata.call_sites.sort_by_key(|site| site.return_address);
        metadata
            .handlers
            .sort_by_key(|handler| handler.return_address);
        let traps = buffer.traps().iter();
        metadata.traps = traps
            .map(|trap| TrapSite {
                address: u64::from(trap.offset + prefix),
                code: trap.code.as_raw().get(),
            })
            .collect();
        metadata.traps.sort_by_key(|trap| trap.address);
        for location in buffer.get_srclocs_sorted() {
            if !location.loc.is_default() {
                metadata
                    .positions
                    .push((location.start + prefix, location.loc.bits()));
            }
        }
        metadata
    }
}

/// The tables of a whole program.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) call_sites: Vec<CallSite>,
    pub(crate) root_slots: Vec<u32>,
    pub(crate) handlers: Vec<Handler>,
    pub(crate) traps: Vec<TrapSite>,
    pub(crate) lines: Vec<LineEntry>,
}

impl Tables {
    /// Adds a function that lies at an address above those of all before it. `first_line` is the
    /// position of its start; `line_of` tells file, line and copied function of a position.
    pub(crate) fn add(
        &mut self,
        metadata: &FunctionMetadata,
        address: u64,
        first_line: (u32, u32),
        line_of: &mut dyn FnMut(u32) -> Option<(u32, u32, u32)>,
    ) {
        let roots = self.root_slots.len() as u32;
        self.root_slots.extend_from_slice(&metadata.root_slots);
        self.call_sites
            .extend(metadata.call_sites.iter().map(|site| CallSite {
                return_address: site.return_address + address,
                roots_start: site.roots_start + roots,
                ..*site
            }));
        self.handlers
            .extend(metadata.handlers.iter().map(|handler| Handler {
                return_address: handler.return_address + address,
                landing_pad: handler.landing_pad + address,
                ..*handler
            }));
        self.traps
            .extend(metadata.traps.iter().map(|trap| TrapSite {
                address: trap.address + address,
                code: trap.code,
            }));
        self.lines.push(LineEntry {
            address,
            file: first_line.0,
            line: first_line.1,
            inlined: 0,
        });
        let mut last = (first_line.0, first_line.1, 0);
        for &(offset, position) in &metadata.positions {
            let Some(here) = line_of(position) else {
                continue;
            };
            if here != last {
                self.lines.push(LineEntry {
                    address: address + u64::from(offset),
                    file: here.0,
                    line: here.1,
                    inlined: here.2,
                });
                last = here;
            }
        }
    }
}
