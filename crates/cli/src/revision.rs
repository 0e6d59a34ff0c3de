//! `cadastre revision`: what changed the register, and taking it back.

use std::path::Path;
use std::process::ExitCode;

use chrono::{SecondsFormat, Utc};
use clap::Subcommand;
use domain::Layer;
use store::Store;
use store::revision::{Means, NewRevision, Revision, RevisionPage, RevisionSelection};

use crate::args::{self, DatabaseArgs};
use crate::database::Database;

#[derive(Debug, Subcommand)]
pub enum RevisionCommand {
    /// List revisions, the latest first: number, moment, author, layer, file or comment
    List {
        /// Only those made in this layer
        #[arg(long, value_parser = args::layer)]
        layer: Option<&'static Layer>,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Take back what a revision did, by a new revision
    ///
    /// Features that it added are removed, those that it removed are brought back, and values that it
    /// changed become what they were. What later revisions changed of the same is named, and then
    /// nothing is done.
    Undo {
        /// The number of the revision
        revision: i64,
        /// Why, kept with the new revision
        #[arg(long)]
        comment: String,
        /// The evidence: a citation kept with the new revision
        #[arg(long)]
        source: Option<String>,
        /// Who, kept with the new revision
        #[arg(long, env = "CADASTRE_AUTHOR", default_value = "operator")]
        author: String,
    },
}

/// Runs one command.
pub async fn run(
    args: &DatabaseArgs,
    home: &Path,
    command: RevisionCommand,
) -> anyhow::Result<ExitCode> {
    let database = Database::open(args, home, 2).await?;
    let outcome = match command {
        RevisionCommand::List { layer, limit } => list(&database.store, layer, limit).await,
        RevisionCommand::Undo {
            revision,
            comment,
            source,
            author,
        } => undo(&database.store, revision, new(author, source, comment)).await,
    };
    database.close().await;
    print!("{}", outcome?);
    Ok(ExitCode::SUCCESS)
}

async fn list(store: &Store, layer: Option<&'static Layer>, limit: u32) -> anyhow::Result<String> {
    let selection = RevisionSelection {
        layer,
        ..RevisionSelection::default()
    };
    let page = RevisionPage {
        before: None,
        limit,
    };
    let revisions = store.revisions(&selection, page).await?;
    Ok(revisions.iter().map(line).collect())
}

fn line(revision: &Revision) -> String {
    let Revision {
        id, author, layer, ..
    } = revision;
    let made_at = revision.made_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let undoes = revision.undoes.map(|other| format!("undoes {other}"));
    let undone = revision.undone_by.map(|other| format!("undone by {other}"));
    let file = revision.file.as_ref().map(|file| file.name.clone());
    let rest = [undoes, undone, file, revision.comment.clone()];
    let rest: Vec<_> = rest.into_iter().flatten().collect();
    format!(
        "{id}\t{made_at}\t{author}\t{}\t{}\n",
        layer.id,
        rest.join("; ")
    )
}

async fn undo(store: &Store, number: i64, new: NewRevision) -> anyhow::Result<String> {
    let undone = store.undo(number, &new).await?;
    Ok(format!(
        "revision {number} is undone by revision {}: {} removed, {} changed back, {} brought back\n",
        undone.revision, undone.removed, undone.changed, undone.brought_back
    ))
}

fn new(author: String, source: Option<String>, comment: String) -> NewRevision {
    #[expect(
        clippy::disallowed_methods,
        reason = "the command is where the clock is read"
    )]
    let made_at = Utc::now();
    NewRevision {
        made_at,
        author,
        means: Means::Command,
        source,
        comment: Some(comment),
        upload: None,
    }
}
