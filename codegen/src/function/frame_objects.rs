//! What instructions have in the object frame, and how it is cleared when it is of no use any more: see `frame_liveness`.

use frontend::ssa::{Block, Inst};
use frontend::types::TypeId;

use super::Translator;
use crate::emit::{CodePlace, FrameSlot, MAX_CLEARED_POINTERS};
use crate::frame_liveness::{self, Facts, Object, Place};

impl Translator<'_, '_> {
    /// Notes where the code of an instruction ends, and what it has in the frame: the slots from `first` on.
    pub(super) fn note_slots(&mut self, inst: Inst, first: usize) {
        self.ends[inst] = self.code_place();
        let slots = first..self.frame_slots().len();
        if !slots.is_empty() {
            self.frame_objects.push((inst, slots));
        }
    }

    /// Clears the objects in the frame where nothing can use them any more, once all code is there.
    pub(super) fn clear_dead_objects(&mut self) {
        let mut frame_objects = std::mem::take(&mut self.frame_objects);
        if frame_objects.is_empty() {
            return;
        }
        frame_objects.sort_by_key(|(inst, _)| *inst);
        let objects: Vec<Object> = frame_objects
            .iter()
            .map(|(inst, slots)| {
                let slots = &self.frame_slots()[slots.clone()];
                let pointers: usize = slots.iter().map(FrameSlot::pointers).sum();
                Object {
                    inst: *inst,
                    is_small: pointers <= MAX_CLEARED_POINTERS,
                }
            })
            .collect();
        let facts = Facts {
            function: self.function,
            dominators: &self.dominators,
            types: self.types(),
            placements: self.module.placements,
            objects: &objects,
            effect: &|inst| self.module.effect_of(self.id, inst),
            polls: &|block| self.plan.poll_at(block).is_some(),
            is_memory: &|ty: TypeId| self.layout(ty).is_memory(),
            has_pointers: &|ty: TypeId| self.module.layouts.descriptor(ty).has_pointers(),
        };
        for (place, object) in frame_liveness::clears(&facts) {
            let slots = self.frame_slots()[frame_objects[object].1.clone()].to_vec();
            if let Some(place) = self.code_place_of(place) {
                self.clear_slots_at(place, &slots);
            }
        }
    }

    fn code_place_of(&self, place: Place) -> Option<CodePlace> {
        let Place { block, next } = place;
        match next.checked_sub(1) {
            Some(before) => self.ends[self.function.blocks[block].insts[before]],
            None => Some(self.head_of(block)),
        }
    }

    fn head_of(&self, block: Block) -> CodePlace {
        CodePlace::head(self.clif_block(block))
    }
}
