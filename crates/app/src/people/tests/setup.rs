use std::time::Duration;

use super::*;
use crate::people::setup::check_link;
use crate::testing::apps;

#[tokio::test]
async fn the_link_makes_organization_owner_and_workspace_once() {
    for app in apps().await {
        let link = setup_link(&app).await.unwrap().unwrap();
        check_link(&app, link.expose()).await.unwrap();
        let owned = set_up_owner(&app, link.expose(), new_owner()).await.unwrap();
        assert_eq!(owned.person.email, ADA);
        assert_eq!(owned.person.role, Some(Role::Owner));
        let ada = signed_in(&app, ADA).await;
        assert_eq!(ada.person, owned.person);
        let ada = session_caller(&app, ada.token.expose()).await.unwrap().unwrap().caller;
        let tea = workspaces::get(&app, &ada, owned.workspace.id).await.unwrap();
        assert_eq!((tea.name.as_str(), tea.time_zone.as_str()), ("Larch Tea", "Asia/Seoul"));
        ada.may_everywhere(Permission::Administer, tea.organization_id).unwrap();

        assert_eq!(refusal(check_link(&app, link.expose()).await), "setup-link-used");
        let again = set_up_owner(&app, link.expose(), new_owner()).await;
        assert_eq!(refusal(again), "setup-link-used");
        assert!(setup_link(&app).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn of_all_links_one_is_used() {
    for app in apps().await {
        let first = setup_link(&app).await.unwrap().unwrap();
        let second = setup_link(&app).await.unwrap().unwrap();
        set_up_owner(&app, first.expose(), new_owner()).await.unwrap();
        assert_eq!(refusal(check_link(&app, second.expose()).await), "setup-already-done");
        let late = set_up_owner(&app, second.expose(), new_owner()).await;
        assert_eq!(refusal(late), "setup-already-done");
        let operator = create_owner(&app, &Caller::Operator, new_owner()).await;
        assert_eq!(refusal(operator), "setup-already-done");
        let guess = set_up_owner(&app, "0", new_owner()).await;
        assert_eq!(refusal(guess), "not-found-setup-link");
    }
}

#[tokio::test]
async fn a_link_ends_after_a_day_or_when_there_is_a_newer_one() {
    for app in apps().await {
        let expired = "setup-link-expired";
        let first = setup_link(&app).await.unwrap().unwrap();
        let moment = Duration::from_millis(1);
        app.advance(LINK_LASTS.saturating_sub(moment));
        check_link(&app, first.expose()).await.unwrap();
        app.advance(moment);
        assert_eq!(refusal(check_link(&app, first.expose()).await), expired);
        let late = set_up_owner(&app, first.expose(), new_owner()).await;
        assert_eq!(refusal(late), expired);

        let second = setup_link(&app).await.unwrap().unwrap();
        check_link(&app, second.expose()).await.unwrap();
        app.advance(moment);
        let third = setup_link(&app).await.unwrap().unwrap();
        assert_eq!(refusal(check_link(&app, second.expose()).await), expired);
        let void = set_up_owner(&app, second.expose(), new_owner()).await;
        assert_eq!(refusal(void), expired);
        set_up_owner(&app, third.expose(), new_owner()).await.unwrap();
        assert_eq!(refusal(check_link(&app, second.expose()).await), "setup-already-done");
    }
}

#[tokio::test]
async fn of_owners_that_come_at_once_one_is_made() {
    for app in apps().await {
        let other = app.second_node().await;
        let first = setup_link(&app).await.unwrap().unwrap();
        let second = setup_link(&other).await.unwrap().unwrap();
        let (one, two, three, four) = tokio::join!(
            set_up_owner(&app, first.expose(), new_owner()),
            set_up_owner(&other, second.expose(), new_owner()),
            create_owner(&app, &Caller::Operator, new_owner()),
            create_owner(&other, &Caller::Operator, new_owner()),
        );
        let made: Vec<_> = [one, two, three, four].into_iter().filter_map(Result::ok).collect();
        assert_eq!(made.len(), 1);
        let all = workspaces::list(&app, &Caller::Operator, &PageRequest::default()).await;
        assert_eq!(all.unwrap().items, [made[0].workspace.clone()]);
    }
}

#[tokio::test]
async fn a_link_that_is_opened_twice_at_once_is_used_once() {
    for app in apps().await {
        let other = app.second_node().await;
        let link = setup_link(&app).await.unwrap().unwrap();
        let (one, two) = tokio::join!(
            set_up_owner(&app, link.expose(), new_owner()),
            set_up_owner(&other, link.expose(), new_owner()),
        );
        assert!(one.is_ok() != two.is_ok());
        let refused = if one.is_err() { one } else { two };
        assert_eq!(refusal(refused), "setup-link-used");
    }
}

#[tokio::test]
async fn set_up_is_all_or_nothing() {
    for app in apps().await {
        let link = setup_link(&app).await.unwrap().unwrap();
        let set_up = async |change: fn(&mut NewOwner)| {
            let mut new = new_owner();
            change(&mut new);
            refusal(set_up_owner(&app, link.expose(), new).await)
        };
        assert_eq!(set_up(|new| new.password = Secret::new("short")).await, "password-too-short");
        assert_eq!(set_up(|new| new.email = "ada".into()).await, "email-unfit");
        assert_eq!(set_up(|new| new.name = " ".into()).await, "name-missing");
        assert_eq!(set_up(|new| new.organization = String::new()).await, "workspace-name-missing");
        assert_eq!(set_up(|new| new.time_zone = "Moon".into()).await, "time-zone-unknown");
        // The link is still good, and nothing is there.
        let all = workspaces::list(&app, &Caller::Operator, &PageRequest::default()).await;
        assert!(all.unwrap().items.is_empty());
        set_up_owner(&app, link.expose(), new_owner()).await.unwrap();
    }
}

#[tokio::test]
async fn only_who_has_the_machine_makes_an_owner_without_a_link() {
    for app in apps().await {
        let made = create_owner(&app, &Caller::Worker, new_owner()).await;
        assert_eq!(refusal(made), "denied-operator-only");
    }
}
