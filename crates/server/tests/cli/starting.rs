//! What stands in the way of a start is said as it is: what, where, and what to do.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bellwether_base::SystemClock;
use bellwether_db::testing::{Door, empty_postgres, guarded_login};
use bellwether_db::{Db, MAIN, Options};

use crate::place::{Ended, Place};

/// Long enough for a slow machine; nothing is asserted about it.
const SOON: Duration = Duration::from_mins(1);

#[track_caller]
fn refused(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
    for word in words {
        assert!(ended.err.contains(word), "{word}: {}", ended.err);
    }
    assert!(!ended.err.contains("hunter2"), "{}", ended.err);
}

/// A command that goes on, and what it says on standard error, line by line.
struct Going {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Going {
    fn start(place: &Place, command: &str, database: &str) -> Self {
        let mut child = place
            .command()
            .args(command.split(' '))
            .env("BELLWETHER_DATABASE__URL", database)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self { child, lines, heard: Vec::new() }
    }

    /// Waits for a line with `words`.
    #[track_caller]
    fn hears(&mut self, words: &str) {
        while let Ok(line) = self.lines.recv_timeout(SOON) {
            let is_it = line.contains(words);
            self.heard.push(line);
            if is_it {
                return;
            }
        }
        panic!("nobody said {words:?}: {:#?}", self.heard);
    }

    /// Waits for its end.
    fn ends(mut self) -> Ended {
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        self.heard.extend(self.lines.iter());
        Ended { code, out: String::new(), err: self.heard.join("\n") }
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_database_that_does_not_answer_is_told_at_once_and_tried_for_a_while() {
    let place = Place::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://ada:hunter2@{free}/lune");
    let said = format!("database lune at {free} does not answer: connection refused");
    let all = ["serve", "web", "worker"].map(|role| {
        let mut going = Going::start(&place, role, &url);
        going.hears("trying again every second until");
        assert_eq!(going.heard[0].matches(&said).count(), 1, "{:?}", going.heard);
        assert!(going.child.try_wait().unwrap().is_none(), "it tries again");
        going
    });
    for going in all {
        let ended = going.ends();
        refused(&ended, 7, &[&said, "See whether PostgreSQL runs there"]);
        assert_eq!(ended.err.matches("trying again").count(), 1, "{}", ended.err);
    }
    // A command that is over in a moment does not wait.
    let env = [("BELLWETHER_DATABASE__URL", url.as_str())];
    refused(&place.call_with(&["post", "list"], "", &env), 7, &[&said]);
    let doctor = place.call_with(&["doctor"], "", &env);
    assert_eq!(doctor.code, 2);
    assert!(doctor.out.contains(&said), "{}", doctor.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_refused_and_a_database_that_is_not_there_are_not_tried_again() {
    let clock = std::sync::Arc::new(SystemClock);
    let Some(db) = empty_postgres(MAIN, clock).await else { return };
    let place = Place::new();
    let call = |url: &str| place.call_with(&["serve"], "", &[("BELLWETHER_DATABASE__URL", url)]);
    let missing = call(&format!("{}_not", db.url()));
    refused(&missing, 3, &["has no database bellwether_test_", "createdb"]);
    assert!(!missing.err.contains("trying again"), "{}", missing.err);
    let Some(right) = guarded_login(&db).await else { return };
    let denied = call(&right.replace(":right@", ":hunter2@"));
    refused(&denied, 4, &["refuses the login of bellwether_guarded", "Check the user"]);
    assert!(!denied.err.contains("trying again"), "{}", denied.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_comes_goes_and_comes_back_is_told_once_each() {
    let clock = std::sync::Arc::new(SystemClock);
    let Some(db) = empty_postgres(MAIN, clock).await else { return };
    let mut door = Door::before(db.url()).await;
    door.shut().await;
    let place = Place::new();
    let mut going = Going::start(&place, "serve", &door.url);
    going.hears("trying again every second until");
    door.open_again().await;
    going.hears("listening");

    let client = reqwest::Client::new();
    let ready = || async {
        let url = format!("http://127.0.0.1:{}/readyz", place.port);
        let answer = client.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
    };
    assert_eq!(ready().await, (200, serde_json::json!({ "is_ready": true })));
    door.shut().await;
    going.hears("does not answer");
    let away = serde_json::json!({ "is_ready": false, "why": "database-away" });
    for _ in 0..3 {
        assert_eq!(ready().await, (503, away.clone()));
    }
    let list = place.call("workspace list", "");
    refused(&list, 7, &["Nothing can be read or saved until it is back"]);
    // The engine and its heartbeat meet it as well, every second.
    tokio::time::sleep(Duration::from_secs(4)).await;
    door.open_again().await;
    going.hears("the database answers again");
    assert_eq!(ready().await.0, 200);
    place.call("workspace list", "").good();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let _ = std::process::Command::new("kill").arg(going.child.id().to_string()).status();
    let ended = going.ends();
    assert_eq!(ended.code, 0, "{}", ended.err);
    let (_, after) = ended.err.split_once("nothing is sent or served").unwrap();
    // A statement that was cut off while it ran tells so itself.
    let said = after.lines().skip(1).filter(|line| !line.contains("error communicating"));
    let said: Vec<&str> = said.map(|line| line.split_at(26).1).collect();
    let stop = "INFO stopping: requests under way may end";
    assert_eq!(said, ["INFO the database answers again", stop], "{}", ended.err);
}

#[test]
fn a_second_server_says_who_has_the_folder_and_since_when() {
    let place = Place::founded();
    let server = place.serve();
    let second = place.call("serve", "");
    let folder = place.dir.path().join("data").canonicalize().unwrap();
    let (folder, pid) =
        (folder.display().to_string(), format!("(process {}, since 2", server.pid()));
    refused(&second, 5, &[&folder, &pid, "Z)", "runs already", "--data", "PostgreSQL"]);
}

#[test]
fn one_of_several_processes_is_refused_on_sqlite() {
    let place = Place::new();
    for (role, words) in [("web", "sends nothing"), ("worker", "shows no pages")] {
        refused(&place.call(role, ""), 2, &[words, "`bellwether serve`", "database.url"]);
    }
    assert!(!place.dir.path().join("data").exists(), "nothing was made");
}

#[test]
fn a_port_that_is_taken_is_named_and_nothing_is_begun() {
    let place = Place::founded();
    let _other = TcpListener::bind(("127.0.0.1", place.port)).unwrap();
    let ended = place.call("serve", "");
    let address = format!("127.0.0.1:{}", place.port);
    refused(&ended, 5, &["Another program listens on", &address, "--listen"]);
    assert!(!place.dir.path().join("data/bellwether.sock").exists());
    let nowhere = place.call("serve --listen 192.0.2.1:8080", "");
    refused(&nowhere, 2, &["has no address 192.0.2.1", "0.0.0.0:8080"]);
    place.call("workspace list", "").good();
}

#[test]
fn the_doctor_says_where_it_looked_and_how_to_begin() {
    let place = Place::new();
    let nothing = place.call("doctor", "");
    assert_eq!(nothing.code, 2, "{}", nothing.out);
    let folder = place.dir.path().join("data").display().to_string();
    for said in [folder.as_str(), "BELLWETHER_DATA", "bellwether serve", "owner create"] {
        assert!(nothing.out.contains(said), "{said}: {}", nothing.out);
    }
    assert!(!place.dir.path().join("data").exists(), "nothing was made");
    fs::write(place.dir.path().join("bellwether.toml"), "\ndata = \"elsewhere\"\n").unwrap();
    let output = place.command().env_remove("BELLWETHER_DATA").arg("doctor").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("elsewhere") && said.contains("bellwether.toml, line 2"), "{said}");
}

#[test]
fn the_doctor_names_each_mistake_in_the_configuration_once() {
    let place = Place::founded();
    let text =
        "colour = 1\nnetworks.nowhere.app = \"https://x.example\"\n[log]\nlevel = \"a=b=c\"\n";
    fs::write(place.dir.path().join("bellwether.toml"), text).unwrap();
    let ended = place.call("doctor", "");
    assert_eq!(ended.code, 2, "{}", ended.out);
    for said in ["colour (bellwether.toml, line 1)", "log.level (bellwether.toml, line 4)"] {
        assert_eq!(ended.out.matches(said).count(), 1, "{said}: {}", ended.out);
    }
    assert!(ended.out.contains("Nothing else was looked at"), "{}", ended.out);
    fs::write(
        place.dir.path().join("bellwether.toml"),
        text.replace("colour = 1\n", "").split('[').next().unwrap(),
    )
    .unwrap();
    let service = place.call("doctor", "");
    assert_eq!(service.out.matches("this build has no such network").count(), 1, "{}", service.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_lost_is_not_replaced() {
    let place = Place::founded();
    let data = place.dir.path().join("data");
    let key = data.join("seal.key");
    fs::remove_file(&key).unwrap();
    place.call("workspace list", "").good();
    assert!(key.exists(), "nothing is sealed yet");

    // As if somebody had connected a channel.
    let url = format!("sqlite:{}", data.join("bellwether.db").display());
    let clock = std::sync::Arc::new(SystemClock);
    let db = Db::open(Options { url, readers: 1, set: MAIN, clock }).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let sealed = "insert into channels (workspace_id, id, network, remote_id, handle, \
        display_name, server, state, limits, limits_at, credential, created_at, updated_at) \
        select id, id, 'bluesky', 'r', 'h', 'd', 's', 'connected', '{}', 0, x'00', 0, 0 \
        from workspaces";
    assert_eq!(tx.sql(sealed).execute().await, Ok(1));
    tx.commit().await.unwrap();
    db.close().await;
    fs::remove_file(&key).unwrap();
    for command in ["workspace list", "serve"] {
        refused(&place.call(command, ""), 3, &["is not in", "seal.key_file", "openssl"]);
        assert!(!key.exists(), "{command} made a key");
    }
}
