//! The world of the stories: one brand, one channel, a network that does
//! what its script says and keeps a ledger of what is really there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{ChannelId, DeliveryId, Instant, Say, Secret, WorkspaceId};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::channels::{self, Screen};
use crate::networks::connect::ConnectCx;
use crate::networks::*;
use crate::posts::{self, Post, Written};
use crate::publishing::{self, Delivery, DeliveryState, Engine, Scheduled, When};
use crate::testing::{TestApp, apps_with};
use crate::workspaces::{self, Founding};
use crate::{App, Caller, Parts};

/// What the network does with the next request.
#[derive(Debug, Clone)]
pub enum Scene {
    /// Takes it.
    Takes,
    /// Takes it, and the answer is lost.
    TakesAndIsCut,
    /// The request is lost on the way, and nobody can know.
    IsLost,
    /// Takes it, and our process dies.
    TakesAndWeDie,
    /// Our process dies before the request arrives.
    WeDie,
    /// Fails in this way; nothing was written.
    Fails(FailureKind),
    /// Takes it, but is busy with it for a while.
    IsBusy,
    /// Takes it once somebody says so.
    Waits,
    /// Refuses the login once somebody says so.
    WaitsAndIsRefused,
    /// Closes before the permit does.
    IsTooLate,
    /// We fall asleep in front of the first byte until somebody wakes us.
    Sleeps,
}

#[derive(Default)]
pub struct Script {
    pub submits: Mutex<VecDeque<Scene>>,
    pub looks: Mutex<VecDeque<Result<Found, Failure>>>,
    pub refreshes: Mutex<VecDeque<Result<(), Failure>>>,
    /// Our process dies in the next renewal.
    pub dies_renewing: Mutex<bool>,
    /// Our process dies in the next taking down, after the network has heard it.
    pub dies_deleting: Mutex<bool>,
    pub reopens: Mutex<VecDeque<Result<bool, Failure>>>,
    pub deletes: Mutex<VecDeque<Failure>>,
    /// How many of the next looks wait until somebody says so.
    pub slow_looks: Mutex<usize>,
    /// Renderings that wait until somebody says so, and may fail then.
    pub slow_renderings: Mutex<VecDeque<Result<(), Failure>>>,
    /// When logins end for good, as the network says it; they do not when absent.
    pub login_ends_at: Mutex<Option<Instant>>,
    /// Handles that may have been written, and nobody has looked since.
    pub doubts: Mutex<BTreeSet<String>>,
    /// Texts that were sent again although nobody had looked.
    pub blind: Mutex<Vec<String>>,
    /// What was known of the attempts that were looked for.
    pub traces: Mutex<Vec<Trace>>,
    /// What is really there: handle and text.
    pub ledger: Mutex<Vec<(String, String)>>,
    /// Requests that reached the network, in order.
    pub requests: Mutex<Vec<String>>,
    pub go: Notify,
    pub arrived: Notify,
}

impl Script {
    pub fn texts(&self) -> Vec<String> {
        self.ledger.lock().unwrap().iter().map(|(_, text)| text.clone()).collect()
    }

    pub fn next(&self, scene: Scene) {
        self.submits.lock().unwrap().push_back(scene);
    }

    fn write(&self, handle: &str, text: &str) {
        let mut ledger = self.ledger.lock().unwrap();
        // Create-only, like a record key.
        if !ledger.iter().any(|(known, _)| known == handle) {
            ledger.push((handle.to_owned(), text.to_owned()));
        }
    }
}

pub struct Scripted {
    pub script: Arc<Script>,
    spec: &'static Spec,
}

pub fn limits() -> Limits {
    Limits {
        text: TextLimit { max: 100, unit: Unit::Characters, max_bytes: None },
        parts: 5,
        images: 0,
        image: ImageRule { max_bytes: 1, max_side: 1 },
        alt_text: None,
        resend_after_not_seen: false,
        server: None,
    }
}

const QUOTAS: &[Quota] =
    &[Quota { bucket: "writes", limit: 1000, per: Duration::from_hours(1), cost: 1 }];

const fn spec(find_by: FindBy) -> Spec {
    Spec {
        name: "scripted",
        title: "Scripted",
        mark: "Sc",
        limits,
        thread: ThreadKind::PartByPart,
        find_by,
        settle: Duration::from_secs(1),
        timeout: Duration::from_secs(10),
        features: Features { delete: true, delete_repeatable: true, edit: false },
        options: &[],
        quotas: QUOTAS,
        endpoints: &[],
    }
}

pub static BY_HANDLE: Spec = spec(FindBy::Handle);
/// Takes threads whole, and three parts an hour.
pub static WHOLE: Spec = Spec {
    thread: ThreadKind::Atomic,
    quotas: &[Quota { bucket: "writes", limit: 10, per: Duration::from_hours(1), cost: 3 }],
    ..spec(FindBy::Handle)
};
/// Ids are the network's: a doubt is looked for in the list of own posts.
pub static BY_LIST: Spec = spec(FindBy::ReadingBack);

impl Scripted {
    pub fn new(script: Arc<Script>, spec: &'static Spec) -> Self {
        Self { script, spec }
    }
}

impl Network for Scripted {
    fn spec(&self) -> &'static Spec {
        self.spec
    }

    fn connect(&self) -> &dyn Connect {
        self
    }

    fn publish(&self) -> &dyn Publish {
        self
    }

    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, part) in content.parts.iter().enumerate() {
            if part.text.is_empty() {
                problems.push(Problem::error(index, Say::new("text-empty")));
            }
            if part.text.chars().count() > limits.text.max as usize {
                problems.push(Problem::error(index, Say::new("text-too-long")));
            }
        }
        problems
    }
}

#[async_trait]
impl Connect for Scripted {
    fn begin(&self) -> ConnectStep {
        ConnectStep::Ask { fields: Vec::new(), state: Value::Null }
    }

    async fn next(&self, cx: &ConnectCx<'_>, _: Value, _: &Answer) -> Result<ConnectStep, Failure> {
        Ok(ConnectStep::Done(Box::new(Connected {
            remote_id: "ada".into(),
            handle: "ada.example".into(),
            display_name: "Ada".into(),
            avatar: None,
            server: "https://scripted.example".parse().unwrap(),
            credential: Secret::new("first"),
            expires_at: Some(cx.clock.now() + Duration::from_hours(24 * 30)),
            login_ends_at: *self.script.login_ends_at.lock().unwrap(),
            limits: limits(),
        })))
    }

    async fn refresh(&self, cx: &Cx<'_>, _: &Permit) -> Result<Refreshed, Failure> {
        self.script.requests.lock().unwrap().push("refresh".into());
        let dies = std::mem::take(&mut *self.script.dies_renewing.lock().unwrap());
        assert!(!dies, "killed during a renewal");
        let scene = self.script.refreshes.lock().unwrap().pop_front();
        scene.unwrap_or(Ok(()))?;
        Ok(self.refreshed(cx.clock.now(), "second"))
    }

    async fn reopen(&self, cx: &Cx<'_>, _: &Permit) -> Result<Option<Refreshed>, Failure> {
        self.script.requests.lock().unwrap().push("reopen".into());
        let scene = self.script.reopens.lock().unwrap().pop_front();
        Ok(scene.unwrap_or(Ok(true))?.then(|| self.refreshed(cx.clock.now(), "reopened")))
    }
}

impl Scripted {
    fn refreshed(&self, now: Instant, credential: &str) -> Refreshed {
        Refreshed {
            credential: Secret::new(credential),
            expires_at: Some(now + Duration::from_hours(24 * 30)),
            login_ends_at: *self.script.login_ends_at.lock().unwrap(),
        }
    }
}

#[async_trait]
impl Publish for Scripted {
    async fn freeze(&self, cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure> {
        let slow = self.script.slow_renderings.lock().unwrap().pop_front();
        if let Some(ended) = slow {
            self.script.arrived.notify_one();
            self.script.go.notified().await;
            ended?;
        }
        let parts = &draft.content.parts;
        let parts = match self.spec.thread {
            ThreadKind::Atomic => parts.as_slice(),
            _ => &parts[draft.part..=draft.part],
        };
        let texts: Vec<_> = parts.iter().map(|part| part.text.clone()).collect();
        let mut random = [0; 4];
        cx.rng.fill(&mut random);
        let handle = format!("{}-{}", draft.created_at.millis(), u32::from_be_bytes(random));
        Ok(Frozen {
            request: json!({ "texts": texts, "after": draft.previous.last() }),
            handles: vec![handle],
            texts,
        })
    }

    fn is_prepared(&self, _: &Frozen, _: &Value, _: Instant) -> bool {
        true
    }

    async fn prepare(
        &self,
        _: &Cx<'_>,
        _: &Frozen,
        state: &Value,
        _: &Permit,
    ) -> Result<Prepared, Failure> {
        Ok(Prepared::Ready(state.clone()))
    }

    async fn submit(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        _: &Value,
        permit: &Permit,
    ) -> Result<Submitted, Failure> {
        let (handle, text) = (frozen.handles[0].as_str(), frozen.texts[0].as_str());
        let scene = self.script.submits.lock().unwrap().pop_front().unwrap_or(Scene::Takes);
        let closed = || Failure::transient(Say::new("too-late")).sent(Sent::No);
        if matches!(scene, Scene::Sleeps) {
            self.script.arrived.notify_one();
            self.script.go.notified().await;
        }
        if !permit.is_open() {
            return Err(closed());
        }
        self.script.requests.lock().unwrap().push(text.to_owned());
        self.script.arrived.notify_one();
        let lost = || Failure::transient(Say::new("answer-lost")).sent(Sent::Unknown);
        if self.script.doubts.lock().unwrap().contains(handle) {
            self.script.blind.lock().unwrap().push(text.to_owned());
        }
        if matches!(
            scene,
            Scene::TakesAndIsCut | Scene::IsLost | Scene::TakesAndWeDie | Scene::WeDie
        ) {
            self.script.doubts.lock().unwrap().insert(handle.to_owned());
        }
        match scene {
            Scene::Takes | Scene::Sleeps => {}
            Scene::TakesAndIsCut => {
                self.script.write(handle, text);
                return Err(lost());
            }
            Scene::IsLost => return Err(lost()),
            Scene::TakesAndWeDie => {
                self.script.write(handle, text);
                panic!("killed after the write");
            }
            Scene::WeDie => panic!("killed before the request"),
            Scene::Fails(kind) => return Err(Failure::new(kind, Say::new("scripted"))),
            Scene::IsBusy => {
                self.script.write(handle, text);
                return Ok(Submitted::Pending(Ticket {
                    state: Value::Null,
                    look_at: cx.clock.now() + Duration::from_secs(5),
                }));
            }
            Scene::Waits => self.script.go.notified().await,
            Scene::WaitsAndIsRefused => {
                self.script.go.notified().await;
                return Err(Failure::reconnect(Say::new("login-gone")));
            }
            Scene::IsTooLate => return Err(closed()),
        }
        self.script.write(handle, text);
        Ok(Submitted::Done(receipt(handle)))
    }

    async fn check(&self, _: &Cx<'_>, frozen: &Frozen, _: &Ticket) -> Result<Checked, Failure> {
        Ok(Checked::Done(receipt(&frozen.handles[0])))
    }

    async fn find(
        &self,
        _: &Cx<'_>,
        frozen: &Frozen,
        _: &Value,
        trace: &Trace,
    ) -> Result<Found, Failure> {
        let handle = &frozen.handles[0];
        self.script.traces.lock().unwrap().push(trace.clone());
        let is_slow = {
            let mut slow = self.script.slow_looks.lock().unwrap();
            let is_slow = *slow > 0;
            *slow = slow.saturating_sub(1);
            is_slow
        };
        if is_slow {
            self.script.arrived.notify_one();
            self.script.go.notified().await;
        }
        if let Some(scene) = self.script.looks.lock().unwrap().pop_front() {
            if scene.is_ok() {
                self.script.doubts.lock().unwrap().remove(handle);
            }
            return scene;
        }
        self.script.doubts.lock().unwrap().remove(handle);
        let ledger = self.script.ledger.lock().unwrap();
        let is_there = ledger.iter().any(|(known, _)| known == handle);
        Ok(if is_there { Found::Found(receipt(handle)) } else { Found::Absent })
    }

    async fn newest(&self, _: &Cx<'_>) -> Result<Option<String>, Failure> {
        Ok(self.script.ledger.lock().unwrap().last().map(|(handle, _)| handle.clone()))
    }

    async fn delete(&self, _: &Cx<'_>, post: &RemotePost, _: &Permit) -> Result<(), Failure> {
        self.script.requests.lock().unwrap().push(format!("delete {}", post.id));
        if let Some(failure) = self.script.deletes.lock().unwrap().pop_front() {
            return Err(failure);
        }
        self.script.ledger.lock().unwrap().retain(|(handle, _)| *handle != post.id);
        let dies = std::mem::take(&mut *self.script.dies_deleting.lock().unwrap());
        assert!(!dies, "killed while it took down");
        Ok(())
    }
}

pub fn receipt(handle: &str) -> Receipt {
    let post = RemotePost {
        id: handle.to_owned(),
        url: Some(format!("https://scripted.example/{handle}")),
        version: None,
    };
    Receipt { posts: vec![post] }
}

/// One brand with one channel.
pub struct World {
    pub app: TestApp,
    pub script: Arc<Script>,
    pub engine: Engine,
    pub ws: WorkspaceId,
    pub channel: ChannelId,
}

pub const NOOR: Caller = Caller::Operator;

/// The world over each engine.
pub async fn worlds() -> Vec<World> {
    worlds_of(&BY_HANDLE).await
}

/// The same with a network of this kind.
pub async fn worlds_of(spec: &'static Spec) -> Vec<World> {
    worlds_with(spec, |_| {}).await
}

/// An installation of each engine with a network of this kind, and nothing in it.
pub async fn stages(
    spec: &'static Spec,
    change: impl Fn(&mut Parts),
) -> Vec<(TestApp, Arc<Script>)> {
    let script = Mutex::new(Vec::new());
    let apps = apps_with(|parts| {
        let own = Arc::new(Script::default());
        script.lock().unwrap().push(Arc::clone(&own));
        parts.registry = Registry::shipped().with(Registered {
            name: "scripted",
            text: crate::networks::bluesky::text::measure,
            limits,
            network: Some(Arc::new(Scripted { script: own, spec })),
        });
        change(parts);
    })
    .await;
    apps.into_iter().zip(script.into_inner().unwrap()).collect()
}

/// The same with a world in it.
pub async fn worlds_with(spec: &'static Spec, change: impl Fn(&mut Parts)) -> Vec<World> {
    let mut worlds = Vec::new();
    for (app, script) in stages(spec, change).await {
        let by = bellwether_base::PersonId::new(&app.clock, &*app.rng);
        let founding = Founding::new("Maison", "Maison Lune", "Europe/Paris").unwrap();
        let mut tx = app.db.begin().await.unwrap();
        let ws = workspaces::found(&app, &mut tx, by, founding).await.unwrap().id;
        tx.commit().await.unwrap();
        let channel = connect(&app, ws).await;
        let engine = Engine::new(app.app.clone(), "worker".into());
        worlds.push(World { app, script, engine, ws, channel });
    }
    worlds
}

pub async fn connect(app: &App, ws: WorkspaceId) -> ChannelId {
    let Screen::Ask { state, .. } = channels::begin(app, &NOOR, ws, "scripted").await.unwrap()
    else {
        panic!("asks");
    };
    let answer = Answer(BTreeMap::new());
    match channels::proceed(app, &NOOR, ws, "scripted", &state, &answer).await.unwrap() {
        Screen::Done(channel) => channel.id,
        _ => panic!("done"),
    }
}

impl World {
    pub async fn write(&self, parts: &[&str]) -> Post {
        let parts =
            parts.iter().map(|text| Part { text: (*text).into(), ..Part::default() }).collect();
        let content = Content { parts, ..Content::default() };
        posts::write(&self.app, &NOOR, self.ws, Written { content, versions: BTreeMap::new() })
            .await
            .unwrap()
    }

    pub async fn plan(&self, parts: &[&str], when: &When) -> DeliveryId {
        let post = self.write(parts).await;
        let Scheduled { deliveries, .. } =
            publishing::schedule(&self.app, &NOOR, self.ws, post.id, &[self.channel], when)
                .await
                .unwrap();
        deliveries[0].id
    }

    pub async fn now(&self, text: &str) -> DeliveryId {
        self.plan(&[text], &When::Now).await
    }

    /// Everything that is due is done, as if the engine had run.
    pub async fn turn(&self) {
        let limit = Duration::from_mins(1);
        tokio::time::timeout(limit, self.engine.run_due()).await.expect("it ends").unwrap();
    }

    /// The same; trouble of our own is told, as by a process that runs.
    pub async fn turn_with_trouble(&self) {
        self.engine.run_due_telling().await.unwrap();
    }

    pub async fn after(&self, time: Duration) {
        self.app.advance(time);
        self.turn().await;
    }

    pub async fn log(&self, id: DeliveryId) -> publishing::DeliveryLog {
        publishing::delivery(&self.app, &NOOR, self.ws, id).await.unwrap()
    }

    pub async fn delivery(&self, id: DeliveryId) -> Delivery {
        self.log(id).await.delivery
    }

    pub async fn state(&self, id: DeliveryId) -> DeliveryState {
        self.delivery(id).await.state
    }

    pub fn texts(&self) -> Vec<String> {
        self.script.texts()
    }

    /// Rows for which nothing will happen and nobody was told.
    pub async fn stuck(&self) -> Vec<(String, String)> {
        let mut tx = self.app.db.read().await.unwrap();
        tx.sql(
            "select d.state, coalesce(d.held_reason, '') from deliveries d \
             where d.state not in ('live', 'cancelled', 'deleted') and d.told_at is null \
             and not exists (select 1 from acts a where a.workspace_id = d.workspace_id \
               and a.delivery_id = d.id and a.next_at is not null)",
        )
        .all()
        .await
        .unwrap()
    }
}
