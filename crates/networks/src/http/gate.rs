//! The last check before the first byte of a write.
//!
//! A permit may close while a connection is being made, so looking at it
//! before sending is not enough. The body of a write is the gate: HTTP/1 puts
//! the head of a request into a buffer, asks the body how long it is, polls
//! it, and only then writes to the connection. A body that fails when it is
//! first asked keeps the head from leaving as well.
//!
//! The gate is passed at most once, in one atomic step, and can be locked in
//! the same way. So whoever gives up on a write knows for certain whether a
//! byte of it can ever leave. Tests hold this against real connections, since
//! it rests on the order in which the HTTP library does things.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::Notify;

use super::Permit;

const WAITING: u8 = 0;
const PASSED: u8 = 1;
const LOCKED: u8 = 2;

/// The permit had closed, or nobody waits for the request any more.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the permit closed before the first byte")]
pub(super) struct Closed;

/// Stands between one write and the wire.
#[derive(Clone)]
pub(super) struct Gate(Arc<Inner>);

struct Inner {
    permit: Permit,
    state: AtomicU8,
    passed: Notify,
}

impl Gate {
    pub(super) fn new(permit: Permit) -> Self {
        Self(Arc::new(Inner { permit, state: AtomicU8::new(WAITING), passed: Notify::new() }))
    }

    /// Lets the write through, once: bytes may leave from now on.
    fn pass(&self) -> Result<(), Closed> {
        if self.has_passed() {
            return Ok(());
        }
        if !self.0.permit.is_open() {
            self.lock();
            return Err(Closed);
        }
        match self.0.state.compare_exchange(WAITING, PASSED, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => {
                self.0.passed.notify_one();
                Ok(())
            }
            Err(PASSED) => Ok(()),
            Err(_) => Err(Closed),
        }
    }

    /// Keeps the write from ever leaving. Whether that came in time: if not,
    /// bytes may have left.
    pub(super) fn lock(&self) -> bool {
        self.0
            .state
            .compare_exchange(WAITING, LOCKED, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok_and(|_| true)
            || self.0.state.load(Ordering::SeqCst) == LOCKED
    }

    /// Whether bytes may have left.
    fn has_passed(&self) -> bool {
        self.0.state.load(Ordering::SeqCst) == PASSED
    }

    /// Returns when the write has been let through. For one waiter.
    pub(super) async fn passed(&self) {
        self.0.passed.notified().await;
    }
}

/// Who sends a write. The gate is locked when the sender goes away, for
/// instance because the engine gave up: a request that still waits for its
/// connection then never leaves.
pub(super) struct Sender(Gate);

impl Sender {
    pub(super) fn new(permit: Permit) -> Self {
        Self(Gate::new(permit))
    }

    /// The gate that its write has to pass.
    pub(super) const fn gate(&self) -> &Gate {
        &self.0
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.lock();
    }
}

/// The body of a write.
pub(super) struct GatedBody {
    gate: Gate,
    left: Bytes,
    length: usize,
}

impl GatedBody {
    pub(super) fn new(gate: Gate, bytes: Bytes) -> Self {
        Self { gate, length: bytes.len(), left: bytes }
    }
}

impl Body for GatedBody {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if let Err(closed) = self.gate.pass() {
            return Poll::Ready(Some(Err(closed)));
        }
        let bytes = std::mem::take(&mut self.left);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    /// An empty body would never be polled, so it is decided here: the HTTP
    /// library asks this right before it encodes the head, and asks for the
    /// size next.
    fn is_end_stream(&self) -> bool {
        if self.length == 0 {
            let _ = self.gate.pass();
            return false;
        }
        self.left.is_empty()
    }

    /// As long as an empty body has not been let through, its length is not
    /// told, which makes the HTTP library poll it and meet the locked gate.
    fn size_hint(&self) -> SizeHint {
        if self.length == 0 && !self.gate.has_passed() {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.left.len() as u64)
    }
}
