//! What the server tells of itself and of accounts.

use serde_json::{Value, json};

use super::call::{Call, Refused};
use super::entities;
use super::oauth::known_scopes;
use super::settings::Flavour;
use super::state::State;
use crate::standin::Answer;

const READS_ACCOUNTS: [&str; 3] = ["profile", "read", "read:accounts"];

pub(super) fn well_known(call: &Call<'_>, what: &str) -> Result<Answer, Refused> {
    let origin = &call.origin;
    match what {
        "nodeinfo" => {
            let rel = "http://nodeinfo.diaspora.software/ns/schema/2.0";
            let links = json!([{"rel": rel, "href": format!("{origin}/nodeinfo/2.0")}]);
            Ok(Answer::json(200, &json!({"links": links})))
        }
        "oauth-authorization-server" if call.settings.has_new_oauth => Ok(Answer::json(
            200,
            &json!({
                "issuer": format!("{origin}/"),
                "service_documentation": "https://docs.joinmastodon.org/",
                "authorization_endpoint": format!("{origin}/oauth/authorize"),
                "token_endpoint": format!("{origin}/oauth/token"),
                "app_registration_endpoint": format!("{origin}/api/v1/apps"),
                "revocation_endpoint": format!("{origin}/oauth/revoke"),
                "userinfo_endpoint": format!("{origin}/oauth/userinfo"),
                "scopes_supported": known_scopes(true),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query", "fragment", "form_post"],
                "grant_types_supported": ["authorization_code", "client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            }),
        )),
        _ => Err(Refused::new(404, "Not Found")),
    }
}

pub(super) fn nodeinfo(call: &Call<'_>, state: &State) -> Answer {
    let (name, version) = call.settings.flavour.software();
    Answer::json(
        200,
        &json!({
            "version": "2.0",
            "software": {"name": name, "version": version},
            "protocols": ["activitypub"],
            "services": {"outbound": [], "inbound": []},
            "usage": {
                "users": {"total": state.accounts.len(), "activeMonth": state.accounts.len()},
                "localPosts": state.statuses.len(),
            },
            "openRegistrations": false,
            "metadata": {},
        }),
    )
}

/// The limits, in the form that both versions share.
fn configuration(call: &Call<'_>) -> Value {
    let settings = call.settings;
    let limits = &settings.limits;
    let mut configuration = json!({
        "accounts": {"max_featured_tags": 10},
        "statuses": {
            "max_characters": limits.characters,
            "max_media_attachments": limits.media,
            "characters_reserved_per_url": limits.link_characters,
        },
        "media_attachments": {
            "supported_mime_types": limits.mime_types,
            "image_size_limit": limits.image_bytes,
            "image_matrix_limit": limits.image_pixels,
            "video_size_limit": limits.video_bytes,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": {
            "max_options": limits.poll_options,
            "max_characters_per_option": limits.poll_characters,
            "min_expiration": limits.poll_shortest,
            "max_expiration": limits.poll_longest,
        },
    });
    // Told since 4.4, and by GoToSocial.
    if matches!(settings.flavour, Flavour::Mastodon46 | Flavour::GoToSocial) {
        configuration["media_attachments"]["description_limit"] = json!(limits.description);
    }
    if settings.flavour == Flavour::GoToSocial {
        configuration["statuses"]["supported_mime_types"] = json!(["text/plain", "text/markdown"]);
    }
    configuration
}

fn host<'c>(call: &'c Call<'_>) -> &'c str {
    call.origin.split_once("://").map_or("", |(_, host)| host)
}

pub(super) fn instance_v1(call: &Call<'_>, state: &State) -> Answer {
    let mut body = json!({
        "uri": host(call),
        "title": "Stand-in",
        "short_description": "A network that is not one",
        "description": "",
        "email": "staff@stand.in",
        "version": call.settings.flavour.version(),
        "urls": {"streaming_api": format!("ws://{}", host(call))},
        "stats": {
            "user_count": state.accounts.len(),
            "status_count": state.statuses.len(),
            "domain_count": 1,
        },
        "thumbnail": null,
        "languages": ["en"],
        "registrations": false,
        "approval_required": false,
        "invites_enabled": false,
        "configuration": configuration(call),
        "contact_account": null,
        "rules": [],
    });
    match call.settings.flavour {
        // A name from before Mastodon told its limits.
        Flavour::Pleroma | Flavour::GoToSocial => {
            body["max_toot_chars"] = json!(call.settings.limits.characters);
        }
        _ => (),
    }
    Answer::json(200, &body)
}

pub(super) fn instance_v2(call: &Call<'_>, state: &State) -> Answer {
    let flavour = call.settings.flavour;
    let mut configuration = configuration(call);
    configuration["urls"] = json!({"streaming": format!("ws://{}", host(call))});
    configuration["translation"] = json!({"enabled": false});
    let mut body = json!({
        "domain": host(call),
        "title": "Stand-in",
        "version": flavour.version(),
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "A network that is not one",
        "usage": {"users": {"active_month": state.accounts.len()}},
        "thumbnail": {"url": format!("{}/preview.png", call.origin)},
        "languages": ["en"],
        "registrations": {"enabled": false, "approval_required": false, "message": null},
        "contact": {"email": "staff@stand.in", "account": null},
        "rules": [],
    });
    if flavour == Flavour::Mastodon46 {
        configuration["vapid"] = json!({"public_key": "BCkMmVdKDnKYwzVCDC99Iuc9GvId-x7-kKtuHnLgfF98ENiZp_aj-UNthbCdI70DqN1zUVis-x0Wrot2sBagkMc="});
        body["api_versions"] = json!({"mastodon": 10});
    }
    body["configuration"] = configuration;
    Answer::json(200, &body)
}

pub(super) fn verify(call: &Call<'_>, state: &State) -> Result<Answer, Refused> {
    let scopes =
        if call.settings.has_new_oauth { &READS_ACCOUNTS[..] } else { &READS_ACCOUNTS[1..] };
    let caller = call.user(state, scopes)?;
    let account = &state.accounts[&*caller.name];
    let mut body = entities::account(call, state, account);
    body["source"] = json!({
        "privacy": call.settings.visibility,
        "sensitive": false,
        "language": "en",
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
    });
    body["role"] =
        json!({"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": false});
    Ok(Answer::json(200, &body))
}

pub(super) fn account(call: &Call<'_>, state: &State, id: &str) -> Result<Answer, Refused> {
    call.reader(state, &READS_ACCOUNTS[1..])?;
    let account = state.account_of_id(id).ok_or_else(|| Refused::not_found(call.settings))?;
    Ok(Answer::json(200, &entities::account(call, state, account)))
}
