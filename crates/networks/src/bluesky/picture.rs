//! Pictures on their way to a server.

use bytes::Bytes;
use tokio::sync::Semaphore;

use crate::ImageRule;
use crate::image::{Fitted, ImageTrouble, fit};

/// One picture at a time: a large one takes half a gigabyte while it is
/// opened, and that is a bound of the process, not of a channel.
static WORKBENCH: Semaphore = Semaphore::const_new(1);

/// Makes a picture fit, away from the threads that serve everybody else.
pub(super) async fn fitted(bytes: Bytes, rule: ImageRule) -> Result<Fitted, ImageTrouble> {
    // The workbench is never closed, so there is always a permit.
    let _place = WORKBENCH.acquire().await.ok();
    tokio::task::spawn_blocking(move || fit(&bytes, &rule))
        .await
        .unwrap_or(Err(ImageTrouble::Damaged))
}
