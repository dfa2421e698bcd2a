//! Ada's channel is asked about; what went out for another's is not told.

use std::sync::Arc;
use std::time::Duration;

use bellwether_base::{ChannelId, PageRequest};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::networks::http::{Call, Observer as _, OnBehalf, Trouble};
use crate::testing::{TestApp, apps};
use crate::workspaces::Founding;
use crate::{Denied, workspaces};

/// A call as the client tells of it.
fn call(path: &str, status: Option<u16>, on_behalf: Option<OnBehalf>) -> Call {
    Call {
        method: "POST".parse().unwrap(),
        host: "pds.example".into(),
        path: path.into(),
        status: status.map(|status| status.try_into().unwrap()),
        millis: 12,
        trouble: status.is_none().then_some(Trouble::Timeout),
        on_behalf,
    }
}

async fn brand(app: &TestApp) -> WorkspaceId {
    let by = bellwether_base::PersonId::new(&app.clock, &*app.rng);
    let founding = Founding::new("Maison", "Maison Lune", "Europe/Paris").unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let workspace = workspaces::found(app, &mut tx, by, founding).await.unwrap().id;
    tx.commit().await.unwrap();
    workspace
}

async fn channel(app: &TestApp, workspace: WorkspaceId) -> ChannelId {
    crate::channels::tests::insert(app, workspace, "ada").await
}

#[tokio::test]
async fn a_channel_shows_its_own_calls_newest_first_page_by_page() {
    for app in apps().await {
        let (workspace, other) = (brand(&app).await, brand(&app).await);
        let (ada, noor) = (channel(&app, workspace).await, channel(&app, workspace).await);
        let on = |channel| Some(OnBehalf { workspace, channel });
        let (recorder, mut queue) = queue(Arc::new(app.clock.clone()), 10);
        for (path, status, whom) in [
            ("/one", Some(200), on(Some(ada))),
            ("/two", None, on(Some(ada))),
            ("/connecting", Some(200), on(None)),
            ("/noor", Some(200), on(Some(noor))),
            ("/nobody", Some(200), None),
            ("/three", Some(502), on(Some(ada))),
        ] {
            recorder.called(&call(path, status, whom));
            app.advance(Duration::from_millis(1));
        }
        queue.flush(&app).await;
        assert_eq!(recorder.lost(), 0);

        let mut page = PageRequest { after: None, limit: Some(2) };
        let first = of_channel(&app, &Caller::Operator, workspace, ada, &page).await.unwrap();
        let shown = |calls: &[NetworkCall]| -> Vec<(String, String)> {
            calls.iter().map(|call| (call.path.clone(), call.outcome())).collect()
        };
        let pair = |path: &str, outcome: &str| (path.to_owned(), outcome.to_owned());
        assert_eq!(shown(&first.items), [pair("/three", "502"), pair("/two", "timeout")]);
        page.after = first.next;
        let rest = of_channel(&app, &Caller::Operator, workspace, ada, &page).await.unwrap();
        assert_eq!(shown(&rest.items), [pair("/one", "200")]);
        assert!(rest.next.is_none());

        let elsewhere = of_channel(&app, &Caller::Operator, other, ada, &page).await;
        assert!(matches!(elsewhere, Err(Error::NotFound(_))), "{elsewhere:?}");
        let stranger = Caller::Person {
            id: bellwether_base::PersonId::new(&app.clock, &*app.rng),
            organization: bellwether_base::OrganizationId::new(&app.clock, &*app.rng),
            grants: Vec::new(),
        };
        let refused = of_channel(&app, &stranger, workspace, ada, &page).await;
        assert!(matches!(refused, Err(Error::NotFound(_) | Error::Denied(Denied { .. }))));
        assert_eq!(recent(&app).await.unwrap().len(), 6);
    }
}

#[tokio::test]
async fn a_queue_without_room_loses_notes_and_counts_them() {
    for app in apps().await {
        let (recorder, queue) = queue(Arc::new(app.clock.clone()), 3);
        for _ in 0..10 {
            recorder.called(&call("/many", Some(200), None));
        }
        assert_eq!(recorder.lost(), 7);
        // What is there when everything stops is still written.
        let stop = CancellationToken::new();
        stop.cancel();
        queue.run(&app, stop).await;
        assert_eq!(recent(&app).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn notes_are_written_while_calls_are_made() {
    for app in apps().await {
        let (recorder, queue) = queue(Arc::new(app.clock.clone()), 10);
        let stop = CancellationToken::new();
        let (product, until) = (app.app.clone(), stop.clone());
        let running = tokio::spawn(async move { queue.run(&product, until).await });
        recorder.called(&call("/now", Some(200), None));
        let mut found = Vec::new();
        for _ in 0..500 {
            found = recent(&app).await.unwrap();
            if !found.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(found.len(), 1);
        stop.cancel();
        running.await.unwrap();
    }
}

#[tokio::test]
async fn a_channels_calls_are_found_by_their_index() {
    for app in apps().await {
        let zero = "x'00000000000000000000000000000000'";
        let sql = store::OF_CHANNEL
            .replace("$1", zero)
            .replace("$2", zero)
            .replace("$3", "0")
            .replace("$4", zero)
            .replace("$5", "51");
        let mut tx = app.streams.read().await.unwrap();
        if tx.engine() != bellwether_db::Engine::Sqlite {
            continue;
        }
        let steps = tx.sql_owned(format!("explain query plan {sql}"));
        let steps = steps.all::<(i64, i64, i64, String)>().await.unwrap();
        let plan: Vec<_> = steps.into_iter().map(|(.., step)| step).collect();
        assert!(plan.join("\n").contains("network_calls_channel"), "{plan:?}");
    }
}
