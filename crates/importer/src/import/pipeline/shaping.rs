//! The step before the values: records come from the worker, and their geometries are read.

use domain::Layer;
use domain::lang::Message;
use domain::upload::{RecordChoice, RecordChoices};
use tokio::sync::mpsc::Sender;

use super::Stop;
use crate::convert::{HolesSaid, Shape, Shapes};
use crate::coordinates::Decision;
use crate::mapping::Mapping;
use crate::process::Records;
use crate::protocol::SourceRecord;

/// Records without their own geometries, which stand beside them as the register has them.
pub(super) type Shaped = Vec<(SourceRecord, Shape)>;

/// What the thread needs that reads geometries.
pub(super) struct Shaping {
    pub(super) records: Records,
    pub(super) layer: &'static Layer,
    pub(super) mapping: Mapping,
    pub(super) decision: Option<Decision>,
    pub(super) choices: RecordChoices,
    pub(super) holes: HolesSaid,
}

/// What is known when all geometries are read.
#[derive(Default)]
pub(super) struct OfAll {
    pub(super) heights_dropped: u64,
    pub(super) turned: Option<Message>,
}

impl Shaping {
    /// Reads all of them, as long as somebody takes them.
    pub(super) async fn run(mut self, to: Sender<Shaped>) -> Result<OfAll, Stop> {
        let shapes = Shapes::new(self.layer, &self.mapping, self.decision.as_ref());
        let shapes = shapes.map_err(Stop::Untransformed)?;
        let mut shapes = shapes.with_holes_said(self.holes);
        while let Some(batch) = self.next(&to).await? {
            let shaped = batch.into_iter().map(|mut record| {
                // What is left out is not counted either.
                let is_left_out = self.choices.get(&record.row) == Some(&RecordChoice::LeaveOut);
                let shape = if is_left_out {
                    Shape::default()
                } else {
                    shapes.read(&record)
                };
                record.wkb = None;
                (record, shape)
            });
            if to.send(shaped.collect()).await.is_err() {
                break;
            }
        }
        Ok(OfAll {
            heights_dropped: shapes.heights_dropped(),
            turned: shapes.turned_in_words(),
        })
    }

    async fn next(&mut self, to: &Sender<Shaped>) -> Result<Option<Vec<SourceRecord>>, Stop> {
        tokio::select! {
            batch = self.records.next() => batch.map_err(Stop::Unread),
            () = to.closed() => Ok(None),
        }
    }
}
