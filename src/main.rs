//! Starts the dashboard in the browser.

fn main() {
    flowdeck_dashboard::mount();
}
