use bellwether_base::uuid::Uuid;
use bellwether_base::{OrganizationId, PageRequest, PersonId};

use super::*;
use crate::testing::{TestApp, apps, plan};
use crate::{Grant, Permission};

/// An organization with two brands, and a person with `grants` on them.
async fn agency(app: &TestApp, workspaces: &[&str]) -> (OrganizationId, Vec<WorkspaceId>) {
    let by = PersonId::new(&app.clock, &*app.rng);
    let founding = Founding::new("Agency", workspaces[0], "Europe/Paris").unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let first = found(app, &mut tx, by, founding).await.unwrap();
    tx.commit().await.unwrap();
    let mut ids = vec![first.id];
    for name in &workspaces[1..] {
        let new = NewWorkspace { name: (*name).into(), time_zone: "UTC".into() };
        let ada = everywhere(first.organization_id, &Permission::ALL);
        ids.push(create(app, &ada, new).await.unwrap().id);
    }
    (first.organization_id, ids)
}

fn everywhere(organization: OrganizationId, permissions: &[Permission]) -> Caller {
    person(organization, vec![Grant { workspace: None, permissions: permissions.to_vec() }])
}

fn person(organization: OrganizationId, grants: Vec<Grant>) -> Caller {
    Caller::Person { id: PersonId(Uuid::from_u128(7)), organization, grants }
}

fn key(error: Error) -> String {
    match error {
        Error::NotFound(say) | Error::Invalid(say) | Error::Conflict(say) => say.key,
        Error::Denied(denied) => denied.say.key,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_workspace_that_one_may_not_read_does_not_exist() {
    for app in apps().await {
        let (ours, ids) = agency(&app, &["Tea", "Coffee"]).await;
        let read = |workspace| Grant { workspace, permissions: vec![Permission::Read] };
        let kofi = person(ours, vec![read(Some(ids[0]))]);
        assert_eq!(get(&app, &kofi, ids[0]).await.unwrap().name, "Tea");
        assert_eq!(key(get(&app, &kofi, ids[1]).await.unwrap_err()), "not-found-workspace");

        let stranger = everywhere(OrganizationId(Uuid::from_u128(9)), &Permission::ALL);
        assert_eq!(key(get(&app, &stranger, ids[0]).await.unwrap_err()), "not-found-workspace");
        assert_eq!(
            key(rename(&app, &stranger, ids[0], "Mine").await.unwrap_err()),
            "not-found-workspace"
        );
        assert_eq!(key(rename(&app, &kofi, ids[0], "Mine").await.unwrap_err()), "denied-person");
        assert_eq!(key(rename(&app, &kofi, ids[1], "x").await.unwrap_err()), "not-found-workspace");
        let nowhere = WorkspaceId(Uuid::from_u128(1));
        let operator = get(&app, &Caller::Operator, nowhere).await;
        assert_eq!(key(operator.unwrap_err()), "not-found-workspace");
    }
}

#[tokio::test]
async fn each_sees_their_own_workspaces_page_by_page() {
    for app in apps().await {
        let names: Vec<_> = (0..60).map(|number| format!("Brand {number}")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let (ours, ids) = agency(&app, &names).await;
        let mut sorted = ids.clone();
        sorted.sort_unstable();

        let noor_reads: Vec<_> = sorted.iter().copied().step_by(2).collect();
        let grant =
            |id: &WorkspaceId| Grant { workspace: Some(*id), permissions: vec![Permission::Read] };
        let noor = person(ours, noor_reads.iter().rev().map(grant).collect());
        let ada = everywhere(ours, &Permission::ALL);
        let stranger = everywhere(OrganizationId(Uuid::from_u128(9)), &Permission::ALL);
        let blind = Grant { workspace: Some(ids[0]), permissions: vec![Permission::Publish] };
        for (caller, expected) in [
            (&Caller::Operator, &sorted),
            (&ada, &sorted),
            (&noor, &noor_reads),
            (&stranger, &vec![]),
            (&person(ours, vec![]), &vec![]),
            (&person(ours, vec![blind]), &vec![]),
        ] {
            let (mut seen, mut page) = (Vec::new(), PageRequest { after: None, limit: Some(28) });
            loop {
                let this = list(&app, caller, &page).await.unwrap();
                assert!(this.items.len() <= 28);
                seen.extend(this.items.into_iter().map(|workspace| workspace.id));
                page.after = this.next;
                if page.after.is_none() {
                    break;
                }
            }
            assert_eq!(&seen, expected);
        }
        let page =
            PageRequest { after: Some(bellwether_base::Cursor::from_text("?")), limit: None };
        assert_eq!(key(list(&app, &ada, &page).await.unwrap_err()), "cursor-unknown");
    }
}

#[tokio::test]
async fn only_who_administers_makes_and_changes_workspaces() {
    for app in apps().await {
        let (ours, ids) = agency(&app, &["Tea"]).await;
        let ada = everywhere(ours, &Permission::ALL);
        let editor = everywhere(ours, &[Permission::Read, Permission::Write, Permission::Publish]);
        let here = vec![Grant { workspace: Some(ids[0]), permissions: Permission::ALL.into() }];
        let admin_here = person(ours, here);
        let new = || NewWorkspace { name: "Mate".into(), time_zone: "america/montevideo".into() };
        for caller in [&editor, &admin_here] {
            assert_eq!(key(create(&app, caller, new()).await.unwrap_err()), "denied-person");
        }
        let mate = create(&app, &ada, new()).await.unwrap();
        assert_eq!(mate.time_zone, "America/Montevideo");
        assert_eq!(get(&app, &ada, mate.id).await.unwrap(), mate);

        assert_eq!(rename(&app, &admin_here, ids[0], " Thé ").await.unwrap().name, "Thé");
        assert_eq!(get(&app, &ada, ids[0]).await.unwrap().name, "Thé");
        let zone = set_time_zone(&app, &admin_here, ids[0], "Asia/Tokyo").await.unwrap();
        assert_eq!(get(&app, &ada, ids[0]).await.unwrap(), zone);
        let wrong = set_time_zone(&app, &ada, ids[0], "Mars/Olympus").await.unwrap_err();
        assert_eq!(key(wrong), "time-zone-unknown");

        let mut tx = app.db.read().await.unwrap();
        let scope = Scope::Workspace(ids[0]);
        let events = crate::events::after(&mut tx, scope, 0, 10).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["workspace.created", "workspace.renamed", "workspace.zone_set"]);
    }
}

#[tokio::test]
async fn without_an_organization_there_is_nothing_to_do_yet() {
    for app in apps().await {
        let new = NewWorkspace { name: "Tea".into(), time_zone: "UTC".into() };
        let early = create(&app, &Caller::Operator, new).await;
        assert_eq!(key(early.unwrap_err()), "not-set-up");
    }
}

#[tokio::test]
async fn a_list_is_read_in_the_order_of_an_index() {
    for app in apps().await {
        let Some(plan) = plan(&app, store::LIST_OF).await else { continue };
        assert!(plan.contains("(organization_id=? AND id>?)"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[tokio::test]
async fn what_happened_in_the_organization_is_for_who_administers_all_of_it() {
    for app in apps().await {
        let (ours, ids) = agency(&app, &["Tea"]).await;
        let mut tx = app.db.begin().await.unwrap();
        for kind in ["person.added", "person.left", "token.made"] {
            tx.record(NewEvent {
                scope: Scope::Organization(ours),
                kind,
                subject: None,
                actor: Caller::Operator.actor(),
                data: json!({}),
            });
        }
        tx.commit().await.unwrap();
        let ada = everywhere(ours, &Permission::ALL);
        for caller in [&ada, &Caller::Operator] {
            let found = happened(&app, caller, Stage::Organization, 1, 1).await.unwrap();
            let found: Vec<_> = found.iter().map(|event| (event.seq, &*event.kind)).collect();
            assert_eq!(found, [(2, "person.left")]);
            assert_eq!(newest(&app, caller, Stage::Organization).await.unwrap(), 3);
        }
        // Whoever may do everything in one brand only, or may only read, does not learn of it.
        let here = vec![Grant { workspace: Some(ids[0]), permissions: Permission::ALL.into() }];
        let admin_here = person(ours, here);
        for caller in [&admin_here, &everywhere(ours, &[Permission::Read, Permission::Publish])] {
            let kept = happened(&app, caller, Stage::Organization, 0, 9).await.unwrap_err();
            assert_eq!(key(kept), "denied-person");
            let kept = newest(&app, caller, Stage::Organization).await.unwrap_err();
            assert_eq!(key(kept), "denied-person");
        }
        // And nobody of another organization sees ours.
        let elsewhere = OrganizationId::new(&app.clock, &*app.rng);
        let stranger = everywhere(elsewhere, &Permission::ALL);
        assert!(happened(&app, &stranger, Stage::Organization, 0, 9).await.unwrap().is_empty());
        let tea = Stage::Workspace(ids[0]);
        assert_eq!(happened(&app, &admin_here, tea, 0, 9).await.unwrap().len(), 1);
        assert_eq!(
            key(happened(&app, &stranger, tea, 0, 9).await.unwrap_err()),
            "not-found-workspace"
        );
    }
}
