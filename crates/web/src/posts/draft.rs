//! What somebody has typed into the composer, from the form or from a post.

use std::collections::BTreeMap;

use bellwether_app::networks::{Content, MediaRef, OptionField, OptionKind, Part};
use bellwether_app::posts::{MAX_PARTS, Post, Written};
use bellwether_app::publishing::When;
use bellwether_base::{ChannelId, PostId};
use serde_json::Value;

use crate::form::Fields;

/// The composer's fields.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The parts; at least one.
    pub parts: Vec<DraftPart>,
    /// Where it is to go.
    pub channels: Vec<ChannelId>,
    /// BCP 47 language of the text; empty when nobody said.
    pub language: String,
    /// The planned local time, as the field writes it.
    pub local: String,
    /// The networks' own choices.
    pub options: BTreeMap<String, Value>,
    /// The revision that the person was looking at; 0 for a new post.
    pub seen: i64,
    /// What a new post will be called. It is made with the form, so that a form
    /// that is sent twice makes one post.
    pub id: Option<PostId>,
}

/// One part of what is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftPart {
    /// Its text.
    pub text: String,
    /// Its pictures in order.
    pub pictures: Vec<MediaRef>,
    /// Its link card.
    pub card: Card,
}

/// Which link of a part gets a card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Card {
    /// The first one of the text.
    #[default]
    First,
    /// None of them.
    None,
    /// This address. While nothing is typed it is the first one.
    Own(String),
}

impl Card {
    /// As the form sends it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::First => "first",
            Self::None => "none",
            Self::Own(_) => "own",
        }
    }

    /// The address that was typed.
    pub fn address(&self) -> &str {
        match self {
            Self::Own(address) => address,
            Self::First | Self::None => "",
        }
    }

    fn of(part: &Part) -> Self {
        match part.card.as_deref() {
            None => Self::First,
            Some("") => Self::None,
            Some(address) => Self::Own(address.to_owned()),
        }
    }

    fn typed(fields: &Fields, at: usize) -> Self {
        match fields.text(&format!("card-{at}")) {
            "none" => Self::None,
            "own" => Self::Own(fields.text(&format!("card-address-{at}")).trim().to_owned()),
            _ => Self::First,
        }
    }

    fn written(&self) -> Option<String> {
        match self {
            Self::None => Some(String::new()),
            Self::Own(address) if !address.is_empty() => Some(address.clone()),
            Self::First | Self::Own(_) => None,
        }
    }
}

impl DraftPart {
    /// Whether nothing was typed or added.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.pictures.is_empty()
    }
}

/// What pressing a button in the composer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Keep it.
    Save,
    /// Keep it and plan it.
    Schedule,
    /// Keep it and send it.
    Now,
    /// One more part.
    AddPart,
    /// One part less: which.
    RemovePart(usize),
    /// Add the files that came along.
    AddPictures,
    /// One picture less: of which part, and which.
    RemovePicture(usize, usize),
    /// Look at it, for browsers without script.
    Look,
}

impl Deed {
    /// From the button's value.
    pub fn of(fields: &Fields) -> Self {
        match fields.text("do") {
            "schedule" => Self::Schedule,
            "now" => Self::Now,
            "add-part" => Self::AddPart,
            "look" => Self::Look,
            "add-pictures" => Self::AddPictures,
            other => Self::removal(other).unwrap_or(Self::Save),
        }
    }

    fn removal(text: &str) -> Option<Self> {
        if let Some(part) = text.strip_prefix("remove-part-") {
            return Some(Self::RemovePart(part.parse().ok()?));
        }
        let (part, picture) = text.strip_prefix("remove-picture-")?.split_once('-')?;
        Some(Self::RemovePicture(part.parse().ok()?, picture.parse().ok()?))
    }
}

impl Draft {
    /// An empty one, on `channels`, planned for `local`.
    pub fn new(id: PostId, channels: Vec<ChannelId>, local: String) -> Self {
        let parts = vec![DraftPart::default()];
        Self { parts, channels, local, id: Some(id), ..Self::default() }
    }

    /// A post that is there.
    pub fn of(post: &Post, channels: Vec<ChannelId>, local: String) -> Self {
        Self {
            parts: post
                .content
                .parts
                .iter()
                .map(|part| DraftPart {
                    text: part.text.clone(),
                    pictures: part.media.clone(),
                    card: Card::of(part),
                })
                .collect(),
            channels,
            language: post.content.languages.first().cloned().unwrap_or_default(),
            local,
            options: post.content.options.clone(),
            seen: post.revision,
            id: None,
        }
    }

    /// What was typed. `options` are the choices that the form offered.
    pub fn typed(fields: &Fields, options: &[&OptionField]) -> Self {
        let mut parts: Vec<DraftPart> = fields
            .all("text")
            .take(MAX_PARTS)
            .enumerate()
            .map(|(at, text)| DraftPart {
                text: text.replace("\r\n", "\n"),
                pictures: pictures(fields, at),
                card: Card::typed(fields, at),
            })
            .collect();
        if parts.is_empty() {
            parts.push(DraftPart::default());
        }
        Self {
            parts,
            channels: fields.all("channel").filter_map(|id| id.parse().ok()).collect(),
            language: fields.text("language").to_owned(),
            local: fields.text("local").to_owned(),
            options: options.iter().filter_map(|option| chosen(fields, option)).collect(),
            seen: fields.text("seen").parse().unwrap_or(0),
            id: fields.text("id").parse().ok(),
        }
    }

    /// One part more or less. The last one stays.
    pub fn with(mut self, deed: Deed) -> Self {
        match deed {
            Deed::AddPart if self.parts.len() < MAX_PARTS => self.parts.push(DraftPart::default()),
            Deed::RemovePart(part) if self.parts.len() > 1 && part < self.parts.len() => {
                self.parts.remove(part);
            }
            Deed::RemovePicture(part, picture) => {
                let pictures = self.parts.get_mut(part).map(|part| &mut part.pictures);
                if let Some(pictures) = pictures.filter(|own| picture < own.len()) {
                    pictures.remove(picture);
                }
            }
            _ => {}
        }
        self
    }

    /// For the use case. Versions of `before` stay: this form does not show
    /// them, so it does not take them away either.
    pub fn written(&self, before: Option<&Post>) -> Written {
        let mut content = before.map(|post| post.content.clone()).unwrap_or_default();
        content.parts.resize_with(self.parts.len(), Part::default);
        for (part, typed) in content.parts.iter_mut().zip(&self.parts) {
            typed.text.clone_into(&mut part.text);
            typed.pictures.clone_into(&mut part.media);
            part.card = typed.card.written();
        }
        content.languages =
            Some(self.language.clone()).filter(|l| !l.is_empty()).into_iter().collect();
        content.options.clone_from(&self.options);
        Written { content, versions: before.map(|post| post.versions.clone()).unwrap_or_default() }
    }

    /// When it is to go out, if `deed` says so.
    pub fn when(&self, deed: Deed) -> Option<When> {
        match deed {
            Deed::Now => Some(When::Now),
            Deed::Schedule => Some(When::At { local: self.local.clone(), zone: None }),
            _ => None,
        }
    }
}

/// The pictures of the part `at`: those that the form had, with what was
/// written about them, then those that came along.
fn pictures(fields: &Fields, at: usize) -> Vec<MediaRef> {
    let (kept, came) = (format!("media-{at}"), format!("picture-{at}"));
    let mut pictures: Vec<MediaRef> = Vec::new();
    for hash in fields.all(&kept).chain(fields.all(&came)).filter(|hash| is_hash(hash)) {
        // The same picture twice is one.
        if pictures.len() < MAX_PICTURES && pictures.iter().all(|own| own.hash != hash) {
            let alt = fields.text(&format!("alt-{at}-{hash}")).replace("\r\n", "\n");
            pictures.push(MediaRef { hash: hash.to_owned(), alt, facts: None });
        }
    }
    pictures
}

/// Pictures in a part of a draft: more than any network takes.
const MAX_PICTURES: usize = 50;

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The value of one of a network's own choices; nothing for its default.
fn chosen(fields: &Fields, option: &OptionField) -> Option<(String, Value)> {
    let field = field_name(option.name);
    let typed = || fields.all(&field).map(str::to_owned);
    let value = match option.kind {
        OptionKind::One(values) => {
            let value = typed().next()?;
            if values.first() == Some(&value.as_str()) {
                return None;
            }
            Value::String(value)
        }
        OptionKind::Many(_) => {
            let values: Vec<Value> = typed().map(Value::String).collect();
            if values.is_empty() {
                return None;
            }
            Value::Array(values)
        }
        OptionKind::Line => {
            let line = typed().next().map(|line| line.trim().to_owned());
            Value::String(line.filter(|line| !line.is_empty())?)
        }
        OptionKind::Lines => {
            let text = typed().next()?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let lines: Vec<Value> = lines.map(Value::from).collect();
            if lines.is_empty() {
                return None;
            }
            Value::Array(lines)
        }
    };
    Some((option.name.to_owned(), value))
}

/// The form's name for a network's own choice.
pub fn field_name(option: &str) -> String {
    format!("option-{option}")
}

/// Whether `value` of `option` is chosen in `options`.
pub fn is_chosen(options: &BTreeMap<String, Value>, option: &OptionField, value: &str) -> bool {
    match (options.get(option.name), &option.kind) {
        (Some(Value::String(own)), _) => own == value,
        (Some(Value::Array(own)), _) => own.iter().any(|own| own == value),
        (_, OptionKind::One(values)) => values.first() == Some(&value),
        _ => false,
    }
}

/// What was typed for `option`, as its field shows it.
pub fn typed_for(options: &BTreeMap<String, Value>, option: &OptionField) -> String {
    match options.get(option.name) {
        Some(Value::String(line)) => line.clone(),
        Some(Value::Array(lines)) => {
            lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// What goes out on `channel`: its own version, or what is typed.
pub fn content_for(written: &Written, channel: ChannelId) -> &Content {
    written.versions.get(&channel).unwrap_or(&written.content)
}

#[cfg(test)]
mod tests {
    use bellwether_app::posts::PostState;
    use bellwether_base::uuid::Uuid;
    use bellwether_base::{Instant, PostId, WorkspaceId};

    use super::*;

    const WHO: OptionField =
        OptionField { name: "who", label: "who", kind: OptionKind::One(&["everybody", "nobody"]) };

    fn post() -> Post {
        let picture = MediaRef { hash: "ab".into(), alt: "a cake".into(), facts: None };
        let part = Part { text: "old".into(), media: vec![picture], card: None };
        let content = Content { parts: vec![part], ..Content::default() };
        Post {
            workspace_id: WorkspaceId(Uuid::nil()),
            id: PostId(Uuid::nil()),
            state: PostState::Draft,
            revision: 3,
            versions: BTreeMap::from([(ChannelId(Uuid::max()), content.clone())]),
            content,
            author: None,
            created_at: Instant::EPOCH,
            updated_at: Instant::EPOCH,
        }
    }

    #[test]
    fn editing_keeps_the_versions_and_shows_the_pictures() {
        let draft = Draft::of(&post(), Vec::new(), String::new());
        assert_eq!(draft.parts[0].pictures[0].alt, "a cake");
        let written = draft.written(Some(&post()));
        assert_eq!(written.content, post().content);
        assert_eq!(written.versions.len(), 1);
    }

    #[test]
    fn pictures_keep_their_order_and_their_words() {
        let (one, two) = ("a".repeat(64), "b".repeat(64));
        let body = format!(
            "text=x&media-0={one}&alt-0-{one}=a+cake&picture-0={two}&picture-0={one}&picture-0=[object+File]"
        );
        let draft = Draft::typed(&Fields::parse(body.as_bytes()), &[]);
        let told = |draft: &Draft| -> Vec<(String, String)> {
            let pictures = draft.parts[0].pictures.iter();
            pictures.map(|own| (own.hash.clone(), own.alt.clone())).collect()
        };
        assert_eq!(told(&draft), [(one, "a cake".into()), (two.clone(), String::new())]);
        let less = draft.with(Deed::of(&Fields::parse(b"do=remove-picture-0-0")));
        assert_eq!(told(&less), [(two, String::new())]);
        assert_eq!(less.clone().with(Deed::RemovePicture(3, 9)).parts, less.parts);
    }

    #[test]
    fn a_part_keeps_the_card_that_was_chosen_for_it() {
        let body = b"text=a&card-0=none&card-address-0=left+over&text=b&card-1=own\
            &card-address-1=+https://a.example+&text=c&card-2=own&card-address-2=&text=d";
        let draft = Draft::typed(&Fields::parse(body), &[]);
        let cards = |written: &Written| -> Vec<Option<String>> {
            written.content.parts.iter().map(|part| part.card.clone()).collect()
        };
        let chosen = [Some(String::new()), Some("https://a.example".into()), None, None];
        let written = draft.written(None);
        assert_eq!(cards(&written), chosen);
        // An edit shows what was chosen, and a part that goes takes its card along.
        let post = Post { content: written.content, ..post() };
        let again = Draft::of(&post, Vec::new(), String::new());
        assert_eq!(cards(&again.written(Some(&post))), chosen);
        assert_eq!(cards(&again.with(Deed::RemovePart(0)).written(Some(&post))), chosen[1..]);
    }

    #[test]
    fn what_is_typed_survives_every_button() {
        let fields =
            Fields::parse(b"text=a%0D%0Ab&text=c&do=remove-part-0&local=2026-12-11T18:00&seen=3");
        let draft = Draft::typed(&fields, &[]);
        let texts = |draft: Draft| -> Vec<String> {
            draft.parts.into_iter().map(|part| part.text).collect()
        };
        assert_eq!(texts(draft.clone()), ["a\nb", "c"]);
        assert_eq!((draft.seen, draft.local.as_str()), (3, "2026-12-11T18:00"));
        assert_eq!(texts(draft.clone().with(Deed::of(&fields))), ["c"]);
        assert_eq!(texts(draft.clone().with(Deed::AddPart)), ["a\nb", "c", ""]);
        assert_eq!(texts(draft.with(Deed::RemovePart(9))), ["a\nb", "c"]);
        assert_eq!(texts(Draft::typed(&Fields::default(), &[])), [""]);
    }

    #[test]
    fn only_what_differs_from_the_default_is_kept_of_a_networks_choices() {
        let typed = |body: &[u8]| Draft::typed(&Fields::parse(body), &[&WHO]).options;
        assert!(typed(b"option-who=everybody").is_empty());
        let own = typed(b"option-who=nobody");
        assert_eq!(own["who"], Value::String("nobody".into()));
        assert!(is_chosen(&own, &WHO, "nobody") && !is_chosen(&own, &WHO, "everybody"));
        assert!(is_chosen(&BTreeMap::new(), &WHO, "everybody"));
    }

    #[test]
    fn a_choice_of_words_is_kept_as_it_was_typed() {
        const FRONT: OptionField =
            OptionField { name: "front", label: "front", kind: OptionKind::Line };
        const POLL: OptionField =
            OptionField { name: "poll", label: "poll", kind: OptionKind::Lines };
        let typed = |body: &[u8]| Draft::typed(&Fields::parse(body), &[&FRONT, &POLL]).options;
        assert!(typed(b"option-front=+&option-poll=+%0D%0A").is_empty());
        let own = typed(b"option-front=+Food+&option-poll=Tea%0D%0A%0D%0A+Coffee");
        assert_eq!(own["front"], Value::from("Food"));
        assert_eq!(own["poll"], Value::from(vec!["Tea", "Coffee"]));
        assert_eq!(typed_for(&own, &FRONT), "Food");
        assert_eq!(typed_for(&own, &POLL), "Tea\nCoffee");
        assert_eq!(typed_for(&BTreeMap::new(), &POLL), "");
    }
}
