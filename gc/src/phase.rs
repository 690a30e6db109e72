//! The phase of the collection, as compiled code sees it.

/// What the collector is doing, as one byte at a constant offset of every cache.
///
/// Written only while the world is stopped; so a store that tested it is finished before it changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Phase {
    /// Nobody marks. Sweeping may be under way, which mutators need not know.
    Idle = 0,
    /// Marking. With the world stopped throughout, no mutator ever runs in this phase.
    Mark = 1,
}
