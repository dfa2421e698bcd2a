//! Logins and their seals.

use std::sync::Arc;

use bellwether_base::uuid::Uuid;
use bellwether_base::{Keyring, SealKey};
use bellwether_networks::{ImageRule, TextLimit, Unit};

use super::*;
use crate::people::{self, Language, NewOwner, Owned};
use crate::testing::{TestApp, apps};
use crate::{Parts, events};

/// A connected channel called `handle`, whose login is "hunter2".
pub(crate) async fn insert(app: &App, workspace: WorkspaceId, handle: &str) -> ChannelId {
    let id = ChannelId::new(&*app.clock, &*app.rng);
    let channel = Channel {
        workspace_id: workspace,
        id,
        network: "scripted".into(),
        remote_id: id.to_string(),
        handle: handle.into(),
        display_name: handle.into(),
        avatar_url: None,
        server: "https://pds.example/".into(),
        state: ChannelState::Connected,
        trouble: None,
        limits: Limits {
            text: TextLimit { max: 300, unit: Unit::Graphemes, max_bytes: None },
            parts: 1,
            images: 0,
            image: ImageRule { max_bytes: 1, max_side: 1 },
            alt_text: None,
            resend_after_not_seen: false,
            server: None,
        },
        limits_at: app.now(),
        login_ends_at: None,
        last_success_at: None,
        created_at: app.now(),
    };
    let sealed = app.keyring.seal(&*app.rng, &seal_context(workspace, id), b"hunter2");
    let mut tx = app.db.begin().await.unwrap();
    store::insert(&mut tx, &channel, &sealed, None, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn owned(app: &App) -> Owned {
    let new = NewOwner {
        name: "Ada".into(),
        email: "ada@example.org".into(),
        password: Secret::new("correct horse battery"),
        language: Language::English,
        organization: "Rive".into(),
        workspace: "Maison Lune".into(),
        time_zone: "Europe/Paris".into(),
    };
    people::create_owner(app, &Caller::Operator, new).await.unwrap()
}

/// The same installation, started again with another key.
fn restarted(app: &TestApp, keyring: Keyring) -> App {
    App::new(Parts {
        db: app.db.clone(),
        streams: app.streams.clone(),
        clock: Arc::new(app.clock.clone()),
        rng: Arc::clone(&app.rng),
        http: app.http.clone(),
        registry: app.registry.clone(),
        endpoints: app.endpoints.clone(),
        keyring,
        media_dir: app.media_dir.clone(),
        settings: app.settings.clone(),
    })
}

#[tokio::test]
async fn after_sealing_anew_the_older_key_is_not_needed() {
    for app in apps().await {
        let (old, new) = (SealKey::generate(&*app.rng), SealKey::generate(&*app.rng));
        let before = restarted(&app, Keyring::new(old.clone(), Vec::new()));
        let Owned { workspace, .. } = owned(&before).await;
        for handle in ["ada", "noor", "kofi"] {
            insert(&before, workspace.id, handle).await;
        }
        let both = restarted(&app, Keyring::new(new.clone(), vec![old]));
        assert_eq!(seals(&both).await.unwrap().older, 3);
        let done = reseal(&both, &Caller::Operator).await.unwrap();
        assert_eq!(done, Resealed { count: 3, closed: Vec::new() });
        let again = reseal(&both, &Caller::Operator).await.unwrap();
        assert_eq!(again.count, 0, "again does no harm");

        let after = restarted(&app, Keyring::new(new, Vec::new()));
        let found = seals(&after).await.unwrap();
        assert_eq!((found.open, found.older, found.closed.len()), (3, 0, 0));
        let mut tx = after.db.read().await.unwrap();
        let scope = events::Scope::Organization(workspace.organization_id);
        let told = events::after(&mut tx, scope, 0, 100).await.unwrap();
        let told: Vec<_> = told.iter().filter(|event| event.kind == "logins.resealed").collect();
        assert_eq!((told.len(), &told[0].data["count"]), (2, &serde_json::json!(3)));
    }
}

/// A login that was renewed between reading and writing is the newer one.
#[tokio::test]
async fn sealing_anew_never_brings_an_older_login_back() {
    for app in apps().await {
        let Owned { workspace, .. } = owned(&app).await;
        let id = insert(&app, workspace.id, "ada").await;
        let start = (WorkspaceId(Uuid::nil()), ChannelId(Uuid::nil()));
        let mut tx = app.db.begin().await.unwrap();
        let row = store::sealed(&mut tx, start, 10).await.unwrap().remove(0);
        let newer = store::save_credential(
            &mut tx,
            workspace.id,
            id,
            row.credential_version,
            b"newer",
            (None, None),
        );
        assert!(newer.await.unwrap());
        assert!(!store::replace_sealed(&mut tx, &row, b"older").await.unwrap());
        let kept = store::credential(&mut tx, workspace.id, id).await.unwrap().unwrap();
        assert_eq!(kept.credential.as_deref(), Some(&b"newer"[..]));
    }
}

#[tokio::test]
async fn a_login_that_no_key_opens_is_named_and_left_as_it_is() {
    for app in apps().await {
        let Owned { workspace, person } = owned(&app).await;
        insert(&app, workspace.id, "ada").await;
        let other = SealKey::generate(&*app.rng);
        let lost = restarted(&app, Keyring::new(other, Vec::new()));
        insert(&lost, workspace.id, "noor").await;
        let done = reseal(&lost, &Caller::Operator).await.unwrap();
        assert_eq!(done, Resealed { count: 0, closed: vec!["ada".into()] });
        assert_eq!(seals(&app).await.unwrap().closed, ["noor"], "ada's still opens with its key");

        let grants = people::grants(Some(people::Role::Owner), &[]);
        let ada = Caller::Person { id: person.id, organization: person.organization_id, grants };
        assert!(matches!(reseal(&app, &ada).await, Err(Error::Denied(_))));
    }
}
