//! PROJ texts from users: one grid, no files.

use crate::error::GeodesyError;

/// What may stand in a PROJ text: parameters of one grid. Others name files, run pipelines or
/// look up further definitions.
const KEYS: [&str; 31] = [
    "proj", "lat_0", "lon_0", "lat_1", "lat_2", "lat_ts", "lonc", "alpha", "gamma", "k", "k_0",
    "x_0", "y_0", "ellps", "a", "b", "rf", "f", "datum", "towgs84", "pm", "zone", "south", "units",
    "to_meter", "axis", "no_defs", "no_uoff", "type", "vunits", "wktext",
];

/// The text as PROJ wants a reference system to be written.
///
/// # Errors
/// When a parameter is not one of a grid.
pub(crate) fn checked(text: &str) -> Result<String, GeodesyError> {
    let mut parameters = Vec::new();
    for word in text.split_whitespace() {
        let parameter = word.strip_prefix('+').unwrap_or(word);
        let key = parameter.split('=').next().unwrap_or_default();
        if !KEYS.contains(&key) {
            return Err(GeodesyError::UnusableProjText {
                what: word.chars().take(100).collect(),
                source: None,
            });
        }
        if key != "type" {
            parameters.push(format!("+{parameter}"));
        }
    }
    parameters.push("+type=crs".to_owned());
    Ok(parameters.join(" "))
}
