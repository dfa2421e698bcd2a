//! A door before a PostgreSQL server, that can be shut.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Everything that goes through it ends when it is shut, as if the server had died.
pub struct Door {
    /// The address of the database through it.
    pub url: String,
    address: String,
    inside: String,
    open: Option<JoinHandle<()>>,
}

impl Door {
    /// An open one before the database at `url`.
    pub async fn before(url: &str) -> Self {
        let (user, rest) = url.split_once('@').expect("an address with a user");
        let (inside, database) = rest.split_once('/').expect("an address with a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let url = format!("{user}@{address}/{database}");
        let mut door = Self { url, address, inside: inside.to_owned(), open: None };
        door.let_in(listener);
        door
    }

    /// Its host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    fn let_in(&mut self, listener: TcpListener) {
        let inside = self.inside.clone();
        self.open = Some(tokio::spawn(async move {
            // They go with this task.
            let mut guests = JoinSet::new();
            while let Ok((mut guest, _)) = listener.accept().await {
                let Ok(mut server) = TcpStream::connect(&inside).await else { continue };
                guests.spawn(async move { copy_bidirectional(&mut guest, &mut server).await });
            }
        }));
    }

    /// Nobody gets in, and whoever is inside is cut off.
    pub async fn shut(&mut self) {
        if let Some(open) = self.open.take() {
            open.abort();
            let _ = open.await;
        }
    }

    /// Lets in again.
    pub async fn open_again(&mut self) {
        let listener = TcpListener::bind(&self.address).await.expect("the same port");
        self.let_in(listener);
    }
}
