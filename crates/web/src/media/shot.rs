//! A picture in a post, as pages show it.

use bellwether_app::networks::{MediaRef, Part};
use bellwether_base::WorkspaceId;

use crate::urls;

/// A picture and what it says to who cannot see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// Which.
    pub hash: String,
    /// Its description; empty where nobody wrote one.
    pub alt: String,
    /// A small one.
    pub thumb: urls::Picture,
    /// A larger one.
    pub view: urls::Picture,
}

impl Shot {
    /// For a page of `brand`.
    pub fn of(brand: WorkspaceId, medium: &MediaRef) -> Self {
        let picture = |size: &str| urls::Picture {
            workspace: brand,
            hash: medium.hash.clone(),
            size: size.to_owned(),
        };
        Self {
            hash: medium.hash.clone(),
            alt: medium.alt.clone(),
            thumb: picture("thumb"),
            view: picture("view"),
        }
    }

    /// All of a part.
    pub fn all(brand: WorkspaceId, part: &Part) -> Vec<Self> {
        part.media.iter().map(|medium| Self::of(brand, medium)).collect()
    }
}
