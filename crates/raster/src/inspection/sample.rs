//! The types of cells' values.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a cell's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SampleType {
    /// 0 to 255.
    UInt8,
    /// −128 to 127.
    Int8,
    /// 0 to 65 535.
    UInt16,
    /// −32 768 to 32 767.
    Int16,
    /// 0 to 4 294 967 295.
    UInt32,
    /// −2 147 483 648 to 2 147 483 647.
    Int32,
    /// IEEE 754 single precision.
    Float32,
    /// IEEE 754 double precision.
    Float64,
}

impl SampleType {
    /// How many bytes a value takes.
    pub const fn bytes(self) -> usize {
        match self {
            Self::UInt8 | Self::Int8 => 1,
            Self::UInt16 | Self::Int16 => 2,
            Self::UInt32 | Self::Int32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// GDAL's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UInt8 => "Byte",
            Self::Int8 => "Int8",
            Self::UInt16 => "UInt16",
            Self::Int16 => "Int16",
            Self::UInt32 => "UInt32",
            Self::Int32 => "Int32",
            Self::Float32 => "Float32",
            Self::Float64 => "Float64",
        }
    }

    /// Whether values are floating-point numbers.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::Float32 | Self::Float64)
    }

    /// The least and the greatest value.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::UInt8 => (0.0, u8::MAX.into()),
            Self::Int8 => (i8::MIN.into(), i8::MAX.into()),
            Self::UInt16 => (0.0, u16::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Self::UInt32 => (0.0, u32::MAX.into()),
            Self::Int32 => (i32::MIN.into(), i32::MAX.into()),
            Self::Float32 => (f32::MIN.into(), f32::MAX.into()),
            Self::Float64 => (f64::MIN, f64::MAX),
        }
    }

    /// Whether a cell can have this value; that a floating-point one is rounded does not matter.
    pub fn can_hold(self, value: f64) -> bool {
        if self.is_float() && !value.is_finite() {
            return true;
        }
        let (least, greatest) = self.range();
        (least..=greatest).contains(&value) && (self.is_float() || value.fract() == 0.0)
    }

    /// The numbers behind little-endian bytes; bytes of an unfinished value at the end are left out.
    pub fn numbers(self, bytes: &[u8]) -> Vec<f64> {
        match self {
            Self::UInt8 => bytes.iter().map(|&byte| byte.into()).collect(),
            Self::Int8 => map(bytes, |[byte]| i8::from_le_bytes([byte]).into()),
            Self::UInt16 => map(bytes, |value| u16::from_le_bytes(value).into()),
            Self::Int16 => map(bytes, |value| i16::from_le_bytes(value).into()),
            Self::UInt32 => map(bytes, |value| u32::from_le_bytes(value).into()),
            Self::Int32 => map(bytes, |value| i32::from_le_bytes(value).into()),
            Self::Float32 => map(bytes, |value| f32::from_le_bytes(value).into()),
            Self::Float64 => map(bytes, f64::from_le_bytes),
        }
    }
}

fn map<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    let (values, _) = bytes.as_chunks::<N>();
    values.iter().map(|&value| number(value)).collect()
}

impl fmt::Display for SampleType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
