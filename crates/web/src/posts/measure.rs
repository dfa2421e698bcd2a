//! What networks make of a text while it is typed: counted, checked and drawn
//! by the functions that decide when it is scheduled.

use bellwether_app::channels::Channel;
use bellwether_app::networks::{self, Measured, Problem, Weight};
use bellwether_app::{posts, publishing};
use bellwether_base::{ChannelId, Instant, PlannedTime, Say, Shift};

use super::draft::{Draft, DraftPart, content_for};
use crate::channels::face::Face;
use crate::errors::Trouble;
use crate::media::shot::Shot;
use crate::session::InBrand;

/// The answer to one look at a draft.
pub struct Look {
    /// For each part, how full it is on each channel.
    pub limits: Vec<Vec<Limit>>,
    /// As it will look, channel by channel.
    pub previews: Vec<Preview>,
    /// What the button says that it will do.
    pub send: Say,
    /// What is worth knowing about the planned time: the clocks change then, or it is past.
    pub shift: Option<Say>,
}

impl Look {
    /// What is said aloud to who does not see the counters: only what is too
    /// much, part by part.
    pub fn aloud(&self) -> Vec<Say> {
        let most = |limits: &Vec<Limit>| limits.iter().filter_map(|limit| limit.over).max();
        let parts = self.limits.iter().map(most).zip(1_usize..);
        parts
            .filter_map(|(over, part)| {
                Some(Say::new("limit-aloud").with("count", over?).with("number", part))
            })
            .collect()
    }
}

/// How full a part is.
#[derive(PartialEq, Eq)]
pub struct Limit {
    pub mark: String,
    pub network: String,
    pub length: u32,
    pub limit: u32,
    /// Units too many; nothing while it fits.
    pub over: Option<i64>,
}

/// A draft as it will look on one channel.
pub struct Preview {
    pub face: Face,
    /// It has its own text, which this form does not show.
    pub has_own_version: bool,
    pub parts: Vec<PreviewPart>,
    /// What is wrong with the whole.
    pub problems: Vec<Line>,
}

/// One part of it.
pub struct PreviewPart {
    pub pieces: Vec<Piece>,
    pub pictures: Vec<Shot>,
    pub problems: Vec<Line>,
}

/// A stretch of text, linked or not.
pub struct Piece {
    pub text: String,
    pub is_link: bool,
}

/// Something wrong.
pub struct Line {
    pub say: Say,
    pub is_error: bool,
}

impl Line {
    fn of(problem: &Problem) -> Self {
        Self { say: problem.say.clone(), is_error: problem.weight == Weight::Error }
    }
}

/// Looks at `draft` on those of `channels` that it is meant for, or on which it
/// is `planned` already.
pub async fn look(
    at: &InBrand,
    channels: &[Channel],
    draft: &Draft,
    before: Option<&posts::Post>,
    planned: &[ChannelId],
) -> Result<Look, Trouble> {
    let written = draft.written(before);
    let is_meant = |channel: &&Channel| draft.channels.contains(&channel.id);
    let on: Vec<&Channel> = channels
        .iter()
        .filter(|channel| is_meant(channel) || planned.contains(&channel.id))
        .collect();
    let ids: Vec<ChannelId> = on.iter().map(|channel| channel.id).collect();
    let meant = channels.iter().filter(is_meant).count();
    // A page on which nothing is written yet is not told that it is empty.
    let is_blank = draft.parts.iter().all(DraftPart::is_blank);
    let found = if is_blank {
        Vec::new()
    } else {
        posts::check(&at.app, &at.caller, at.brand.id, written.clone(), &ids).await?
    };
    let crowded = match planned_at(at, draft).filter(|_| !is_blank) {
        Some((planned_at, _)) => {
            let parts = |id: &ChannelId| (*id, content_for(&written, *id).parts.len());
            let new = ids.iter().filter(|id| !planned.contains(id));
            let parts: Vec<_> = new.map(parts).collect();
            publishing::over_quota(&at.app, &at.caller, at.brand.id, planned_at, &parts).await?
        }
        None => Vec::new(),
    };
    let mut limits: Vec<Vec<Limit>> = draft.parts.iter().map(|_| Vec::new()).collect();
    let mut previews = Vec::with_capacity(on.len());
    for channel in on {
        let face = Face::of(&at.app, channel);
        let has_own_version = written.versions.contains_key(&channel.id);
        let content = content_for(&written, channel.id);
        let none = Vec::new();
        let problems = found.iter().find(|(id, _)| *id == channel.id).map_or(&none, |(_, p)| p);
        let mut parts = Vec::with_capacity(content.parts.len());
        for (at_part, part) in content.parts.iter().enumerate() {
            let measured = networks::measure(
                &at.app.registry,
                &channel.network,
                &part.text,
                Some(&channel.limits),
            );
            let Some(measured) = measured else { continue };
            if let Some(limits) = limits.get_mut(at_part).filter(|_| !has_own_version) {
                let limit = limit(&face, &measured);
                // Two channels of one network count alike.
                if !limits.contains(&limit) {
                    limits.push(limit);
                }
            }
            let own = problems.iter().filter(|problem| problem.part == Some(at_part));
            parts.push(PreviewPart {
                pieces: pieces(&part.text, &measured),
                pictures: Shot::all(at.brand.id, part),
                problems: own.map(Line::of).collect(),
            });
        }
        let whole = problems.iter().filter(|problem| problem.part.is_none());
        let crowd = crowded.iter().filter(|(id, _)| *id == channel.id).map(|(_, it)| it);
        let problems = whole.chain(crowd).map(Line::of).collect();
        previews.push(Preview { face, has_own_version, parts, problems });
    }
    let (send, shift) = sentence(at, draft, meant);
    Ok(Look { limits, previews, send, shift })
}

fn limit(face: &Face, measured: &Measured) -> Limit {
    Limit {
        mark: face.mark.clone(),
        network: face.network.clone(),
        length: measured.length,
        limit: measured.limit,
        over: (measured.remaining < 0).then_some(-measured.remaining),
    }
}

/// The sentence on the button, and what the clocks do at that time.
fn sentence(at: &InBrand, draft: &Draft, channels: usize) -> (Say, Option<Say>) {
    let brand = &at.brand.name;
    let plain =
        || (Say::new("compose-schedule").with("brand", brand).with("count", channels), None);
    let Some((planned_at, shift)) = planned_at(at, draft) else { return plain() };
    let shift = match shift {
        _ if planned_at < at.app.now() => Some("compose-time-past"),
        Shift::None => None,
        Shift::Gap => Some("shift-gap"),
        Shift::Overlap => Some("shift-overlap"),
    };
    let say = Say::new("compose-schedule-at").with("brand", brand).with("count", channels);
    (say.with("at", planned_at), shift.map(|key| Say::new(key).with("at", planned_at)))
}

/// The moment that stands in the form, if it is one, and what the clocks do there.
fn planned_at(at: &InBrand, draft: &Draft) -> Option<(Instant, Shift)> {
    let planned = PlannedTime::parse(&draft.local, &at.brand.time_zone).ok()?;
    let resolved = planned.resolve().ok()?;
    Some((resolved.at, resolved.shift))
}

/// `text` cut where a network finds links, mentions and tags.
fn pieces(text: &str, measured: &Measured) -> Vec<Piece> {
    let mut spans: Vec<(usize, usize)> = [&measured.links, &measured.mentions, &measured.tags]
        .into_iter()
        .flatten()
        .map(|span| (span.start, span.end))
        .collect();
    spans.sort_unstable();
    let mut pieces = Vec::with_capacity(spans.len() * 2 + 1);
    let mut push = |text: Option<&str>, is_link| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            pieces.push(Piece { text: text.to_owned(), is_link });
        }
    };
    let mut end = 0;
    for span in spans {
        // Where two overlap, the first one counts.
        if span.0 < end || text.get(span.0..span.1).is_none_or(str::is_empty) {
            continue;
        }
        push(text.get(end..span.0), false);
        push(text.get(span.0..span.1), true);
        end = span.1;
    }
    push(text.get(end..), false);
    pieces
}

#[cfg(test)]
mod tests {
    use bellwether_app::networks::Span;

    use super::*;

    fn measured(spans: &[(usize, usize)]) -> Measured {
        let span =
            |(start, end): &(usize, usize)| Span { start: *start, end: *end, value: String::new() };
        Measured {
            length: 0,
            limit: 0,
            remaining: 0,
            valid: true,
            problems: Vec::new(),
            links: Vec::new(),
            mentions: Vec::new(),
            tags: spans.iter().map(span).collect(),
        }
    }

    #[test]
    fn the_pieces_are_the_whole_text() {
        let text = "à #noël et #fête";
        let cut = |spans: &[(usize, usize)]| -> Vec<(String, bool)> {
            pieces(text, &measured(spans)).into_iter().map(|p| (p.text, p.is_link)).collect()
        };
        assert_eq!(
            cut(&[(13, 19), (3, 9)]),
            [
                ("à ".into(), false),
                ("#noël".into(), true),
                (" et ".into(), false),
                ("#fête".into(), true)
            ]
        );
        assert_eq!(cut(&[]), [(text.to_owned(), false)]);
        // Overlaps, and offsets that are none of the text, lose nothing but their mark.
        for spans in [&[(0, 4), (3, 9)][..], &[(5, 999)], &[(9, 3)], &[(1, 3)]] {
            let whole: String = cut(spans).into_iter().map(|(text, _)| text).collect();
            assert_eq!(whole, text);
        }
    }
}
