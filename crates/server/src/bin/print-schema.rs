//! Prints the GraphQL schema; `cargo xtask schema` runs it.

fn main() {
    print!("{}", flowdeck_server::graphql::schema_sdl());
}
