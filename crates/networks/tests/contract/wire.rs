//! The line between a connector and a real server: it can be cut, in both
//! directions, at a moment of the test's choosing.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bellwether_base::SystemClock;
use bellwether_networks::Http;
use bellwether_networks::http::HttpConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What happens to the next request that is no plain read.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It is thrown away, and the line cut.
    CutBefore,
    /// It is done; the line is cut before the answer.
    CutAfter,
    /// It is done; the answer never comes.
    Stall,
    /// It is thrown away and answered like this.
    Answer { status: u16, headers: &'static str, body: &'static str },
}

/// A web page where an answer should be.
pub const PAGE: Fault = Fault::Answer {
    status: 200,
    headers: "Content-Type: text/html\r\n",
    body: "<!doctype html><title>Welcome</title>",
};

/// A request that came along.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
}

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    writes: VecDeque<Fault>,
    reads: VecDeque<Fault>,
}

/// A line to one server.
pub struct Wire {
    address: std::net::SocketAddr,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wire {
    /// A line to `server`.
    pub async fn before(server: &Url) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let (shared, server) = (Arc::clone(&state), server.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, server) = (Arc::clone(&shared), server.clone());
                tokio::spawn(async move {
                    let _ = carry(stream, &server, &state).await;
                });
            }
        });
        Self { address, state, task }
    }

    /// Where the connector finds it.
    pub fn url(&self) -> Url {
        format!("http://{}/", self.address).parse().unwrap()
    }

    /// Breaks the next request that is no plain read.
    pub fn break_write(&self, fault: Fault) {
        self.state.lock().unwrap().writes.push_back(fault);
    }

    /// Breaks the next plain read.
    pub fn break_read(&self, fault: Fault) {
        self.state.lock().unwrap().reads.push_back(fault);
    }

    /// What came along since the last call.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }

    /// The paths of what came along since the last call and was no plain read.
    pub fn writes(&self) -> Vec<String> {
        let writes = self.seen().into_iter().filter(|seen| seen.method != "GET");
        writes.map(|seen| seen.path).collect()
    }
}

/// Carries one request and its answer, then closes.
async fn carry(mut stream: TcpStream, server: &Url, state: &Mutex<State>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let head = loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        bytes.extend_from_slice(&chunk[..read]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut words = text.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let headers: Vec<(String, String)> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    while bytes.len() < head + length {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
    let body = bytes[head..].to_vec();
    let fault = {
        let mut state = state.lock().unwrap();
        let (method, path) = (method.to_owned(), path.to_owned());
        let faults = if method == "GET" { &mut state.reads } else { &mut state.writes };
        let fault = faults.pop_front();
        state.seen.push(Seen { method, path });
        fault
    };
    match fault {
        Some(Fault::CutBefore) => return Ok(()),
        Some(Fault::Answer { status, headers, body }) => {
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status} Fault\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).await?;
            return stream.shutdown().await;
        }
        Some(Fault::CutAfter | Fault::Stall) | None => {}
    }
    let answer = forward(server, method, path, &headers, body).await;
    match fault {
        Some(Fault::CutAfter) => return Ok(()),
        Some(Fault::Stall) => tokio::time::sleep(Duration::from_secs(30)).await,
        _ => {}
    }
    stream.write_all(&answer).await?;
    stream.shutdown().await
}

/// The server's own answer, as bytes.
async fn forward(
    server: &Url,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Vec<u8>,
) -> Vec<u8> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request =
        client.request(method.parse().unwrap(), server.join(path).unwrap()).body(body);
    for (name, value) in headers {
        if !matches!(name.as_str(), "host" | "content-length" | "connection" | "transfer-encoding")
        {
            request = request.header(name, value);
        }
    }
    let response = request.send().await.unwrap();
    let mut answer = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        if !matches!(
            name.as_str(),
            "content-length" | "connection" | "transfer-encoding" | "content-encoding"
        ) {
            answer.extend_from_slice(format!("{name}: ").as_bytes());
            answer.extend_from_slice(value.as_bytes());
            answer.extend_from_slice(b"\r\n");
        }
    }
    let body = response.bytes().await.unwrap();
    answer.extend_from_slice(
        format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len()).as_bytes(),
    );
    answer.extend_from_slice(&body);
    answer
}

/// The product's own client, opened for this machine.
pub fn client() -> Http {
    let allow = ["127.0.0.0/8", "::1/128"].map(|range| range.parse().unwrap()).into();
    let config = HttpConfig { allow, ..HttpConfig::default() };
    Http::guarded(config, Arc::new(SystemClock)).expect("a client")
}
