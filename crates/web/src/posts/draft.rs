//! What somebody has typed into the composer, from the form or from a post.

use std::collections::BTreeMap;

use bellwether_app::networks::{Content, OptionField, OptionKind, Part};
use bellwether_app::posts::{MAX_PARTS, Post, Written};
use bellwether_app::publishing::When;
use bellwether_base::ChannelId;
use serde_json::Value;

use crate::form::Fields;

/// The composer's fields.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The text of each part; at least one.
    pub parts: Vec<String>,
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
            other => other
                .strip_prefix("remove-part-")
                .and_then(|part| part.parse().ok())
                .map_or(Self::Save, Self::RemovePart),
        }
    }
}

impl Draft {
    /// An empty one, on `channels`, planned for `local`.
    pub fn new(channels: Vec<ChannelId>, local: String) -> Self {
        Self { parts: vec![String::new()], channels, local, ..Self::default() }
    }

    /// A post that is there.
    pub fn of(post: &Post, channels: Vec<ChannelId>, local: String) -> Self {
        Self {
            parts: post.content.parts.iter().map(|part| part.text.clone()).collect(),
            channels,
            language: post.content.languages.first().cloned().unwrap_or_default(),
            local,
            options: post.content.options.clone(),
            seen: post.revision,
        }
    }

    /// What was typed. `options` are the choices that the form offered.
    pub fn typed(fields: &Fields, options: &[&OptionField]) -> Self {
        let mut parts: Vec<String> =
            fields.all("text").take(MAX_PARTS).map(|text| text.replace("\r\n", "\n")).collect();
        if parts.is_empty() {
            parts.push(String::new());
        }
        Self {
            parts,
            channels: fields.all("channel").filter_map(|id| id.parse().ok()).collect(),
            language: fields.text("language").to_owned(),
            local: fields.text("local").to_owned(),
            options: options.iter().filter_map(|option| chosen(fields, option)).collect(),
            seen: fields.text("seen").parse().unwrap_or(0),
        }
    }

    /// One part more or less. The last one stays.
    pub fn with(mut self, deed: Deed) -> Self {
        match deed {
            Deed::AddPart if self.parts.len() < MAX_PARTS => self.parts.push(String::new()),
            Deed::RemovePart(part) if self.parts.len() > 1 && part < self.parts.len() => {
                self.parts.remove(part);
            }
            _ => {}
        }
        self
    }

    /// For the use case. Pictures, cards and versions of `before` stay: this
    /// form does not show them, so it does not take them away either.
    pub fn written(&self, before: Option<&Post>) -> Written {
        let mut content = before.map(|post| post.content.clone()).unwrap_or_default();
        content.parts.resize_with(self.parts.len(), Part::default);
        for (part, text) in content.parts.iter_mut().zip(&self.parts) {
            text.clone_into(&mut part.text);
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

/// What goes out on `channel`: its own version, or what is typed.
pub fn content_for(written: &Written, channel: ChannelId) -> &Content {
    written.versions.get(&channel).unwrap_or(&written.content)
}

#[cfg(test)]
mod tests {
    use bellwether_app::networks::MediaRef;
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
    fn editing_the_text_keeps_pictures_and_versions() {
        let draft = Draft::typed(&Fields::parse(b"text=new&text=second"), &[]);
        let written = draft.written(Some(&post()));
        assert_eq!(written.content.parts[0].text, "new");
        assert_eq!(written.content.parts[0].media[0].alt, "a cake");
        assert_eq!(written.content.parts[1].text, "second");
        assert_eq!(written.versions.len(), 1);
    }

    #[test]
    fn what_is_typed_survives_every_button() {
        let fields =
            Fields::parse(b"text=a%0D%0Ab&text=c&do=remove-part-0&local=2026-12-11T18:00&seen=3");
        let draft = Draft::typed(&fields, &[]);
        assert_eq!(draft.parts, ["a\nb", "c"]);
        assert_eq!((draft.seen, draft.local.as_str()), (3, "2026-12-11T18:00"));
        assert_eq!(draft.clone().with(Deed::of(&fields)).parts, ["c"]);
        assert_eq!(draft.clone().with(Deed::AddPart).parts, ["a\nb", "c", ""]);
        assert_eq!(draft.with(Deed::RemovePart(9)).parts, ["a\nb", "c"]);
        assert_eq!(Draft::typed(&Fields::default(), &[]).parts, [""]);
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
}
