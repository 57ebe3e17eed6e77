//! The client against a socket that answers what a test tells it to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::{Value, json};

use super::{Client, ClientError, VERSION};

/// Answers one request with `status` and `body`; the thread returns the request's head and JSON body.
fn answering(status: &str, body: &str) -> (String, thread::JoinHandle<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).unwrap();
        }
        let head = head.to_lowercase();
        let length = head
            .split("content-length: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        (head, serde_json::from_slice(&body).unwrap())
    });
    (url, server)
}

#[test]
fn a_call_is_one_post_to_the_root_with_query_variables_and_headers() {
    let (url, server) = answering("200 OK", r#"{"data": {"hello": "👋"}}"#);
    let agent = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b";
    let client = Client::new(format!("{url}/")).with_agent_id(agent.parse().unwrap());
    let data = client.execute("query { hello }", json!({"a": 1})).unwrap();
    assert_eq!(data, json!({"hello": "👋"}));
    let (head, body) = server.join().unwrap();
    assert!(head.starts_with("post / http/1.1\r\n"), "{head}");
    assert!(
        head.contains(&format!("x-prefect-core-version: {VERSION}")),
        "{head}"
    );
    assert!(head.contains(&format!("x-prefect-agent-id: {agent}")), "{head}");
    assert_eq!(body, json!({"query": "query { hello }", "variables": {"a": 1}}));
}

#[test]
fn refusals_keep_their_messages_whatever_the_status() {
    for status in ["200 OK", "400 Bad Request"] {
        let body = r#"{"data": {"x": null}, "errors": [{"message": "Uniqueness violation."}]}"#;
        let (url, _server) = answering(status, body);
        let error = Client::new(url)
            .execute("mutation { x }", Value::Null)
            .unwrap_err();
        assert_eq!(error, ClientError::Api(vec!["Uniqueness violation.".to_owned()]));
        assert!(error.says("Uniqueness") && !error.is_passing());
    }
}

#[test]
fn a_fault_of_the_server_passes() {
    let body = r#"{"data": {"x": null}, "errors": [{"message": "The disk is full.", "extensions": {"code": "API_ERROR"}}]}"#;
    let (url, _server) = answering("200 OK", body);
    let error = Client::new(url)
        .execute("mutation { x }", Value::Null)
        .unwrap_err();
    assert!(error.is_passing(), "{error:?}");
    assert_eq!(error.to_string(), "The disk is full.");
}

#[test]
fn what_is_no_graphql_is_told_apart_by_whether_waiting_helps() {
    let (url, _server) = answering("502 Bad Gateway", "<html>later</html>");
    let error = Client::new(url).execute("{ hello }", Value::Null).unwrap_err();
    assert!(
        matches!(error, ClientError::Http { status: 502, .. }) && error.is_passing(),
        "{error}"
    );

    let (url, _server) = answering("200 OK", "<html>a home page</html>");
    let error = Client::new(url).execute("{ hello }", Value::Null).unwrap_err();
    assert!(
        matches!(error, ClientError::Malformed { .. }) && !error.is_passing(),
        "{error}"
    );
    assert!(error.to_string().contains("a home page"), "{error}");
}

#[test]
fn nobody_there_says_where_and_what_to_do() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = Client::new(free.to_string()).hello().unwrap_err();
    assert!(error.is_passing());
    assert_eq!(
        error.to_string(),
        format!(
            "No answer from the API at http://{free} (connection refused). Start it with 'flowdeck server \
             start', or name another address with --api or FLOWDECK_API."
        )
    );
}
