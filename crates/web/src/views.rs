//! One test renders every view in every language and looks at what came out.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use askama::Template;
use bellwether_app::networks::MediaRef;
use bellwether_app::workspaces::Workspace;
use bellwether_base::uuid::Uuid;
use bellwether_base::{ChannelId, Instant, OrganizationId, PostId, Say, WorkspaceId};
use scraper::{ElementRef, Html, Selector};

use crate::channels::face::Face;
use crate::media::shot::Shot;
use crate::publishing::pauses::Place;
use crate::publishing::{ClockStop, OnTheWay, Pausing, ResumeForm, Stopped};

use crate::locale::{Lang, Reader};
use crate::page::{BrandLink, Desk, Nav, Page, Theme, Toast, Visitor};

/// A view shows itself in the states that matter.
pub trait View: Template + Sized {
    /// Pages with everything that can be on them: long texts, empty lists, mistakes.
    fn samples() -> Vec<Page<Self>>;
}

/// Friday 11 December 2026, 09:12 in Paris.
pub const NOW: Instant = Instant::from_millis(1_796_976_720_000);

/// Somebody who reads `lang`.
pub fn visitor(lang: Lang) -> Visitor {
    Visitor {
        reader: Reader::new(lang, NOW).in_zone("Europe/Paris"),
        theme: Theme::System,
        hx: None,
        toasts: vec![Toast::done(Say::new("post-saved")).also(Some(Say::new("resumed")))],
        path: "/".into(),
        secure: true,
    }
}

/// Two brands.
pub fn brands() -> Vec<Workspace> {
    [("Maison Lune", "Europe/Paris"), ("北浜サイクル & <b>", "Asia/Tokyo")]
        .into_iter()
        .zip(1..)
        .map(|((name, time_zone), number)| Workspace {
            id: WorkspaceId(Uuid::from_u128(number)),
            organization_id: OrganizationId(Uuid::nil()),
            name: name.into(),
            time_zone: time_zone.into(),
            created_at: NOW,
        })
        .collect()
}

/// Two channels.
pub fn faces() -> Vec<Face> {
    [("@lune.example", "Maison Lune"), ("@a-very-long-handle.on-a-very-long-server.example", "<b>")]
        .into_iter()
        .zip(1..)
        .map(|((handle, name), number)| Face {
            id: ChannelId(Uuid::from_u128(number)),
            handle: handle.into(),
            name: name.into(),
            network: "Practice".into(),
            mark: "Pr".into(),
            letter: "M".into(),
            tone: 1,
        })
        .collect()
}

/// Two pictures, one of them without a description.
pub fn shots() -> Vec<Shot> {
    let medium =
        |hash: &str, alt: &str| MediaRef { hash: hash.repeat(64), alt: alt.into(), facts: None };
    [medium("a", "Un croissant \"doré\""), medium("b", "")]
        .iter()
        .map(|medium| Shot::of(brands()[0].id, medium))
        .collect()
}

/// Ada at work on the first brand, which is paused.
pub fn desk(nav: Nav) -> Desk {
    let brands: Vec<BrandLink> = brands().iter().map(BrandLink::of).collect();
    Desk {
        person: "Ada".into(),
        brand: Some(brands[0].clone()),
        stopped: vec![Stopped {
            scope: "workspace",
            network: None,
            channel: None,
            handle: None,
            since: NOW,
            by: Some("Noor <b>".into()),
            is_certain: false,
            on_the_way: vec![OnTheWay {
                title: Some("La bûche <b>".into()),
                post: crate::urls::Post::new(brands[0].id, PostId(Uuid::nil())),
            }],
            on_the_way_count: 2,
            held: 41,
            level: "planned",
            reason: Some("A <b>storm</b>".into()),
            resumption: Some(ResumeForm {
                action: crate::urls::Resumption::new(brands[0].id),
                network: None,
                typed: "\"typed\"".into(),
                trouble: Some(Say::new("pause-reason-too-long")),
            }),
        }],
        clock: Some(ClockStop {
            say: Say::new("clock-jumped").with("seconds", 3600),
            confirmation: Some(crate::urls::ClockConfirmation::new()),
        }),
        brands,
        nav,
        after: "place".into(),
        may_write: true,
        pausing: Some(pausing()),
        may_administer: true,
    }
}

/// Everything that can be stopped from a page.
pub fn pausing() -> Pausing {
    let place = |value: &str, key: &str| Place {
        value: value.into(),
        say: Say::new(key).with("handle", "lune <b>").with("network", "Practice"),
    };
    Pausing::new(
        brands()[0].id,
        vec![
            place("channel:1", "pause-place-channel"),
            place("network:practice", "pause-place-network"),
            place("installation", "pause-place-installation"),
        ],
    )
}

macro_rules! views {
    ($($view:ty),* $(,)?) => {
        const VIEWS: &[&str] = &[$(stringify!($view)),*];

        /// Each sample of each view in each language, with its name.
        fn rendered() -> Vec<(String, Lang, String)> {
            let mut all = Vec::new();
            $(for (at, page) in <$view>::samples().into_iter().enumerate() {
                for lang in Lang::ALL {
                    let name = format!("{} {at} {lang}", stringify!($view));
                    let html = page.whole(&visitor(lang)).unwrap_or_else(|_| panic!("{name}"));
                    all.push((name, lang, html));
                }
            })*
            all
        }
    };
}

views![
    crate::style::Style,
    crate::errors::ErrorPage,
    crate::people::Account,
    crate::people::SetUp,
    crate::people::SignIn,
    crate::people::Team,
    crate::people::Tokens,
    crate::workspaces::Brands,
    crate::channels::Channels,
    crate::channels::Connect,
    crate::posts::Posts,
    crate::posts::PostPage,
    crate::posts::Compose,
    crate::publishing::pauses::Pauses,
];

/// Templates that are parts of pages and have no page of their own.
const PARTS: &[&str] = &["Whole", "Toasts", "MeasuredPart"];

#[test]
fn every_view_is_sound_in_every_language() {
    let mut wrong = String::new();
    for (name, lang, html) in rendered() {
        for complaint in complaints(&html, lang) {
            writeln!(wrong, "{name}: {complaint}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// For the eye: `cargo test -p bellwether-web -- --ignored for_the_eye`, then
/// look into `target/views` with the files of `ui/dist` served as `/assets`.
#[test]
#[ignore = "writes files"]
fn every_view_is_written_for_the_eye() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/views");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, _, html) in rendered() {
        let name = name.replace("crate::", "").replace("::", "-").replace(' ', "-");
        std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
}

#[test]
fn every_view_has_samples() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut without = Vec::new();
    for (_, text) in crate::locale::tests::sources(&source, &["rs"]) {
        for after in text.split("#[derive(Template").skip(1) {
            let name = after
                .split("struct ")
                .nth(1)
                .and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
            let Some(name) = name else { continue };
            let listed = VIEWS.iter().any(|view| view.ends_with(&format!("::{name}")));
            if !listed && !PARTS.contains(&name) && !name.is_empty() {
                without.push(name.to_owned());
            }
        }
    }
    assert!(without.is_empty(), "no samples of {without:?}");
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

/// What is wrong with a page.
fn complaints(html: &str, lang: Lang) -> Vec<String> {
    let document = Html::parse_document(html);
    let mut wrong: Vec<String> =
        document.errors.iter().map(|error| format!("not well formed: {error}")).collect();
    let mut must_not = |selector: &str, why: &str| {
        for element in document.select(&select(selector)) {
            wrong.push(format!("{why}: {}", short(element)));
        }
    };
    must_not("[style], style", "a style inside the page");
    must_not("script:not([src])", "a script inside the page");
    must_not("img:not([alt])", "a picture without a description");
    must_not("a:not([href])", "a link to nowhere");
    must_not("a[href^='javascript:'], form[action^='http']", "an address that is not ours");
    must_not(
        "table [autofocus], [tabindex]:not([tabindex='0']):not([tabindex='-1'])",
        "a forced order",
    );
    if html.contains('⟦') {
        let around = html.split('⟦').nth(1).unwrap_or_default();
        wrong.push(format!("no message {}", around.chars().take(50).collect::<String>()));
    }
    if matches!(lang, Lang::Ja | Lang::ZhHans) {
        for at in html.match_indices("。 ").map(|(at, _)| at) {
            let before: String = html[..at].chars().rev().take(20).collect();
            wrong.push(format!("a space after {}。", before.chars().rev().collect::<String>()));
        }
    }
    let root = document.root_element();
    if root.value().attr("lang") != Some(lang.tag()) {
        wrong.push("the page does not say its language".into());
    }
    for element in document.select(&select("*")) {
        if element
            .value()
            .attrs()
            .any(|(name, _)| name.starts_with("on") || name.starts_with("hx-on"))
        {
            wrong.push(format!("a script inside the page: {}", short(element)));
        }
    }
    wrong.extend(ids(&document));
    wrong.extend(names(&document));
    if document.select(&select("h1")).count() != 1 {
        wrong.push("not exactly one h1".into());
    }
    let is_style = document.select(&select(".style")).next().is_some();
    if !is_style && document.select(&select(".button.brass")).count() > 1 {
        wrong.push("more than one brass thing".into());
    }
    wrong
}

/// Every id once, and everything that is referred to exists.
fn ids(document: &Html) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut known = HashSet::new();
    for element in document.select(&select("[id]")) {
        let id = element.value().attr("id").unwrap_or_default();
        if !known.insert(id) {
            wrong.push(format!("the id {id} is there twice"));
        }
    }
    let everything = select("*");
    for element in document.select(&everything) {
        for name in ["for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list"]
        {
            for id in element.value().attr(name).unwrap_or_default().split_whitespace() {
                if !known.contains(id) {
                    wrong.push(format!("{name} refers to {id}, which is not there"));
                }
            }
        }
    }
    wrong
}

/// Everything that can be used has a name.
fn names(document: &Html) -> Vec<String> {
    let mut wrong = Vec::new();
    let labels: HashSet<&str> = document
        .select(&select("label[for]"))
        .filter_map(|label| label.value().attr("for"))
        .collect();
    for field in document.select(&select(
        "input:not([type=hidden]):not([type=submit]), select, textarea, meter, progress",
    )) {
        let value = field.value();
        let labelled = value.attr("id").is_some_and(|id| labels.contains(id))
            || value.attr("aria-label").is_some_and(|label| !label.is_empty())
            || value.attr("aria-labelledby").is_some()
            || field.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "label");
        if !labelled {
            wrong.push(format!("a field without a label: {}", short(field)));
        }
    }
    for control in document.select(&select("a, button, summary")) {
        let text: String = control.text().collect();
        let image = control.select(&select("img[alt]:not([alt=''])")).next().is_some();
        let label = control.value().attr("aria-label").is_some_and(|label| !label.is_empty());
        if text.trim().is_empty() && !label && !image {
            wrong.push(format!("a control without a name: {}", short(control)));
        }
    }
    wrong
}

fn short(element: ElementRef<'_>) -> String {
    element.html().chars().take(120).collect()
}

#[test]
fn the_checks_see_what_is_wrong() {
    let sound = complaints("<!doctype html><html lang=en><title>t</title><h1>x</h1>", Lang::En);
    assert!(sound.is_empty(), "{sound:?}");
    for (broken, complaint) in [
        ("<p style='color:red'>", "a style inside"),
        ("<script>1</script>", "a script inside"),
        ("<p onclick='x'>", "a script inside"),
        ("<input name=a>", "without a label"),
        ("<button><svg></svg></button>", "without a name"),
        ("<i id=a></i><i id=a></i>", "there twice"),
        ("<p aria-describedby=gone>", "refers to gone"),
        ("<p>⟦some-key⟧", "no message some-key"),
        ("<div></span></div>", "not well formed"),
        ("<a class='button brass' href=/>a</a><a class='button brass' href=/>b</a>", "brass"),
    ] {
        let html = format!("<!doctype html><html lang=en><title>t</title><h1>x</h1>{broken}");
        let found = complaints(&html, Lang::En);
        assert!(found.iter().any(|one| one.contains(complaint)), "{broken}: {found:?}");
    }
}
