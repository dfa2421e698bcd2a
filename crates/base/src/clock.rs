//! Time, handed in.

use std::sync::LazyLock;
use std::time::Duration;

use crate::Instant;

/// A reading of the monotonic clock: time since some fixed point of this
/// process. It never goes back when somebody sets the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mono(pub Duration);

impl Mono {
    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// Where time comes from. Both readings are cheap and never block.
#[async_trait::async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The wall clock. It may jump, in both directions.
    fn now(&self) -> Instant;

    /// The monotonic clock of this process.
    fn mono(&self) -> Mono;

    /// Returns after `duration` on the monotonic clock.
    async fn sleep(&self, duration: Duration);
}

/// The machine's own clocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

static START: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);

#[async_trait::async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::from(jiff::Timestamp::now())
    }

    fn mono(&self) -> Mono {
        Mono(START.elapsed())
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
