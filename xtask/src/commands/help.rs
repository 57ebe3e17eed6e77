//! What `cargo xtask help` prints.

/// The commands in the order in which a newcomer needs them.
pub const TEXT: &str = "\
cargo xtask <command>: everything people who work on Flowdeck need

  start [ARGS]       build what is stale, start Flowdeck, print its URL; Ctrl-C ends it.
                     Installs the build tools it lacks into ~/.cache/flowdeck/tools.
                     ARGS go to `flowdeck server start`:
                       cargo xtask start --port 8081 --api-port 4201    where the ports are taken
                       cargo xtask start --data-dir /tmp/try            a database to throw away
                       cargo xtask start --no-agent                     runs wait for another agent
  dev [ARGS]         the same with a debug server and the dashboard rebuilt and reloaded on each
                     change: http://localhost:8080, API on http://localhost:4200
  check              formatting and clippy, host and wasm32: before each commit
  test [FILTER]      everything CI runs: check, then all tests, the browser's too.
                     With FILTER only the tests whose names contain it, without the checks
  schema             write schema.graphql anew after the catalogue or a mutation has changed
  bench              measure nested reads, state changes, the run history and the schematic, print the sizes of
                     what is delivered
  generate WHAT COUNT DATA_DIR
                     fill a data directory to look at under load: flow-runs 100000 (of 40 flows),
                     task-runs 5000 (of one run) or logs 100000 (of one run)
  generate changes PER_SECOND FLOW_RUN_ID [API]
                     change the states of so many of its mapped task runs each second
  screenshots [DIR]  every page in both themes at two widths, with real runs; DIR is
                     target/screenshots unless given
  help               this text

Where a build went wrong, what it was building is the last line that starts with a time in brackets.
";
