//! The story from which the fixture of each floor is made: a team, two brands,
//! and deliveries in every state that they can be left in. `cargo xtask fixture`
//! writes it down; from then on every version must read it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bellwether_base::{DeliveryId, PageRequest, Secret, WorkspaceId};
use bellwether_db::MigrationSet;
use bellwether_db::testing::{dump, floors, floors_dir};
use bytes::Bytes;
use futures::stream;

use super::world::{BY_HANDLE, Scene, Script, Scripted, World, connect, stages};
use crate::networks::{Content, FailureKind, Found, MediaRef, Part, Registered, Registry, bluesky};
use crate::people::{self, Language, NewOwner, Owned, Role, SignIn, team, tokens};
use crate::posts::{self, Post, Written};
use crate::publishing::store::{self, Reading};
use crate::publishing::{
    self, DeliveryState as State, Engine, PauseLevel, PauseScope, When, Which, list,
};
use crate::testing::{TestApp, TestClock, app_with};
use crate::workspaces::{self, NewWorkspace};
use crate::{Caller, Permission, channels, idempotency, media};

const PASSWORD: &str = "correct horse battery staple";
const HOUR: Duration = Duration::from_hours(1);

/// How deliveries were left, in the order of their plans.
const LEFT: &[State] = &[
    State::Live,
    State::Live,
    State::PartlyLive,
    State::Refused,
    State::Unknown,
    State::Deleted,
    State::Missed,
    State::Cancelled,
    State::Held,
    State::Processing,
    State::Checking,
    State::Sending,
    State::Scheduled,
];

/// One grey pixel.
const PICTURE: &str = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55\
    0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082";

pub fn a_picture() -> Bytes {
    Bytes::from(hex::decode(PICTURE).unwrap())
}

fn owner() -> NewOwner {
    NewOwner {
        name: "Ada Park".into(),
        email: "ada@rive.example".into(),
        password: Secret::new(PASSWORD),
        language: Language::French,
        organization: "Rive".into(),
        workspace: "Maison Lune".into(),
        time_zone: "Europe/Paris".into(),
    }
}

/// Ada's, with the brand "Maison Lune" and its channel.
struct Desk {
    world: World,
    ada: Caller,
}

impl Desk {
    async fn open() -> Self {
        let (app, script) = stages(&BY_HANDLE, |_| {}).await.remove(0);
        let link = people::setup_link(&app).await.unwrap().unwrap();
        let Owned { person, workspace } =
            people::set_up_owner(&app, link.expose(), owner()).await.unwrap();
        let grants = people::grants(Some(Role::Owner), &[]);
        let ada = Caller::Person { id: person.id, organization: person.organization_id, grants };
        let engine = Engine::new(app.app.clone(), "worker-1".into());
        let channel = connect(&app, workspace.id).await;
        let world = World { app, script, engine, ws: workspace.id, channel };
        Self { world, ada }
    }

    /// Noor approves, Kofi writes for the first brand; scripts and browsers.
    async fn gather(&self) {
        let app = &self.world.app;
        let new = |name: &str, email: &str, role| team::NewPerson {
            name: name.into(),
            email: email.into(),
            password: Secret::new(PASSWORD),
            language: Language::Korean,
            role,
        };
        let approver = Some(Role::Approver);
        let noor = new("Noor 누르", "noor@rive.example", approver);
        team::add(app, &self.ada, noor).await.unwrap();
        let kofi = new("Kofi O’Neil", "kofi@rive.example", None);
        let kofi = team::add(app, &self.ada, kofi).await.unwrap();
        team::place(app, &self.ada, self.world.ws, kofi.id, Role::Writer).await.unwrap();
        for name in ["Calendar's script", "Revoked"] {
            let scopes = vec![Permission::Read, Permission::Publish];
            let workspace = Some(self.world.ws);
            let new = tokens::NewToken { name: name.into(), workspace, scopes, expires_at: None };
            let (token, _) = tokens::create(app, &self.ada, new).await.unwrap();
            if name == "Revoked" {
                tokens::revoke(app, &self.ada, token.id).await.unwrap();
            }
        }
        self.sign_in(PASSWORD).await.unwrap();
        self.sign_in("a wrong guess").await.unwrap_err();
        let wish = idempotency::Wish {
            caller: &self.ada,
            key: "calendar-1",
            request: [7; 32],
            worker: "web-1",
        };
        idempotency::claim(app, &wish).await.unwrap();
        let answer =
            idempotency::Answer { status: 201, headers: Vec::new(), body: "{}".to_owned() };
        idempotency::answer(app, &wish, &answer).await.unwrap();
    }

    async fn sign_in(&self, password: &str) -> crate::Result<people::SignedIn> {
        sign_in(&self.world.app, password).await
    }

    async fn write(&self, workspace: WorkspaceId, parts: Vec<Part>) -> Post {
        let content = Content { parts, ..Content::default() };
        let mut versions = BTreeMap::new();
        if workspace == self.world.ws && content.parts.len() == 1 {
            let mut own = content.clone();
            own.parts[0].text.push_str(" (version)");
            versions.insert(self.world.channel, own);
        }
        let written = Written { content, versions };
        posts::write(&self.world.app, &self.ada, workspace, written).await.unwrap()
    }

    async fn plan(&self, texts: &[&str], when: &When) -> DeliveryId {
        let w = &self.world;
        let post = self.write(w.ws, texts.iter().map(|text| part(text)).collect()).await;
        let on = [w.channel];
        let planned = publishing::schedule(&w.app, &self.ada, w.ws, post.id, &on, when).await;
        // Plans are told apart by their time.
        w.app.advance(Duration::from_secs(1));
        planned.unwrap().deliveries[0].id
    }

    async fn now(&self, text: &str) -> DeliveryId {
        self.plan(&[text], &When::Now).await
    }

    async fn draft_with_picture(&self) {
        let app = &self.world.app;
        let bytes = stream::iter([Ok::<_, std::io::Error>(a_picture())]);
        let medium = media::upload(app, &self.ada, self.world.ws, "gris.png", bytes).await.unwrap();
        let shown = MediaRef { hash: medium.hash, alt: "Gris".into(), facts: None };
        self.write(self.world.ws, vec![Part { media: vec![shown], ..part("L'été") }]).await;
    }

    /// Something in every state, the last ones as a killed process leaves them.
    async fn publish(&self) {
        let w = &self.world;
        self.now("Bonjour").await;
        self.plan(&["1/2", "2/2"], &When::Now).await;
        w.turn().await;
        w.script.next(Scene::Takes);
        w.script.next(Scene::Fails(FailureKind::Rejected));
        self.plan(&["dehors", "refusé"], &When::Now).await;
        w.turn().await;
        w.script.next(Scene::Fails(FailureKind::Rejected));
        self.now("Non").await;
        w.turn().await;
        w.script.next(Scene::IsLost);
        w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
        self.now("Peut-être").await;
        w.turn().await;
        w.after(Duration::from_secs(1)).await;
        let gone = self.now("Trop vite").await;
        w.turn().await;
        publishing::delete(&w.app, &self.ada, w.ws, gone).await.unwrap();
        w.turn().await;
        self.now("Trop tard").await;
        w.after(3 * HOUR).await;
        let off = self.now("Finalement non").await;
        publishing::cancel(&w.app, &self.ada, w.ws, off).await.unwrap();
        let scope = PauseScope::Channel { workspace: w.ws, channel: w.channel };
        publishing::pause(&w.app, &self.ada, scope.clone(), PauseLevel::Planned).await.unwrap();
        self.now("En pause").await;
        w.turn().await;
        // Held until a person has looked, so that the pause can go.
        publishing::resume(&w.app, &self.ada, scope, "Une crise est finie", true).await.unwrap();
        w.script.next(Scene::IsBusy);
        self.now("Vidéo").await;
        w.turn().await;
        w.script.next(Scene::IsLost);
        self.now("Dans le doute").await;
        w.turn().await;
    }
}

fn part(text: &str) -> Part {
    Part { text: text.into(), ..Part::default() }
}

async fn sign_in(app: &TestApp, password: &str) -> crate::Result<people::SignedIn> {
    let with = SignIn {
        email: "ada@rive.example".into(),
        password: Secret::new(password),
        address: "192.0.2.1".parse().unwrap(),
        user_agent: "Firefox".into(),
    };
    people::sign_in(app, with).await
}

/// The whole story, on SQLite.
async fn story() -> Desk {
    let desk = Desk::open().await;
    desk.gather().await;
    desk.draft_with_picture().await;
    desk.publish().await;
    let (app, ada) = (&desk.world.app, &desk.ada);
    // A second brand, which is stopped, with a process that died in the middle.
    let new = NewWorkspace { name: "Atelier Nord".into(), time_zone: "Europe/Oslo".into() };
    let north = workspaces::create(app, ada, new).await.unwrap().id;
    let channel = connect(app, north).await;
    let post = desk.write(north, vec![part("Coupé")]).await;
    desk.world.script.next(Scene::TakesAndWeDie);
    publishing::schedule(app, ada, north, post.id, &[channel], &When::Now).await.unwrap();
    desk.world.turn().await;
    app.advance(Duration::from_secs(1));
    let later = When::At { local: "2030-01-01T09:00".into(), zone: None };
    let post = desk.write(north, vec![part("Plus tard")]).await;
    publishing::schedule(app, ada, north, post.id, &[channel], &later).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    // As `publishing::pause` leaves it before it waits for what is on its way.
    let mut row = store::scope_to_change(&mut tx, &format!("workspace:{north}")).await.unwrap();
    if let Some(row) = &mut row {
        (row.level, row.paused_at, row.paused_by) = (1, Some(app.now()), ada.person());
        store::save_scope(&mut tx, row).await.unwrap();
    }
    let (now, worker) = (app.now(), "worker-1");
    store::register_worker(&mut tx, worker, now, now, 0).await.unwrap();
    store::beat(&mut tx, now).await.unwrap();
    tx.commit().await.unwrap();
    desk
}

/// Writes the newest floor: `cargo xtask fixture`.
#[tokio::test]
#[ignore = "writes a file; run by `cargo xtask fixture`"]
async fn write_the_fixture() {
    let desk = story().await;
    let rows = dump(&desk.world.app.db).await.unwrap();
    let file = floors_dir().join(format!("main-{:04}.sql", MigrationSet::MAIN.newest()));
    std::fs::write(file, rows).unwrap();
}

#[tokio::test]
async fn the_story_is_the_same_each_time_it_is_told() {
    let (one, other) = (story().await, story().await);
    let told = dump(&one.world.app.db).await.unwrap();
    assert_eq!(told, dump(&other.world.app.db).await.unwrap());
}

/// Each floor, brought up to now, with the people and keys of the story.
#[tokio::test]
async fn what_an_earlier_version_left_is_read_and_goes_on() {
    for floor in floors() {
        let clock = TestClock::at(crate::testing::START);
        for db in floor.databases(MigrationSet::MAIN, Arc::new(clock)).await {
            db.migrate(&bellwether_base::SystemClock, None).await.unwrap();
            let script = Arc::new(Script::default());
            let app = app_with((*db).clone(), |parts| {
                let network = Scripted::new(Arc::clone(&script), &BY_HANDLE);
                parts.registry = Registry::shipped().with(Registered {
                    name: "scripted",
                    text: bluesky::text::measure,
                    limits: super::world::limits,
                    network: Some(Arc::new(network)),
                });
            });
            // The same day, a quarter of an hour after the last thing happened.
            app.advance(4 * HOUR);
            let seals = channels::seals(&app).await.unwrap();
            assert_eq!((seals.open, seals.closed.len()), (2, 0), "{}", db.engine());
            let ada = sign_in(&app, PASSWORD).await.unwrap();
            let ada = people::session_caller(&app, ada.token.expose()).await.unwrap().unwrap();
            let page = PageRequest { after: None, limit: Some(100) };
            let brands = workspaces::list(&app, &ada.caller, &page).await.unwrap().items;
            let [lune, north] = brands.as_slice() else { panic!("{brands:?}") };
            let mut left = Vec::new();
            for brand in [lune, north] {
                let found =
                    list(&app, &ada.caller, brand.id, Which::All, &page).await.unwrap().items;
                for delivery in found.iter().rev() {
                    left.push(delivery.state);
                    let id = delivery.id;
                    publishing::delivery(&app, &ada.caller, brand.id, id).await.unwrap();
                    publishing::history(&app, &ada.caller, brand.id, id).await.unwrap();
                }
                posts::list(&app, &ada.caller, brand.id, &page).await.unwrap();
                media::list(&app, &ada.caller, brand.id, &page).await.unwrap();
                publishing::stops(&app, &ada.caller, brand.id).await.unwrap();
            }
            assert_eq!(left, LEFT, "{}", db.engine());
            tokens::list(&app, &ada.caller, None, &page).await.unwrap();
            team::list(&app, &ada.caller, &page).await.unwrap();

            // The engine takes up what was left: what is in doubt is looked for.
            let engine = Engine::new(app.app.clone(), "worker-2".into());
            engine.run_due().await.unwrap();
            let now = list(&app, &ada.caller, lune.id, Which::All, &page).await.unwrap().items;
            let now: Vec<_> = now.iter().map(|delivery| delivery.state).collect();
            assert!(
                !now.contains(&State::Processing) && !now.contains(&State::Checking),
                "{now:?}"
            );
            let mut tx = app.db.read().await.unwrap();
            let channel = channels::list(&app, &ada.caller, north.id).await.unwrap()[0].id;
            let level = store::pause_level(&mut tx, north.id, "scripted", channel, Reading::Peek);
            assert_eq!(level.await.unwrap(), 1, "what was stopped is stopped");
        }
    }
}
