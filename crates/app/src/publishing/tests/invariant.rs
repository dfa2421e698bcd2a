//! Whatever happens, in whatever order: nothing doubled, nothing stuck.

use std::time::Duration;

use bellwether_base::{Rng as _, Say};

use super::world::{NOOR, Scene, World, connect, worlds};
use crate::networks::{Failure, FailureKind, Found, Sent};
use crate::publishing::{
    self, DeliveryState, PauseLevel, PauseScope, When, cancel, delete, drop_doubt, pause, release,
    resume, retry,
};
use crate::testing::SeededRng;

struct Dice(SeededRng);

impl Dice {
    fn throw(&self, sides: u32) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_be_bytes(bytes) % sides
    }
}

fn scene(dice: &Dice, w: &World) -> Scene {
    match dice.throw(12) {
        0 => Scene::TakesAndIsCut,
        1 => Scene::IsLost,
        2 => Scene::TakesAndWeDie,
        3 => Scene::WeDie,
        4 => Scene::Fails(FailureKind::Rejected),
        5 => Scene::Fails(FailureKind::Transient),
        6 => Scene::Fails(FailureKind::Expired),
        7 => Scene::Fails(FailureKind::Reconnect),
        8 => Scene::Fails(FailureKind::RateLimited {
            until: w.app.now() + Duration::from_mins(u64::from(dice.throw(40))),
        }),
        9 => Scene::IsBusy,
        10 => Scene::IsTooLate,
        _ => Scene::Takes,
    }
}

async fn happening(dice: &Dice, w: &World, plans: &mut Vec<bellwether_base::DeliveryId>) {
    let some = |dice: &Dice, plans: &[bellwether_base::DeliveryId]| {
        plans[dice.throw(u32::try_from(plans.len()).unwrap()) as usize]
    };
    let scope = PauseScope::Workspace { workspace: w.ws };
    match dice.throw(16) {
        0..=3 => {
            let text = format!("{}", plans.len());
            let parts: Vec<String> =
                (0..=dice.throw(3)).map(|part| format!("{text}/{part}")).collect();
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            plans.push(w.plan(&parts, &When::Now).await);
        }
        4 | 5 => w.script.next(scene(dice, w)),
        6 => {
            let found = match dice.throw(4) {
                0 => Ok(Found::CannotTell),
                1 => Ok(Found::NotSeen),
                2 => Err(Failure::transient(Say::new("down"))),
                _ => Err(Failure::reconnect(Say::new("gone"))),
            };
            w.script.looks.lock().unwrap().push_back(found);
        }
        7 => {
            let lost = Failure::transient(Say::new("cut")).sent(Sent::Unknown);
            w.script.refreshes.lock().unwrap().push_back(Err(lost));
        }
        8 => {
            // What a dead worker left open holds up the acknowledgement, not the pause.
            let pausing = pause(&w.app, &NOOR, scope, PauseLevel::Planned);
            drop(tokio::time::timeout(Duration::from_millis(30), pausing).await);
        }
        9 => drop(resume(&w.app, &NOOR, scope, "calm", dice.throw(2) == 0).await),
        10 => drop(connect(&w.app, w.ws).await),
        11 if !plans.is_empty() => {
            // Whoever says "send again" has looked.
            if retry(&w.app, &NOOR, w.ws, some(dice, plans)).await.is_ok() {
                w.script.doubts.lock().unwrap().clear();
            }
        }
        12 if !plans.is_empty() => drop(cancel(&w.app, &NOOR, w.ws, some(dice, plans)).await),
        13 if !plans.is_empty() => drop(drop_doubt(&w.app, &NOOR, w.ws, some(dice, plans)).await),
        14 if !plans.is_empty() => drop(release(&w.app, &NOOR, w.ws, some(dice, plans)).await),
        15 if !plans.is_empty() => drop(delete(&w.app, &NOOR, w.ws, some(dice, plans)).await),
        _ => w.app.advance(Duration::from_secs(u64::from(dice.throw(2000)))),
    }
}

#[tokio::test]
async fn nothing_is_ever_doubled_or_stuck() {
    for seed in 0..6 {
        for w in worlds().await {
            let dice = Dice(SeededRng::new(seed));
            let mut plans = Vec::new();
            for step in 0..70 {
                happening(&dice, &w, &mut plans).await;
                w.turn().await;
                let stuck = w.stuck().await;
                assert!(stuck.is_empty(), "seed {seed}, step {step}: {stuck:?}");
            }
            let blind = w.script.blind.lock().unwrap().clone();
            assert!(blind.is_empty(), "seed {seed}: sent again without a look: {blind:?}");
            let mut texts = w.texts();
            let all = texts.len();
            texts.sort();
            texts.dedup();
            assert_eq!(texts.len(), all, "seed {seed}: doubled");
            // Everything comes to an end once the world is kind again.
            w.script.submits.lock().unwrap().clear();
            w.script.looks.lock().unwrap().clear();
            w.script.refreshes.lock().unwrap().clear();
            let scope = PauseScope::Workspace { workspace: w.ws };
            drop(resume(&w.app, &NOOR, scope, "calm", false).await);
            connect(&w.app, w.ws).await;
            for _ in 0..30 {
                w.after(Duration::from_mins(5)).await;
            }
            for id in plans {
                let delivery = w.delivery(id).await;
                let is_settled = delivery.state.is_final() || delivery.told_at.is_some();
                assert!(is_settled, "seed {seed}: {delivery:?}");
                if delivery.state == DeliveryState::Live {
                    let log = publishing::delivery(&w.app, &NOOR, w.ws, id).await.unwrap();
                    assert!(log.acts.iter().all(|act| act.state.is_final()), "seed {seed}");
                }
            }
        }
    }
}
