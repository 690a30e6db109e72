//! minigo-codegen
