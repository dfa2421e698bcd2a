use std::io::Cursor;
use std::time::Duration;

use ::image::{DynamicImage, ImageFormat};
use bellwether_base::OrganizationId;
use bellwether_base::uuid::Uuid;
use futures::stream;

use super::*;
use crate::Grant;
use crate::testing::{TestApp, apps, apps_with, plan};
use crate::workspaces::{self, Founding};

const DAY: Duration = Duration::from_hours(24);

/// Kofi, who writes for the first of two brands.
struct Desk {
    tea: WorkspaceId,
    coffee: WorkspaceId,
    kofi: Caller,
}

impl Desk {
    async fn on(app: &TestApp) -> Self {
        let kofi = PersonId::new(&app.clock, &*app.rng);
        let founding = Founding::new("Larch & Sons", "Larch Tea", "UTC").unwrap();
        let mut tx = app.db.begin().await.unwrap();
        let tea = workspaces::found(app, &mut tx, kofi, founding).await.unwrap();
        tx.sql(
            "insert into people (id, organization_id, email, name, password_hash, language,
                                 is_active, created_at)
             values ($1, $2, 'kofi@example.org', 'Kofi', '', 'en', true, 0)",
        )
        .bind(kofi)
        .bind(tea.organization_id)
        .execute()
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let new = workspaces::NewWorkspace { name: "Larch Coffee".into(), time_zone: "UTC".into() };
        let coffee = workspaces::create(app, &Caller::Operator, new).await.unwrap();
        let kofi = who(kofi, tea.organization_id, tea.id, &[Permission::Read, Permission::Write]);
        Self { tea: tea.id, coffee: coffee.id, kofi }
    }

    async fn store(&self, app: &App, picture: &[u8]) -> Medium {
        upload(app, &self.kofi, self.tea, "tea.png", bytes(picture)).await.unwrap()
    }

    fn noor(&self) -> Caller {
        let organization = self.kofi.organization().unwrap();
        who(PersonId(Uuid::nil()), organization, self.tea, &[Permission::Read])
    }
}

fn who(
    id: PersonId,
    organization: OrganizationId,
    workspace: WorkspaceId,
    may: &[Permission],
) -> Caller {
    let grants = vec![Grant { workspace: Some(workspace), permissions: may.to_vec() }];
    Caller::Person { id, organization, grants }
}

/// A picture that is `width` wide, which makes it another one.
fn picture(width: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let format = ImageFormat::Png;
    DynamicImage::new_rgb8(width, 20).write_to(&mut Cursor::new(&mut file), format).unwrap();
    file
}

/// As a browser sends it: in pieces.
fn bytes(file: &[u8]) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let pieces: Vec<_> = file.chunks(11).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

fn post(number: u128) -> Holder {
    Holder { kind: HolderKind::Post, id: Uuid::from_u128(number) }
}

async fn keep(app: &App, workspace: WorkspaceId, holder: Holder, hash: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    hold(app, &mut tx, workspace, holder, [hash]).await?;
    Ok(tx.commit().await?)
}

async fn let_go(app: &App, workspace: WorkspaceId, holder: Holder) {
    let mut tx = app.db.begin().await.unwrap();
    release(app, &mut tx, workspace, holder).await.unwrap();
    tx.commit().await.unwrap();
}

#[track_caller]
fn refusal<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result.unwrap_err() {
        Error::NotFound(say) | Error::Invalid(say) => say.key,
        Error::Denied(denied) => denied.say.key,
        other => panic!("{other:?}"),
    }
}

/// Every file below the media folder, without the folder's own name.
fn files_of(app: &TestApp) -> Vec<String> {
    fn walk(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(app.files(), &mut found);
    let name = |path: std::path::PathBuf| {
        path.strip_prefix(app.files()).unwrap().to_str().unwrap().to_owned()
    };
    let mut names: Vec<_> = found.into_iter().map(name).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_picture_is_stored_once_however_often_it_comes() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let file = picture(30);
        let first = desk.store(&app, &file).await;
        assert_eq!((first.facts.width, first.facts.height), (30, 20));
        assert_eq!(first.facts.bytes, file.len() as u64);
        assert_eq!((first.facts.mime.as_str(), first.name.as_str()), ("image/png", "tea.png"));
        assert_eq!(first.created_by, desk.kofi.person());

        app.advance(DAY);
        let again = upload(&app, &desk.kofi, desk.tea, "../again.png", bytes(&file)).await;
        assert_eq!(again.unwrap(), first);
        let hash = &first.hash;
        assert_eq!(files_of(&app), [format!("{}/{}/{hash}", desk.tea, &hash[..2])]);
        let (medium, read_back) = read(&app, &desk.kofi, desk.tea, hash).await.unwrap();
        assert_eq!((medium, &read_back[..]), (first, &file[..]));

        let mut tx = app.db.read().await.unwrap();
        let events = crate::events::after(&mut tx, Scope::Workspace(desk.tea), 0, 9).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["workspace.created", "media.stored"]);
    }
}

#[tokio::test]
async fn nobody_reaches_another_workspaces_media() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let medium = desk.store(&app, &picture(30)).await;
        let there = upload(&app, &desk.kofi, desk.coffee, "", bytes(&picture(30))).await;
        assert_eq!(refusal(there), "not-found-workspace");
        let noors = upload(&app, &desk.noor(), desk.tea, "", bytes(&picture(31))).await;
        assert_eq!(refusal(noors), "denied-person");
        get(&app, &desk.noor(), desk.tea, &medium.hash).await.unwrap();

        let operator = Caller::Operator;
        let elsewhere = read(&app, &operator, desk.coffee, &medium.hash).await;
        assert_eq!(refusal(elsewhere), "not-found-media");
        assert!(source(&app, desk.coffee).read(&medium.hash).await.unwrap_err().gone);
        assert_eq!(
            refusal(keep(&app, desk.coffee, post(1), &medium.hash).await),
            "not-found-media"
        );
        for wrong in ["", "..", "../../secret", &medium.hash.to_uppercase(), &medium.hash[1..]] {
            assert_eq!(refusal(get(&app, &operator, desk.tea, wrong).await), "not-found-media");
            assert!(source(&app, desk.tea).read(wrong).await.unwrap_err().gone);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_used_leaves_nothing_behind() {
    for app in apps_with(|parts| parts.settings.max_upload = 100_000).await {
        let desk = Desk::on(&app).await;
        let store = async |file: &[u8]| {
            refusal(upload(&app, &desk.kofi, desk.tea, "x.png", bytes(file)).await)
        };
        let whole = picture(300);
        assert_eq!(store(&whole[..whole.len() / 2]).await, "image-damaged");
        assert_eq!(store(b"hello, world").await, "image-not-an-image");
        assert_eq!(store(b"").await, "image-not-an-image");
        assert_eq!(store(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").await, "image-unsupported");
        // A few bytes that say they are 65,535 pixels wide and high.
        let bomb = b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x4c\x01\0;";
        assert_eq!(store(bomb).await, "image-too-many-pixels");
        assert_eq!(store(&vec![0; 100_001]).await, "media-too-large");

        let broken = stream::iter([Ok(Bytes::from_static(b"\x89PNG")), Err("connection reset")]);
        let broken = upload(&app, &desk.kofi, desk.tea, "x.png", broken).await;
        assert_eq!(refusal(broken), "media-cut-off");
        assert!(files_of(&app).is_empty(), "{:?}", files_of(&app));
        let all = list(&app, &desk.kofi, desk.tea, &PageRequest::default()).await.unwrap();
        assert!(all.items.is_empty());
    }
}

#[tokio::test]
async fn an_upload_stops_as_soon_as_it_is_too_much() {
    for app in apps_with(|parts| parts.settings.max_upload = 1000).await {
        let desk = Desk::on(&app).await;
        let mut taken = 0;
        let endless = stream::iter(std::iter::repeat_with(|| {
            taken += 300;
            Ok::<_, io::Error>(Bytes::from_static(&[0; 300]))
        }));
        let refused = upload(&app, &desk.kofi, desk.tea, "", endless).await;
        assert_eq!(refusal(refused), "media-too-large");
        assert_eq!(taken, 1200);
    }
}

#[tokio::test]
async fn an_upload_that_is_given_up_leaves_nothing_behind() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let stuck = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"\x89PNG"))])
            .chain(stream::pending());
        let upload = upload(&app, &desk.kofi, desk.tea, "", stuck);
        tokio::time::timeout(Duration::from_millis(300), upload).await.unwrap_err();
        assert!(files_of(&app).is_empty());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_of_the_process_may_look_at_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    for app in apps_with(|parts| parts.media_dir.push("media")).await {
        let desk = Desk::on(&app).await;
        let medium = desk.store(&app, &picture(30)).await;
        let hash = Hash::parse(&medium.hash).unwrap();
        let mut path = Files::of(&app.media_dir, desk.tea).path(&hash);
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        for _ in 0..3 {
            assert!(path.pop());
            assert_eq!(mode(&path), 0o700, "{}", path.display());
        }
        assert_eq!(path, app.media_dir);
    }
}

#[tokio::test]
async fn a_file_that_was_changed_is_not_sent() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let medium = desk.store(&app, &picture(30)).await;
        let path = Files::of(&app.media_dir, desk.tea).path(&Hash::parse(&medium.hash).unwrap());
        std::fs::write(&path, picture(31)).unwrap();
        let missing = source(&app, desk.tea).read(&medium.hash).await.unwrap_err();
        assert!(missing.gone && missing.why.contains("not what was stored"), "{missing}");
        // Whoever has the picture can bring it back.
        desk.store(&app, &picture(30)).await;
        source(&app, desk.tea).read(&medium.hash).await.unwrap();
    }
}

#[tokio::test]
async fn the_newest_picture_comes_first() {
    for app in apps().await {
        let desk = Desk::on(&app).await;
        let mut stored = Vec::new();
        for width in 1..=7 {
            stored.push(desk.store(&app, &picture(width)).await);
            // Some come at the same moment: then the hash decides.
            app.advance(Duration::from_secs(u64::from(width % 2)));
        }
        stored.sort_by_key(|medium| std::cmp::Reverse((medium.created_at, medium.hash.clone())));
        let (mut seen, mut page) = (Vec::new(), PageRequest { after: None, limit: Some(3) });
        loop {
            let this = list(&app, &desk.noor(), desk.tea, &page).await.unwrap();
            seen.extend(this.items);
            page.after = this.next;
            if page.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, stored);
    }
}

#[tokio::test]
async fn lists_are_read_in_the_order_of_an_index() {
    for app in apps().await {
        let Some(list) = plan(&app, store::LIST).await else { continue };
        assert!(list.contains("media_newest (workspace_id=? AND"), "{list}");
        assert!(!list.contains("TEMP B-TREE"), "{list}");
        let doom = plan(&app, store::DOOM).await.unwrap();
        assert!(doom.contains("media_touched (touched_at<?)"), "{doom}");
        assert!(!doom.contains("SCAN"), "{doom}");
    }
}

mod collecting;
