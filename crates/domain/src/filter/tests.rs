//! The grammar and the binding: what is read, and what is refused in which words.

mod binding;
mod grammar;
mod refused;
mod standard;
