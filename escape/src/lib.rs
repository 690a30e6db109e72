//! minigo-escape
