//! Positions of instructions that a call brought into another function.
//!
//! An instruction names a position by an offset of the source map. When a function is copied into
//! its caller, what is copied must still be told apart from what the caller's text says: a trace
//! shows both functions. So a copy stands at an *inlined position*, an offset beyond all sources,
//! which stands for a position in the callee and the position of the call; either may be inlined
//! itself.

use std::collections::HashMap;

use super::FunctionId;
use crate::source::FIRST_UNUSED_OFFSET;

/// A position in a copy of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InlinedPosition {
    /// Where in the callee's text, or inlined into the callee.
    pub position: u32,
    /// The function that was copied.
    pub callee: FunctionId,
    /// Where in the caller it was called.
    pub call: u32,
}

/// All inlined positions of a program; offsets from [`FIRST_UNUSED_OFFSET`] on number them.
#[derive(Debug, Default)]
pub struct InlinedPositions {
    positions: Vec<InlinedPosition>,
    offsets: HashMap<InlinedPosition, u32>,
}

impl InlinedPositions {
    /// The offset that stands for a position; the same for the same one.
    pub fn offset_of(&mut self, position: InlinedPosition) -> u32 {
        *self.offsets.entry(position).or_insert_with(|| {
            self.positions.push(position);
            FIRST_UNUSED_OFFSET + (self.positions.len() - 1) as u32
        })
    }

    /// What an offset stands for; `None` for one of the sources.
    pub fn get(&self, offset: u32) -> Option<InlinedPosition> {
        let index = offset.checked_sub(FIRST_UNUSED_OFFSET)?;
        self.positions.get(index as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use cranelift_entity::EntityRef;

    use super::*;

    #[test]
    fn an_offset_names_the_position_it_was_made_for() {
        let mut inlined = InlinedPositions::default();
        let position = |position, call| InlinedPosition {
            position,
            callee: FunctionId::new(3),
            call,
        };
        let inner = inlined.offset_of(position(10, 20));
        let outer = inlined.offset_of(position(inner, 30));
        assert_eq!(inlined.offset_of(position(10, 20)), inner);
        assert_eq!(inlined.get(outer), Some(position(inner, 30)));
        assert_eq!(inlined.get(10), None);
    }
}
