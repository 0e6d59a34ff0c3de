//! How files write numbers, days, yes and no, and "nothing".

pub(super) mod day;
pub(super) mod number;
mod placeholder;

pub(super) use placeholder::{
    is_placeholder, is_placeholder_number, number_of_nothing, sheet_error,
};
