//! How many records of a selection each class of a theme has.

use std::time::Duration;

use domain::Layer;
use domain::theme::Theme;
use sqlx::Row;

use crate::Store;
use crate::error::StoreError;
use crate::items::Selection;
use crate::text;

impl Store {
    /// The numbers of records in the order of [`Theme::classes`], when they are known within a time:
    /// `None` when it takes longer. The layer is one that the theme applies to.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn class_counts(
        &self,
        layer: &'static Layer,
        theme: Theme,
        selection: &Selection,
        budget: Duration,
    ) -> Result<Option<Vec<u64>>, StoreError> {
        let mut transaction = self.within(budget).await?;
        let rows = text::class_counts(layer, theme, selection)
            .fetch_all(&mut *transaction)
            .await
            .map_err(StoreError::from);
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) if error.is_timeout() => return Ok(None),
            Err(error) => return Err(error),
        };
        transaction.commit().await?;
        let mut counts = vec![0; theme.classes().len()];
        for row in rows {
            let (class, count): (i32, i64) = (row.try_get(0)?, row.try_get(1)?);
            let class = usize::try_from(class).unwrap_or(usize::MAX);
            if let Some(known) = counts.get_mut(class) {
                *known = u64::try_from(count).unwrap_or(0);
            }
        }
        Ok(Some(counts))
    }
}
