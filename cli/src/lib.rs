//! minigo
