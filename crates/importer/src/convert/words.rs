//! What is found in geometries, in words.

use domain::lang::Message;
use domain::message;
use domain::record::Severity;
use geo_types::Coord;

use super::repair::Repair;
use super::validity::FaultKind;

/// A place in the coordinates of the file and, where those are others, in longitude and latitude.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) file: Coord<f64>,
    pub(super) wgs84: Option<(f64, f64)>,
}

impl Spot {
    /// Where, after a noun.
    fn words(self) -> Message {
        let (x, y) = (short(self.file.x), short(self.file.y));
        match self.wgs84 {
            Some((lon, lat)) => {
                let (lon, lat) = (short(lon), short(lat));
                message!(
                    "код x {x}, y {y} (географска дужина {lon}, ширина {lat})",
                    "at x {x}, y {y} (longitude {lon}, latitude {lat})"
                )
            }
            None => message!("код x {x}, y {y}", "at x {x}, y {y}"),
        }
    }
}

/// Enough for a centimetre in degrees.
fn short(number: f64) -> f64 {
    const DECIMALS: f64 = 1e7;
    (number * DECIMALS).round() / DECIMALS
}

/// Why an area is refused, and what to do.
pub(super) fn fault(kind: FaultKind, spot: Spot) -> Message {
    let Message { sr, en } = what(kind, &spot.words());
    let Message {
        sr: way_sr,
        en: way_en,
    } = way_out(kind);
    message!("{sr}; {way_sr}", "{en}; {way_en}")
}

fn what(kind: FaultKind, Message { sr, en }: &Message) -> Message {
    match kind {
        FaultKind::TooFewCorners => message!(
            "прстен {sr} има мање од три темена",
            "a ring {en} has fewer than three corners"
        ),
        FaultKind::NoArea => message!(
            "прстен {sr} враћа се истим путем и не обухвата ништа",
            "the boundary {en} runs back along itself and encloses nothing"
        ),
        FaultKind::SelfCrossing => {
            message!(
                "граница сече саму себе {sr}",
                "the boundary crosses itself {en}"
            )
        }
        FaultKind::SelfTouch => {
            message!(
                "граница додирује саму себе {sr}",
                "the boundary touches itself {en}"
            )
        }
        FaultKind::Retraced => message!(
            "граница иде двапут истим путем {sr}",
            "the boundary runs along itself {en}"
        ),
        FaultKind::RingsCross => message!(
            "рупа сече спољну границу или другу рупу {sr}",
            "a hole crosses the outer boundary or another hole {en}"
        ),
        FaultKind::SharedSide => {
            message!(
                "два прстена имају заједничку страну {sr}",
                "two rings share a side {en}"
            )
        }
        FaultKind::SameRing => {
            message!(
                "исти прстен стоји двапут {sr}",
                "the same ring stands twice {en}"
            )
        }
        FaultKind::HoleOutside => {
            message!(
                "рупа је изван своје површине {sr}",
                "a hole lies outside its area {en}"
            )
        }
        FaultKind::HoleInHole => {
            message!(
                "рупа је у другој рупи {sr}",
                "a hole lies inside another hole {en}"
            )
        }
        FaultKind::InsideCut => message!(
            "рупе додирују границу или једна другу на више места, па деле површину {sr}",
            "holes touch the boundary or each other in several places and so cut the area in two {en}"
        ),
        FaultKind::PartsCross => {
            message!(
                "два дела површине секу се {sr}",
                "two parts of the area cross {en}"
            )
        }
        FaultKind::PartInPart => {
            message!(
                "део површине лежи у другом делу {sr}",
                "a part of the area lies inside another part {en}"
            )
        }
    }
}

/// Names of tools are those of the English QGIS.
fn way_out(kind: FaultKind) -> Message {
    match kind {
        FaultKind::SelfCrossing | FaultKind::SelfTouch | FaultKind::Retraced => message!(
            "исправите је тамо (у QGIS-у: Check Validity показује место, Vertex Tool помера темена) \
             или је исцртајте поново",
            "redraw it there (in QGIS: Check Validity shows the place, the Vertex Tool moves the \
             vertices)"
        ),
        FaultKind::TooFewCorners | FaultKind::NoArea => message!(
            "обришите га или исцртајте поново (у QGIS-у: Delete Ring, Delete Part)",
            "delete it or draw it again (in QGIS: Delete Ring, Delete Part)"
        ),
        FaultKind::HoleOutside => message!(
            "померите је унутра, обришите је или од ње направите део (у QGIS-у: Delete Ring, Add Part)",
            "move it inside, delete it, or make it a part (in QGIS: Delete Ring, Add Part)"
        ),
        FaultKind::HoleInHole | FaultKind::SameRing => message!(
            "обришите сувишни прстен (у QGIS-у: Delete Ring, Delete Part)",
            "delete the one too many (in QGIS: Delete Ring, Delete Part)"
        ),
        FaultKind::PartsCross | FaultKind::PartInPart => message!(
            "спојите делове (у QGIS-у: Merge Selected Features, Dissolve) или их раздвојите",
            "merge the parts (in QGIS: Merge Selected Features, Dissolve) or draw them apart"
        ),
        FaultKind::RingsCross | FaultKind::SharedSide | FaultKind::InsideCut => message!(
            "померите темена рупе (у QGIS-у: Vertex Tool) или исцртајте границу око ње",
            "move the vertices of the hole (in QGIS: Vertex Tool), or draw the boundary around it"
        ),
    }
}

/// What was repaired, and how much that weighs.
pub(super) fn repair(repair: Repair, spot: Spot) -> (Severity, Message) {
    let Message { sr, en } = spot.words();
    let message = match repair {
        Repair::Closed { long: true, .. } => {
            let message = message!(
                "прстен се не завршава где почиње {sr}; затворен је страном дужом од свих осталих: \
                 проверите да ли недостају темена",
                "a ring does not end where it begins {en}; it was closed with a side longer than \
                 all others: check that no vertices are missing"
            );
            return (Severity::Warning, message);
        }
        Repair::Closed { .. } => message!(
            "прстен се није завршавао где почиње {sr}; затворен је",
            "a ring did not end where it begins {en}; it was closed"
        ),
        Repair::Repeated { count, .. } => message!(
            "изостављена су темена поновљена једно за другим: {count}, прво {sr}",
            "vertices repeated in a row were removed: {count}, the first {en}"
        ),
        Repair::Spikes { count, .. } => message!(
            "изостављени су шиљци без ширине, где се граница враћа истим путем: {count}, први {sr}",
            "spikes without width, where the boundary runs back the same way, were removed: \
             {count}, the first {en}"
        ),
        Repair::WithoutArea { count, .. } => message!(
            "изостављени су прстенови који не обухватају ништа: {count}, први {sr}",
            "rings that enclose nothing were left out: {count}, the first {en}"
        ),
        Repair::Split { .. } => message!(
            "граница се састајала сама са собом {sr}; подељена је на прстенове који то не чине, а \
             површина је остала иста до на хиљадити део",
            "the boundary met itself {en}; it was split into rings that do not, and the area stayed \
             the same to a thousandth"
        ),
        Repair::Dissolved { .. } => message!(
            "страна заједничка двама прстеновима {sr} изостављена је: делови који се додирују спојени \
             су, а рупа уз ивицу постала је увала; површина је остала иста",
            "a side that two rings share {en} was taken away: parts beside each other became one, a \
             hole at the edge became a bay; the area stayed the same"
        ),
        Repair::ToldApart { parts, holes, .. } => message!(
            "прстенови иду у погрешном смеру (у формату Shapefile спољне границе иду у смеру казаљке \
             на сату, рупе супротно), па је по томе који лежи у којем одређено шта је шта: делова \
             {parts}, рупа {holes}; по смеру је погрешно {sr}",
            "rings run in the wrong direction (in a shapefile outer boundaries run clockwise, holes \
             counter-clockwise), so which is which was told by which lies in which: parts {parts}, \
             holes {holes}; by direction it is wrong {en}"
        ),
        Repair::Corners { count, .. } => message!(
            "где прстен додирује страну другог прстена, додато је теме: {count}, прво {sr}",
            "where a ring touches the side of another one, a vertex was added: {count}, the first {en}"
        ),
    };
    (Severity::Note, message)
}

/// A number that is no coordinate.
pub(super) fn not_finite(number: usize, at: Coord<f64>) -> Message {
    let (x, y) = (at.x, at.y);
    message!(
        "теме {number} је x {x}, y {y}, а то није место; исправите га",
        "vertex {number} is x {x}, y {y}, which is no place; correct it"
    )
}

/// A line of one place.
pub(super) fn no_length(spot: Spot) -> Message {
    let Message { sr, en } = spot.words();
    message!(
        "линија је само једна тачка {sr}; исцртајте је поново",
        "the line is a single place {en}; draw it again"
    )
}

/// A line that is not simple.
pub(super) fn line_meets_itself(spot: Spot) -> Message {
    let Message { sr, en } = spot.words();
    message!(
        "линија се састаје сама са собом {sr}; проверите је (у QGIS-у: Vertex Tool)",
        "the line meets itself {en}; check it (in QGIS: Vertex Tool)"
    )
}

/// A line that came in parts.
pub(super) fn joined(count: usize, spot: Spot) -> Message {
    let Message { sr, en } = spot.words();
    message!(
        "линија чији делови настављају један други спојена је у једну; делова: {count}, почетак {sr}",
        "a line whose parts go on from each other was made one; parts: {count}, it begins {en}"
    )
}
