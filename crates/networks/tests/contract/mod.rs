//! What every network promises to the rest of the house, as facts that run
//! against a real server.
//!
//! A network joins in by implementing [`Harness`] in a test of its own and
//! handing it to [`run`] together with the facts that only it knows. The
//! connector talks to the server through a [`Wire`], which can break at will;
//! what is really there is read past the connector and past the wire.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

pub mod doubts;
pub mod harmless;
pub mod login;
pub mod messages;
pub mod once;
pub mod stage;
pub mod wire;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::Secret;
use bellwether_networks::{Account, Answer, Content, MediaRef, Network, Part};
use url::Url;

use stage::Stage;
use wire::Wire;

/// One post as an independent reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct There {
    /// The network's id.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// A profile on a real server, with its login as the connector made it.
#[derive(Clone)]
pub struct Member {
    /// The profile. Its server is the real one.
    pub account: Account,
    /// The login.
    pub credential: Secret,
}

/// What the suite must know about one network.
#[async_trait]
pub trait Harness: Send + Sync + 'static {
    /// The connector.
    fn network(&self) -> &'static dyn Network;

    /// The address of the real server.
    fn server(&self) -> Url;

    /// Makes a profile of its own and connects it.
    async fn member(&self) -> Member;

    /// Everything this profile has published, by a reader of its own.
    async fn posts(&self, member: &Member) -> Vec<There>;

    /// The same login as the server sees it after its access token ran out.
    /// Nothing if that cannot be brought about.
    fn expired(&self, member: &Member) -> Option<Secret>;

    /// The same login with an access token that was never good.
    fn forged(&self, member: &Member) -> Secret;

    /// Every secret inside a credential.
    fn secrets(&self, credential: &Secret) -> Vec<String>;

    /// Answers to the login screen: a right server and profile, with this password.
    async fn login(&self, server: &str, password: Option<&str>) -> Answer;

    /// Whether posts may have pictures.
    fn takes_pictures(&self) -> bool {
        true
    }

    /// Whether a login is renewed without a person. Where a token lives until
    /// it is taken back, there is nothing to renew it with.
    fn renews(&self) -> bool {
        true
    }

    /// How long a write may be missing from what the server lists.
    fn settles(&self) -> Duration {
        Duration::ZERO
    }
}

/// One thing that must hold.
pub type Fact = (&'static str, Pin<Box<dyn Future<Output = ()> + Send>>);

/// A fact with its function's name.
#[macro_export]
macro_rules! facts {
    ($harness:expr; $($path:path),+ $(,)?) => {
        vec![$((stringify!($path), Box::pin($path(std::sync::Arc::clone($harness))) as _)),+]
    };
}

/// Every fact that holds for all networks.
pub fn all<H: Harness>(harness: &Arc<H>) -> Vec<Fact> {
    let mut facts: Vec<Fact> = facts![harness;
        once::what_is_submitted_is_there_once,
        once::a_second_submit_of_the_same_request_makes_no_second_post,
        once::looking_says_absent_before_and_found_after,
        once::looking_gives_the_same_receipt_as_submitting,
        once::taking_down_twice_is_taking_down,
        once::a_thread_is_there_in_order,
        doubts::a_refused_connection_is_certain,
        doubts::an_answer_cut_after_the_write_is_a_doubt_that_looking_ends,
        doubts::a_request_cut_before_it_arrived_is_looked_for_and_sent_again,
        doubts::an_answer_that_never_comes_is_a_doubt,
        doubts::a_server_error_is_a_doubt,
        doubts::a_web_page_instead_of_an_answer_is_a_doubt,
        doubts::looking_at_a_web_page_is_a_failure_and_no_absence,
        doubts::too_many_calls_are_certain_and_say_when,
        doubts::an_expired_login_is_renewed_without_a_person,
        doubts::a_forged_login_needs_a_person,
        doubts::a_text_too_long_is_rejected_for_good,
        doubts::a_failure_carries_no_secret,
        harmless::freezing_writes_nothing,
        harmless::a_frozen_request_survives_storage,
        harmless::a_frozen_request_carries_no_secret,
        harmless::preparing_publishes_nothing_and_may_be_repeated,
        harmless::a_closed_permit_sends_nothing,
        harmless::problems_are_found_before_the_network_finds_them,
        login::a_renewed_login_works,
        login::a_reopened_login_works,
        login::a_lost_renewal_is_a_doubt,
        login::a_wrong_password_is_told_from_a_wrong_server,
        login::a_login_screen_says_what_it_needs,
    ];
    facts.shrink_to_fit();
    facts
}

/// Runs facts one after the other and names those that do not hold.
/// `FACT=part of a name` picks some.
pub async fn run(facts: Vec<Fact>) {
    let wanted = std::env::var("FACT").unwrap_or_default();
    let (mut held, mut broken) = (0, Vec::new());
    for (name, fact) in facts {
        if !name.contains(&wanted) {
            continue;
        }
        if tokio::spawn(fact).await.is_ok() {
            held += 1;
            println!("holds: {name}");
        } else {
            println!("DOES NOT HOLD: {name}");
            broken.push(name);
        }
    }
    assert!(broken.is_empty(), "{held} hold, these do not: {broken:#?}");
    println!("{held} facts hold");
}

/// A member behind a wire of its own, and the stage to act on.
pub async fn scene<H: Harness>(harness: &Arc<H>) -> (Member, Wire, Stage) {
    let member = harness.member().await;
    let wire = Wire::before(&harness.server()).await;
    let mut stage = Stage::of(&member);
    stage.account.server = wire.url();
    stage.settles = harness.settles();
    (member, wire, stage)
}

/// A post of one part.
pub fn post(text: &str) -> Content {
    thread(&[text])
}

/// A post of several parts.
pub fn thread(texts: &[&str]) -> Content {
    let part = |text: &&str| Part { text: (*text).to_owned(), ..Part::default() };
    Content { parts: texts.iter().map(part).collect(), ..Content::default() }
}

/// A post with pictures.
pub fn with_pictures(text: &str, pictures: Vec<MediaRef>) -> Content {
    let mut content = post(text);
    content.parts[0].media = pictures;
    content
}
