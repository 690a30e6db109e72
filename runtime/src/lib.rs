//! minigo-runtime
