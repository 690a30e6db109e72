//! minigo-bench
