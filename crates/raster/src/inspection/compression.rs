//! The methods by which cells are packed.

use std::fmt;

use super::InspectionError;

/// A method that is read (TIFF 6.0 and libtiff's registered numbers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Ccitt,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
    Lerc,
    Lzma,
    Zstd,
    WebP,
}

impl Compression {
    /// The method of a number.
    pub(super) fn of(code: u64) -> Result<Self, InspectionError> {
        Ok(match code {
            1 => Self::None,
            2..=4 | 32771 => Self::Ccitt,
            5 => Self::Lzw,
            7 => Self::Jpeg,
            8 | 32946 => Self::Deflate,
            32773 => Self::PackBits,
            34887 => Self::Lerc,
            34925 => Self::Lzma,
            50000 => Self::Zstd,
            50001 => Self::WebP,
            other => {
                let what = match other {
                    6 => "the withdrawn JPEG method of TIFF 6.0".to_owned(),
                    33003 | 33005 | 34712 => "JPEG 2000".to_owned(),
                    34892 => "lossy JPEG of DNG".to_owned(),
                    34661 | 34715 => "JBIG".to_owned(),
                    34676 | 34677 => "SGI LogLuv".to_owned(),
                    50002 | 52546 => "JPEG XL".to_owned(),
                    _ => format!("a method without a known name (number {other})"),
                };
                return Err(InspectionError::Compression { what });
            }
        })
    }

    /// Whether the method may change values a little. LERC and WebP also have a form that does not.
    pub(super) const fn may_be_lossy(self) -> bool {
        matches!(self, Self::Jpeg | Self::Lerc | Self::WebP)
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Ccitt => "CCITT",
            Self::Lzw => "LZW",
            Self::Jpeg => "JPEG",
            Self::Deflate => "Deflate",
            Self::PackBits => "PackBits",
            Self::Lerc => "LERC",
            Self::Lzma => "LZMA",
            Self::Zstd => "ZSTD",
            Self::WebP => "WebP",
        })
    }
}
