//! Whether well-known binary is whole, before the library reads it that relies on it: it trusts
//! what the parts of a multi-geometry say about themselves.

/// Deeper than any geometry with a meaning.
const MAX_LEVELS: usize = 16;

/// Whether every part of a geometry is there, is of the type that the whole announces and has its
/// dimensions and byte order, and nothing follows. ISO 13249-3 types 1 to 7, also with Z and M; of
/// other types the answer is always yes.
pub(super) fn is_whole(wkb: &[u8]) -> bool {
    let mut rest = wkb;
    match header(&mut rest) {
        Some(header) if matches!(header.kind, 1..=7) => {
            body(&mut rest, &header, MAX_LEVELS).is_some() && rest.is_empty()
        }
        _ => true,
    }
}

struct Header {
    little_endian: bool,
    /// From 1, point, to 7, collection.
    kind: u32,
    /// Numbers of a position: 2, 3 or 4.
    dimensions: usize,
}

fn header(rest: &mut &[u8]) -> Option<Header> {
    let little_endian = match take(rest, 1)? {
        [0] => false,
        [1] => true,
        _ => return None,
    };
    let code = number(rest, little_endian)?;
    let dimensions = match code / 1000 {
        0 => 2,
        1 | 2 => 3,
        3 => 4,
        _ => return None,
    };
    Some(Header {
        little_endian,
        kind: code % 1000,
        dimensions,
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
    use super::is_whole;

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
    fn other_types_are_left_to_the_library() {
        assert!(is_whole(&[]));
        assert!(is_whole(&[1, 10, 0, 0, 0]));
    }
}
