//! Symbols: a shape, a colour, a size.

use std::fmt;

use crate::category::ProposedCategory;
use crate::lists::{FacilityStatus, FacilityType};

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

impl fmt::Display for Colour {
    /// As in `#d55e00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A shape of a point symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A filled circle.
    Circle,
    /// A filled square.
    Square,
    /// A filled triangle, one corner up.
    Triangle,
    /// A filled square on its corner.
    Diamond,
    /// A cross of two bars.
    Cross,
    /// A circle that is not filled.
    Ring,
}

impl Shape {
    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Circle => "circle",
            Self::Square => "square",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
            Self::Cross => "cross",
            Self::Ring => "ring",
        }
    }
}

/// How a record is shown: as a point with this shape and size, as a line or area in this colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Symbol {
    /// The shape.
    pub shape: Shape,
    /// The colour.
    pub colour: Colour,
    /// The side of the square around the shape, in pixels of a 96 dpi screen.
    pub size: u8,
}

/// The usual size.
pub(super) const SIZE: u8 = 14;

impl Symbol {
    const fn new(shape: Shape, colour: Colour) -> Self {
        let size = SIZE;
        Self {
            shape,
            colour,
            size,
        }
    }

    /// A circle of the usual size.
    pub const fn circle(colour: Colour) -> Self {
        Self::new(Shape::Circle, colour)
    }

    /// Its name among pictures, such as `circle-d55e00-14`.
    pub fn name(&self) -> String {
        let colour = self.colour.to_string();
        let colour = colour.trim_start_matches('#');
        format!("{}-{colour}-{}", self.shape.name(), self.size)
    }
}

const ORANGE: Colour = Colour([230, 159, 0]);
const SKY: Colour = Colour([86, 180, 233]);
const VERMILION: Colour = Colour([213, 94, 0]);
const GREEN: Colour = Colour([0, 158, 115]);
const YELLOW: Colour = Colour([240, 228, 66]);
const BLUE: Colour = Colour([0, 114, 178]);
const PURPLE: Colour = Colour([204, 121, 167]);
const GREY: Colour = Colour([153, 153, 153]);
const DARK: Colour = Colour([102, 102, 102]);

/// Colours that are told apart also by people who confuse red and green (Okabe and Ito).
pub const PALETTE: [Colour; 7] = [ORANGE, SKY, VERMILION, GREEN, YELLOW, BLUE, PURPLE];
/// Greys, for what comes after the colours.
pub const GREYS: [Colour; 3] = [GREY, DARK, Colour([221, 221, 221])];

/// From little to much (viridis, backwards: dark is much).
pub(super) const VIRIDIS: [Colour; 5] = [
    Colour([253, 231, 37]),
    Colour([94, 201, 98]),
    Colour([33, 145, 140]),
    Colour([59, 82, 139]),
    Colour([68, 1, 84]),
];
/// From missing to complete (`PuOr`).
pub(super) const PUOR: [Colour; 5] = [
    Colour([179, 88, 6]),
    Colour([241, 163, 64]),
    Colour([216, 218, 235]),
    Colour([153, 142, 195]),
    Colour([84, 39, 136]),
];

pub(super) const UNKNOWN: Symbol = Symbol::new(Shape::Ring, GREY);

/// What is wet is round, what is heaped up a triangle, what comes from a plant a square, what lies in
/// water a diamond.
pub(super) const fn of_type(kind: FacilityType) -> Symbol {
    use FacilityType as F;
    let (shape, colour) = match kind {
        F::TailingsPond => (Shape::Circle, VERMILION),
        F::TailingsInPit => (Shape::Circle, ORANGE),
        F::DryStack => (Shape::Circle, YELLOW),
        F::RedMudPond => (Shape::Circle, PURPLE),
        F::WasteRockDump => (Shape::Triangle, BLUE),
        F::OverburdenDump => (Shape::Triangle, SKY),
        F::CoalWasteDump => (Shape::Triangle, DARK),
        F::ExplorationDump => (Shape::Triangle, GREY),
        F::QuarryWaste => (Shape::Triangle, YELLOW),
        F::HeapLeach => (Shape::Square, GREEN),
        F::SlagHeap => (Shape::Square, DARK),
        F::AshPond => (Shape::Square, GREY),
        F::ProcessingResidue => (Shape::Square, VERMILION),
        F::PhosphogypsumStack => (Shape::Square, YELLOW),
        F::DredgeSpoil => (Shape::Diamond, SKY),
        F::AlluvialTailings => (Shape::Diamond, ORANGE),
        F::ContaminatedPond => (Shape::Diamond, BLUE),
        F::Mixed => (Shape::Cross, PURPLE),
        F::Other => (Shape::Cross, DARK),
    };
    Symbol::new(shape, colour)
}

/// What is to come is a ring, what is at work a circle, what is closed a square, what nobody looks after
/// a triangle.
pub(super) const fn of_status(status: FacilityStatus) -> Symbol {
    use FacilityStatus as S;
    let (shape, colour) = match status {
        S::Planned => (Shape::Ring, SKY),
        S::UnderConstruction => (Shape::Ring, BLUE),
        S::Operating => (Shape::Circle, BLUE),
        S::CareAndMaintenance => (Shape::Circle, YELLOW),
        S::Closing => (Shape::Square, ORANGE),
        S::Closed => (Shape::Square, SKY),
        S::ClosedReleased => (Shape::Square, GREY),
        S::Abandoned => (Shape::Triangle, VERMILION),
        S::Historic => (Shape::Triangle, PURPLE),
        S::Reclaimed => (Shape::Diamond, GREEN),
        S::ReMined => (Shape::Cross, DARK),
        S::Unknown => return UNKNOWN,
    };
    Symbol::new(shape, colour)
}

pub(super) const fn of_category(category: ProposedCategory) -> Symbol {
    let (shape, colour) = match category {
        ProposedCategory::A => (Shape::Triangle, VERMILION),
        ProposedCategory::OutsideScope => (Shape::Square, SKY),
        ProposedCategory::Undetermined => (Shape::Circle, GREY),
    };
    Symbol::new(shape, colour)
}
