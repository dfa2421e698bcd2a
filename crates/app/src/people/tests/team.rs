use super::*;
use crate::people::team::{displace, list, members, set_active, set_role};
use crate::testing::apps;

#[tokio::test]
async fn each_may_do_what_their_role_says_where_it_says_it() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ours = team.ada.organization_id;
        let [ada, noor, kofi] = [
            caller(&app, &team.ada).await,
            caller(&app, &team.noor).await,
            caller(&app, &team.kofi).await,
        ];
        assert!(ada.may(Permission::Override, ours, team.coffee.id).is_ok());
        assert!(noor.may(Permission::Read, ours, team.coffee.id).is_ok());
        assert!(noor.may(Permission::Write, ours, team.coffee.id).is_err());
        assert!(kofi.may(Permission::Write, ours, team.tea.id).is_ok());
        assert!(kofi.may(Permission::Publish, ours, team.tea.id).is_err());
        let coffee = workspaces::get(&app, &kofi, team.coffee.id).await;
        assert_eq!(refusal(coffee), "not-found-workspace");
        let seen = workspaces::list(&app, &kofi, &PageRequest::default()).await.unwrap();
        assert_eq!(seen.items, std::slice::from_ref(&team.tea));

        let tea = members(&app, &noor, team.tea.id, &PageRequest::default()).await.unwrap();
        let expected = Member { person: team.kofi.id, name: "Kofi".into(), role: Role::Writer };
        assert_eq!(tea.items, [expected]);
        displace(&app, &ada, team.tea.id, team.kofi.id).await.unwrap();
        assert_eq!(
            refusal(displace(&app, &ada, team.tea.id, team.kofi.id).await),
            "not-found-person"
        );
        let kofi = caller(&app, &team.kofi).await;
        assert!(kofi.may(Permission::Read, ours, team.tea.id).is_err());
    }
}

#[tokio::test]
async fn only_who_administers_changes_the_team() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let [ada, noor, kofi] = [
            caller(&app, &team.ada).await,
            caller(&app, &team.noor).await,
            caller(&app, &team.kofi).await,
        ];
        let new = || NewPerson {
            name: "Mallory".into(),
            email: "mallory@example.org".into(),
            password: Secret::new(PASSWORD),
            language: Language::English,
            role: Some(Role::Owner),
        };
        for caller in [&noor, &kofi] {
            assert_eq!(refusal(add(&app, caller, new()).await), "denied-person");
            assert_eq!(refusal(list(&app, caller, &PageRequest::default()).await), "denied-person");
            let placed = place(&app, caller, team.tea.id, team.kofi.id, Role::Admin).await;
            assert_eq!(refusal(placed), "denied-person");
            let role = set_role(&app, caller, team.kofi.id, Some(Role::Admin)).await;
            assert_eq!(refusal(role), "denied-person");
        }
        // Somebody who administers one brand administers that one.
        place(&app, &ada, team.tea.id, team.kofi.id, Role::Admin).await.unwrap();
        let kofi = caller(&app, &team.kofi).await;
        place(&app, &kofi, team.tea.id, team.noor.id, Role::Editor).await.unwrap();
        let coffee = place(&app, &kofi, team.coffee.id, team.kofi.id, Role::Editor).await;
        assert_eq!(refusal(coffee), "not-found-workspace");
        let owner = place(&app, &kofi, team.tea.id, team.kofi.id, Role::Owner).await;
        assert_eq!(refusal(owner), "role-owner-everywhere");
        assert_eq!(refusal(add(&app, &kofi, new()).await), "denied-person");

        let page = PageRequest { after: None, limit: Some(2) };
        let first = list(&app, &ada, &page).await.unwrap();
        let second = list(&app, &ada, &PageRequest { after: first.next, ..page }).await.unwrap();
        assert!(second.next.is_none());
        let mut names: Vec<_> =
            first.items.iter().chain(&second.items).map(|person| person.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Ada Park", "Kofi", "Noor"]);
    }
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        let twin = NewPerson {
            name: "Another Kofi".into(),
            email: "KOFI@example.org ".into(),
            password: Secret::new(PASSWORD),
            language: Language::English,
            role: None,
        };
        assert_eq!(refusal(add(&app, &ada, twin).await), "email-taken");
    }
}

#[tokio::test]
async fn only_owners_make_and_unmake_owners() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        set_role(&app, &ada, team.noor.id, Some(Role::Admin)).await.unwrap();
        let noor = caller(&app, &team.noor).await;
        let own = set_role(&app, &noor, team.noor.id, Some(Role::Owner)).await;
        assert_eq!(refusal(own), "denied-owner-only");
        let demoted = set_role(&app, &noor, team.ada.id, Some(Role::Analyst)).await;
        assert_eq!(refusal(demoted), "denied-owner-only");
        assert_eq!(refusal(set_active(&app, &noor, team.ada.id, false).await), "denied-owner-only");
        let friend = NewPerson {
            name: "Friend".into(),
            email: "friend@example.org".into(),
            password: Secret::new(PASSWORD),
            language: Language::English,
            role: Some(Role::Owner),
        };
        assert_eq!(refusal(add(&app, &noor, friend).await), "denied-owner-only");
        // Below that, an admin does as they like.
        set_role(&app, &noor, team.kofi.id, Some(Role::Editor)).await.unwrap();
        set_role(&app, &ada, team.noor.id, Some(Role::Owner)).await.unwrap();
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        assert_eq!(refusal(set_role(&app, &ada, team.ada.id, None).await), "last-owner");
        assert_eq!(refusal(set_active(&app, &ada, team.ada.id, false).await), "last-owner");
        // Two owners who demote each other at once do not leave nobody.
        let other = app.second_node().await;
        for _ in 0..10 {
            for person in [&team.ada, &team.noor] {
                let owner = Some(Role::Owner);
                set_role(&app, &Caller::Operator, person.id, owner).await.unwrap();
                set_active(&other, &Caller::Operator, person.id, true).await.unwrap();
            }
            let noor = caller(&app, &team.noor).await;
            let (one, two) = tokio::join!(
                set_role(&app, &ada, team.noor.id, Some(Role::Admin)),
                set_role(&other, &noor, team.ada.id, Some(Role::Admin)),
            );
            assert!(one.is_ok() != two.is_ok());
        }
    }
}

#[tokio::test]
async fn somebody_who_leaves_is_out_at_once() {
    for app in apps().await {
        let team = Team::on(&app).await;
        let ada = caller(&app, &team.ada).await;
        let open = signed_in(&app, KOFI).await;
        set_active(&app, &ada, team.kofi.id, false).await.unwrap();
        assert!(session_caller(&app, open.token.expose()).await.unwrap().is_none());
        assert_eq!(refusal(sign_in(&app, with(KOFI, PASSWORD)).await), "sign-in-wrong");
        set_active(&app, &ada, team.kofi.id, true).await.unwrap();
        assert!(session_caller(&app, open.token.expose()).await.unwrap().is_none());
        signed_in(&app, KOFI).await;
    }
}

#[tokio::test]
async fn events_name_people_by_id_and_by_nothing_else() {
    for app in apps().await {
        let team = Team::on(&app).await;
        signed_in(&app, KOFI).await;
        let ada = caller(&app, &team.ada).await;
        set_role(&app, &ada, team.noor.id, Some(Role::Editor)).await.unwrap();
        let events = happened(&app, team.ada.organization_id).await;
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "organization.founded",
                "person.added",
                "person.added",
                "person.added",
                "member.placed",
                "session.started",
                "person.role_set",
            ]
        );
        let told = format!("{events:?}").to_lowercase();
        for private in ["ada", "noor", "kofi", "example.org", "correct horse", "192.0.2"] {
            assert!(!told.contains(private), "{private}");
        }
        assert_eq!(events[1].actor_kind, "operator");
        assert_eq!(events[2].actor_id, Some(team.ada.id.0));
        assert_eq!(events[2].subject, Some(("person".into(), team.noor.id.0)));
    }
}
