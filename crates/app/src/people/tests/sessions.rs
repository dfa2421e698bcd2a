use std::time::Duration;

use bellwether_db::Engine;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::people::sessions::{end, list};
use crate::testing::apps;

const DAY: Duration = Duration::from_hours(24);
const QUARTER: Duration = Duration::from_mins(15);

async fn is_open(app: &App, signed: &SignedIn) -> bool {
    session_caller(app, signed.token.expose()).await.unwrap().is_some()
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_but_not_for_ever() {
    for app in apps().await {
        Team::on(&app).await;
        let (used, idle) = (signed_in(&app, KOFI).await, signed_in(&app, KOFI).await);
        app.advance(29 * DAY);
        assert!(is_open(&app, &used).await);
        app.advance(DAY);
        assert!(is_open(&app, &used).await);
        assert!(!is_open(&app, &idle).await);
        app.advance(29 * DAY);
        assert!(is_open(&app, &used).await);
        app.advance(29 * DAY);
        assert!(is_open(&app, &used).await);
        app.advance(DAY);
        assert!(is_open(&app, &used).await, "day 89");
        app.advance(DAY);
        assert!(!is_open(&app, &used).await, "day 90");
        // What is over is gone from the table as well.
        signed_in(&app, KOFI).await;
        let mut tx = app.db.read().await.unwrap();
        let left: i64 = tx.sql("select count(*) from sessions").scalar().await.unwrap();
        assert_eq!(left, 1);
    }
}

#[tokio::test]
async fn the_database_holds_no_key_to_anything() {
    for app in apps().await {
        Team::on(&app).await;
        let kofi = signed_in(&app, KOFI).await;
        let mut tx = app.db.read().await.unwrap();
        let hash: Vec<u8> = tx.sql("select token_hash from sessions").scalar().await.unwrap();
        assert_eq!(hash, Sha256::digest(kofi.token.expose()).to_vec());
        drop(tx);
        for near in [&kofi.token.expose()[1..], "", "é", &hex::encode(hash)] {
            assert!(session_caller(&app, near).await.unwrap().is_none());
        }
    }
}

#[tokio::test]
async fn kofi_sees_and_ends_his_own_sessions_only() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let (desk, phone) = (signed_in(&app, KOFI).await, signed_in(&app, KOFI).await);
        let noors = signed_in(&app, NOOR).await;
        let kofi = caller(&app, &team.kofi).await;
        let page = PageRequest { after: None, limit: Some(1) };
        let first = list(&app, &kofi, &page).await.unwrap();
        let second = list(&app, &kofi, &PageRequest { after: first.next, limit: None }).await;
        let mut mine = first.items;
        mine.extend(second.unwrap().items);
        mine.sort_by_key(|session| session.id);
        let mut expected = [desk.session.clone(), phone.session.clone()];
        expected.sort_by_key(|session| session.id);
        assert_eq!(mine, expected);

        assert_eq!(refusal(end(&app, &kofi, noors.session.id).await), "not-found-session");
        end(&app, &kofi, phone.session.id).await.unwrap();
        assert!(!is_open(&app, &phone).await);
        assert!(is_open(&app, &desk).await && is_open(&app, &noors).await);
        sign_out(&app, desk.token.expose()).await.unwrap();
        sign_out(&app, desk.token.expose()).await.unwrap();
        assert!(!is_open(&app, &desk).await);
        let kinds = kinds(&app, team.kofi.organization_id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "session.ended").count(), 2);
    }
}

#[tokio::test]
async fn wrong_unknown_and_shut_out_get_one_answer() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        crate::people::team::set_active(&app, &ada, team.noor.id, false).await.unwrap();
        let all = [(KOFI, "wrong password"), ("nobody@example.org", PASSWORD), (NOOR, PASSWORD)];
        for (email, password) in all.into_iter().chain([("not an address", PASSWORD)]) {
            let answer = sign_in(&app, with(email, password)).await;
            assert_eq!(refusal(answer), "sign-in-wrong", "{email}");
        }
    }
}

/// Signs in until the door stays shut, waiting as told in between.
async fn guess_until_shut(app: &TestApp, email: &str) -> Vec<u64> {
    let mut waits = Vec::new();
    loop {
        match sign_in(app, with(email, "a wrong guess")).await.unwrap_err() {
            Error::Invalid(_) => {}
            Error::TooMany { retry_after } => {
                waits.push(retry_after);
                if retry_after > 60 {
                    return waits;
                }
                app.advance(Duration::from_secs(retry_after));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn whoever_guesses_waits_and_then_stands_before_a_shut_door() {
    for app in apps().await {
        Team::on(&app).await;
        for email in [KOFI, "nobody@example.org"] {
            assert_eq!(guess_until_shut(&app, email).await, [1, 3, 10, 900 - 14]);
            let right = sign_in(&app, with(email, PASSWORD)).await;
            assert_eq!(refusal(right), "too-many", "not even with the right one");
        }
        // It was about Kofi, so nobody else minds.
        signed_in(&app, NOOR).await;
        // Knocking does not keep the door shut.
        app.advance(QUARTER.saturating_sub(Duration::from_secs(28)));
        signed_in(&app, KOFI).await;
        // And once he is in, earlier failures are forgotten.
        refusal(sign_in(&app, with(KOFI, "a wrong guess")).await);
        signed_in(&app, KOFI).await;
        for _ in 0..2 {
            let wrong = sign_in(&app, with(KOFI, "a wrong guess")).await;
            assert_eq!(refusal(wrong), "sign-in-wrong");
        }
    }
}

#[tokio::test]
async fn one_network_address_does_not_try_everybody() {
    for app in apps().await {
        Team::on(&app).await;
        // Signing in as herself in between does not open the door again.
        for number in 0..30 {
            let wrong = sign_in(&app, with(&format!("p{number}@example.org"), "a wrong guess"));
            assert_eq!(refusal(wrong.await), "sign-in-wrong");
            if number == 15 {
                signed_in(&app, NOOR).await;
            }
        }
        assert_eq!(refusal(sign_in(&app, with(NOOR, PASSWORD)).await), "too-many");
        let elsewhere = SignIn { address: "2001:db8::1".parse().unwrap(), ..with(NOOR, PASSWORD) };
        sign_in(&app, elsewhere).await.unwrap();
        app.advance(QUARTER);
        signed_in(&app, NOOR).await;
    }
}

#[tokio::test]
async fn guesses_that_come_at_once_on_two_nodes_count_together() {
    for app in apps().await {
        Team::on(&app).await;
        let other = app.second_node().await;
        let guesses = (0..16).map(|number| {
            let node = if number % 2 == 0 { app.app.clone() } else { other.clone() };
            tokio::spawn(async move { sign_in(&node, with(KOFI, "a wrong guess")).await })
        });
        let mut verified = 0;
        for guess in guesses.collect::<Vec<_>>() {
            verified += usize::from(refusal(guess.await.unwrap()) == "sign-in-wrong");
        }
        assert!(verified <= 2, "{verified} guesses in one moment");
    }
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let (here, there) = (signed_in(&app, KOFI).await, signed_in(&app, KOFI).await);
        let kofi = caller(&app, &team.kofi).await;
        let new = Secret::new("a new password");
        let change = async |current: &str, new: &Secret| {
            let current = Secret::new(current);
            change_password(&app, &kofi, Some(here.session.id), &current, new).await
        };
        assert_eq!(refusal(change("not the current one", &new).await), "password-wrong");
        let own = Secret::new("kofi@example.org");
        assert_eq!(refusal(change(PASSWORD, &own).await), "password-is-yours");
        assert!(is_open(&app, &there).await);
        change(PASSWORD, &new).await.unwrap();
        assert!(is_open(&app, &here).await);
        assert!(!is_open(&app, &there).await);
        assert_eq!(refusal(sign_in(&app, with(KOFI, PASSWORD)).await), "sign-in-wrong");
        sign_in(&app, with(KOFI, "a new password")).await.unwrap();
        let token = Caller::Token {
            id: TokenId(Uuid::nil()),
            person: Some(team.kofi.id),
            organization: team.kofi.organization_id,
            grants: grants(Some(Role::Owner), &[]),
        };
        let script = change_password(&app, &token, None, &new, &Secret::new(PASSWORD)).await;
        assert_eq!(refusal(script), "denied-person-only");
    }
}

#[tokio::test]
async fn an_open_browser_is_no_place_to_guess_the_password() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let kofi = caller(&app, &team.kofi).await;
        let (guess, new) = (Secret::new("a wrong guess"), Secret::new("a new password"));
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(refusal(change_password(&app, &kofi, None, &guess, &new).await));
        }
        assert_eq!(answers, ["password-wrong", "password-wrong", "too-many"]);
    }
}

#[tokio::test]
async fn whoever_has_the_machine_resets_a_forgotten_password() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let open = signed_in(&app, ADA).await;
        guess_until_shut(&app, ADA).await;
        let new = Secret::new("a new password");
        let ada = caller(&app, &team.ada).await;
        assert_eq!(refusal(reset_password(&app, &ada, KOFI, &new).await), "denied-operator-only");
        let reset = reset_password(&app, &Caller::Operator, "ADA@example.org", &new).await;
        assert_eq!(reset.unwrap(), team.ada.id);
        assert!(!is_open(&app, &open).await);
        sign_in(&app, with(ADA, "a new password")).await.unwrap();
        let nobody = reset_password(&app, &Caller::Operator, "nobody@example.org", &new).await;
        assert_eq!(refusal(nobody), "not-found-person");
    }
}

/// A session that was opened with the old password, while it was being changed.
#[tokio::test]
async fn a_password_that_changes_while_it_is_verified_opens_nothing() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let other = app.second_node().await;
        let new = Secret::new("a new password");
        let (signed, reset) = tokio::join!(
            sign_in(&app, with(KOFI, PASSWORD)),
            reset_password(&other, &Caller::Operator, KOFI, &new),
        );
        reset.unwrap();
        if let Ok(signed) = signed {
            assert!(!is_open(&app, &signed).await);
        }
        let kofi = caller(&app, &team.kofi).await;
        assert!(list(&app, &kofi, &PageRequest::default()).await.unwrap().items.is_empty());
    }
}

/// Each takes the person before their tries and sessions. Taken in another order,
/// PostgreSQL gives one of them up.
#[tokio::test]
async fn signing_in_and_new_passwords_never_wait_for_each_other() {
    for app in apps().await {
        Team::on(&app).await;
        let other = app.second_node().await;
        let new = Secret::new(PASSWORD);
        for round in 0..8 {
            // What is left to tidy up: tries and sessions that are over.
            refusal(sign_in(&app, with(KOFI, "a wrong guess")).await);
            app.advance(QUARTER);
            let (kofis, noors, reset) = tokio::join!(
                sign_in(&app, with(KOFI, PASSWORD)),
                sign_in(&other, with(NOOR, PASSWORD)),
                reset_password(&other, &Caller::Operator, KOFI, &new),
            );
            let what = format!("round {round} on {}", app.db.engine());
            assert!(matches!(kofis, Ok(_) | Err(Error::Invalid(_))), "{what}: {kofis:?}");
            assert!(noors.is_ok(), "{what}: {noors:?}");
            assert!(reset.is_ok(), "{what}: {reset:?}");
        }
    }
}

/// The moment at which the two above met: one has the person, and wants the tries.
#[tokio::test]
async fn a_reset_takes_nothing_that_a_sign_in_under_way_still_wants() {
    for app in apps().await {
        let team = Team::on(&app).await;
        refusal(sign_in(&app, with(KOFI, "a wrong guess")).await);
        let mut tx = app.db.begin().await.unwrap();
        store::people::lock_hash(&mut tx, team.kofi.id).await.unwrap();
        let other = app.second_node().await;
        let reset = tokio::spawn(async move {
            let new = Secret::new("a new password");
            reset_password(&other, &Caller::Operator, KOFI, &new).await
        });
        if app.db.engine() == Engine::Postgres {
            const WAITS: &str = "select count(*) from pg_stat_activity \
                where datname = current_database() and wait_event_type = 'Lock'";
            while app.db.read().await.unwrap().sql(WAITS).scalar::<i64>().await != Ok(1) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        throttle::forget(&mut tx, KOFI).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(reset.await.unwrap().unwrap(), team.kofi.id, "{}", app.db.engine());
    }
}

#[tokio::test]
async fn each_is_spoken_to_in_their_own_language() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let kofi = caller(&app, &team.kofi).await;
        for _ in 0..2 {
            change_language(&app, &kofi, Language::French).await.unwrap();
        }
        let signed = signed_in(&app, KOFI).await;
        assert_eq!(signed.person.language, Language::French);
        let kinds = kinds(&app, team.kofi.organization_id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "person.language_set").count(), 1);
    }
}

#[tokio::test]
async fn a_browsers_name_for_itself_is_cut_short() {
    for app in apps().await {
        Team::on(&app).await;
        let user_agent = format!("Fire\u{1b}fox\n{}", "é".repeat(500));
        let signed = sign_in(&app, SignIn { user_agent, ..with(KOFI, PASSWORD) }).await.unwrap();
        assert_eq!(signed.session.user_agent.chars().count(), 200);
        assert!(signed.session.user_agent.starts_with("Firefoxé"));
        assert_ne!(signed.session.id, SessionId(Uuid::nil()));
    }
}
