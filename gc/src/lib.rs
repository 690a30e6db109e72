//! The collected heap of MiniGo.

mod cache;
pub mod heap;
pub mod layout;
mod mark;
pub mod object;
pub mod options;
pub mod phase;
pub mod roots;
pub mod size_class;
pub mod statistics;

pub use cache::Cache;
pub use heap::{AllocationError, CollectReason, CycleReport, Heap, HeapError};
pub use object::ObjectRef;
pub use options::Options;
pub use roots::{RootVisitor, World};
pub use statistics::Statistics;
