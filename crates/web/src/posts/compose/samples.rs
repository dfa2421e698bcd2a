//! The composer with everything that can be in it.

use bellwether_app::networks::{OptionField, OptionKind};
use bellwether_base::Say;

use super::{Compose, NetworkOptions, Place, TypedPart};
use crate::channels::face::Face;
use crate::errors::FormTrouble;
use crate::page::{Nav, Page};
use crate::posts::draft::{Card, Draft, DraftPart};
use crate::posts::measure::Look;
use crate::urls;

/// A choice of each kind.
const FIELDS: &[OptionField] = &[
    OptionField { name: "a", label: "theme", kind: OptionKind::One(&["light", "dark"]) },
    OptionField { name: "b", label: "theme", kind: OptionKind::Many(&["light", "dark"]) },
    OptionField { name: "c", label: "channels-none", kind: OptionKind::Line },
    OptionField { name: "d", label: "channels-none", kind: OptionKind::Lines },
];

impl crate::views::View for Compose {
    fn samples() -> Vec<Page<Self>> {
        use crate::posts::measure::{Limit, Line, Piece, Preview, PreviewPart};
        use crate::views::{NOW, brands, desk, faces, shots};

        let brand = brands()[0].id;
        let line = |is_error| Line { say: Say::new("connect-stale"), is_error };
        let look = || Look {
            limits: vec![vec![
                Limit {
                    mark: "Pr".into(),
                    network: "Practice".into(),
                    length: 268,
                    limit: 300,
                    over: None,
                },
                Limit {
                    mark: "Pr".into(),
                    network: "Practice".into(),
                    length: 312,
                    limit: 300,
                    over: Some(12),
                },
            ]],
            previews: faces()
                .into_iter()
                .map(|face| Preview {
                    face,
                    has_own_version: true,
                    parts: vec![PreviewPart {
                        pieces: vec![
                            Piece { text: "Ce soir <b>à 18 h</b>\n\n".into(), is_link: false },
                            Piece { text: "#boulangerie".into(), is_link: true },
                        ],
                        pictures: shots(),
                        problems: vec![line(true), line(false)],
                    }],
                    problems: vec![line(false)],
                })
                .collect(),
            send: Say::new("compose-schedule-at")
                .with("count", 2)
                .with("at", NOW)
                .with("brand", "Maison Lune"),
            shift: Some(Say::new("shift-gap").with("at", NOW)),
        };
        let nothing = || Look {
            limits: vec![Vec::new()],
            previews: Vec::new(),
            send: Say::new("compose-schedule").with("count", 0).with("brand", "Maison Lune"),
            shift: None,
        };
        let view = |channels: Vec<Face>, look: Look, trouble: Option<FormTrouble>| {
            let has_room = !channels.is_empty();
            Self {
                action: urls::Compose::new(brand).to_string(),
                measure: urls::Measure::new(brand),
                key: format!("{brand}/new"),
                back: urls::Posts::new(brand).to_string(),
                parts: vec![TypedPart {
                    text: "Ce soir </textarea><script>alert(1)</script>".into(),
                    shots: shots(),
                    card: Card::Own("https://a.example/\"b\"".into()),
                    problems: vec![Say::new("text-empty")],
                }],
                draft: Draft {
                    parts: vec![DraftPart::default(); look.limits.len()],
                    channels: channels.iter().map(|face| face.id).collect(),
                    language: "fr".into(),
                    local: "2026-12-11T18:00".into(),
                    ..Draft::default()
                },
                channels: channels
                    .into_iter()
                    .zip(["compose-there-live", "compose-there-planned"].into_iter().cycle())
                    .map(|(face, there)| Place { face, there: trouble.is_none().then_some(there) })
                    .collect(),
                options: vec![NetworkOptions { network: "Practice", fields: FIELDS }],
                look,
                city: "Paris".into(),
                may_plan: has_room,
                connect: urls::Channels::new(brand),
                is_planned: trouble.is_none(),
                sent_on: usize::from(trouble.is_none()),
                came_back: trouble.is_some(),
                arrived: String::new(),
                trouble,
            }
        };
        let trouble = |key| Some(FormTrouble::of(Say::new(key)).beside(&["local", "channel"]));
        let wrong = |key| view(faces(), look(), trouble(key));
        vec![
            Page::desk(desk(Nav::Compose), "compose-title", wrong("post-part-too-long")),
            Page::desk(desk(Nav::Compose), "compose-title", wrong("time-out-of-range")),
            Page::desk(desk(Nav::Compose), "compose-title", wrong("schedule-no-channel")),
            Page::desk(desk(Nav::Compose), "compose-title", view(Vec::new(), nothing(), None)),
            Page::desk(desk(Nav::Compose), "compose-edit-title", view(faces(), look(), None)),
        ]
    }
}
