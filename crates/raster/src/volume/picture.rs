//! The difference of heights as a picture: red where material went, blue where it came.

mod base64;
mod drawing;

use domain::Lang;
use domain::lang::Message;

use crate::cells::Cells;
use crate::error::RasterError;
use crate::grid::{Grid, Window};
use crate::volume::frame::as_f64;
use crate::volume::mask::Area;
use drawing::{Raster, colour};

/// The longest side of a picture, pixels.
const LONGEST: usize = 1_000;
/// A picture is enlarged, each cell to a square, up to about so many pixels.
const ENLARGED: usize = 500;

/// The differences, so few that they fit into a picture: each value is the mean of a square of cells.
#[derive(Clone, Debug)]
pub struct Overview {
    grid: Grid,
    /// Side of a square, cells.
    side: usize,
    columns: usize,
    rows: usize,
    sums: Vec<f64>,
    counts: Vec<u32>,
}

impl Overview {
    /// An overview of a grid, nothing in it yet.
    pub fn of(grid: &Grid) -> Self {
        let side = grid.columns.max(grid.rows).div_ceil(LONGEST).max(1);
        let (columns, rows) = (grid.columns.div_ceil(side), grid.rows.div_ceil(side));
        Self {
            grid: *grid,
            side,
            columns,
            rows,
            sums: vec![0.0; columns * rows],
            counts: vec![0; columns * rows],
        }
    }

    /// Adds the differences of a window; `NaN` is none.
    pub fn add(&mut self, window: Window, cells: &Cells) {
        for (row, values) in cells.rows().enumerate() {
            let line = (window.row + row) / self.side * self.columns;
            for (column, value) in values
                .iter()
                .enumerate()
                .filter(|(_, value)| !value.is_nan())
            {
                let at = line + (window.column + column) / self.side;
                self.sums[at] += f64::from(*value);
                self.counts[at] += 1;
            }
        }
    }

    fn value(&self, column: usize, row: usize) -> Option<f64> {
        let at = row * self.columns + column;
        let count = self.counts[at];
        (count > 0).then(|| self.sums[at] / f64::from(count))
    }

    /// The difference that gets the full colour, metres: the 98th percentile of the sizes, rounded
    /// up to a number that is easily read.
    fn full_m(&self) -> f64 {
        let known = self
            .counts
            .iter()
            .zip(&self.sums)
            .filter(|(count, _)| **count > 0);
        let mut sizes: Vec<f64> = known
            .map(|(count, sum)| (sum / f64::from(*count)).abs())
            .collect();
        sizes.sort_by(f64::total_cmp);
        let high = sizes.get(sizes.len() * 98 / 100).copied().unwrap_or(0.0);
        rounded_up(high.max(0.01))
    }
}

fn rounded_up(number: f64) -> f64 {
    let power = 10_f64.powf(number.log10().floor());
    let steps = [1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0].map(|step| step * power);
    let fits = |step: &&f64| **step >= number * (1.0 - 1e-9);
    steps.iter().find(fits).copied().unwrap_or(number)
}

/// A picture of a comparison.
#[derive(Clone, Debug)]
pub struct Picture {
    raster: Raster,
    /// The rings of the outline, in pixels.
    rings: Vec<Vec<(f64, f64)>>,
    full_m: f64,
}

impl Picture {
    /// Draws the differences; the outline is drawn by [`Picture::png`] and [`Picture::svg`].
    pub fn of(overview: &Overview, outline: &Area) -> Self {
        let longest = overview.columns.max(overview.rows).max(1);
        let zoom = (ENLARGED / longest).max(1);
        let full_m = overview.full_m();
        let mut raster = Raster::new(overview.columns * zoom, overview.rows * zoom);
        for row in 0..raster.height {
            for column in 0..raster.width {
                if let Some(value) = overview.value(column / zoom, row / zoom) {
                    raster.set(column, row, colour(value / full_m));
                }
            }
        }
        let pixels = as_f64(zoom) / as_f64(overview.side);
        let place = |(x, y): (f64, f64)| {
            let (column, row) = overview.grid.place(x, y);
            (column * pixels, row * pixels)
        };
        let ring = |ring: &geo_types::LineString<f64>| {
            ring.0
                .iter()
                .map(|corner| place((corner.x, corner.y)))
                .collect()
        };
        Self {
            raster,
            rings: outline.rings().map(ring).collect(),
            full_m,
        }
    }

    /// The picture as PNG, transparent where nothing was compared, with the outline.
    ///
    /// # Errors
    /// [`RasterError::Unwritten`] when GDAL cannot encode it.
    pub fn png(&self) -> Result<Vec<u8>, RasterError> {
        let mut raster = self.raster.clone();
        for ring in &self.rings {
            for side in ring.windows(2) {
                raster.line(side[0], side[1]);
            }
        }
        raster.png()
    }

    /// The picture as SVG with a title, lines of text below it and a legend of the colours.
    ///
    /// # Errors
    /// As [`Picture::png`].
    pub fn svg(&self, title: &str, lines: &[String], lang: Lang) -> Result<String, RasterError> {
        let (width, height) = (self.raster.width.max(420), self.raster.height);
        let below = height + 50;
        let total = below + 78 + 20 * lines.len();
        let image = base64::encode(&self.raster.png()?);
        let text = |(at, line): (usize, &String)| {
            let y = below + 88 + 20 * at;
            format!("<text x=\"10\" y=\"{y}\">{}</text>\n", escaped(line))
        };
        let texts: String = lines.iter().enumerate().map(text).collect();
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {0} {1}\" \
             font-family=\"sans-serif\" font-size=\"14\" lang=\"{}\">\n<title>{}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <text x=\"10\" y=\"26\" font-weight=\"bold\">{3}</text>\n\
             <g transform=\"translate(10 40)\"><image width=\"{}\" height=\"{}\" \
             href=\"data:image/png;base64,{image}\"/>\n\
             <path d=\"{}\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.5\"/></g>\n{}{texts}</svg>\n",
            width + 20,
            total,
            lang.tag(),
            escaped(title),
            self.raster.width,
            self.raster.height,
            self.path(),
            self.legend(below, lang),
        ))
    }

    fn path(&self) -> String {
        let corner = |(at, (x, y)): (usize, &(f64, f64))| {
            format!("{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' })
        };
        let ring = |ring: &Vec<(f64, f64)>| {
            let corners: String = ring.iter().enumerate().map(corner).collect();
            corners + "Z"
        };
        self.rings.iter().map(ring).collect()
    }

    /// A bar of the colours with what they mean.
    fn legend(&self, y: usize, lang: Lang) -> String {
        const STEPS: u32 = 20;
        let step = |step: u32| {
            let [red, green, blue, _] = colour(f64::from(step) / f64::from(STEPS / 2) - 1.0);
            format!(
                "<rect x=\"{}\" y=\"{y}\" width=\"20\" height=\"16\" fill=\"#{red:02x}{green:02x}{blue:02x}\"/>",
                10 + 20 * step,
            )
        };
        let bar: String = (0..=STEPS).map(step).collect();
        let full = self.full_m;
        let (cut, fill) = (
            domain::message!("−{full} m и више: однето", "−{full} m and more: cut"),
            domain::message!("+{full} m и више: нането", "+{full} m and more: fill"),
        );
        let under = y + 34;
        let text = |message: &Message| escaped(&message.get(lang));
        format!(
            "{bar}\n<text x=\"10\" y=\"{under}\">{}</text>\n<text x=\"430\" y=\"{under}\" \
             text-anchor=\"end\">{}</text>\n<text x=\"220\" y=\"{under}\" text-anchor=\"middle\">0</text>\n",
            text(&cut),
            text(&fill),
        )
    }
}

/// A text between the marks of XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
