//! A Rust project of somebody's own: built, registered, and run by the agent.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Server, data};

/// Builds `examples/hello-flow` into this test's own target folder and with its profile: most of what it
/// needs is there already.
fn build() -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/hello-flow");
    let target = Path::new(env!("CARGO_BIN_EXE_flowdeck"))
        .ancestors()
        .nth(2)
        .unwrap();
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--config",
            r#"profile.dev.debug="line-tables-only""#,
        ])
        .args([
            "--config",
            r#"profile.dev.package."*".debug=false"#,
            "--target-dir",
        ])
        .arg(target)
        .current_dir(project)
        .status()
        .unwrap();
    assert!(status.success(), "examples/hello-flow does not build");
    target.join("debug/hello-flow")
}

#[test]
fn flows_of_a_project_of_ones_own_are_registered_and_run() {
    let program = build();
    let data = data();
    let server = Server::start(data.path(), &["--no-examples"]);
    let registered = Command::new(&program)
        .args(["register", "--project", "hello"])
        .env("FLOWDECK_API", &server.api)
        .output()
        .unwrap();
    assert!(
        registered.status.success(),
        "{}",
        String::from_utf8_lossy(&registered.stderr)
    );
    let id = server.run(&["hello", "--param", "name=Ada"]);
    server.wait_for_state(&id, "Success");
    assert!(server.log(&id).contains("Hello, Ada!"), "{}", server.log(&id));

    // The same by way of the binary: no new version, for nothing has changed.
    server.ask(&[
        "register",
        "--path",
        program.to_str().unwrap(),
        "--project",
        "hello",
    ]);
    assert_eq!(server.get(&["flows", "--project", "hello"])[0]["version"], 1);
}
