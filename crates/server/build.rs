//! Has the crate built again when the dashboard that a release build embeds has changed.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A development build reads the dashboard from disk while it runs, so it need not know.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed=../../dist");
    }
}
