//! minigo-std
