//! Being asked to stop.

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

/// Ready when Ctrl-C was pressed or SIGTERM came. From the call on, neither ends the process by
/// itself, so that what was started can be stopped.
pub fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).context("signals cannot be listened to");
    let (mut interrupt, mut terminate) = (
        listen(SignalKind::interrupt())?,
        listen(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Does something unless asked to stop before it is done; `None` then.
pub async fn unless_stopped<T>(
    stop: impl Future<Output = ()>,
    doing: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        done = doing => Some(done),
        () = stop => None,
    }
}
