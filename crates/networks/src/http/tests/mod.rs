//! The client against real sockets. A test that says "no byte left" reads
//! them on the other side.

mod certainty;
mod gate;
mod places;
mod reading;
mod recorded;
mod redirects;
mod secrets;

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{Clock, Instant, Mono};
use bytes::Bytes;
use http::Method;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use url::Url;

use super::names::Lookup;
use super::*;

/// A clock that moves when told to, or by itself with each reading.
#[derive(Default)]
pub(super) struct HandClock {
    millis: AtomicU64,
    per_reading: AtomicU64,
    wall: AtomicI64,
    moved: Notify,
}

impl HandClock {
    pub(super) fn advance(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::SeqCst);
        self.moved.notify_waiters();
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_millis(self.wall.load(Ordering::SeqCst))
    }

    fn mono(&self) -> Mono {
        let step = self.per_reading.load(Ordering::SeqCst);
        Mono(Duration::from_millis(self.millis.fetch_add(step, Ordering::SeqCst)))
    }

    async fn sleep(&self, duration: Duration) {
        let until =
            self.millis.load(Ordering::SeqCst) + u64::try_from(duration.as_millis()).unwrap();
        loop {
            let moved = self.moved.notified();
            if self.millis.load(Ordering::SeqCst) >= until {
                return;
            }
            moved.await;
        }
    }
}

/// What a server does with a request.
#[derive(Clone)]
pub(super) enum Act {
    /// Answers with these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Answers with these bytes and closes.
    Last(Vec<u8>),
    /// Answers with these bytes after a while.
    After(Duration, Vec<u8>),
    /// Closes without a word.
    Close,
    /// Never answers.
    Hang,
}

pub(super) fn ok(body: &str) -> Act {
    Act::Answer(
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes(),
    )
}

pub(super) fn see(location: &str) -> Act {
    let head = format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
    Act::Answer(head.into_bytes())
}

type Script = dyn Fn(&str) -> Act + Send + Sync;

/// A server that remembers every byte it was sent.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    bytes: Arc<AtomicUsize>,
}

impl Server {
    /// On 127.0.0.1.
    pub(super) async fn start(script: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), script)
    }

    pub(super) fn on(
        listener: TcpListener,
        script: impl Fn(&str) -> Act + Send + Sync + 'static,
    ) -> Self {
        let server = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            requests: Arc::default(),
            bytes: Arc::default(),
        };
        let (connections, requests, bytes) =
            (server.connections.clone(), server.requests.clone(), server.bytes.clone());
        let script: Arc<Script> = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, script.clone(), requests.clone(), bytes.clone()));
            }
        });
        server
    }

    pub(super) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// The same server by a name.
    pub(super) fn named(&self, name: &str, path: &str) -> Url {
        format!("http://{name}:{}{path}", self.address.port()).parse().unwrap()
    }

    /// Whole requests so far.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Bytes so far.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }
}

pub(super) async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    script: Arc<Script>,
    requests: Arc<Mutex<Vec<String>>>,
    bytes: Arc<AtomicUsize>,
) {
    let mut read = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        if count == 0 {
            return;
        }
        bytes.fetch_add(count, Ordering::SeqCst);
        read.extend_from_slice(&chunk[..count]);
        while let Some(length) = whole_request(&read) {
            let request =
                String::from_utf8_lossy(&read.drain(..length).collect::<Vec<_>>()).into_owned();
            requests.lock().unwrap().push(request.clone());
            match script(&request) {
                Act::Answer(answer) => stream.write_all(&answer).await.unwrap_or(()),
                Act::Last(answer) => {
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                    return;
                }
                Act::After(pause, answer) => {
                    tokio::time::sleep(pause).await;
                    stream.write_all(&answer).await.unwrap_or(());
                }
                Act::Close => return,
                Act::Hang => std::future::pending().await,
            }
        }
    }
}

fn whole_request(read: &[u8]) -> Option<usize> {
    let head = read.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
    let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    let whole = head + length.map_or(0, |length| length.parse::<usize>().unwrap());
    (read.len() >= whole).then_some(whole)
}

/// Names from a list; each lookup may take a step of its own.
#[derive(Default)]
pub(super) struct Names {
    pub(super) answers: Mutex<BTreeMap<String, Vec<Vec<IpAddr>>>>,
    pub(super) asked: AtomicUsize,
    pub(super) on_lookup: Option<Box<dyn Fn() + Send + Sync>>,
    pub(super) never: bool,
}

impl Names {
    /// `name` resolves to each of `answers` in turn; the last one stays.
    pub(super) fn of(name: &str, answers: &[&[&str]]) -> Self {
        let answers =
            answers.iter().map(|a| a.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
        Self { answers: Mutex::new([(name.to_owned(), answers)].into()), ..Self::default() }
    }
}

#[async_trait]
impl Lookup for Names {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.never {
            std::future::pending::<()>().await;
        }
        if let Some(step) = &self.on_lookup {
            // Not at once, so that whoever watches the clock has looked before.
            tokio::time::sleep(Duration::from_millis(30)).await;
            step();
        }
        let mut answers = self.answers.lock().unwrap();
        let list =
            answers.get_mut(name).ok_or_else(|| io::Error::other("Name or service not known"))?;
        Ok(if list.len() > 1 { list.remove(0) } else { list[0].clone() })
    }
}

/// Loopback is open, and there is time enough on a busy machine.
pub(super) fn config() -> HttpConfig {
    HttpConfig {
        allow: vec!["127.0.0.1/32".parse().unwrap()],
        timeout: Duration::from_secs(30),
        connect_timeout: Duration::from_secs(30),
        ..HttpConfig::default()
    }
}

pub(super) fn client(clock: &Arc<HandClock>, names: Names) -> Http {
    client_with(config(), clock, names)
}

pub(super) fn client_with(config: HttpConfig, clock: &Arc<HandClock>, names: Names) -> Http {
    let names: Arc<dyn Lookup> = Arc::new(names);
    Http::over(Arc::new(Guarded::with(config, clock.clone(), names, |builder| builder).unwrap()))
}

pub(super) fn plain_client() -> Http {
    client(&Arc::default(), Names::default())
}

/// Open for ten seconds of its clock.
pub(super) fn permit(clock: &Arc<HandClock>) -> Permit {
    impatient_permit(clock, Duration::from_secs(30))
}

pub(super) fn impatient_permit(clock: &Arc<HandClock>, timeout: Duration) -> Permit {
    let send_by = Mono(Duration::from_millis(clock.millis.load(Ordering::SeqCst) + 10_000));
    Permit::new(clock.clone(), send_by, timeout)
}

/// The three shapes of a write.
pub(super) fn writes(url: &Url) -> [Request; 3] {
    [
        Request::post_json(url.clone(), &serde_json::json!({ "text": "Hello" })),
        Request::new(Method::POST, url.clone()),
        Request::new(Method::DELETE, url.clone()),
    ]
}

/// Lets everything that is on its way arrive.
pub(super) async fn settle() {
    tokio::time::sleep(Duration::from_millis(60)).await;
}

pub(super) fn bytes_of(length: usize) -> Bytes {
    Bytes::from(vec![b'x'; length])
}

/// Runs the ignored test `name` in a process of its own, for what belongs to
/// a whole process: its environment, its traces.
pub(super) fn alone(name: &str, environment: &[(&str, &str)]) {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("http::tests::{name}"), "--ignored"])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
