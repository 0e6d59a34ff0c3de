//! The text of a `.prj` file whose numbers were written with decimal commas, by a program that asked the
//! system how numbers are written. A comma also divides values there, but how many there are is known.

/// The text with decimal points, where it has decimal commas and leaves no doubt which they are.
pub(super) fn with_decimal_points(wkt: &str) -> Option<String> {
    let mut made = String::with_capacity(wkt.len());
    let mut rest = wkt;
    let mut is_changed = false;
    while let Some((at, keyword, count)) = next_numbers(rest) {
        let (before, from) = rest.split_at_checked(at)?;
        made.push_str(before);
        let (name, values) = after_name(from, keyword)?;
        made.push_str(name);
        let (numbers, after) = values.split_at_checked(values.find([']', '['])?)?;
        let joined = joined(numbers, count)?;
        is_changed |= joined != numbers;
        made.push_str(&joined);
        rest = after;
    }
    made.push_str(rest);
    is_changed.then_some(made)
}

/// Keywords of WKT 1 whose name numbers follow, and how many do (OGC 01-009, 7.2).
const NUMBERED: [(&str, usize); 4] = [
    ("SPHEROID[", 2),
    ("PRIMEM[", 1),
    ("PARAMETER[", 1),
    ("UNIT[", 1),
];

/// Where the next keyword is that numbers follow, which, and how many numbers.
fn next_numbers(wkt: &str) -> Option<(usize, &'static str, usize)> {
    let found = NUMBERED.iter().filter_map(|&(keyword, count)| {
        let at = wkt.find(keyword)?;
        Some((at, keyword, count))
    });
    found.min_by_key(|&(at, ..)| at)
}

/// A keyword with the name after it, up to the comma, and what follows.
fn after_name<'a>(text: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let name = text.get(keyword.len()..)?.strip_prefix('"')?;
    let (_, values) = name.split_once("\",")?;
    text.split_at_checked(text.len() - values.len())
}

/// The digits between commas as so many numbers; the keyword of an inner bracket may follow them.
fn joined(values: &str, count: usize) -> Option<String> {
    let (numbers, keyword) = match values.rsplit_once(',') {
        Some((numbers, last)) if last.ends_with(|letter: char| letter.is_ascii_alphabetic()) => {
            (numbers, format!(",{last}"))
        }
        _ => (values, String::new()),
    };
    let parts: Vec<&str> = numbers.split(',').map(str::trim).collect();
    let whole = match (parts.as_slice(), count) {
        (all, count) if all.len() == count => all.join(","),
        ([whole, decimals], 1) => format!("{whole}.{decimals}"),
        // A whole semi-axis in metres has seven digits, a flattening three.
        ([axis, whole, decimals], 2) if axis.len() == 7 => format!("{axis},{whole}.{decimals}"),
        ([axis, metres, whole, decimals], 2) => format!("{axis}.{metres},{whole}.{decimals}"),
        _ => return None,
    };
    Some(whole + &keyword)
}

#[cfg(test)]
mod tests {
    use super::with_decimal_points;

    #[test]
    fn decimal_commas_become_points() {
        for (comma, point) in [
            (
                "GEOGCS[\"a\",DATUM[\"b\",SPHEROID[\"c\",6377397,155,299,1528128]],\
                 PRIMEM[\"Greenwich\",0,0],UNIT[\"Degree\",0,0174532925199433]]",
                "GEOGCS[\"a\",DATUM[\"b\",SPHEROID[\"c\",6377397.155,299.1528128]],\
                 PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]",
            ),
            (
                "SPHEROID[\"WGS, 84\",6378137,298,257223563,AUTHORITY[\"EPSG\",\"7030\"]],\
                 PARAMETER[\"Scale_Factor\",0,9999],PARAMETER[\"x\",21]",
                "SPHEROID[\"WGS, 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],\
                 PARAMETER[\"Scale_Factor\",0.9999],PARAMETER[\"x\",21]",
            ),
        ] {
            assert_eq!(with_decimal_points(comma).as_deref(), Some(point));
            assert_eq!(with_decimal_points(point), None, "{point}");
        }
        for doubtful in [
            "SPHEROID[\"a\",637,155,298]",
            "PARAMETER[\"x\",1,2,3]",
            "UNIT[\"x",
        ] {
            assert_eq!(with_decimal_points(doubtful), None, "{doubtful}");
        }
    }
}
