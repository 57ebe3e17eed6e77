//! The server over HTTP: the real router on a free port, a real SQLite file, and a time that stands still.

mod harness;

mod reads;
