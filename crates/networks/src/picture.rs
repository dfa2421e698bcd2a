//! Pictures on their way to a server, for every network.

use bellwether_base::Say;
use bytes::Bytes;
use tokio::sync::Semaphore;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::image::{Fitted, ImageTrouble, fit};
use crate::{Cx, Failure, ImageRule, Limits, MediaRef, Problem};

/// Kinds of pictures that we can make fit.
const KINDS: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];

/// One picture at a time: a large one takes half a gigabyte while it is
/// opened, and that is a bound of the process, not of a channel.
static WORKBENCH: Semaphore = Semaphore::const_new(1);

/// Makes a picture fit, away from the threads that serve everybody else.
pub(crate) async fn fitted(bytes: Bytes, rule: ImageRule) -> Result<Fitted, ImageTrouble> {
    // The workbench is never closed, so there is always a permit.
    let _place = WORKBENCH.acquire().await.ok();
    tokio::task::spawn_blocking(move || fit(&bytes, &rule))
        .await
        .unwrap_or(Err(ImageTrouble::Damaged))
}

/// The stored picture behind `hash`, made to fit this channel.
pub(crate) async fn stored(cx: &Cx<'_>, hash: &str) -> Result<Fitted, Failure> {
    let bytes = cx.media.read(hash).await.map_err(|missing| {
        if missing.gone {
            Failure::rejected(Say::new("media-gone"))
        } else {
            Failure::transient(Say::new("media-unreadable"))
        }
    })?;
    fitted(bytes, cx.account.limits.image.clone())
        .await
        .map_err(|trouble| Failure::rejected(trouble.say()))
}

/// Everything wrong with the pictures of a part.
pub(crate) fn problems(part: usize, pictures: &[MediaRef], limits: &Limits) -> Vec<Problem> {
    let mut problems = Vec::new();
    if pictures.len() > usize::try_from(limits.images).unwrap_or(usize::MAX) {
        let say =
            Say::new("pictures-too-many").with("count", pictures.len()).with("max", limits.images);
        problems.push(Problem::error(part, say));
    }
    for (number, picture) in (1..).zip(pictures) {
        problems.extend(of_picture(part, number, picture, limits));
    }
    problems
}

fn of_picture(part: usize, number: usize, media: &MediaRef, limits: &Limits) -> Vec<Problem> {
    let mut problems = Vec::new();
    if media.alt.trim().is_empty() {
        let say = Say::new("picture-without-description").with("number", number);
        problems.push(Problem::warning(part, say));
    }
    let length = media.alt.trim().graphemes(true).count();
    if let Some(max) = limits.alt_text
        && length > usize::try_from(max).unwrap_or(usize::MAX)
    {
        let say = Say::new("picture-description-too-long")
            .with("number", number)
            .with("length", length)
            .with("max", max);
        problems.push(Problem::error(part, say));
    }
    if let Some(facts) = &media.facts
        && !KINDS.contains(&facts.mime.as_str())
    {
        let say = Say::new("picture-kind-unknown").with("number", number).with("kind", &facts.mime);
        problems.push(Problem::error(part, say));
    }
    problems
}
