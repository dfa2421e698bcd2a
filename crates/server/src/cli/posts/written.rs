//! From flags to what is written.

use std::path::PathBuf;

use clap::{ArgMatches, Args};
use serde_json::{Map, Value, json};

use super::super::At;
use super::super::exit::Failure;
use super::super::links::stdin;
use super::super::media;
use super::super::output::text as text_of;

/// What is written.
#[derive(Args)]
pub(in super::super) struct Words {
    /// The text
    #[arg(long, conflicts_with = "file")]
    text: Option<String>,
    /// A file with the text
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A part of a thread; again for each further one
    #[arg(long = "part", value_name = "TEXT")]
    parts: Vec<String>,
    /// A picture and what somebody who cannot see it should know
    #[arg(long = "image", value_name = "FILE:ALT")]
    images: Vec<String>,
    /// A language of the text, such as en
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// A choice of the network's own; again for several values of one name
    #[arg(long = "option", value_name = "NAME=VALUE")]
    options: Vec<String>,
    /// The address that gets a link card; empty for none
    #[arg(long, value_name = "URL")]
    card: Option<String>,
}

/// The content that the flags describe, over what was written before.
pub(in super::super) async fn content(
    at: &At<'_>,
    base: &str,
    words: Words,
    matches: &ArgMatches,
    before: Option<&Value>,
) -> Result<Value, Failure> {
    let Words { text, file, parts, images, languages, options, card } = words;
    let leads = text.is_some() || file.is_some() || parts.is_empty();
    let is_about_more =
        !(images.is_empty() && languages.is_empty() && options.is_empty() && card.is_none());
    let first = match (text, file, before) {
        (Some(text), ..) => vec![text],
        (None, Some(path), _) => vec![read(&path).await?],
        (None, None, _) if !parts.is_empty() => Vec::new(),
        // Who changes something else means the words as they are.
        (None, None, Some(before)) if is_about_more => texts(before),
        (None, None, Some(_)) => vec![some_words(&stdin().await?)?],
        (None, None, None) => vec![stdin().await?.trim_end().to_owned()],
    };
    let mut written: Vec<Value> =
        first.into_iter().chain(parts).map(|text| json!({ "text": text, "media": [] })).collect();
    let owners = owners(matches, leads, images.len());
    for (image, owner) in images.iter().zip(owners) {
        let (path, alt) = picture(image)?;
        let hash = media::add(at, base, &path).await?["hash"].clone();
        if let Some(media) = written.get_mut(owner).and_then(|part| part["media"].as_array_mut()) {
            media.push(json!({ "hash": hash, "alt": alt }));
        }
    }
    if images.is_empty()
        && let Some(old) = before.and_then(|before| before["parts"].as_array())
    {
        for (part, old) in written.iter_mut().zip(old) {
            part["media"] = old["media"].clone();
        }
    }
    let card = card.map(Value::from).or_else(|| before?["parts"][0].get("card").cloned());
    if let (Some(card), Some(first)) = (card, written.first_mut()) {
        first["card"] = card;
    }
    let kept = |name: &str| before.map_or(Value::Null, |before| before[name].clone());
    let mut content = json!({ "parts": written });
    content["languages"] =
        if languages.is_empty() && before.is_some() { kept("languages") } else { json!(languages) };
    content["options"] =
        if options.is_empty() && before.is_some() { kept("options") } else { chosen(&options)? };
    Ok(content)
}

/// The texts of what was written before.
fn texts(content: &Value) -> Vec<String> {
    let parts = content["parts"].as_array().map_or(&[][..], Vec::as_slice);
    parts.iter().map(|part| text_of(&part["text"])).collect()
}

/// Words that take the place of others: none at all were hardly meant.
fn some_words(text: &str) -> Result<String, Failure> {
    match text.trim_end() {
        "" => Err(Failure::usage(
            "Standard input is empty, and nothing was changed. Give the text with --text, --file or \
             --part, or on standard input.",
        )),
        words => Ok(words.to_owned()),
    }
}

async fn read(path: &std::path::Path) -> Result<String, Failure> {
    let text = tokio::fs::read_to_string(path).await;
    let text = text.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(text.trim_end().to_owned())
}

/// The part that each picture belongs to: the last that began before it.
fn owners(matches: &ArgMatches, leads: bool, images: usize) -> Vec<usize> {
    let at = |name| matches.indices_of(name).into_iter().flatten();
    let parts: Vec<usize> = at("parts").collect();
    let owner = |image: usize| {
        let begun = parts.iter().filter(|part| **part < image).count() + usize::from(leads);
        begun.saturating_sub(1)
    };
    at("images").take(images).map(owner).collect()
}

/// A file and its description: the first colon after the name of a file that
/// is there parts them.
fn picture(image: &str) -> Result<(PathBuf, String), Failure> {
    let colons = image.match_indices(':').map(|(at, _)| at);
    for at in colons {
        let path = PathBuf::from(&image[..at]);
        if path.is_file() {
            return Ok((path, image[at + 1..].trim().to_owned()));
        }
    }
    if PathBuf::from(image).is_file() {
        return Err(Failure::usage(format!(
            "--image {image:?}: say what is to be seen, as FILE:ALT (FILE: for nothing)"
        )));
    }
    Err(Failure::usage(format!("--image {image:?}: there is no such file")))
}

/// Options: one value by itself, several of one name as a list.
fn chosen(options: &[String]) -> Result<Value, Failure> {
    let mut chosen: Map<String, Value> = Map::new();
    for option in options {
        let (name, value) = option
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("--option {option:?}: it is NAME=VALUE")))?;
        match chosen.get_mut(name) {
            None => {
                chosen.insert(name.to_owned(), json!(value));
            }
            Some(Value::Array(values)) => values.push(json!(value)),
            Some(one) => *one = json!([one.clone(), value]),
        }
    }
    Ok(Value::Object(chosen))
}
