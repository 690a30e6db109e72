//! The collected heap of MiniGo.

mod arena;
mod cache;
mod central;
mod collector;
mod heap;
pub mod layout;
mod mark;
mod object;
mod options;
pub mod pacer;
mod page_heap;
pub mod phase;
mod roots;
pub mod size_class;
mod span;
mod statistics;
mod sweep;
pub mod sync;
mod trace;
mod verify;
mod work;

pub use cache::Cache;
pub use collector::CollectReason;
pub use heap::{AllocationError, Heap, HeapError};
pub use object::ObjectRef;
pub use options::{DEFAULT_RESERVATION_BYTES, Options};
pub use roots::{RootVisitor, World};
pub use statistics::{RECENT_PAUSES, Statistics};
pub use trace::CycleReport;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod toy;
