//! minigo-gc
