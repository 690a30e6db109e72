//! The front end: from source text to typed SSA.
//!
//! Text goes through [`parser`] (logos and LALRPOP) into one [`ast`] for the whole program. Nothing
//! here depends on the back end or the runtime. Everything that is wrong with a program is told
//! through [`diagnostic`], in gc's words.

pub mod archive;
pub mod ast;
pub mod check;
pub mod diagnostic;
pub mod hash;
pub mod parser;
pub mod source;
pub mod ssa;
pub mod syntax_print;
pub mod types;
pub mod universe;

mod builder;
mod lexer;
mod line_directive;
mod settle;
mod syntax_errors;
mod token;
mod token_passes;
