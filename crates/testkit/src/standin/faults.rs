//! Where a request can be struck, and how.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use super::{Answer, Stamp};

/// A moment in the life of one request. A request passes each at most once,
/// in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// The head is read, nothing else: before the request takes effect.
    Arrived,
    /// Half of the body is read. Only where there is a body; of a chunked one
    /// the first chunk counts as half.
    HalfBody,
    /// A later part of a thread is there whole, and not yet stored.
    BetweenParts,
    /// An upload is there whole, and not yet stored.
    Upload,
    /// A token refresh is there whole, and the pair not yet rotated. Rotated
    /// but unanswered is [`Window::Stored`] with [`Kind::Refresh`].
    Refresh,
    /// The effect is done (see [`Seen::has_taken_effect`]), and not one byte
    /// of the answer is sent.
    Stored,
    /// The head and half of the body of the answer are sent.
    HalfAnswer,
    /// The whole answer is sent.
    Answered,
}

impl Window {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Arrived,
        Self::HalfBody,
        Self::BetweenParts,
        Self::Upload,
        Self::Refresh,
        Self::Stored,
        Self::HalfAnswer,
        Self::Answered,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::HalfBody => "half_body",
            Self::BetweenParts => "between_parts",
            Self::Upload => "upload",
            Self::Refresh => "refresh",
            Self::Stored => "stored",
            Self::HalfAnswer => "half_answer",
            Self::Answered => "answered",
        }
    }

    /// Whether a request that is cut here has done nothing and never will.
    pub fn is_before_effect(self) -> bool {
        self < Self::Stored
    }
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A post, or the first part of a thread.
    Post,
    /// A later part of a thread: a post that answers another one.
    Part,
    /// Any other write; also a write whose body must be read to tell what it is.
    Write,
    /// A post or another thing is taken down.
    Delete,
    /// Media.
    Upload,
    /// A token refresh.
    Refresh,
    /// A session is opened with a password.
    Login,
    /// Something is read.
    Read,
    /// None of these.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Post,
        Self::Part,
        Self::Write,
        Self::Delete,
        Self::Upload,
        Self::Refresh,
        Self::Login,
        Self::Read,
        Self::Other,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Part => "part",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Upload => "upload",
            Self::Refresh => "refresh",
            Self::Login => "login",
            Self::Read => "read",
            Self::Other => "other",
        }
    }

    /// The window that only this kind passes.
    pub(super) const fn own_window(self) -> Option<Window> {
        match self {
            Self::Part => Some(Window::BetweenParts),
            Self::Upload => Some(Window::Upload),
            Self::Refresh => Some(Window::Refresh),
            _ => None,
        }
    }
}

/// What is known of a request when it passes a window.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its number in the [`Ledger`](super::Ledger).
    pub request: u64,
    /// The connection it came on.
    pub connection: u64,
    /// Its first byte.
    pub first_byte: Stamp,
    /// What it is for. Refined once the body is read.
    pub kind: Kind,
    /// `POST` and the like.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// Whose account it acts on.
    pub account: Option<Arc<str>>,
    /// The text it posts. Known once the body is read.
    pub text: Option<String>,
    /// The idempotency key or the id chosen by the client.
    pub key: Option<String>,
    /// Bytes of the body read so far.
    pub body_read: u64,
    /// The status of the answer, once it is decided.
    pub status: Option<u16>,
    /// Whether something was stored, deleted, uploaded or rotated by it.
    pub has_taken_effect: bool,
}

/// What shall happen at a window.
pub enum Verdict {
    /// On with it.
    Go,
    /// Close the connection without another byte.
    Cut,
    /// Close it with a reset instead of an orderly end.
    Reset,
    /// Wait, then go on. The client may be gone by then: what it sent whole
    /// takes effect all the same, late, as it does at a real network.
    Hold(Duration),
    /// Answer this instead. Before [`Window::Stored`] the request then takes
    /// no effect; at it, the effect stays; later it is too late and ignored.
    Status(Answer),
    /// The effect takes place, and then this is answered. At any window
    /// before the answer. A 5xx may lie like that; networks promise that a 4xx
    /// does not.
    StatusAfter(Answer),
    /// How the answer goes out. At any window before the answer.
    Answering(Manner),
    /// Do this first, then ask its result. For what has to wait, a kill with
    /// its `wait` for example.
    Then(Pin<Box<dyn Future<Output = Verdict> + Send>>),
}

impl Verdict {
    /// Do something first, then what it results in.
    pub fn then(deed: impl Future<Output = Verdict> + Send + 'static) -> Self {
        Self::Then(Box::pin(deed))
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Go => f.write_str("Go"),
            Self::Cut => f.write_str("Cut"),
            Self::Reset => f.write_str("Reset"),
            Self::Hold(duration) => f.debug_tuple("Hold").field(duration).finish(),
            Self::Status(answer) => f.debug_tuple("Status").field(&answer.status).finish(),
            Self::StatusAfter(answer) => {
                f.debug_tuple("StatusAfter").field(&answer.status).finish()
            }
            Self::Answering(manner) => f.debug_tuple("Answering").field(manner).finish(),
            Self::Then(_) => f.write_str("Then(..)"),
        }
    }
}

/// How an answer goes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manner {
    /// The same bytes a second time, right after the first. On a connection
    /// that stays open a client may take the second for the answer to its next
    /// request, and cannot tell unless it compares what it asked with what it
    /// got: hyper did so in a quarter of all cases. With `is_last` no sound
    /// client can be misled.
    pub is_doubled: bool,
    /// `Connection: close` is said, and done.
    pub is_last: bool,
    /// Written in this many pieces (0 and 1: in one go), with `pause` between.
    pub pieces: usize,
    /// The pause between two pieces.
    pub pause: Duration,
}

impl Manner {
    /// Twice, and then the connection is closed.
    pub const fn doubled() -> Self {
        Self { is_doubled: true, is_last: true, pieces: 1, pause: Duration::ZERO }
    }

    /// In pieces.
    pub const fn slow(pieces: usize, pause: Duration) -> Self {
        Self { is_doubled: false, is_last: false, pieces, pause }
    }
}

/// The harness's judgement. Called on the server's tasks, from many threads
/// at once; it should return at once and put what waits into [`Verdict::Then`].
pub trait Director: Send + Sync + 'static {
    /// What shall happen to `request` at `window`.
    fn at(&self, window: Window, request: &Seen) -> Verdict;
}

impl<F> Director for F
where
    F: Fn(Window, &Seen) -> Verdict + Send + Sync + 'static,
{
    fn at(&self, window: Window, request: &Seen) -> Verdict {
        self(window, request)
    }
}

/// The director of a server, the count of what passed where, and the offset
/// of the server's clock.
pub struct Faults {
    director: Arc<dyn Director>,
    passed: [[AtomicU64; Kind::ALL.len()]; Window::ALL.len()],
    cut: [[AtomicU64; Kind::ALL.len()]; Window::ALL.len()],
    date_offset: AtomicI64,
}

impl Faults {
    /// Nothing goes wrong.
    pub fn none() -> Arc<Self> {
        Self::directed(|_: Window, _: &Seen| Verdict::Go)
    }

    /// What goes wrong is up to `director`.
    pub fn directed(director: impl Director) -> Arc<Self> {
        Arc::new(Self {
            director: Arc::new(director),
            passed: Default::default(),
            cut: Default::default(),
            date_offset: AtomicI64::new(0),
        })
    }

    /// Moves the `Date` header by so many milliseconds, from now on.
    pub fn set_date_offset(&self, millis: i64) {
        self.date_offset.store(millis, Ordering::Relaxed);
    }

    pub(super) fn date_offset(&self) -> i64 {
        self.date_offset.load(Ordering::Relaxed)
    }

    pub(super) fn ask(&self, window: Window, request: &Seen) -> Verdict {
        self.passed[window as usize][request.kind as usize].fetch_add(1, Ordering::Relaxed);
        self.director.at(window, request)
    }

    pub(super) fn count_cut(&self, window: Window, kind: Kind) {
        self.cut[window as usize][kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many requests passed each window so far, and how many were cut there.
    pub fn counts(&self) -> Counts {
        let mut tallies = Vec::new();
        for window in Window::ALL {
            for kind in Kind::ALL {
                let passed = self.passed[window as usize][kind as usize].load(Ordering::Relaxed);
                let cut = self.cut[window as usize][kind as usize].load(Ordering::Relaxed);
                if passed > 0 {
                    tallies.push(Tally { window, kind, passed, cut });
                }
            }
        }
        Counts { tallies }
    }
}

/// One line of [`Counts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Where.
    pub window: Window,
    /// What.
    pub kind: Kind,
    /// How many came to it.
    pub passed: u64,
    /// How many of them ended there, by [`Verdict::Cut`] or [`Verdict::Reset`].
    pub cut: u64,
}

/// What passed where; only what happened at all is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// By window, then by kind.
    pub tallies: Vec<Tally>,
}

impl Counts {
    /// All kinds together.
    pub fn passed(&self, window: Window) -> u64 {
        self.tallies.iter().filter(|t| t.window == window).map(|t| t.passed).sum()
    }

    /// All kinds together.
    pub fn cut(&self, window: Window) -> u64 {
        self.tallies.iter().filter(|t| t.window == window).map(|t| t.cut).sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tally in &self.tallies {
            writeln!(
                f,
                "{:13} {:8} passed {:7}  cut {:6}",
                tally.window.name(),
                tally.kind.name(),
                tally.passed,
                tally.cut
            )?;
        }
        Ok(())
    }
}
