//! Stands between the product and a server that nobody may change, passes
//! bytes on, and cuts connections at moments of chance.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::dice::Dice;

/// One connection in so many is cut.
const CUT_ONE_IN: usize = 2;
/// Within so many bytes: one request and its answer.
const CUT_WITHIN: usize = 3_000;
/// How a write to somebody's records begins.
const WRITE: &[u8] = b"POST /xrpc/com.atproto.repo.";

/// What passed.
#[derive(Debug, Default)]
pub struct Passed {
    /// Connections.
    pub connections: AtomicU64,
    /// Connections that were cut.
    pub cuts: AtomicU64,
    /// Requests that write records or media.
    pub writes: AtomicU64,
}

/// Passes everything from `listener` on to `to` for as long as the process runs.
pub fn start(listener: TcpListener, to: SocketAddr, mut dice: Dice) -> Arc<Passed> {
    let passed = Arc::new(Passed::default());
    let counted = passed.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            counted.connections.fetch_add(1, Ordering::Relaxed);
            let budget =
                if dice.one_in(CUT_ONE_IN) { 200 + dice.below(CUT_WITHIN) } else { usize::MAX };
            let counted = counted.clone();
            tokio::spawn(async move {
                if pass(client, to, budget, &counted).await.unwrap_or(false) {
                    counted.cuts.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    passed
}

/// True if it was cut after `budget` bytes, in the middle of what was said.
async fn pass(
    mut client: TcpStream,
    to: SocketAddr,
    mut budget: usize,
    passed: &Passed,
) -> std::io::Result<bool> {
    let mut server = TcpStream::connect(to).await?;
    let (mut up, mut down) = (vec![0; 8192], vec![0; 8192]);
    loop {
        let length = tokio::select! {
            read = client.read(&mut up) => {
                let length = read?;
                passed.writes.fetch_add(u64::from(up[..length].starts_with(WRITE)), Ordering::Relaxed);
                hand_on(&up[..length.min(budget)], &mut server).await?
            }
            read = server.read(&mut down) => {
                let length = read?;
                hand_on(&down[..length.min(budget)], &mut client).await?
            }
        };
        if length == 0 {
            return Ok(false);
        }
        budget -= length;
        if budget == 0 {
            return Ok(true);
        }
    }
}

async fn hand_on<W: AsyncWrite + Unpin>(bytes: &[u8], to: &mut W) -> std::io::Result<usize> {
    to.write_all(bytes).await?;
    Ok(bytes.len())
}
