//! How a server behaves, and which software behaves like that.

use std::time::Duration;

use crate::standin::Rate;

const HOUR: Duration = Duration::from_hours(1);
const MEBIBYTE: usize = 1024 * 1024;

/// The software that the server passes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// Mastodon 4.6: what the documentation describes.
    Mastodon46,
    /// Mastodon 4.2: no metadata, no PKCE, keys without a lock.
    Mastodon42,
    /// GoToSocial: refuses with 400, ignores keys, backdates.
    GoToSocial,
    /// Pleroma and Akkoma: keys replay the answer.
    Pleroma,
    /// Pixelfed: pictures only, and a repeated key is refused.
    Pixelfed,
    /// Takahe: ignores keys, and posts at once what should wait.
    Takahe,
}

impl Flavour {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Mastodon46,
        Self::Mastodon42,
        Self::GoToSocial,
        Self::Pleroma,
        Self::Pixelfed,
        Self::Takahe,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mastodon46 => "mastodon-4.6",
            Self::Mastodon42 => "mastodon-4.2",
            Self::GoToSocial => "gotosocial",
            Self::Pleroma => "pleroma",
            Self::Pixelfed => "pixelfed",
            Self::Takahe => "takahe",
        }
    }

    /// Name and version in nodeinfo.
    pub(super) const fn software(self) -> (&'static str, &'static str) {
        match self {
            Self::Mastodon46 => ("mastodon", "4.6.8"),
            Self::Mastodon42 => ("mastodon", "4.2.10"),
            Self::GoToSocial => ("gotosocial", "0.20.1+git-0123456"),
            Self::Pleroma => ("pleroma", "2.9.1"),
            Self::Pixelfed => ("pixelfed", "0.12.3"),
            Self::Takahe => ("takahe", "0.11.0"),
        }
    }

    /// `version` of the instance, where some tell two.
    pub(super) const fn version(self) -> &'static str {
        match self {
            Self::Pleroma => "2.7.2 (compatible; Pleroma 2.9.1)",
            Self::Pixelfed => "3.5.3 (compatible; Pixelfed 0.12.3)",
            Self::Takahe => "takahe/0.11.0",
            _ => self.software().1,
        }
    }

    pub(super) const fn is_mastodon(self) -> bool {
        matches!(self, Self::Mastodon46 | Self::Mastodon42)
    }
}

/// What a repeated `Idempotency-Key` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// It gives the status that it made. If that was deleted: 404.
    Honoured {
        /// How long a key is remembered.
        life: Duration,
        /// Whether a request that comes while the first is still under way
        /// posts as well, as before the lock of February 2026.
        overlap_posts: bool,
    },
    /// It gives the very answer again, whatever became of the status; while
    /// the first is under way it posts as well.
    Replayed {
        /// How long a key is remembered.
        life: Duration,
    },
    /// 500 with a page, although nothing is posted again: mastodon#40399, put
    /// right in September 2026.
    FailsOnRepeat {
        /// How long a key is remembered.
        life: Duration,
    },
    /// 400.
    Refused {
        /// How long a key is remembered.
        life: Duration,
    },
    /// Every request posts.
    Ignored,
}

impl Keys {
    pub(super) const fn life(self) -> Option<Duration> {
        match self {
            Self::Honoured { life, .. }
            | Self::Replayed { life }
            | Self::FailsOnRepeat { life }
            | Self::Refused { life } => Some(life),
            Self::Ignored => None,
        }
    }
}

/// What `scheduled_at` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduling {
    /// What has passed is posted at once; less than five minutes ahead is
    /// refused; the rest waits.
    Strict,
    /// Up to five minutes ahead is posted at once; the rest waits.
    Lenient,
    /// What has passed is posted with that time and an id of that time.
    Backdates,
    /// It is posted at once, whatever the time.
    Ignored,
}

/// What ids look like. All sort by length, then by text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// Decimal: milliseconds and 16 bits.
    Snowflake,
    /// 26 characters: `01J...`.
    Ulid,
    /// 128 bits in 18 letters and digits.
    Flake,
}

/// How characters are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Grapheme clusters; a link counts 23, a mention without its domain.
    Mastodon,
    /// Grapheme clusters, and nothing else.
    Graphemes,
    /// Unicode scalar values, and nothing else.
    Scalars,
}

/// What a server allows, as it tells in its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// `max_characters`.
    pub characters: usize,
    /// `characters_reserved_per_url`.
    pub link_characters: usize,
    /// `max_media_attachments`.
    pub media: usize,
    /// `description_limit`.
    pub description: usize,
    /// `image_size_limit`.
    pub image_bytes: usize,
    /// `image_matrix_limit`.
    pub image_pixels: u64,
    /// `video_size_limit`.
    pub video_bytes: usize,
    /// `supported_mime_types`.
    pub mime_types: &'static [&'static str],
    /// `max_options`.
    pub poll_options: usize,
    /// `max_characters_per_option`.
    pub poll_characters: usize,
    /// `min_expiration` in seconds.
    pub poll_shortest: i64,
    /// `max_expiration` in seconds.
    pub poll_longest: i64,
}

/// How media that is not ready at once comes to its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Processing {
    /// So many looks find it still worked on.
    pub looks: u32,
    /// It ends in failure.
    pub fails: bool,
    /// Still pictures take this way too, not only what moves or sounds.
    pub includes_pictures: bool,
}

/// What a server counts. Without limits it tells none either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// All calls with one token, or of everybody without one.
    pub calls: Rate,
    /// Uploads of one account.
    pub uploads: Rate,
    /// Deletions of one account.
    pub deletions: Rate,
    /// Lists of one account that are paged through.
    pub paging: Rate,
    /// New statuses of one account.
    pub statuses: Rate,
}

impl Rates {
    /// Those of the source: `rack_attack.rb` and `RateLimiter`.
    pub const fn published() -> Self {
        Self {
            calls: Rate::new(300, Duration::from_mins(5)),
            uploads: Rate::new(30, Duration::from_mins(30)),
            deletions: Rate::new(30, Duration::from_mins(30)),
            paging: Rate::new(300, Duration::from_mins(15)),
            statuses: Rate::new(300, Duration::from_hours(3)),
        }
    }
}

/// How a server behaves. Each flavour sets all of it; a test changes what it
/// is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What it passes for.
    pub flavour: Flavour,
    /// What it allows.
    pub limits: Limits,
    /// How it counts characters.
    pub counting: Counting,
    /// What a repeated key does.
    pub keys: Keys,
    /// What `scheduled_at` does.
    pub scheduling: Scheduling,
    /// What ids look like.
    pub ids: Ids,
    /// With what it refuses what is not valid: 422 or 400.
    pub refusal: u16,
    /// The visibility where none is asked for.
    pub visibility: &'static str,
    /// The metadata of the authorization server, PKCE, lists of redirect
    /// addresses and the scope `profile`: since 4.3. Without, PKCE is ignored.
    pub has_new_oauth: bool,
    /// `quoted_status_id`: since 4.5.
    pub offers_quotes: bool,
    /// Whether statuses tell strangers their program. Their author is told.
    pub tells_app: bool,
    /// How media is worked on.
    pub processing: Processing,
    /// So long a new status is missing in lists: a replica that lags.
    pub list_lag: Duration,
    /// So long a new status is missing when it is asked for alone.
    pub look_lag: Duration,
    /// Shortcodes of the server's own emoji.
    pub emoji: &'static [&'static str],
    /// What it counts.
    pub rates: Option<Rates>,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of(Flavour::Mastodon46)
    }
}

const MASTODON_TYPES: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/heic",
    "image/heif",
    "image/webp",
    "image/avif",
    "video/webm",
    "video/mp4",
    "video/quicktime",
    "video/ogg",
    "audio/wave",
    "audio/wav",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp3",
    "audio/webm",
    "audio/flac",
    "audio/aac",
    "audio/mp4",
];
const PICTURE_TYPES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];

impl Settings {
    /// As this software behaves.
    pub fn of(flavour: Flavour) -> Self {
        let mastodon = Self {
            flavour,
            limits: Limits {
                characters: 500,
                link_characters: 23,
                media: 4,
                description: 1500,
                image_bytes: 16 * MEBIBYTE,
                image_pixels: 33_177_600,
                video_bytes: 99 * MEBIBYTE,
                mime_types: MASTODON_TYPES,
                poll_options: 4,
                poll_characters: 50,
                poll_shortest: 300,
                poll_longest: 2_629_746,
            },
            counting: Counting::Mastodon,
            keys: Keys::Honoured { life: HOUR, overlap_posts: false },
            scheduling: Scheduling::Strict,
            ids: Ids::Snowflake,
            refusal: 422,
            visibility: "public",
            has_new_oauth: true,
            offers_quotes: true,
            tells_app: true,
            processing: Processing { looks: 2, ..Processing::default() },
            list_lag: Duration::ZERO,
            look_lag: Duration::ZERO,
            emoji: &["bread"],
            rates: None,
        };
        let compatible = Self {
            has_new_oauth: false,
            offers_quotes: false,
            processing: Processing::default(),
            ..mastodon.clone()
        };
        match flavour {
            Flavour::Mastodon46 => mastodon,
            Flavour::Mastodon42 => Self {
                keys: Keys::Honoured { life: HOUR, overlap_posts: true },
                scheduling: Scheduling::Lenient,
                processing: mastodon.processing,
                ..compatible
            },
            Flavour::GoToSocial => Self {
                limits: Limits {
                    characters: 5000,
                    link_characters: 25,
                    media: 6,
                    poll_options: 6,
                    image_pixels: 16_777_216,
                    ..mastodon.limits
                },
                counting: Counting::Scalars,
                keys: Keys::Ignored,
                scheduling: Scheduling::Backdates,
                ids: Ids::Ulid,
                refusal: 400,
                visibility: "unlisted",
                ..compatible
            },
            Flavour::Pleroma => Self {
                limits: Limits {
                    characters: 5000,
                    media: 1000,
                    poll_options: 20,
                    poll_characters: 200,
                    poll_shortest: 0,
                    poll_longest: 31_536_000,
                    ..mastodon.limits
                },
                counting: Counting::Graphemes,
                keys: Keys::Replayed { life: 6 * HOUR },
                ids: Ids::Flake,
                ..compatible
            },
            Flavour::Pixelfed => Self {
                limits: Limits { mime_types: PICTURE_TYPES, ..mastodon.limits },
                counting: Counting::Scalars,
                keys: Keys::Refused { life: HOUR },
                scheduling: Scheduling::Ignored,
                ..compatible
            },
            Flavour::Takahe => Self {
                limits: Limits { mime_types: PICTURE_TYPES, ..mastodon.limits },
                counting: Counting::Scalars,
                keys: Keys::Ignored,
                scheduling: Scheduling::Ignored,
                ..compatible
            },
        }
    }
}
