//! The lexicons that matter to a client that publishes, from the released
//! schemas of `com.atproto` and `app.bsky` (2026).

use super::formats::Format;
use super::schema::{Schema, TEXT, of, optional, required};

const DATETIME: Schema = of(Format::Datetime);
const AT_URI: Schema = of(Format::AtUri);
const URI: Schema = of(Format::Uri);
const CID: Schema = of(Format::Cid);
const DID: Schema = of(Format::Did);
const LANGUAGE: Schema = of(Format::Language);
const NSID: Schema = of(Format::Nsid);
const REPO: Schema = of(Format::AtIdentifier);
const RKEY: Schema =
    Schema::Text { format: Some(Format::RecordKey), bytes: 512, graphemes: usize::MAX };
const TAG: Schema = Schema::Text { format: None, bytes: 640, graphemes: 64 };
const POST_TEXT: Schema = Schema::Text { format: None, bytes: 3000, graphemes: 300 };
const NATURAL: Schema = Schema::Integer { least: 0 };
const POSITIVE: Schema = Schema::Integer { least: 1 };
const ANY_NUMBER: usize = usize::MAX;

const STRONG_REF: Schema = Schema::Object(&[required("uri", &AT_URI), required("cid", &CID)]);
const SLICE: Schema =
    Schema::Object(&[required("byteStart", &NATURAL), required("byteEnd", &NATURAL)]);
const ASPECT_RATIO: Schema =
    Schema::Object(&[required("width", &POSITIVE), required("height", &POSITIVE)]);

const FACET: Schema = Schema::Object(&[
    required("index", &SLICE),
    required(
        "features",
        &Schema::List(
            &Schema::Union {
                members: &[
                    ("app.bsky.richtext.facet#mention", &Schema::Object(&[required("did", &DID)])),
                    ("app.bsky.richtext.facet#link", &Schema::Object(&[required("uri", &URI)])),
                    ("app.bsky.richtext.facet#tag", &Schema::Object(&[required("tag", &TAG)])),
                ],
                is_closed: false,
            },
            ANY_NUMBER,
        ),
    ),
]);

const REPLY: Schema =
    Schema::Object(&[required("root", &STRONG_REF), required("parent", &STRONG_REF)]);

const PICTURE: Schema = Schema::Blob { accept: "image/*", most: 2_000_000 };
const IMAGES: Schema = Schema::Object(&[required(
    "images",
    &Schema::List(
        &Schema::Object(&[
            required("image", &PICTURE),
            required("alt", &TEXT),
            optional("aspectRatio", &ASPECT_RATIO),
        ]),
        4,
    ),
)]);
const GALLERY: Schema = Schema::Object(&[required(
    "items",
    &Schema::List(
        &Schema::Union {
            members: &[(
                "app.bsky.embed.gallery#image",
                &Schema::Object(&[
                    required("image", &PICTURE),
                    required("alt", &TEXT),
                    required("aspectRatio", &ASPECT_RATIO),
                ]),
            )],
            is_closed: false,
        },
        20,
    ),
)]);
const VIDEO: Schema = Schema::Object(&[
    required("video", &Schema::Blob { accept: "video/mp4", most: 300_000_000 }),
    optional(
        "captions",
        &Schema::List(
            &Schema::Object(&[
                required("lang", &LANGUAGE),
                required("file", &Schema::Blob { accept: "text/vtt", most: 20_000 }),
            ]),
            20,
        ),
    ),
    optional("alt", &TEXT),
    optional("aspectRatio", &ASPECT_RATIO),
]);
const EXTERNAL: Schema = Schema::Object(&[required(
    "external",
    &Schema::Object(&[
        required("uri", &URI),
        required("title", &TEXT),
        required("description", &TEXT),
        optional("thumb", &Schema::Blob { accept: "image/*", most: 1_000_000 }),
    ]),
)]);
const QUOTE: Schema = Schema::Object(&[required("record", &STRONG_REF)]);
const QUOTE_WITH_MEDIA: Schema = Schema::Object(&[
    required("record", &QUOTE),
    required(
        "media",
        &Schema::Union {
            members: &[
                ("app.bsky.embed.images", &IMAGES),
                ("app.bsky.embed.video", &VIDEO),
                ("app.bsky.embed.gallery", &GALLERY),
                ("app.bsky.embed.external", &EXTERNAL),
            ],
            is_closed: false,
        },
    ),
]);
const EMBED: Schema = Schema::Union {
    members: &[
        ("app.bsky.embed.images", &IMAGES),
        ("app.bsky.embed.video", &VIDEO),
        ("app.bsky.embed.gallery", &GALLERY),
        ("app.bsky.embed.external", &EXTERNAL),
        ("app.bsky.embed.record", &QUOTE),
        ("app.bsky.embed.recordWithMedia", &QUOTE_WITH_MEDIA),
    ],
    is_closed: false,
};
const LABELS: Schema = Schema::Union {
    members: &[(
        "com.atproto.label.defs#selfLabels",
        &Schema::Object(&[required(
            "values",
            &Schema::List(
                &Schema::Object(&[required(
                    "val",
                    &Schema::Text { format: None, bytes: 128, graphemes: ANY_NUMBER },
                )]),
                10,
            ),
        )]),
    )],
    is_closed: false,
};

const POST: Schema = Schema::Object(&[
    required("text", &POST_TEXT),
    optional("facets", &Schema::List(&FACET, ANY_NUMBER)),
    optional("reply", &REPLY),
    optional("embed", &EMBED),
    optional("langs", &Schema::List(&LANGUAGE, 3)),
    optional("labels", &LABELS),
    optional("tags", &Schema::List(&TAG, 8)),
    required("createdAt", &DATETIME),
]);
const LIKE_OR_REPOST: Schema = Schema::Object(&[
    required("subject", &STRONG_REF),
    required("createdAt", &DATETIME),
    optional("via", &STRONG_REF),
]);
const FOLLOW_OR_BLOCK: Schema =
    Schema::Object(&[required("subject", &DID), required("createdAt", &DATETIME)]);
const ANY_OBJECT: Schema = Schema::Union { members: &[], is_closed: false };
const THREADGATE: Schema = Schema::Object(&[
    required("post", &AT_URI),
    optional("allow", &Schema::List(&ANY_OBJECT, 5)),
    required("createdAt", &DATETIME),
    optional("hiddenReplies", &Schema::List(&AT_URI, 300)),
]);
const POSTGATE: Schema = Schema::Object(&[
    required("createdAt", &DATETIME),
    required("post", &AT_URI),
    optional("detachedEmbeddingUris", &Schema::List(&AT_URI, 50)),
    optional("embeddingRules", &Schema::List(&ANY_OBJECT, 5)),
]);

/// The collection of posts.
pub(super) const POSTS: &str = "app.bsky.feed.post";

/// The schema of the records of a collection; none where the stand-in, or any
/// server, knows none. All of them are keyed by TIDs.
pub(super) fn record(collection: &str) -> Option<&'static Schema> {
    match collection {
        POSTS => Some(&POST),
        "app.bsky.feed.like" | "app.bsky.feed.repost" => Some(&LIKE_OR_REPOST),
        "app.bsky.graph.follow" | "app.bsky.graph.block" => Some(&FOLLOW_OR_BLOCK),
        "app.bsky.feed.threadgate" => Some(&THREADGATE),
        "app.bsky.feed.postgate" => Some(&POSTGATE),
        _ => None,
    }
}

pub(super) const CREATE_SESSION: Schema =
    Schema::Object(&[required("identifier", &TEXT), required("password", &TEXT)]);
pub(super) const CREATE_RECORD: Schema = Schema::Object(&[
    required("repo", &REPO),
    required("collection", &NSID),
    optional("rkey", &RKEY),
    optional("validate", &Schema::Boolean),
    required("record", &Schema::Map),
    optional("swapCommit", &CID),
]);
pub(super) const PUT_RECORD: Schema = Schema::Object(&[
    required("repo", &REPO),
    required("collection", &NSID),
    required("rkey", &RKEY),
    optional("validate", &Schema::Boolean),
    required("record", &Schema::Map),
    optional("swapRecord", &Schema::Nullable(&CID)),
    optional("swapCommit", &CID),
]);
pub(super) const DELETE_RECORD: Schema = Schema::Object(&[
    required("repo", &REPO),
    required("collection", &NSID),
    required("rkey", &RKEY),
    optional("swapRecord", &CID),
    optional("swapCommit", &CID),
]);
/// The `$type`s of the writes of an `applyWrites`.
pub(super) const CREATE: &str = "com.atproto.repo.applyWrites#create";
pub(super) const UPDATE: &str = "com.atproto.repo.applyWrites#update";
pub(super) const DELETE: &str = "com.atproto.repo.applyWrites#delete";
pub(super) const APPLY_WRITES: Schema = Schema::Object(&[
    required("repo", &REPO),
    optional("validate", &Schema::Boolean),
    required(
        "writes",
        &Schema::List(
            &Schema::Union {
                members: &[
                    (
                        CREATE,
                        &Schema::Object(&[
                            required("collection", &NSID),
                            optional("rkey", &RKEY),
                            required("value", &Schema::Map),
                        ]),
                    ),
                    (
                        UPDATE,
                        &Schema::Object(&[
                            required("collection", &NSID),
                            required("rkey", &RKEY),
                            required("value", &Schema::Map),
                        ]),
                    ),
                    (
                        DELETE,
                        &Schema::Object(&[required("collection", &NSID), required("rkey", &RKEY)]),
                    ),
                ],
                is_closed: true,
            },
            ANY_NUMBER,
        ),
    ),
    optional("swapCommit", &CID),
]);
