//! minigo-examples
