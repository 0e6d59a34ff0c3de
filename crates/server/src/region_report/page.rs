//! The figures as a page with plain charts.

use askama::Template;

use super::{QUANTITIES, RegionFigures, RegionReport, Sum};
use crate::context::Context;
use crate::pages::{Frame, HOME};

/// How wide the longest bar of a chart is, in its own units.
const CHART_WIDTH: f64 = 300.0;

#[derive(Template)]
#[template(path = "region_report.html")]
pub struct Page<'a> {
    frame: Frame,
    report: &'a RegionReport,
    /// The most facilities that a region has.
    most: i64,
}

impl<'a> Page<'a> {
    pub fn of(context: &Context, report: &'a RegionReport) -> Self {
        let counts = report.regions.iter().map(|region| region.facilities);
        Self {
            frame: Frame::of(context, &[HOME]),
            report,
            most: counts.max().unwrap_or(0).max(1),
        }
    }

    fn name(&self, region: &RegionFigures) -> String {
        match (&region.name, &region.code) {
            (Some(name), _) => name.clone(),
            (None, Some(code)) => code.clone(),
            (None, None) => self.frame.say("без уписаног региона", "no region recorded"),
        }
    }

    fn quantities(&self) -> Vec<(String, &'static str)> {
        let quantities = QUANTITIES.iter();
        quantities
            .map(|(_, title, unit)| (self.frame.text(title), *unit))
            .collect()
    }

    fn sum(&self, sum: &Sum) -> String {
        let unknown = self.frame.say("непознато", "unknown");
        match sum.total {
            Some(total) => format!("{} ({unknown}: {})", grouped(total), sum.unknown),
            None => unknown,
        }
    }

    /// The part of a bar for one count: where it begins and how wide it is.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn parts(&self, region: &RegionFigures) -> Vec<(f64, f64, usize, String)> {
        let scale = CHART_WIDTH / self.most as f64;
        let mut begins = 0.0;
        let part = |count: &super::Count| {
            let (at, width) = (begins, count.facilities as f64 * scale);
            begins += width;
            let colour = self.colour(count.code.as_deref());
            (
                at,
                width,
                colour,
                format!("{}: {}", count.label, count.facilities),
            )
        };
        region.by_status.iter().map(part).collect()
    }

    /// The place of a status among those that the report has: the number of its colour.
    fn colour(&self, code: Option<&str>) -> usize {
        let statuses = &self.report.total.by_status;
        statuses
            .iter()
            .position(|count| count.code.as_deref() == code)
            .unwrap_or(0)
    }
}

/// A number in whole units, thousands apart by narrow spaces.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_stand_apart() {
        for (number, expected) in [
            (0.0, "0"),
            (999.4, "999"),
            (1_000.0, "1\u{202f}000"),
            (12_345_678.0, "12\u{202f}345\u{202f}678"),
        ] {
            assert_eq!(super::grouped(number), expected);
        }
    }
}
