//! Reads of tables: conditions, order, paging, aggregates, and everything GraphQL lets one write around them.

use serde_json::json;

use crate::harness::TestServer;

#[test]
fn a_fresh_server_has_one_tenant() {
    let server = TestServer::start();
    let data = server.query("{ tenant { slug name settings } }");
    assert_eq!(
        data,
        json!({ "tenant": [{ "slug": "default", "name": "default", "settings": {} }] })
    );
}
