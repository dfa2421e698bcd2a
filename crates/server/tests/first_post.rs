//! `docs/FIRST-POST.md`, followed word for word against a real server.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use bellwether_testkit::pds::{Pds, root};

/// Every command on the page, in its order.
fn commands(page: &str) -> String {
    let mut commands = String::new();
    let mut is_code = false;
    for line in page.lines() {
        match line {
            "```sh" => is_code = true,
            "```" => is_code = false,
            line if is_code => {
                commands.push_str(line);
                commands.push('\n');
            }
            _ => {}
        }
    }
    commands
}

#[test]
fn only_what_is_marked_as_a_command_is_run() {
    let page = "text\n```sh\none\ntwo\n```\n```toml\nno\n```\n```sh\nthree\n```\n";
    assert_eq!(commands(page), "one\ntwo\nthree\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_leads_to_a_post() {
    let Some(pds) = Pds::start().await.unwrap() else { return };
    let ada = pds.account("first").await.unwrap();
    let page = fs::read_to_string(root().join("docs/FIRST-POST.md")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(dir.path().join("app-password"), format!("{}\n", ada.app_password)).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();

    let program = Path::new(env!("CARGO_BIN_EXE_bellwether")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let server = pds.url.to_string();
    let (folder, handle) = (dir.path().to_owned(), ada.handle.clone());
    let ended = tokio::task::spawn_blocking(move || {
        Command::new("timeout")
            .args(["300", "bash", "-euo", "pipefail", "-c", &commands(&page)])
            .current_dir(folder)
            .env_clear()
            .env("PATH", path)
            .env("HOME", "/nonexistent")
            .env("LANG", "C.UTF-8")
            .env("PDS", server)
            .env("HANDLE", handle)
            .env("PORT", port.to_string())
            .env("BELLWETHER_LISTEN", format!("127.0.0.1:{port}"))
            .env("BELLWETHER_HTTP__ALLOW", r#"["127.0.0.0/8", "::1/128"]"#)
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    let told = format!(
        "{}\n{}\n{}",
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr),
        fs::read_to_string(dir.path().join("bellwether.log")).unwrap_or_default()
    );
    assert!(ended.status.success(), "{:?}\n{told}", ended.status);
    assert!(!told.contains(&ada.app_password), "a password in what was said");

    // The first post was taken down again; the thread is there.
    let there = pds.posts(&ada).await.unwrap();
    let texts: Vec<_> = there.iter().filter_map(|post| post["value"]["text"].as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}\n{told}");
    assert!(texts.contains(&"How we bake: a thread."), "{texts:?}");
    assert!(texts.contains(&"First, the dough rests."), "{texts:?}");
}
