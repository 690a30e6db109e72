//! minigo-tests
