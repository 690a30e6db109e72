//! The type checker. (Essay to be written by its author.)

pub mod constant;
pub mod program;

pub use program::*;
