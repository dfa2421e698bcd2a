//! The listener.

use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

use super::connection::Connection;
use super::{Counts, Faults, Ledger, Service};

/// Small, so that an upload that is stopped halfway has not been swallowed
/// whole by the system's buffers.
const RECEIVE_BUFFER: u32 = 64 * 1024;
const BACKLOG: u32 = 4096;

/// A moment that the harness marked, to ask later which requests began after
/// it. Later marks are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub(super) u64);

/// What every connection of a server shares.
pub(super) struct Shared {
    pub(super) service: Arc<dyn Service>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) faults: Arc<Faults>,
}

/// A running stand-in. It stops, in the middle of whatever it does, when this
/// is dropped; what is stored stays stored in the personality and the ledger,
/// and another server may be started over them at the same address.
pub struct Server {
    address: SocketAddr,
    faults: Arc<Faults>,
    mark: watch::Sender<u64>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Listens at `address` (port 0 for any free one) and serves.
    pub async fn start(
        address: &str,
        service: Arc<dyn Service>,
        ledger: Arc<Ledger>,
        faults: Arc<Faults>,
    ) -> io::Result<Self> {
        let Some(address) = lookup_host(address).await?.next() else {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no such address"));
        };
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        let (mark, marks) = watch::channel(0);
        let shared = Arc::new(Shared { service, ledger, faults: faults.clone() });
        let accepting = tokio::spawn(accept(listener, shared, marks));
        Ok(Self { address, faults, mark, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin, without a path.
    pub fn url(&self) -> Url {
        let mut url =
            Url::parse("http://localhost").unwrap_or_else(|_| unreachable!("it is a URL"));
        let _ = url.set_ip_host(self.address.ip());
        let _ = url.set_port(Some(self.address.port()));
        url
    }

    /// What passed each window so far.
    pub fn counts(&self) -> Counts {
        self.faults.counts()
    }

    /// Marks this moment: for example right when the acknowledgement of a
    /// pause was read. See [`Ledger::begun_after`].
    pub fn mark(&self) -> Mark {
        let mut number = 0;
        self.mark.send_modify(|mark| {
            *mark += 1;
            number = *mark;
        });
        Mark(number)
    }

    /// Stops, and waits until the address is free again.
    pub async fn stop(mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

async fn accept(listener: TcpListener, shared: Arc<Shared>, marks: watch::Receiver<u64>) {
    let mut connections = JoinSet::new();
    // At this mark nobody was waiting to be let in.
    let mut empty_at_mark = 0;
    loop {
        let mut admit = |stream: TcpStream, empty_at_mark| {
            let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
            let connection =
                Connection::new(shared.clone(), stream, number, marks.clone(), empty_at_mark);
            connections.spawn(connection.serve());
        };
        tokio::select! {
            accepted = listener.accept() => {
                match accepted {
                    Ok((stream, _)) => admit(stream, empty_at_mark),
                    // Out of descriptors, most likely: some will be free again.
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
            changed = async { marks.clone().wait_for(|mark| *mark > empty_at_mark).await.map(|mark| *mark) } => {
                let Ok(mark) = changed else { return };
                for stream in waiting(&listener) {
                    admit(stream, empty_at_mark);
                }
                empty_at_mark = mark;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Everybody who waits to be let in at this moment, asked of the system
/// itself, because the runtime may not have been told yet.
fn waiting(listener: &TcpListener) -> Vec<TcpStream> {
    let Ok(descriptor) = listener.as_fd().try_clone_to_owned() else { return Vec::new() };
    let listener = std::net::TcpListener::from(descriptor);
    let mut streams = Vec::new();
    while let Ok((stream, _)) = listener.accept() {
        if stream.set_nonblocking(true).is_ok()
            && let Ok(stream) = TcpStream::from_std(stream)
        {
            streams.push(stream);
        }
    }
    streams
}
