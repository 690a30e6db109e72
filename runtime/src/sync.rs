//! The door to atomics, spinning and yielding for what is also run in models: the package in `runtime/models` takes in those
//! files as they are, and puts a model checker's versions here.

pub(crate) use std::sync::atomic;
pub(crate) use std::{hint, thread};
