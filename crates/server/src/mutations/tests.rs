//! The schema of the mutations and their functions belong together.

use super::*;
use crate::store::{DatabaseUrl, Store};
use crate::time::SystemTime;
use std::sync::Arc;

#[tokio::test]
async fn every_mutation_of_the_schema_is_written() {
    let ctx = Context::new(
        Store::open(&DatabaseUrl::Memory).unwrap(),
        Arc::new(SystemTime::default()),
    );
    let fields: Vec<_> = SDL
        .lines()
        .filter_map(|line| {
            line.strip_prefix("  ")?
                .split_once("(input: ")
                .map(|(field, _)| field)
        })
        .collect();
    assert!(fields.len() > 40, "{}", fields.len());
    for field in fields {
        let error = execute(&ctx, field, Json::Null).await.unwrap_err();
        assert!(matches!(error, Error::BadInput(_)), "{field}: {error}");
    }
}
