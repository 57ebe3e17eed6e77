//! House rules that a program can check; they run as unit tests of xtask.
