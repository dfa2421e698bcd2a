//! Every address of the product, as a type that is built in this one place.
//!
//! The same text is the route of axum and the format of the address, and the
//! same type is what a handler takes out of the path.

use std::borrow::Borrow;
use std::fmt;

use bellwether_base::{ChannelId, DeliveryId, PersonId, PostId, SessionId, TokenId, WorkspaceId};
use serde::Deserialize;
use url::form_urlencoded;

macro_rules! urls {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* } => $route:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $(pub $field: $kind),* }

            impl $name {
                /// The route, as axum takes it.
                pub const ROUTE: &'static str = $route;

                /// The address with its gaps filled.
                pub fn new($($field: impl Borrow<$kind>),*) -> Self {
                    Self { $($field: $field.borrow().clone()),* }
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, $route $(, $field = self.$field)*)
                }
            }
        )*

        /// All routes, for tests.
        #[cfg(test)]
        pub const ALL: &[&str] = &[$($route),*];
    };
}

urls! {
    /// Wherever the caller belongs.
    Home {} => "/";
    /// One file of styles, scripts or letters.
    Asset { file: String } => "/assets/{file}";
    /// The door.
    SignIn {} => "/sign-in";
    /// Where the first owner is made, by a link that is good once.
    SetUp { link: String } => "/set-up/{link}";
    /// Out again.
    SignOut {} => "/sign-out";
    /// Chooses the language of this browser.
    Language {} => "/preferences/language";
    /// Chooses light or dark for this browser.
    Theme {} => "/preferences/theme";
    /// What happens, as it happens.
    Events {} => "/events";
    /// Every component in every state.
    Style {} => "/style";
    /// What a person does about themselves.
    Account {} => "/account";
    /// The end of one of their sessions.
    SessionEnd { session: SessionId } => "/account/sessions/{session}/end";
    /// The end of all of them but this one.
    OtherSessionsEnd {} => "/account/sessions/others/end";
    /// Who is on the team.
    People {} => "/people";
    /// What somebody may do in every brand.
    PersonRole { person: PersonId } => "/people/{person}/role";
    /// Whether somebody may sign in.
    PersonAccess { person: PersonId } => "/people/{person}/access";
    /// What scripts hold.
    Tokens {} => "/tokens";
    /// The end of one token.
    TokenRevocation { token: TokenId } => "/tokens/{token}/revocation";
    /// The brands of the organization.
    Brands {} => "/brands";
    /// A brand's posts.
    Posts { workspace: WorkspaceId } => "/brands/{workspace}/posts";
    /// A new post.
    Compose { workspace: WorkspaceId } => "/brands/{workspace}/compose";
    /// A brand's channels.
    Channels { workspace: WorkspaceId } => "/brands/{workspace}/channels";
    /// Connects one more channel on a network.
    Connect { workspace: WorkspaceId, network: String } => "/brands/{workspace}/connect/{network}";
    /// Takes a channel away.
    ChannelRemoval { workspace: WorkspaceId, channel: ChannelId } => "/brands/{workspace}/channels/{channel}/removal";
    /// One post, with everything that became of it.
    Post { workspace: WorkspaceId, post: PostId } => "/brands/{workspace}/posts/{post}";
    /// The same post in the composer.
    PostDeletion { workspace: WorkspaceId, post: PostId } => "/brands/{workspace}/posts/{post}/deletion";
    EditPost { workspace: WorkspaceId, post: PostId } => "/brands/{workspace}/posts/{post}/edit";
    /// A stored picture, in one of the sizes that pages show.
    Picture { workspace: WorkspaceId, hash: String, size: String } => "/brands/{workspace}/pictures/{hash}/{size}";
    /// What networks make of a text while it is typed.
    Measure { workspace: WorkspaceId } => "/brands/{workspace}/compose/measure";
    /// Says that the clock is right after all.
    ClockConfirmation {} => "/clock/confirmation";
    /// The pauses in force, and what else can be stopped.
    Pauses { workspace: WorkspaceId } => "/brands/{workspace}/pauses";
    /// Stops a brand's planned posts, or what is chosen.
    Pause { workspace: WorkspaceId } => "/brands/{workspace}/pause";
    /// Goes on after a pause.
    Resumption { workspace: WorkspaceId } => "/brands/{workspace}/pause/resumption";
    /// Sends a delivery again, or now.
    Retry { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/retry";
    /// Says where a delivery in doubt is.
    Attachment { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/attachment";
    /// Gives up what is not out of a delivery.
    Dismissal { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/dismissal";
    /// Cancels a delivery of which nothing was begun.
    Cancellation { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/cancellation";
    /// Lets go what somebody wanted to look at first.
    Release { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/release";
    /// Lets one statement through a pause.
    Passage { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/passage";
    /// Takes down what is out of a delivery.
    Takedown { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/takedown";
    /// Moves a delivery to another time.
    Plan { workspace: WorkspaceId, delivery: DeliveryId } => "/brands/{workspace}/deliveries/{delivery}/plan";
}

/// `address` with one question.
fn asking(address: &impl fmt::Display, name: &str, value: &str) -> String {
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{address}?{name}={value}")
}

impl Posts {
    /// A page of them: those before the cursor `after`, and only what needs a
    /// person if it is `narrowed`.
    pub fn page(&self, narrowed: bool, after: Option<&str>) -> String {
        match (narrowed, after) {
            (false, None) => self.to_string(),
            (false, Some(after)) => asking(self, "after", after),
            (true, None) => asking(self, "needs", "you"),
            (true, Some(after)) => {
                let after: String = form_urlencoded::byte_serialize(after.as_bytes()).collect();
                format!("{}&after={after}", asking(self, "needs", "you"))
            }
        }
    }
}

impl People {
    /// Those after the cursor `after`.
    pub fn later(&self, after: &str) -> String {
        asking(self, "after", after)
    }
}

impl SignIn {
    /// With the place to go on to afterwards.
    pub fn then(&self, next: &str) -> String {
        asking(self, "next", next)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use bellwether_base::uuid::Uuid;

    use super::*;

    #[test]
    fn an_address_is_its_route_with_the_gaps_filled() {
        let workspace = WorkspaceId(Uuid::nil());
        assert_eq!(
            Posts::new(workspace).to_string(),
            "/brands/00000000-0000-0000-0000-000000000000/posts"
        );
        assert_eq!(Home::new().to_string(), "/");
    }

    #[test]
    fn no_two_routes_are_the_same() {
        assert_eq!(ALL.iter().collect::<HashSet<_>>().len(), ALL.len());
    }
}
