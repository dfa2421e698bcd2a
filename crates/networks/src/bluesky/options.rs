//! The network's own choices for a post: who may reply, and content warnings.

use bellwether_base::Say;
use serde_json::{Value, json};

use crate::{Content, Problem};

/// The option on who may reply.
pub(super) const WHO_CAN_REPLY: &str = "who_can_reply";
/// The option on content warnings.
pub(super) const LABELS: &str = "labels";

const EVERYBODY: &str = "everybody";
const NOBODY: &str = "nobody";

/// Who may reply. Nothing chosen means everybody; everybody and nobody stand alone.
pub(super) const REPLIERS: &[&str] = &[EVERYBODY, NOBODY, "mentioned", "following", "followers"];
/// Content warnings that an author may set.
pub(super) const SELF_LABELS: &[&str] = &["sexual", "nudity", "porn", "graphic-media"];

/// The choices, understood. What cannot be understood is left out here and
/// named by [`problems`].
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// Values of [`SELF_LABELS`], each once.
    pub labels: Vec<String>,
    /// The rules of a thread gate; no gate when absent.
    pub allow: Option<Vec<Value>>,
}

impl Choices {
    /// From a content's options.
    pub fn read(content: &Content) -> Self {
        let chosen = |name, known: &[&str]| {
            let mut values = strings(content.options.get(name)).unwrap_or_default();
            values.retain(|value| known.contains(&value.as_str()));
            values
        };
        let repliers = chosen(WHO_CAN_REPLY, REPLIERS);
        let is_open = repliers.is_empty() || repliers.iter().any(|value| value == EVERYBODY);
        Self {
            labels: chosen(LABELS, SELF_LABELS),
            allow: (!is_open)
                .then(|| repliers.iter().filter_map(|replier| rule(replier)).collect()),
        }
    }
}

fn rule(replier: &str) -> Option<Value> {
    let name = match replier {
        "mentioned" => "mentionRule",
        "following" => "followingRule",
        "followers" => "followerRule",
        _ => return None,
    };
    Some(json!({"$type": format!("{}#{name}", super::THREADGATE)}))
}

/// One text or a list of texts, each once; nothing if it is anything else.
fn strings(value: Option<&Value>) -> Option<Vec<String>> {
    let mut strings = Vec::new();
    match value {
        None | Some(Value::Null) => {}
        Some(Value::String(one)) => strings.push(one.clone()),
        Some(Value::Array(several)) => {
            for value in several {
                let text = value.as_str()?.to_owned();
                if !strings.contains(&text) {
                    strings.push(text);
                }
            }
        }
        Some(_) => return None,
    }
    strings.retain(|text| !text.is_empty());
    Some(strings)
}

/// Choices that there are not, and choices that contradict each other.
pub(super) fn problems(content: &Content) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in &content.options {
        let known = match name.as_str() {
            WHO_CAN_REPLY => REPLIERS,
            LABELS => SELF_LABELS,
            _ => {
                problems
                    .push(Problem::error(None, Say::new("option-unknown").with("option", name)));
                continue;
            }
        };
        let Some(chosen) = strings(Some(value)) else {
            let say = Say::new("option-value-unknown").with("option", name).with("value", value);
            problems.push(Problem::error(None, say));
            continue;
        };
        for value in chosen.iter().filter(|value| !known.contains(&value.as_str())) {
            let say = Say::new("option-value-unknown").with("option", name).with("value", value);
            problems.push(Problem::error(None, say));
        }
        if name == WHO_CAN_REPLY
            && chosen.len() > 1
            && chosen.iter().any(|value| value == EVERYBODY || value == NOBODY)
        {
            problems.push(Problem::error(None, Say::new("bluesky-who-can-reply-contradicts")));
        }
    }
    problems
}
