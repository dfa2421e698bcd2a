//! Every address of the product, as a type that is built in this one place.
//!
//! The same text is the route of axum and the format of the address, and the
//! same type is what a handler takes out of the path.

use std::borrow::Borrow;
use std::fmt;

use bellwether_base::WorkspaceId;
use serde::Deserialize;

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
    /// A brand's posts.
    Posts { workspace: WorkspaceId } => "/brands/{workspace}/posts";
    /// A new post.
    Compose { workspace: WorkspaceId } => "/brands/{workspace}/compose";
    /// A brand's channels.
    Channels { workspace: WorkspaceId } => "/brands/{workspace}/channels";
    /// Stops a brand's planned posts.
    Pause { workspace: WorkspaceId } => "/brands/{workspace}/pause";
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
