//! Whether well-known binary, or the extended one of `PostGIS`, is what the library reads that relies on it: it trusts what the parts
//! of a multi-geometry say about themselves, and takes a triangle (type 17) for a point (type 1).

use domain::lang::Message;
use domain::message;

/// Deeper than any geometry with a meaning.
const MAX_LEVELS: usize = 16;

/// Sees that a geometry is of the ISO 13249-3 types 1 to 7, point to collection, also with Z and M;
/// that every part is there, is of the type that the whole announces and has its dimensions and
/// byte order; and that nothing follows. Answers the number of the reference system, which the
/// extended binary may name.
pub(super) fn check(wkb: &[u8]) -> Result<Option<u32>, Message> {
    let mut rest = wkb;
    let header = header(&mut rest).ok_or_else(not_whole)?;
    if !matches!(header.kind, 1..=7) {
        return Err(message!(
            "геометрија није ни тачка, ни линија, ни површина; нацртајте је као полигон",
            "the geometry is no point, line or area, but perhaps a surface of triangles; draw it as \
             a polygon"
        ));
    }
    match body(&mut rest, &header, MAX_LEVELS) {
        Some(()) if rest.is_empty() => Ok(header.srid.filter(|&srid| srid != 0)),
        _ => Err(not_whole()),
    }
}

fn not_whole() -> Message {
    message!(
        "геометрија се не може прочитати: није цела; нацртајте је поново",
        "the geometry cannot be read: it is not whole; draw it again"
    )
}

struct Header {
    little_endian: bool,
    /// From 1, point, to 7, collection.
    kind: u32,
    /// Numbers of a position: 2, 3 or 4.
    dimensions: usize,
    /// The number of the reference system.
    srid: Option<u32>,
}

/// Bits of the type in extended well-known binary.
mod flag {
    pub(super) const Z: u32 = 0x8000_0000;
    pub(super) const M: u32 = 0x4000_0000;
    pub(super) const SRID: u32 = 0x2000_0000;
}

fn header(rest: &mut &[u8]) -> Option<Header> {
    let little_endian = match take(rest, 1)? {
        [0] => false,
        [1] => true,
        _ => return None,
    };
    let code = number(rest, little_endian)?;
    let has = |bit: u32| code & bit != 0;
    let plain = code & !(flag::Z | flag::M | flag::SRID);
    let dimensions = match (plain / 1000, has(flag::Z), has(flag::M)) {
        (0, false, false) => 2,
        (0, true, true) | (3, false, false) => 4,
        (0, _, _) | (1 | 2, false, false) => 3,
        _ => return None,
    };
    let srid = has(flag::SRID).then(|| number(rest, little_endian));
    Some(Header {
        little_endian,
        kind: plain % 1000,
        dimensions,
        srid: match srid {
            Some(srid) => Some(srid?),
            None => None,
        },
    })
}

fn body(rest: &mut &[u8], header: &Header, levels: usize) -> Option<()> {
    if header.kind == 1 {
        return positions(rest, 1, header);
    }
    let count = number(rest, header.little_endian)?;
    match header.kind {
        2 => positions(rest, count, header),
        3 => (0..count).try_for_each(|_| {
            let count = number(rest, header.little_endian)?;
            positions(rest, count, header)
        }),
        _ => (0..count).try_for_each(|_| part(rest, header, levels.checked_sub(1)?)),
    }
}

fn part(rest: &mut &[u8], whole: &Header, levels: usize) -> Option<()> {
    let part = header(rest)?;
    let kind_fits = match whole.kind {
        // Multipoint, multilinestring and multipolygon: of points, lines and polygons.
        4..=6 => part.kind == whole.kind - 3,
        _ => matches!(part.kind, 1..=7),
    };
    let fits = kind_fits
        && part.dimensions == whole.dimensions
        && part.srid.is_none()
        && part.little_endian == whole.little_endian;
    fits.then(|| body(rest, &part, levels))?
}

fn positions(rest: &mut &[u8], count: u32, header: &Header) -> Option<()> {
    let bytes = usize::try_from(count)
        .ok()?
        .checked_mul(header.dimensions * size_of::<f64>())?;
    take(rest, bytes).map(|_| ())
}

fn number(rest: &mut &[u8], little_endian: bool) -> Option<u32> {
    let bytes = take(rest, 4)?.try_into().ok()?;
    Some(if little_endian {
        u32::from_le_bytes(bytes)
    } else {
        u32::from_be_bytes(bytes)
    })
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::check;

    fn is_whole(wkb: &[u8]) -> bool {
        check(wkb).is_ok()
    }

    /// A multipoint of one position, big-endian.
    fn multipoint(part: &[u8]) -> Vec<u8> {
        [&[0, 0, 0, 0, 4, 0, 0, 0, 1], part].concat()
    }

    #[test]
    fn parts_must_be_there_and_fit_the_whole() {
        let point = [&[0, 0, 0, 0, 1], [0; 16].as_slice()].concat();
        assert!(is_whole(&point));
        assert!(is_whole(&multipoint(&point)));
        let cases: [(&str, Vec<u8>); 6] = [
            ("cut", multipoint(&point[..20])),
            ("followed", multipoint(&[point.as_slice(), &[0]].concat())),
            (
                "no point",
                multipoint(&[&[0, 0, 0, 0, 2], &point[5..]].concat()),
            ),
            (
                "with Z in one without",
                multipoint(&[&[0, 0, 0, 3, 0xE9], &point[5..], &[0; 8]].concat()),
            ),
            (
                "of the other byte order",
                multipoint(&[&[1, 1, 0, 0, 0], &point[5..]].concat()),
            ),
            (
                "a count beyond all bytes",
                vec![0, 0, 0, 0, 2, 255, 255, 255, 255],
            ),
        ];
        for (what, bytes) in cases {
            assert!(!is_whole(&bytes), "{what}");
        }
    }

    #[test]
    fn collections_end_somewhere() {
        let mut deep = Vec::new();
        for _ in 0..100_000 {
            deep.extend([0, 0, 0, 0, 7, 0, 0, 0, 1]);
        }
        deep.extend([0, 0, 0, 0, 7, 0, 0, 0, 0]);
        assert!(!is_whole(&deep));
        assert!(is_whole(&deep[deep.len() - 18..]));
    }

    #[test]
    fn types_that_the_library_takes_for_others_are_refused() {
        // Triangle, polyhedral surface, multisurface, curve polygon: of no parts, with and without Z.
        for kind in [17_u16, 15, 12, 10, 1017, 1012] {
            let empty = [&[1], kind.to_le_bytes().as_slice(), &[0; 6]].concat();
            let words = check(&empty).unwrap_err().en;
            assert!(
                words.starts_with("the geometry is no point"),
                "{kind}: {words}"
            );
        }
        assert!(!is_whole(&[]));
    }
}
