//! The runtime: goroutines, channels, maps, panics. (Essay to be written by its author.)

pub mod abi;
pub mod image;
