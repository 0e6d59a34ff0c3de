//! Reports: what is computed from the register for a question, and stored nowhere.

pub mod volume_change;
