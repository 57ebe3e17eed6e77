//! `flowdeck server`: the server, the dashboard and one agent in one process.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use flowdeck_engine::client::{Client, patiently};
use flowdeck_server::store::DatabaseUrl;
use flowdeck_server::{Addresses, BasePath, Config, Origin, StartError};
use tracing::{error, info, warn};

use crate::agent::{self, Agent, AgentSettings};
use crate::data_dir::{self, DataDir};
use crate::failure::{Failure, Outcome};
use crate::{bundled, port_holder, signals};

/// How long the API may take until it answers for the first time.
const FIRST_ANSWER: Duration = Duration::from_secs(30);

#[derive(Debug, Subcommand)]
pub enum ServerCommand {
    /// Start the server and keep it working until Ctrl-C
    ///
    /// One process serves the dashboard and the API, keeps its data in one folder, and starts one agent, so
    /// that flows run at once. Flow runs are processes of their own: they go on when the server is stopped,
    /// wait for it to come back, and end by themselves if it does not.
    #[command(after_help = "\
Examples:
  flowdeck server start
  flowdeck server start --data-dir ./data --port 9090 --api-port 9091
  flowdeck server start --host 0.0.0.0    for other machines, too (there is no log-in)
  flowdeck server start --base-path /flowdeck --allow-origin http://flows.lan    behind a proxy")]
    Start(StartArgs),
}

#[derive(Debug, Args)]
pub struct StartArgs {
    /// Address to listen on; 0.0.0.0 is all of them
    #[arg(long, env = "FLOWDECK_HOST", hide_env_values = true, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Port of the dashboard; 0 takes a free one
    #[arg(long, env = "FLOWDECK_PORT", hide_env_values = true, default_value_t = 8080)]
    port: u16,
    /// Port of the API; 0 takes a free one
    #[arg(
        long,
        env = "FLOWDECK_API_PORT",
        hide_env_values = true,
        default_value_t = 4200
    )]
    api_port: u16,
    /// Path below which the dashboard is served, for a proxy that hands it on: /flowdeck
    #[arg(
        long,
        env = "FLOWDECK_BASE_PATH",
        hide_env_values = true,
        value_name = "PATH",
        default_value = ""
    )]
    base_path: BasePath,
    /// Origin whose web pages may use the API, beside this machine's own: https://flows.example.com; repeatable
    #[arg(
        long,
        env = "FLOWDECK_ALLOW_ORIGIN",
        hide_env_values = true,
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    allow_origin: Vec<Origin>,
    #[arg(
        long,
        help = data_dir::help("Folder for the database, results and logs of the runs"),
        env = "FLOWDECK_DATA_DIR",
        hide_env_values = true,
        value_name = "FOLDER"
    )]
    data_dir: Option<PathBuf>,
    /// Database, instead of the one in the data folder: sqlite:///path/to/file
    #[arg(
        long,
        env = "FLOWDECK_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    database_url: Option<String>,
    /// Start no agent; runs then wait for 'flowdeck agent local start'
    #[arg(long, env = "FLOWDECK_NO_AGENT", hide_env_values = true, value_parser = FalseyValueParser::new())]
    no_agent: bool,
    /// Do not register the bundled flows
    #[arg(long, env = "FLOWDECK_NO_EXAMPLES", hide_env_values = true, value_parser = FalseyValueParser::new())]
    no_examples: bool,
}

impl ServerCommand {
    pub fn carry_out(self) -> Outcome {
        let Self::Start(args) = self;
        let data = DataDir::open(args.data_dir.clone())?;
        let config = args.config(&data)?;
        let runtime = tokio::runtime::Runtime::new()
            .map_err(|error| Failure::new(format!("The server's threads cannot be started ({error}).")))?;
        runtime.block_on(serve(config, args, data))
    }
}

impl StartArgs {
    fn config(&self, data: &DataDir) -> Result<Config, Failure> {
        let database = match &self.database_url {
            Some(url) => url
                .parse()
                .map_err(|error| Failure::new(format!("--database-url: {error}")))?,
            None => DatabaseUrl::File(data.database()),
        };
        let mut config = Config::new(database);
        (config.host, config.port, config.api_port) = (self.host, self.port, self.api_port);
        config.base_path = self.base_path.clone();
        config.allowed_origins = self.allow_origin.clone();
        Ok(config)
    }

    /// The failure to start, with who has the port where that is the matter.
    fn explain(&self, error: &StartError) -> Failure {
        let words = error.to_string();
        let ports = [self.port, self.api_port].into_iter();
        let taken = ports
            .filter(|port| words.contains(&format!(":{port} is taken")))
            .find_map(port_holder::holder);
        match taken {
            Some(holder) => Failure::new(format!("{words} It is {holder} that has it.")),
            None => Failure::new(words),
        }
    }
}

/// Serves until asked to stop. What needs the API goes on beside it, as a client like any other.
async fn serve(config: Config, args: StartArgs, data: DataDir) -> Outcome {
    let bound = flowdeck_server::bind(config)
        .await
        .map_err(|error| args.explain(&error))?;
    let addresses = bound.addresses();
    let (stop, stopped) = mpsc::channel();
    let beside = thread::spawn(move || beside(addresses, &args, &data, &stopped));
    let shutdown = async {
        if let Err(failure) = signals::asked_to_stop().await {
            error!("{failure}");
        }
        info!("stopping; press Ctrl-C again to stop at once");
        // The agent first, so that it does not take a run, or wonder where the server has gone.
        drop(stop);
        signals::exit_when_asked_again();
    };
    let served = bound.serve(shutdown).await;
    // A panic has been reported on standard error by the thread itself.
    let _ = beside.join();
    served.map_err(|error| Failure::new(format!("The server has stopped: {error}.")))?;
    Ok(ExitCode::SUCCESS)
}

/// Says where the server is once it answers, registers the bundled flows, and works as the local agent.
fn beside(addresses: Addresses, args: &StartArgs, data: &DataDir, stopped: &Receiver<()>) {
    let client = Client::new(format!("http://{}", reachable(addresses.api)));
    let interrupted = || stopped.try_recv() == Err(TryRecvError::Disconnected);
    if let Err(failure) = patiently(Instant::now() + FIRST_ANSWER, &interrupted, || client.hello()) {
        error!("the API does not answer: {failure}");
        return;
    }
    announce(addresses, &args.base_path, data);
    if !args.no_examples
        && let Err(failure) = bundled::register_at_start(&client, data)
    {
        warn!("the bundled flows are not registered: {failure}");
    }
    if args.no_agent || interrupted() {
        return;
    }
    let labels = agent::own_labels(true).into_iter().collect();
    let settings = AgentSettings {
        name: "local".to_owned(),
        labels,
        max_runs: None,
    };
    match Agent::new(client, settings, data) {
        Ok(agent) => agent.work(stopped),
        Err(failure) => error!("the agent does not start: {failure}"),
    }
}

/// The address by which this machine reaches a listener, also one on all addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// The address as people type it.
fn url(address: SocketAddr) -> String {
    let address = reachable(address);
    if address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST) {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

/// Says where the server is. That nobody reads it is no reason to stop serving.
fn announce(addresses: Addresses, base_path: &BasePath, data: &DataDir) {
    let words = format!(
        "Flowdeck {}\n  Dashboard  {}\n  API        {}\n  Data       {data}\nCtrl-C stops it.\n",
        env!("CARGO_PKG_VERSION"),
        url(addresses.dashboard) + base_path.as_str(),
        url(addresses.api)
    );
    let _ = std::io::stdout().write_all(words.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_as_people_type_them() {
        for (address, shown) in [
            ("127.0.0.1:8080", "http://localhost:8080"),
            ("0.0.0.0:8080", "http://localhost:8080"),
            ("[::]:8080", "http://[::1]:8080"),
            ("192.168.0.7:8080", "http://192.168.0.7:8080"),
        ] {
            assert_eq!(url(address.parse().unwrap()), shown);
        }
    }
}
