//! A folder in which the program is called, as people and scripts call it.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A folder in which commands are called.
pub struct Place {
    pub dir: TempDir,
    pub port: u16,
}

pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self.out
    }

    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.good()).unwrap()
    }
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { dir, port }
    }

    /// With an owner and a brand.
    pub fn founded() -> Self {
        let place = Self::new();
        place.create_owner().good();
        place
    }

    pub fn create_owner(&self) -> Ended {
        self.call(
            "owner create --name Ada --email ada@rive.example --organization Rive --brand Lune \
             --zone Europe/Paris",
            "correct horse battery staple\n",
        )
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        command
            .current_dir(self.dir.path())
            .env_clear()
            .env("BELLWETHER_DATA", self.dir.path().join("data"))
            .env("BELLWETHER_LISTEN", format!("127.0.0.1:{}", self.port))
            // For servers of a test's own.
            .env("BELLWETHER_HTTP__ALLOW", r#"["127.0.0.0/8", "::1/128"]"#)
            .env("LANG", "C.UTF-8");
        command
    }

    pub fn call(&self, line: &str, stdin: &str) -> Ended {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.call_with(&args, stdin, &[])
    }

    pub fn call_with(&self, args: &[&str], stdin: &str, env: &[(&str, &str)]) -> Ended {
        let mut child = self
            .command()
            .args(args)
            .envs(env.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read has gone already.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A server over this folder.
    pub fn serve(&self) -> Server {
        let child = self
            .command()
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let socket = self.dir.path().join("data/bellwether.sock");
        let begun = Instant::now();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            assert!(begun.elapsed() < Duration::from_mins(1), "the server did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Server(child)
    }
}

pub struct Server(Child);

impl Server {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = self.0.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.0.wait();
    }
}
