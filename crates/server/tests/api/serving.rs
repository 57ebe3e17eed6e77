//! Everything but GraphQL: health, CORS, the dashboard's files, ports, and a graceful end.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flowdeck_server::assets::Assets;
use flowdeck_server::store::DatabaseUrl;
use flowdeck_server::time::{ManualTime, SystemTime, TimeSource as _};
use flowdeck_server::{Config, bind};
use jiff::SignedDuration;
use serde_json::json;

use crate::harness::TestServer;

const PAGE: &str =
    r#"<!doctype html><base href="/"><script type="module">start()</script><title>Flowdeck</title>"#;

/// A server with a dashboard of four files.
fn with_dashboard() -> TestServer {
    TestServer::start_with(with_files)
}

fn with_files(config: &mut Config, folder: &Path) {
    let dist = folder.join("dist");
    fs::create_dir(&dist).unwrap();
    for (name, content) in [
        ("index.html", PAGE),
        ("index.html.br", "packed page"),
        ("app-0123456789abcdef_bg.wasm", "wasm"),
        ("app-0123456789abcdef_bg.wasm.br", "packed wasm"),
        ("favicon.svg", "<svg/>"),
    ] {
        fs::write(dist.join(name), content).unwrap();
    }
    config.assets = Assets::Folder(dist);
}

#[test]
fn the_api_says_that_it_is_well() {
    let server = TestServer::start();
    let version = env!("CARGO_PKG_VERSION");
    for (path, expected) in [
        ("/health", json!({ "status": "ok", "version": version })),
        ("/.well-known/apollo/server-health", json!({ "status": "pass" })),
    ] {
        let reply = server.get(&format!("http://{}{path}", server.api), &[]);
        assert_eq!((reply.status, reply.json()), (200, expected), "{path}");
    }
    assert_eq!(
        server.get(&format!("http://{}/", server.api), &[]).json()["name"],
        "Flowdeck"
    );
    let missing = server.get(&format!("http://{}/nonsense", server.api), &[]);
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("Nothing is served at /nonsense"));
}

#[test]
fn pages_of_this_machine_may_call_the_api_with_any_headers() {
    let server = TestServer::start();
    let url = format!("http://{}/graphql", server.api);
    let request = ureq::http::Request::builder()
        .method("OPTIONS")
        .uri(&url)
        .header("origin", "http://localhost:8080")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,x-prefect-ui,x-anything",
        )
        .body(())
        .unwrap();
    let preflight = ureq::run(request).unwrap();
    assert_eq!(preflight.status(), 200);
    assert_eq!(
        preflight.headers()["access-control-allow-origin"],
        "http://localhost:8080"
    );
    assert_eq!(
        preflight.headers()["access-control-allow-headers"],
        "content-type,x-prefect-ui,x-anything"
    );
    assert_eq!(preflight.headers()["access-control-allow-methods"], "POST");
    let reply = server.post_to(
        &url,
        &[("origin", "http://localhost:8080")],
        r#"{"query":"{ tenant { id } }"}"#,
    );
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("access-control-allow-origin"),
        "http://localhost:8080"
    );
}

const CREATE: &str = r#"{"query":"mutation { create_project(input: {tenant_id: \"00000000-0000-4000-8000-000000000001\", name: \"x\"}) { id } }"}"#;

#[test]
fn a_page_of_another_site_may_not_use_the_api() {
    let server = TestServer::start_with(|config, _| {
        config.allowed_origins = vec!["https://flows.example.com".parse().unwrap()];
    });
    let too_large = vec![b' '; 6 * 1024 * 1024];
    let urls = [
        format!("http://{}/", server.api),
        format!("http://{}/graphql", server.api),
        format!("http://{}/graphql", server.dashboard),
    ];
    for url in &urls {
        // What a page sends without a preflight, and what it sends where its own name was made to lead here.
        for (origin, host) in [
            ("https://evil.example", "localhost"),
            ("http://evil.example", "evil.example"),
        ] {
            let headers = [("origin", origin), ("host", host)];
            let reply = server.post_to(url, &headers, CREATE);
            assert_eq!(reply.status, 403, "{url}");
            assert_eq!(
                reply.json()["errors"][0]["message"],
                format!(
                    "Web pages of {origin} may not use this server. If they should, start it with --allow-origin {origin}."
                )
            );
            assert_eq!(reply.header("access-control-allow-origin"), "");
            // Also when it sends more than a request may.
            assert_eq!(server.post_to(url, &headers, &too_large).status, 403, "{url}");
        }
        for headers in [
            // A program, where a container gives the machine another name.
            &[("host", "host.docker.internal:4200")][..],
            &[("origin", "https://flows.example.com")],
            // Behind a proxy on this machine, which has the browser's word that page and API are one site.
            &[
                ("origin", "https://proxy.example"),
                ("sec-fetch-site", "same-origin"),
            ],
        ] {
            let reply = server.post_to(url, headers, r#"{"query":"{ tenant { slug } }"}"#);
            assert_eq!(reply.status, 200, "{url} {headers:?}");
        }
    }
    assert_eq!(server.query("{ project { id } }")["project"], json!([]));
    for (origin, answered) in [
        ("https://flows.example.com", true),
        ("https://evil.example", false),
    ] {
        let preflight = ureq::http::Request::builder()
            .method("OPTIONS")
            .uri(&urls[1])
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(())
            .unwrap();
        let answer = ureq::run(preflight).unwrap();
        let allowed = answer.headers().get("access-control-allow-origin");
        assert_eq!(
            allowed.is_some_and(|allowed| allowed == origin),
            answered,
            "{origin}"
        );
    }
}

#[test]
fn the_dashboard_is_one_page_for_all_its_urls() {
    let server = with_dashboard();
    let url = |path: &str| format!("http://{}{path}", server.dashboard);
    for path in [
        "/",
        "/index.html",
        "/flow-run/b0000000-0000-4000-8000-000000000001?tab=logs",
        "/flow/x/y",
    ] {
        let reply = server.get(&url(path), &[("accept-encoding", "identity")]);
        assert_eq!((reply.status, reply.text().as_str()), (200, PAGE), "{path}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("cache-control"), "no-cache");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("'wasm-unsafe-eval' 'sha256-"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
    for path in [
        "/missing.js",
        "/assets/app-0123456789abcdee.wasm",
        "/../Cargo.toml",
    ] {
        assert_eq!(server.get(&url(path), &[]).status, 404, "{path}");
    }
}

#[test]
fn files_are_sent_packed_and_kept_for_ever() {
    let server = with_dashboard();
    let url = |path: &str| format!("http://{}{path}", server.dashboard);
    let packed = server.get(
        &url("/app-0123456789abcdef_bg.wasm"),
        &[("accept-encoding", "br, gzip")],
    );
    assert_eq!(
        (packed.text().as_str(), packed.header("content-encoding")),
        ("packed wasm", "br")
    );
    assert_eq!(packed.header("content-type"), "application/wasm");
    assert_eq!(
        packed.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(packed.header("vary"), "Accept-Encoding");
    let plain = server.get(
        &url("/app-0123456789abcdef_bg.wasm"),
        &[("accept-encoding", "identity")],
    );
    assert_eq!(
        (plain.text().as_str(), plain.header("content-encoding")),
        ("wasm", "")
    );
    let icon = server.get(&url("/favicon.svg"), &[]);
    assert_eq!(
        (icon.header("content-type"), icon.header("cache-control")),
        ("image/svg+xml", "no-cache")
    );
}

#[test]
fn the_dashboard_is_told_where_its_server_is() {
    let server = TestServer::start();
    let settings = server
        .get(&format!("http://{}/settings.json", server.dashboard), &[])
        .json();
    assert_eq!(
        (&settings["server_url"], &settings["base_url"]),
        (&json!("/graphql"), &json!("/"))
    );
    assert_eq!(settings["api_port"], server.api.port());
    assert_eq!(
        server
            .get(&format!("http://{}/health", server.dashboard), &[])
            .json()["status"],
        "ok"
    );
}

#[test]
fn the_dashboard_may_be_served_below_a_path() {
    let server = TestServer::start_with(|config, folder| {
        with_files(config, folder);
        config.base_path = "/tools/flowdeck".parse().unwrap();
    });
    let url = |path: &str| format!("http://{}{path}", server.dashboard);
    let packed = [("accept-encoding", "br")];
    // With the path, and behind a proxy that takes it away.
    for base in ["/tools/flowdeck", ""] {
        for path in ["/", "/index.html", "/flow/x?tab=runs"] {
            let reply = server.get(&url(&format!("{base}{path}")), &packed);
            let page = PAGE.replace("<base href=\"/\">", "<base href=\"/tools/flowdeck/\">");
            assert_eq!((reply.status, reply.text()), (200, page), "{base}{path}");
            let policy = reply.header("content-security-policy");
            assert!(policy.contains("'wasm-unsafe-eval' 'sha256-"), "{policy}");
        }
        let settings = server.get(&url(&format!("{base}/settings.json")), &[]).json();
        assert_eq!(
            (&settings["server_url"], &settings["base_url"]),
            (&json!("/tools/flowdeck/graphql"), &json!("/tools/flowdeck/"))
        );
        let file = server.get(&url(&format!("{base}/app-0123456789abcdef_bg.wasm")), &packed);
        assert_eq!(file.text(), "packed wasm", "{base}");
        assert_eq!(server.get(&url(&format!("{base}/missing.js")), &[]).status, 404);
        let answer = server.post_to(
            &url(&format!("{base}/graphql")),
            &[],
            r#"{"query":"{ tenant { slug } }"}"#,
        );
        assert_eq!(answer.status, 200, "{base}");
    }
    assert_eq!(
        server.get(&url("/tools/flowdeck"), &packed).status,
        200,
        "without the slash"
    );
}

#[test]
fn a_server_built_without_its_dashboard_says_so() {
    let server =
        TestServer::start_with(|config, folder| config.assets = Assets::Folder(folder.join("nothing")));
    let reply = server.get(&format!("http://{}/", server.dashboard), &[]);
    assert_eq!(reply.status, 503);
    assert!(reply.text().contains("built without its dashboard"));
}

#[test]
fn a_port_that_is_taken_is_named_with_the_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (option, is_api) in [("--port", false), ("--api-port", true)] {
        let mut config = Config::new(DatabaseUrl::Memory);
        config.port = if is_api { 0 } else { address.port() };
        config.api_port = if is_api { address.port() } else { 0 };
        let error = runtime.block_on(bind(config)).err().unwrap();
        assert_eq!(
            error.to_string(),
            format!("{address} is taken by another program. Choose another port with {option}.")
        );
    }
}

#[test]
fn a_server_goes_on_after_the_times_of_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let database = DatabaseUrl::File(folder.path().join("flowdeck.db"));
    let ahead = SystemTime::default().now() + SignedDuration::from_secs(4);
    // Its clock was a little fast.
    let mut server = TestServer::start_with(|config, _| {
        config.database = database.clone();
        config.time = Arc::new(ManualTime::starting_at(ahead));
    });
    let run = server.flow_run(&server.flow_of_tasks("f", &["a"]));
    let task_run = server.task_run(&run, "a");
    server.set_task_run_state(&task_run, json!({"type": "Success"}));
    let updated = |server: &TestServer| server.row("task_run", &task_run, "updated")["updated"].to_string();
    let before = updated(&server);
    server.stop();
    drop(server);
    let server = TestServer::start_with(|config, _| {
        config.database = database.clone();
        config.time = Arc::new(SystemTime::default());
    });
    server.set_task_run_state(&task_run, json!({"type": "Failed"}));
    let after = updated(&server);
    assert!(after > before, "{after} is not after {before}");
}

/// If each had its own, the end would take twice as long every time; a machine that stalls makes it late once.
#[test]
fn both_ports_share_the_grace() {
    let grace = Duration::from_secs(2);
    let is_shared = (0..3).any(|_| {
        let took = time_to_stop(grace);
        assert!(took >= grace, "{took:?}");
        took < grace * 2
    });
    assert!(
        is_shared,
        "three times out of three it took {:?} and more",
        grace * 2
    );
}

/// How long a server takes to stop while there is a request on each port whose body does not come.
fn time_to_stop(grace: Duration) -> Duration {
    let mut server = TestServer::start_with(|config, _| config.grace = grace);
    let waiting = [server.api, server.dashboard].map(|address| {
        let mut connection = TcpStream::connect(address).unwrap();
        let head =
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
        connection.write_all(head.as_bytes()).unwrap();
        // It is under way when the server asks for the body.
        let mut answer = [0; 12];
        connection.read_exact(&mut answer).unwrap();
        assert_eq!(answer, *b"HTTP/1.1 100");
        connection
    });
    let told = Instant::now();
    server.stop();
    let took = told.elapsed();
    drop(waiting);
    took
}

#[test]
fn a_server_that_is_told_to_stop_stops() {
    let mut server = TestServer::start();
    let url = format!("http://{}/health", server.api);
    assert_eq!(server.get(&url, &[]).status, 200);
    server.stop();
    assert!(ureq::get(&url).call().is_err());
}
