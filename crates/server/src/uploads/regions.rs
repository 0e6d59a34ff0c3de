//! Which regions an upload touches: by them it is decided who may publish it.

use domain::account::Rights;
use serde::Serialize;
use store::StoreError;
use store::submission::{Place, Submission, cover};

use crate::App;
use crate::account::SignedIn;

/// The regions of the records that an upload adds, changes and removes, before and after, as its last
/// inspection saw them.
#[derive(Debug)]
pub struct Touched {
    places: Vec<Place>,
    /// What the sender may do; `None` when there is no such account any more.
    sender: Option<Rights>,
}

/// One of them, as clients see it.
#[derive(Debug, Serialize)]
pub struct Region {
    /// The municipality that records say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// The district that records say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// Whether the sender's role counts for nothing there.
    pub outside_senders_regions: bool,
}

impl Touched {
    /// Those of an upload.
    pub async fn by(app: &App, submission: &Submission) -> Result<Self, StoreError> {
        let places = app.store.submission_places(submission.id).await?;
        let sender = match submission.submitted_by.parse() {
            Ok(name) => app.store.account(&name).await?,
            Err(_) => None,
        };
        let sender = sender.map(|account| account.rights);
        Ok(Self { places, sender })
    }

    /// They, in the order of their codes.
    pub fn regions(&self) -> Vec<Region> {
        let one = |&(municipality, district): &Place| Region {
            municipality: municipality.map(|code| code.to_string()),
            district: district.map(|code| code.to_string()),
            outside_senders_regions: self
                .sender
                .as_ref()
                .is_some_and(|rights| !rights.cover(municipality, district)),
        };
        self.places.iter().map(one).collect()
    }

    /// Whether somebody's role counts in all of them.
    pub fn are_covered(&self, reader: &SignedIn) -> bool {
        cover(&reader.rights.regions, self.places.iter().copied())
    }
}

/// Whether an upload is the affair of somebody who sees it: an own one, and for who is limited to regions
/// one whose records, as far as its last inspection saw, all lie there.
pub async fn concerns(
    app: &App,
    reader: &SignedIn,
    submission: &Submission,
) -> Result<bool, StoreError> {
    let regions = &reader.rights.regions;
    let is_unasked = regions.is_empty() || submission.submitted_by == reader.name.as_str();
    let is_inspected = submission.outcome.is_some();
    Ok(is_unasked || is_inspected && app.store.keeps_within(submission.id, regions).await?)
}

/// Whether somebody who publishes may decide about an upload at all: who is limited to regions only about
/// one that could be published, since of no other is known where all its records lie.
pub async fn may_decide(
    app: &App,
    reader: &SignedIn,
    submission: &Submission,
) -> Result<bool, StoreError> {
    let regions = &reader.rights.regions;
    Ok(regions.is_empty()
        || submission.is_publishable() && app.store.keeps_within(submission.id, regions).await?)
}
