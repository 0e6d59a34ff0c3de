//! Quantities with their units. A value is finite and within the range that its kind can have.

pub mod unit;

use crate::lang::Text;
use crate::value::{FieldType, FieldValue, Value, ValueError};

const A_NUMBER: Text = Text::new("број", "a number");
const A_DECIMAL: Text = Text::new(
    "број са децималном тачком, као 12.5",
    "a number with a decimal point, such as 12.5",
);

/// Declares a quantity: a newtype over `f64` in one unit (UCUM), with its range.
macro_rules! quantity {
    ($(#[$meta:meta])* $name:ident in $unit:literal, $min:literal to $max:literal;) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// The quantity, if the number is one of this kind.
            pub fn new(number: f64) -> Result<Self, ValueError> {
                if ($min..=$max).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(ValueError::OutOfRange { value: number, min: $min, max: $max })
                }
            }

            /// The number, in the unit of the type.
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl FieldValue for $name {
            const TYPE: FieldType = FieldType::Number;
            const UNIT: Option<&'static str> = Some($unit);

            fn parse(text: &str) -> Result<Self, ValueError> {
                let number = text.trim().parse().map_err(|_| {
                    ValueError::not_a(text, &A_DECIMAL)
                })?;
                Self::new(number)
            }

            fn into_value(self) -> Value {
                Value::Number(self.0)
            }

            #[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^53")]
            fn from_value(value: &Value) -> Result<Self, ValueError> {
                match value {
                    Value::Number(number) => Self::new(*number),
                    Value::Integer(number) => Self::new(*number as f64),
                    other => Err(ValueError::not_a(&other.to_string(), &A_NUMBER)),
                }
            }
        }
    };
}

quantity! {
    /// A length or height, metres.
    Metres in "m", 0.0 to 1_000_000.0;
}
quantity! {
    /// A level above the vertical datum, metres; Serbia lies between 17 m and 2 656 m.
    LevelMetres in "m", -500.0 to 3_000.0;
}
quantity! {
    /// An area, square metres.
    SquareMetres in "m2", 0.0 to 1e9;
}
quantity! {
    /// An area of land larger than a facility, such as a protected area, square metres; Serbia has
    /// 88 499 km².
    LandSquareMetres in "m2", 0.0 to 1e11;
}
quantity! {
    /// A volume, cubic metres.
    CubicMetres in "m3", 0.0 to 1e11;
}
quantity! {
    /// A change of volume, cubic metres: positive where material came.
    VolumeChangeCubicMetres in "m3", -1e11 to 1e11;
}
quantity! {
    /// A difference of heights or positions, metres.
    DifferenceMetres in "m", -10_000.0 to 10_000.0;
}
quantity! {
    /// A value of a computed index.
    IndexValue in "1", -1e9 to 1e9;
}
quantity! {
    /// A share of a whole, per cent.
    Percent in "%", 0.0 to 100.0;
}
quantity! {
    /// A mass, metric tonnes.
    Tonnes in "t", 0.0 to 1e12;
}
quantity! {
    /// A pure number, such as a factor of safety.
    Ratio in "1", 0.0 to 1_000.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_numbers_in_range_are_quantities() {
        assert_eq!(Metres::parse(" 12.5 ").map(Metres::get), Ok(12.5));
        for bad in ["NaN", "inf", "-1", "12,5", "1e7", ""] {
            assert!(Metres::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_whole_number_in_a_row_is_a_quantity() {
        assert_eq!(
            Tonnes::from_value(&Value::Integer(8_700_000)).map(Tonnes::get),
            Ok(8.7e6)
        );
    }
}
