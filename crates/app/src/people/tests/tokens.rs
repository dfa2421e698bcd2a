use std::time::Duration;

use super::*;
use crate::people::team::{set_active, set_role};
use crate::people::tokens::{NewToken, create, list, revoke, scopes};
use crate::testing::apps;

fn new(name: &str, scopes: &[Permission]) -> NewToken {
    NewToken { name: name.into(), workspace: None, scopes: scopes.to_vec(), expires_at: None }
}

const READ_WRITE: [Permission; 2] = [Permission::Write, Permission::Read];

#[tokio::test]
async fn a_token_does_what_its_scopes_say_where_they_say_it() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ours = team.ada.organization_id;
        let ada = caller(&app, &team.ada).await;
        let here = NewToken { workspace: Some(team.tea.id), ..new("robot", &READ_WRITE) };
        let (token, secret) = create(&app, &ada, here).await.unwrap();
        assert_eq!(secret.expose().len(), 46);
        assert!(secret.expose().starts_with(&token.prefix) && token.prefix.len() == 9);
        assert_eq!(token.scopes, [Permission::Read, Permission::Write]);

        let robot = token_caller(&app, secret.expose()).await.unwrap().unwrap();
        assert_eq!(robot.person(), Some(team.ada.id));
        assert!(robot.may(Permission::Write, ours, team.tea.id).is_ok());
        assert!(robot.may(Permission::Publish, ours, team.tea.id).is_err());
        assert!(robot.may(Permission::Read, ours, team.coffee.id).is_err());
        assert!(robot.may_everywhere(Permission::Read, ours).is_err());
        let made = create(&app, &robot, new("child", &READ_WRITE)).await;
        assert_eq!(refusal(made), "denied-token");

        for wrong in [&secret.expose()[1..], "bw_", &secret.expose()[..45], &token.prefix] {
            assert!(token_caller(&app, wrong).await.unwrap().is_none());
        }
        assert!(session_caller(&app, secret.expose()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn nobody_makes_a_token_that_may_more_than_they_may() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let [ada, noor, kofi] = [
            caller(&app, &team.ada).await,
            caller(&app, &team.noor).await,
            caller(&app, &team.kofi).await,
        ];
        let read = [Permission::Read];
        assert_eq!(refusal(create(&app, &noor, new("spy", &read)).await), "denied-person");
        let here = || NewToken { workspace: Some(team.tea.id), ..new("spy", &read) };
        assert_eq!(refusal(create(&app, &kofi, here()).await), "denied-person");
        place(&app, &ada, team.tea.id, team.kofi.id, Role::Admin).await.unwrap();
        let kofi = caller(&app, &team.kofi).await;
        create(&app, &kofi, here()).await.unwrap();
        assert_eq!(refusal(create(&app, &kofi, new("spy", &read)).await), "denied-person");
        let there = NewToken { workspace: Some(team.coffee.id), ..here() };
        assert_eq!(refusal(create(&app, &kofi, there).await), "not-found-workspace");

        let admin = new("admin", &[Permission::Administer]);
        let (_, secret) = create(&app, &ada, admin).await.unwrap();
        let script = token_caller(&app, secret.expose()).await.unwrap().unwrap();
        assert_eq!(refusal(create(&app, &script, new("more", &read)).await), "denied-token");
        create(&app, &script, new("same", &[Permission::Administer])).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_shrinks_with_its_maker_and_goes_with_them() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ours = team.ada.organization_id;
        let ada = caller(&app, &team.ada).await;
        set_role(&app, &ada, team.noor.id, Some(Role::Admin)).await.unwrap();
        let noor = caller(&app, &team.noor).await;
        let (_, secret) = create(&app, &noor, new("robot", &Permission::ALL)).await.unwrap();
        let robot = async || token_caller(&app, secret.expose()).await.unwrap();
        assert!(robot().await.unwrap().may_everywhere(Permission::Publish, ours).is_ok());
        set_role(&app, &ada, team.noor.id, Some(Role::Writer)).await.unwrap();
        let shrunk = robot().await.unwrap();
        assert!(shrunk.may_everywhere(Permission::Write, ours).is_ok());
        assert!(shrunk.may_everywhere(Permission::Publish, ours).is_err());
        set_active(&app, &ada, team.noor.id, false).await.unwrap();
        assert_eq!(robot().await, None);
    }
}

#[tokio::test]
async fn a_token_ends_when_it_was_said_to_and_when_it_is_revoked() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        let hour = Duration::from_hours(1);
        let until = NewToken { expires_at: Some(app.now() + hour), ..new("short", &READ_WRITE) };
        let (_, short) = create(&app, &ada, until).await.unwrap();
        let (long, secret) = create(&app, &ada, new("long", &READ_WRITE)).await.unwrap();
        app.advance(hour);
        assert!(token_caller(&app, short.expose()).await.unwrap().is_none());
        assert!(token_caller(&app, secret.expose()).await.unwrap().is_some());

        let noor = caller(&app, &team.noor).await;
        assert_eq!(refusal(revoke(&app, &noor, long.id).await), "not-found-token");
        for _ in 0..2 {
            revoke(&app, &ada, long.id).await.unwrap();
        }
        assert!(token_caller(&app, secret.expose()).await.unwrap().is_none());
        let nothing = TokenId(Uuid::nil());
        assert_eq!(refusal(revoke(&app, &ada, nothing).await), "not-found-token");
        let kinds = kinds(&app, team.ada.organization_id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "token.revoked").count(), 1);
    }
}

#[tokio::test]
async fn tokens_are_listed_with_when_they_were_used_and_without_their_secret() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        let here = NewToken { workspace: Some(team.tea.id), ..new("here", &READ_WRITE) };
        let (here, _) = create(&app, &ada, here).await.unwrap();
        app.advance(Duration::from_secs(1));
        let (all, secret) = create(&app, &ada, new("all", &READ_WRITE)).await.unwrap();
        let first_use = app.now();
        for _ in 0..3 {
            token_caller(&app, secret.expose()).await.unwrap().unwrap();
            app.advance(Duration::from_mins(3));
        }
        let page = PageRequest { after: None, limit: Some(1) };
        let first = list(&app, &ada, None, &page).await.unwrap();
        assert_eq!(first.items, std::slice::from_ref(&here));
        let second =
            list(&app, &ada, None, &PageRequest { after: first.next, ..page }).await.unwrap();
        assert_eq!(second.items, [Token { last_used_at: Some(first_use), ..all }]);
        let shown = serde_json::to_string(&second).unwrap();
        assert!(!shown.contains(secret.expose()) && shown.contains(r#""scopes":["read","write"]"#));
        let tea = list(&app, &ada, Some(team.tea.id), &PageRequest::default()).await.unwrap();
        assert_eq!(tea.items, [here]);
        app.advance(Duration::from_mins(1));
        token_caller(&app, secret.expose()).await.unwrap().unwrap();
        let again = list(&app, &ada, None, &PageRequest::default()).await.unwrap();
        assert_eq!(again.items[1].last_used_at, Some(first_use + Duration::from_mins(10)));
    }
}

#[tokio::test]
async fn whoever_has_the_machine_makes_tokens_too() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let (token, secret) =
            create(&app, &Caller::Operator, new("cli", &Permission::ALL)).await.unwrap();
        assert_eq!(token.created_by, None);
        let cli = token_caller(&app, secret.expose()).await.unwrap().unwrap();
        assert!(cli.may_everywhere(Permission::Administer, team.ada.organization_id).is_ok());
    }
}

#[tokio::test]
async fn a_token_makes_sense_when_it_is_made() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        assert_eq!(refusal(create(&app, &ada, new(" ", &READ_WRITE)).await), "name-missing");
        assert_eq!(refusal(create(&app, &ada, new("x", &[])).await), "token-without-scopes");
        let past = NewToken { expires_at: Some(app.now()), ..new("x", &READ_WRITE) };
        assert_eq!(refusal(create(&app, &ada, past).await), "token-over-already");
        assert_eq!(
            scopes(["read", "channels"]).unwrap(),
            [Permission::Read, Permission::ManageChannels]
        );
        assert_eq!(refusal(scopes(["read", "everything"])), "token-unknown-scope");
    }
}
