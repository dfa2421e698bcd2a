//! The commands that run until they are told to stop.

use std::os::unix::fs::PermissionsExt as _;

use std::time::Duration;

use anyhow::Context as _;
use bellwether_app::App;
use bellwether_app::publishing::Engine;
use bellwether_app::upkeep::Tidied;
use bellwether_networks::Registry;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{Config, Opened, starting};

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Web and worker in one.
    Serve,
    /// Pages and API only.
    Web,
    /// The engine only.
    Worker,
}

/// Runs until SIGTERM or SIGINT, then lets requests under way end.
pub async fn serve(config: Config, registry: Registry, role: Role) -> anyhow::Result<()> {
    starting::check_role(&config, role)?;
    let Opened { app, lock, calls } = starting::open_patiently(&config, registry).await?;
    // Before anything is sent: who cannot do all of it does nothing.
    let listener = match role {
        Role::Worker => None,
        Role::Serve | Role::Web => Some(starting::listen(config.listen).await?),
    };
    // It ends after everything that calls networks.
    let (written, stop_writing) = (app.clone(), CancellationToken::new());
    let until = stop_writing.clone();
    let writing = tokio::spawn(async move { calls.run(&written, until).await });
    let stop = CancellationToken::new();
    stop_on_signals(stop.clone())?;
    let mut parts = tokio::task::JoinSet::new();
    let telling = starting::tell_of_absences(app.db.away(), stop.clone());
    parts.spawn(async move {
        telling.await;
        Ok(())
    });
    if role != Role::Web {
        let tidying = tidy(app.clone(), stop.clone());
        parts.spawn(async move {
            tidying.await;
            Ok(())
        });
        let engine = Engine::new(app.clone(), worker_name());
        let stop = stop.clone();
        parts.spawn(async move {
            engine.run(stop).await;
            Ok(())
        });
    }
    if let Some(listener) = listener {
        serve_web(&config, &app, listener, &stop, &mut parts).await?;
    }
    let mut result = Ok(());
    while let Some(part) = parts.join_next().await {
        let ended = part.context("a part of the server broke")?;
        if ended.is_err() && result.is_ok() {
            result = ended;
        }
        stop.cancel();
    }
    stop_writing.cancel();
    let _ = writing.await;
    drop(lock);
    result
}

async fn serve_web(
    config: &Config,
    app: &App,
    listener: TcpListener,
    stop: &CancellationToken,
    parts: &mut tokio::task::JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let bound = listener.local_addr()?;
    let public_url = config.reached_at(bound);
    let web = bellwether_web::WebConfig { public_url: public_url.clone() };
    let router = bellwether_web::router_until(app.clone(), web, stop.clone());
    let socket_path = config.data.join("bellwether.sock");
    let _ = std::fs::remove_file(&socket_path);
    let socket = UnixListener::bind(&socket_path)
        .with_context(|| format!("cannot listen on {}", socket_path.display()))?;
    std::fs::set_permissions(&socket_path, std::fs::Permissions::from_mode(0o600))?;
    tracing::info!(address = %bound, "listening");
    offer_set_up(&public_url, app).await?;
    let local = bellwether_web::for_operator(router.clone());
    let (stop_tcp, stop_unix) = (stop.clone(), stop.clone());
    parts.spawn(async move {
        let app = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
        axum::serve(listener, app)
            .with_graceful_shutdown(async move { stop_tcp.cancelled().await })
            .await
            .context("the web server broke")
    });
    parts.spawn(async move {
        axum::serve(socket, local)
            .with_graceful_shutdown(async move { stop_unix.cancelled().await })
            .await
            .context("the socket broke")
    });
    Ok(())
}

/// Takes away what nobody needs any more, every hour.
async fn tidy(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = app.clock.sleep(Duration::from_hours(1)) => {}
            () = stop.cancelled() => return,
        }
        match bellwether_app::upkeep::tidy(&app).await {
            Ok(Tidied { media: 0, log_rows: 0 }) => {}
            Ok(Tidied { media, log_rows }) => {
                tracing::info!(media, log_rows, "took away what nobody needs any more");
            }
            Err(error) => tracing::error!(%error, "what nobody needs was not taken away"),
        }
    }
}

/// Prints the one-time link that makes the first owner, while there is none.
async fn offer_set_up(public_url: &Url, app: &App) -> anyhow::Result<()> {
    let Some(link) = bellwether_app::people::setup_link(app).await? else { return Ok(()) };
    let page = bellwether_web::urls::SetUp { link: link.expose().to_owned() }.to_string();
    let url = public_url.join(&page)?;
    // To standard output and not to the log: whoever reads it owns this installation.
    println!("\nMake the first owner here (the link works once, within 24 hours):\n\n  {url}\n");
    Ok(())
}

fn stop_on_signals(stop: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way may end");
        stop.cancel();
    });
    Ok(())
}

/// Names this process in its attempts: host, process and start.
pub(crate) fn worker_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    let host = if host.is_empty() { "worker" } else { host };
    format!("{host}/{}/{}", std::process::id(), jiff::Timestamp::now().as_millisecond())
}
