//! What a connector is handed, in its simplest form.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{Clock, Instant, Mono, Secret, SystemClock, SystemRng};
use bellwether_networks::{
    Account, Content, Cx, Draft, Endpoints, Failure, Found, Frozen, Http, MediaFacts, MediaRef,
    MediaSource, MissingMedia, Network, Permit, Prepared, QuotaReadings, Receipt, Submitted, Trace,
};
use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Member;

/// The machine's clock, moved forward by hand.
#[derive(Clone, Default)]
pub struct Hands(Arc<Mutex<Duration>>);

impl Hands {
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

#[async_trait]
impl Clock for Hands {
    fn now(&self) -> Instant {
        SystemClock.now() + *self.0.lock().unwrap()
    }

    fn mono(&self) -> Mono {
        Mono(SystemClock.mono().0 + *self.0.lock().unwrap())
    }

    async fn sleep(&self, duration: Duration) {
        SystemClock.sleep(duration).await;
    }
}

/// Stored pictures, in memory.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<BTreeMap<String, Bytes>>>);

impl Shelf {
    /// Stores a file and says how a part refers to it.
    pub fn put(&self, bytes: Vec<u8>, mime: &str, size: (u32, u32), alt: &str) -> MediaRef {
        let hash = format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(&bytes)));
        let facts = MediaFacts {
            mime: mime.to_owned(),
            bytes: bytes.len() as u64,
            width: size.0,
            height: size.1,
        };
        self.0.lock().unwrap().insert(hash.clone(), Bytes::from(bytes));
        MediaRef { hash, alt: alt.to_owned(), facts: Some(facts) }
    }

    /// A small PNG of one colour.
    pub fn png(&self, colour: [u8; 3], alt: &str) -> MediaRef {
        let picture = image::RgbImage::from_pixel(40, 30, image::Rgb(colour));
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        self.put(bytes.into_inner(), "image/png", (40, 30), alt)
    }
}

#[async_trait]
impl MediaSource for Shelf {
    async fn read(&self, hash: &str) -> Result<Bytes, MissingMedia> {
        self.0.lock().unwrap().get(hash).cloned().ok_or_else(|| MissingMedia {
            hash: hash.to_owned(),
            gone: true,
            why: "never stored".to_owned(),
        })
    }
}

/// Everything in a [`Cx`], owned.
pub struct Stage {
    pub http: Http,
    pub clock: Hands,
    pub account: Account,
    pub credential: Secret,
    pub media: Shelf,
    pub endpoints: Endpoints,
    pub readings: QuotaReadings,
    /// How long after a write it is looked for.
    pub settles: Duration,
}

impl Stage {
    pub fn of(member: &Member) -> Self {
        Self {
            http: super::wire::client(),
            clock: Hands::default(),
            account: member.account.clone(),
            credential: member.credential.clone(),
            media: Shelf::default(),
            endpoints: Endpoints::default(),
            readings: QuotaReadings::default(),
            settles: Duration::ZERO,
        }
    }

    pub fn cx(&self) -> Cx<'_> {
        Cx {
            http: &self.http,
            clock: &self.clock,
            rng: &SystemRng,
            account: &self.account,
            credential: &self.credential,
            media: &self.media,
            endpoints: &self.endpoints,
            readings: &self.readings,
        }
    }

    /// Leave for a write that may take `timeout`.
    pub fn permit_of(&self, timeout: Duration) -> Permit {
        let send_by = Mono(self.clock.mono().0 + Duration::from_mins(1));
        Permit::new(Arc::new(self.clock.clone()), send_by, timeout)
    }

    pub fn permit(&self) -> Permit {
        self.permit_of(Duration::from_secs(20))
    }

    /// Leave that has run out.
    pub fn closed_permit(&self) -> Permit {
        let send_by = Mono(Duration::ZERO);
        Permit::new(Arc::new(self.clock.clone()), send_by, Duration::from_secs(20))
    }

    pub fn trace(&self) -> Trace {
        Trace { started_at: self.clock.now(), newest_before: None, known: Vec::new() }
    }

    pub async fn try_freeze(
        &self,
        network: &dyn Network,
        content: &Content,
    ) -> Result<Frozen, Failure> {
        let created_at = self.clock.now();
        let draft = Draft { content, part: 0, previous: &[], created_at };
        network.publish().freeze(&self.cx(), &draft).await
    }

    pub async fn freeze(&self, network: &dyn Network, content: &Content) -> Frozen {
        self.try_freeze(network, content).await.expect("freezes")
    }

    /// Prepares to the end, each state going through storage.
    pub async fn try_prepare(
        &self,
        network: &dyn Network,
        frozen: &Frozen,
    ) -> Result<Value, Failure> {
        self.try_prepare_from(network, frozen, Value::Null).await
    }

    /// Goes on preparing from a stored state.
    pub async fn try_prepare_from(
        &self,
        network: &dyn Network,
        frozen: &Frozen,
        mut state: Value,
    ) -> Result<Value, Failure> {
        for _ in 0..50 {
            let text = state.to_string();
            let stored = serde_json::from_str(&text).unwrap();
            let permit = self.permit();
            match network.publish().prepare(&self.cx(), frozen, &stored, &permit).await? {
                Prepared::Ready(ready) => return Ok(ready),
                Prepared::More(more) => state = more,
                Prepared::Wait { state: more, .. } => {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    state = more;
                }
            }
        }
        panic!("preparing does not come to an end");
    }

    pub async fn prepare(&self, network: &dyn Network, frozen: &Frozen) -> Value {
        self.try_prepare(network, frozen).await.expect("prepares")
    }

    pub async fn try_submit(
        &self,
        network: &dyn Network,
        frozen: &Frozen,
        prepared: &Value,
    ) -> Result<Submitted, Failure> {
        network.publish().submit(&self.cx(), frozen, prepared, &self.permit()).await
    }

    /// Submits and sees it through.
    pub async fn submit(
        &self,
        network: &dyn Network,
        frozen: &Frozen,
        prepared: &Value,
    ) -> Receipt {
        match self.try_submit(network, frozen, prepared).await.expect("submits") {
            Submitted::Done(receipt) => receipt,
            Submitted::Pending(_) => panic!("this suite has no pending networks yet"),
        }
    }

    /// Waits until the server's lists have everything.
    pub async fn settle(&self) {
        tokio::time::sleep(self.settles).await;
    }

    pub async fn find(&self, network: &dyn Network, frozen: &Frozen, prepared: &Value) -> Found {
        self.settle().await;
        let publish = network.publish();
        publish.find(&self.cx(), frozen, prepared, &self.trace()).await.expect("looks")
    }

    /// All of it, when nothing is expected to go wrong.
    pub async fn publish(&self, network: &dyn Network, content: &Content) -> (Frozen, Receipt) {
        let frozen = self.freeze(network, content).await;
        let prepared = self.prepare(network, &frozen).await;
        let receipt = self.submit(network, &frozen, &prepared).await;
        (frozen, receipt)
    }
}
