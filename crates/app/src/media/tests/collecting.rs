use super::*;
use crate::media::collecting::Collected;

async fn is_there(app: &App, desk: &Desk, hash: &str) -> bool {
    let row = get(app, &desk.kofi, desk.tea, hash).await.is_ok();
    let file = source(app, desk.tea).read(hash).await.is_ok();
    assert_eq!(row, file, "row and file come and go together");
    row
}

#[tokio::test]
async fn what_nobody_needs_goes_after_a_day() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let (held, unheld) =
            (desk.store(&app, &picture(1)).await, desk.store(&app, &picture(2)).await);
        keep(&app, desk.tea, post(1), &held.hash).await.unwrap();
        keep(&app, desk.tea, post(2), &held.hash).await.unwrap();
        app.advance(DAY);
        assert_eq!(collect(&app).await.unwrap(), Collected { media: 0 });
        app.advance(Duration::from_millis(1));
        assert_eq!(collect(&app).await.unwrap(), Collected { media: 1 });
        assert!(!is_there(&app, &desk, &unheld.hash).await);
        assert!(is_there(&app, &desk, &held.hash).await);

        // The last one who lets go starts another day.
        app.advance(100 * DAY);
        let_go(&app, desk.tea, post(1)).await;
        app.advance(DAY * 2);
        assert_eq!(collect(&app).await.unwrap().media, 0);
        let_go(&app, desk.tea, post(2)).await;
        assert_eq!(collect(&app).await.unwrap().media, 0);
        app.advance(DAY * 2);
        assert_eq!(collect(&app).await.unwrap().media, 1);
        assert!(!is_there(&app, &desk, &held.hash).await);
        assert!(files_of(&app).is_empty());
        // It may come again.
        desk.store(&app, &picture(1)).await;
        assert!(is_there(&app, &desk, &held.hash).await);
    }
}

#[tokio::test]
async fn a_holder_holds_what_it_says_and_nothing_else() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let mut media = Vec::new();
        for width in 1..=3 {
            media.push(desk.store(&app, &picture(width)).await.hash);
        }
        let only = async |hashes: &[&String]| {
            let mut tx = app.db.begin().await.unwrap();
            hold_only(&app, &mut tx, desk.tea, post(1), hashes).await.unwrap();
            tx.commit().await.unwrap();
            let mut tx = app.db.read().await.unwrap();
            let mut held = store::held_by(&mut tx, desk.tea, post(1)).await.unwrap();
            held.sort_unstable();
            held
        };
        let sorted = |hashes: &[&String]| {
            let mut sorted: Vec<_> = hashes.iter().copied().cloned().collect();
            sorted.sort_unstable();
            sorted
        };
        let (one, two, three) = (&media[0], &media[1], &media[2]);
        assert_eq!(only(&[one, two, one]).await, sorted(&[one, two]));
        assert_eq!(only(&[three, two]).await, sorted(&[two, three]));
        // Somebody else's hold is their own.
        keep(&app, desk.tea, post(2), two).await.unwrap();
        assert!(only(&[]).await.is_empty());
        app.advance(DAY * 2);
        assert_eq!(collect(&app).await.unwrap().media, 2);
        assert!(is_there(&app, &desk, two).await);
        assert_eq!(refusal(keep(&app, desk.tea, post(3), one).await), "not-found-media");
    }
}

/// The one who holds comes first, but has not committed when collecting looks.
#[tokio::test]
async fn a_hold_that_is_under_way_keeps_its_medium() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let medium = desk.store(&app, &picture(1)).await;
        app.advance(DAY * 2);
        let other = app.second_node().await;

        let mut tx = app.db.begin().await.unwrap();
        hold(&app, &mut tx, desk.tea, post(1), [&medium.hash]).await.unwrap();
        let collecting = tokio::spawn(async move { collect(&other).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!collecting.is_finished(), "it waits for whoever holds");
        tx.commit().await.unwrap();
        assert_eq!(collecting.await.unwrap().unwrap().media, 0);
        assert!(is_there(&app, &desk, &medium.hash).await);
    }
}

/// Collecting comes first, but has not committed when somebody wants to hold.
#[tokio::test]
async fn what_is_being_removed_cannot_be_held() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let medium = desk.store(&app, &picture(1)).await;
        app.advance(DAY * 2);
        let other = app.second_node().await;

        let mut tx = app.db.begin().await.unwrap();
        let before = app.now() - UNUSED_FOR;
        assert_eq!(store::doom(&mut tx, before, app.now(), 10).await.unwrap(), 1);
        let (tea, hash) = (desk.tea, medium.hash.clone());
        let holding = tokio::spawn(async move { keep(&other, tea, post(1), &hash).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!holding.is_finished(), "they wait for whoever dooms");
        tx.commit().await.unwrap();
        assert_eq!(refusal(holding.await.unwrap()), "not-found-media");
        assert_eq!(refusal(get(&app, &desk.kofi, desk.tea, &medium.hash).await), "not-found-media");
    }
}

/// Between its two steps, and after a crash that took the file only.
#[tokio::test]
async fn a_new_upload_saves_what_is_doomed() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let medium = desk.store(&app, &picture(1)).await;
        for file_is_gone in [false, true] {
            app.advance(DAY * 2);
            let mut tx = app.db.begin().await.unwrap();
            let before = app.now() - UNUSED_FOR;
            store::doom(&mut tx, before, app.now(), 10).await.unwrap();
            tx.commit().await.unwrap();
            if file_is_gone {
                let hash = Hash::parse(&medium.hash).unwrap();
                Files::of(&app.media_dir, desk.tea).remove(&hash).await.unwrap();
            }
            desk.store(&app, &picture(1)).await;
            assert_eq!(collect(&app).await.unwrap().media, 0);
            assert!(is_there(&app, &desk, &medium.hash).await);
        }
    }
}

#[tokio::test]
async fn collecting_goes_on_where_a_crash_left_it() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let medium = desk.store(&app, &picture(1)).await;
        app.advance(DAY * 2);
        let mut tx = app.db.begin().await.unwrap();
        store::doom(&mut tx, app.now() - UNUSED_FOR, app.now(), 10).await.unwrap();
        tx.commit().await.unwrap();
        let hash = Hash::parse(&medium.hash).unwrap();
        Files::of(&app.media_dir, desk.tea).remove(&hash).await.unwrap();
        assert_eq!(collect(&app).await.unwrap().media, 1);
        let mut tx = app.db.read().await.unwrap();
        let rows: i64 = tx.sql("select count(*) from media").scalar().await.unwrap();
        assert_eq!(rows, 0);
    }
}

/// Everybody at once, many times: whoever was told that they hold it, has it.
#[tokio::test]
async fn whoever_holds_has_it_whatever_comes_in_between() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let other = app.second_node().await;
        for round in 0..12 {
            let medium = desk.store(&app, &picture(1)).await;
            app.advance(DAY * 2);
            let (collected, _, held, stored) = tokio::join!(
                collect(&other),
                collect(&app),
                keep(&app, desk.tea, post(round), &medium.hash),
                upload(&other, &desk.kofi, desk.tea, "", bytes(&picture(1))),
            );
            collected.unwrap();
            stored.unwrap();
            assert!(is_there(&app, &desk, &medium.hash).await, "it was just stored");
            if held.is_ok() {
                app.advance(DAY * 2);
                collect(&app).await.unwrap();
                assert!(is_there(&app, &desk, &medium.hash).await, "it is held");
                let_go(&app, desk.tea, post(round)).await;
            }
            app.advance(DAY * 2);
            assert_eq!(collect(&app).await.unwrap().media, 1);
        }
    }
}

#[tokio::test]
async fn what_a_dead_process_left_half_filled_is_swept_up() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let files = Files::of(&app.media_dir, desk.tea);
        let id = PersonId::new(&app.clock, &*app.rng).0;
        let mut incoming = files.begin(id).await.unwrap();
        incoming.append(b"half a pict").await.unwrap();
        // The process dies: nothing is cleaned up.
        std::mem::forget(incoming);
        let stranger = app.files().join("README");
        std::fs::write(&stranger, "not ours").unwrap();
        collect(&app).await.unwrap();
        assert_eq!(files_of(&app).len(), 2, "it may still be under way");
        app.advance(DAY * 2);
        collect(&app).await.unwrap();
        assert_eq!(files_of(&app), ["README"]);
    }
}
