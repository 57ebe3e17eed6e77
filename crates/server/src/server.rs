//! Opens the database, binds both ports, serves until told to stop.

use std::fmt;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::context::Context;
use crate::graphql::Engine;
use crate::http::{Shared, api_router, dashboard_router};
use crate::loops::scheduler;
use crate::origin::Visitors;
use crate::store::{Store, latest_change, tenant};

/// Why a server does not start. One sentence that names the address or file and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartError(String);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

/// The addresses a server listens on, with the ports it really got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// The dashboard, with `/graphql` beside it.
    pub dashboard: SocketAddr,
    /// The API for clients and agents.
    pub api: SocketAddr,
}

/// A server that has its ports and its database and does not answer yet.
pub struct Bound {
    dashboard: TcpListener,
    api: TcpListener,
    addresses: Addresses,
    shared: Shared,
    config: Config,
}

/// Opens the database and binds both ports.
///
/// # Errors
/// A port is taken, the address is not one of this machine's, or the database cannot be opened.
pub async fn bind(config: Config) -> Result<Bound, StartError> {
    let dashboard = listen(config.host, config.port, "--port").await?;
    let api = listen(config.host, config.api_port, "--api-port").await?;
    let address = |listener: &TcpListener| {
        listener
            .local_addr()
            .map_err(|error| StartError(error.to_string()))
    };
    let addresses = Addresses {
        dashboard: address(&dashboard)?,
        api: address(&api)?,
    };
    let database = config.database.clone();
    let store = tokio::task::spawn_blocking(move || Store::open(&database)).await;
    let store = store
        .map_err(|error| StartError(error.to_string()))?
        .map_err(|error| StartError(error.to_string()))?;
    let latest = store.read(latest_change).await;
    let latest = latest.map_err(|error| StartError(format!("The database cannot be read: {error}")))?;
    if let Some(latest) = latest {
        config.time.go_on_after(latest);
    }
    let now = config.time.now();
    let tenant = store.write(move |db| tenant::ensure_default(db, now)).await;
    tenant.map_err(|error| StartError(format!("The database cannot be written: {error}")))?;
    let engine = Engine::new(config.limits).map_err(|error| StartError(error.to_string()))?;
    let shared = Shared {
        engine: Arc::new(engine),
        store,
        time: config.time.clone(),
        limits: config.limits,
        assets: config.assets.clone(),
        api_port: addresses.api.port(),
        base_path: config.base_path.clone(),
        visitors: Arc::new(Visitors {
            is_local: config.host.to_canonical().is_loopback(),
            allowed: config.allowed_origins.clone(),
        }),
    };
    Ok(Bound {
        dashboard,
        api,
        addresses,
        shared,
        config,
    })
}

async fn listen(host: IpAddr, port: u16, option: &str) -> Result<TcpListener, StartError> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address).await.map_err(|error| {
        StartError(match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                format!("{address} is taken by another program. Choose another port with {option}.")
            }
            std::io::ErrorKind::PermissionDenied => {
                format!("{address} may not be used by this user. Choose a port above 1023 with {option}.")
            }
            _ => format!("{address} cannot be listened on: {error}. Choose another with --host or {option}."),
        })
    })
}

impl Bound {
    /// Where it listens.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The database, for what is set up before the first request.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// Serves until `shutdown` completes, then lets running requests finish, at most for the configured grace.
    ///
    /// # Errors
    /// A listener broke; the other one has been stopped, too.
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send) -> std::io::Result<()> {
        let (stop, stopped) = watch::channel(false);
        let mut listeners = JoinSet::new();
        listeners.spawn(run(
            self.dashboard,
            dashboard_router(self.shared.clone()),
            stopped.clone(),
        ));
        listeners.spawn(run(self.api, api_router(self.shared.clone()), stopped));
        let scheduler = self.config.run_loops.then(|| {
            let context = Context::new(self.shared.store.clone(), Arc::clone(&self.shared.time));
            tokio::spawn(scheduler::run(context, scheduler::INTERVAL))
        });
        let told = until(shutdown, &mut listeners).await;
        if let Some(scheduler) = scheduler {
            scheduler.abort();
        }
        let _ = stop.send(true);
        let finished = finish(listeners, self.config.grace).await;
        told.and(finished)
    }
}

async fn run(
    listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let listener = listener.tap_io(|connection| {
        // Answers are small and somebody waits for each: no waiting for more to send along.
        let _ = connection.set_nodelay(true);
    });
    let stop = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

/// Waits for `shutdown`. A listener that ends before it has broken.
async fn until(
    shutdown: impl Future<Output = ()>,
    listeners: &mut JoinSet<std::io::Result<()>>,
) -> std::io::Result<()> {
    let ended = tokio::select! {
        () = shutdown => return Ok(()),
        Some(ended) = listeners.join_next() => ended,
    };
    ended.map_err(std::io::Error::other).flatten()?;
    Err(std::io::Error::other("a listener has stopped by itself"))
}

/// Waits for all of them together; after the grace what still runs is cut off.
async fn finish(mut listeners: JoinSet<std::io::Result<()>>, grace: Duration) -> std::io::Result<()> {
    let mut outcome = Ok(());
    let all = async {
        while let Some(ended) = listeners.join_next().await {
            let ended = ended.map_err(std::io::Error::other).flatten();
            outcome = std::mem::replace(&mut outcome, Ok(())).and(ended);
        }
    };
    // The set takes its tasks with it.
    let _ = tokio::time::timeout(grace, all).await;
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listeners_finish_within_one_grace_and_what_broke_is_said() {
        let mut listeners = JoinSet::new();
        listeners.spawn(std::future::pending());
        listeners.spawn(async { Err(std::io::Error::other("the network is gone")) });
        let outcome = finish(listeners, Duration::from_millis(100)).await;
        assert_eq!(outcome.unwrap_err().to_string(), "the network is gone");
    }

    #[tokio::test]
    async fn a_listener_that_ends_is_noticed_before_the_shutdown() {
        for (ending, words) in [
            (Ok(()), "a listener has stopped by itself"),
            (
                Err(std::io::Error::other("the network is gone")),
                "the network is gone",
            ),
        ] {
            let mut listeners = JoinSet::new();
            listeners.spawn(std::future::pending());
            listeners.spawn(async { ending });
            let outcome = until(std::future::pending(), &mut listeners).await;
            assert_eq!(outcome.unwrap_err().to_string(), words);
        }
        let mut listeners = JoinSet::new();
        listeners.spawn(std::future::pending());
        until(async {}, &mut listeners).await.unwrap();
    }
}
