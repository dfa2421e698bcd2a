//! Decides at every window whether the product dies there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use super::dice::Dice;
use super::node::Node;
use crate::standin::{Answer, Director, Kind, Manner, Seen, Verdict, Window};

/// A target that does not come is given up after this time.
const PATIENCE: Duration = Duration::from_millis(2500);

/// Tokens expire at most this often. No network lets one expire time and again
/// before a single call has succeeded with it; the product would be right to ask.
const EXPIRE_EVERY: Duration = Duration::from_secs(10);

/// What a killer does.
#[derive(Debug, Clone, Copy)]
pub struct Manners {
    /// Requests that pass the target before one is struck, at most.
    pub countdown: usize,
    /// Beside kills, one of so many requests is cut, refused or answered oddly.
    pub faults_one_in: usize,
}

type Expire = Box<dyn Fn() + Send + Sync>;

/// The director of a round.
pub struct Killer {
    state: Mutex<State>,
    nodes: Mutex<Vec<Arc<Node>>>,
    /// Makes all access tokens expire.
    expire: Mutex<Option<Expire>>,
    manners: Manners,
    /// How long every read takes at least.
    reads_take: Mutex<Duration>,
}

struct State {
    dice: Dice,
    armed: bool,
    target: Window,
    countdown: usize,
    since: Instant,
    expired: Option<Instant>,
    /// Windows in which a target did not come, with how often.
    missed: BTreeMap<&'static str, u32>,
    kills: BTreeMap<&'static str, u64>,
    faults: BTreeMap<&'static str, u64>,
}

/// A killer behind an `Arc`, as a director.
pub struct Handle(pub Arc<Killer>);

impl Director for Handle {
    fn at(&self, window: Window, seen: &Seen) -> Verdict {
        self.0.judge(window, seen)
    }
}

impl Killer {
    /// Not armed yet.
    pub fn new(dice: Dice, manners: Manners) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                dice,
                armed: false,
                target: Window::Stored,
                countdown: 1,
                since: Instant::now(),
                expired: None,
                missed: BTreeMap::new(),
                kills: BTreeMap::new(),
                faults: BTreeMap::new(),
            }),
            nodes: Mutex::new(Vec::new()),
            expire: Mutex::new(None),
            manners,
            reads_take: Mutex::new(Duration::ZERO),
        })
    }

    /// Makes every read slow, armed or not: who publishes where a list must be
    /// read first then mostly has a claim in hand and nothing begun.
    pub fn slow_reads(&self, time: Duration) {
        *self.reads_take.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who is killed.
    pub fn aim(&self, nodes: Vec<Arc<Node>>) {
        *self.nodes.lock().unwrap_or_else(PoisonError::into_inner) = nodes;
    }

    /// How tokens are made to expire.
    pub fn expire_by(&self, expire: impl Fn() + Send + Sync + 'static) {
        *self.expire.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(expire));
    }

    /// Begins or stops killing and other mischief.
    pub fn arm(&self, armed: bool) {
        let mut state = self.state();
        state.armed = armed;
        if armed {
            self.choose(&mut state);
        }
    }

    /// Kills so far, by window.
    pub fn kills(&self) -> BTreeMap<&'static str, u64> {
        self.state().kills.clone()
    }

    /// Other mischief so far.
    pub fn faults(&self) -> BTreeMap<&'static str, u64> {
        self.state().faults.clone()
    }

    /// Aims at the window that was struck least, but for those where nothing comes by.
    fn choose(&self, state: &mut State) {
        let mut best = (u64::MAX, Window::Stored);
        let may_expire = state.expired.is_none_or(|last| last.elapsed() >= EXPIRE_EVERY);
        for window in Window::ALL {
            if window == Window::Refresh && !may_expire {
                continue;
            }
            let kills = state.kills.get(window.name()).copied().unwrap_or(0);
            let missed = u64::from(state.missed.get(window.name()).copied().unwrap_or(0));
            let weight = (kills + 4 * missed) * 4 + state.dice.draw() % 8;
            if weight < best.0 {
                best = (weight, window);
            }
        }
        state.target = best.1;
        state.countdown = 1 + state.dice.below(self.manners.countdown);
        state.since = Instant::now();
        if state.target == Window::Refresh {
            state.countdown = 1;
            state.expired = Some(Instant::now());
            let expire = self.expire.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(expire) = &*expire {
                expire();
            }
        }
    }

    fn judge(self: &Arc<Self>, window: Window, seen: &Seen) -> Verdict {
        let reads_take = *self.reads_take.lock().unwrap_or_else(PoisonError::into_inner);
        if window == Window::Arrived && seen.kind == Kind::Read && !reads_take.is_zero() {
            return Verdict::Hold(reads_take);
        }
        let mut state = self.state();
        if !state.armed {
            return Verdict::Go;
        }
        if state.since.elapsed() > PATIENCE {
            let target = state.target.name();
            *state.missed.entry(target).or_default() += 1;
            self.choose(&mut state);
        }
        let is_worth = match seen.kind {
            Kind::Read | Kind::Other => state.dice.one_in(10),
            _ => true,
        };
        if window == state.target && is_worth {
            state.countdown = state.countdown.saturating_sub(1);
            if state.countdown == 0 {
                return self.strike(&mut state, window);
            }
        }
        let may_fail = matches!(window, Window::Arrived | Window::Stored)
            && !matches!(seen.kind, Kind::Read | Kind::Other)
            && self.manners.faults_one_in > 0;
        if may_fail && state.dice.one_in(self.manners.faults_one_in) {
            return fault(&mut state, window);
        }
        Verdict::Go
    }

    fn strike(self: &Arc<Self>, state: &mut State, window: Window) -> Verdict {
        let goes_on = state.dice.one_in(2);
        // With several nodes all die, or the last one alone.
        let all = state.dice.one_in(2);
        self.choose(state);
        // The next one is aimed at once the node is back.
        state.since = Instant::now();
        let killer = Arc::clone(self);
        Verdict::then(async move {
            let nodes = killer.nodes.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let first = if all { 0 } else { nodes.len().saturating_sub(1) };
            let killed = tokio::task::spawn_blocking(move || {
                nodes[first.min(nodes.len())..].iter().filter(|node| node.kill_and_start()).count()
            })
            .await
            .unwrap_or(0);
            if killed > 0 {
                *killer.state().kills.entry(window.name()).or_default() += 1;
            }
            if goes_on { Verdict::Go } else { Verdict::Cut }
        })
    }
}

fn fault(state: &mut State, window: Window) -> Verdict {
    if window == Window::Stored {
        *state.faults.entry("cut after the write").or_default() += 1;
        return Verdict::Cut;
    }
    let trouble = || Answer::json(503, &json!({"error": "trouble", "message": "as you wish"}));
    let (name, verdict) = match state.dice.below(6) {
        0 => ("cut before", Verdict::Cut),
        1 => ("reset before", Verdict::Reset),
        2 => ("503 before", Verdict::Status(trouble())),
        3 => ("503 after the write", Verdict::StatusAfter(trouble())),
        4 => ("answered twice", Verdict::Answering(Manner::doubled())),
        _ => {
            let pause = Duration::from_millis(30);
            ("answered slowly", Verdict::Answering(Manner::slow(4, pause)))
        }
    };
    *state.faults.entry(name).or_default() += 1;
    verdict
}
