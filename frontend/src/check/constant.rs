//! Exact values of constant expressions (spec: "Constants").
//!
//! Integers are unbounded, floats are rationals while they are small and binary floats of 512 bits
//! beyond, as gc does. No value depends on the machine.

use std::rc::Rc;

use dashu::integer::IBig;
use dashu::rational::RBig;

/// The value of a constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// `true` or `false`
    Bool(bool),
    /// A string, as bytes: it may hold any byte.
    String(Rc<[u8]>),
    /// An integer or rune.
    Integer(Rc<IBig>),
    /// A floating-point value that is not necessarily an integer.
    Float(Rc<RBig>),
}
