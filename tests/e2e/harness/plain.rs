//! A plain Prefect 1 server, as far as the dashboard can tell: our own, with its extensions taken away on the wire.
//!
//! What is asked with an extension in it is refused as Hasura does it, and noted; introspection does not show them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use flowdeck_dashboard::EXTENSIONS;
use serde_json::{Value, json};

use super::server::Server;

/// The way to the server without extensions. It is open as long as the tests run.
pub struct PlainServer {
    port: u16,
    refused: Arc<Mutex<Vec<String>>>,
}

impl PlainServer {
    /// Stands before the server's dashboard.
    pub fn before(server: &Server) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port for the proxy");
        let port = listener.local_addr().expect("the proxy has an address").port();
        let refused = Arc::new(Mutex::new(Vec::new()));
        let (server, notes) = (server.port, Arc::clone(&refused));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let notes = Arc::clone(&notes);
                // A browser that leaves breaks off its requests; nobody waits for the answer then.
                std::thread::spawn(move || serve(stream, server, &notes).ok());
            }
        });
        Self { port, refused }
    }

    /// The dashboard's origin by this way.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests that were refused, each by the field that is not there.
    pub fn refused(&self) -> Vec<String> {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The names of everything that a plain server lacks, with the type that would have them.
fn extensions() -> impl Iterator<Item = (&'static str, &'static str)> {
    EXTENSIONS.iter().flat_map(|extension| {
        let with = extension.with.iter().map(|field| (extension.on, *field));
        std::iter::once((extension.on, extension.field)).chain(with)
    })
}

/// One request of the browser.
struct Request {
    /// Its first line and its headers, without the one about the connection: each has one of its own.
    head: String,
    body: Vec<u8>,
}

fn read(stream: &TcpStream) -> std::io::Result<Request> {
    let mut lines = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        if line.trim_end().is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, _)) if name.eq_ignore_ascii_case("connection") => continue,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or(0);
            }
            _ => {}
        }
        head.push_str(&line);
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    Ok(Request { head, body })
}

fn serve(mut stream: TcpStream, server: u16, refused: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let request = read(&stream)?;
    if request.head.starts_with("POST /graphql ") {
        let answer = graphql(server, &request.body, refused);
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
        write!(stream, "{head}Content-Length: {}\r\n\r\n", answer.len())?;
        return stream.write_all(&answer);
    }
    let mut upstream = TcpStream::connect(("127.0.0.1", server))?;
    upstream.write_all(request.head.as_bytes())?;
    upstream.write_all(&request.body)?;
    std::io::copy(&mut upstream, &mut stream).map(|_| ())
}

/// The answer to an operation.
fn graphql(server: u16, body: &[u8], refused: &Mutex<Vec<String>>) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let names: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .collect();
    if let Some((on, field)) = extensions().find(|(_, field)| names.contains(field)) {
        let words = format!("field \"{field}\" not found in type: '{on}'");
        refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(words.clone());
        let path = format!("$.selectionSet.{field}");
        let error = json!({ "extensions": { "path": path, "code": "validation-failed" }, "message": words });
        return json!({ "errors": [error] }).to_string().into_bytes();
    }
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let answer = ureq::post(format!("http://127.0.0.1:{server}/graphql"))
        .config()
        .http_status_as_error(false)
        .build()
        .send_json(&asked);
    let mut answer: Value = answer
        .ok()
        .and_then(|mut answer| answer.body_mut().read_json().ok())
        .unwrap_or_default();
    if names.contains(&"__schema") || names.contains(&"__type") {
        take_away(&mut answer);
    }
    answer.to_string().into_bytes()
}

/// Takes the extensions out of every list of fields.
fn take_away(json: &mut Value) {
    match json {
        Value::Object(object) => {
            for list in ["fields", "inputFields"] {
                if let Some(Value::Array(fields)) = object.get_mut(list) {
                    fields.retain(|field| extensions().all(|(_, name)| field["name"] != name));
                }
            }
            object.values_mut().for_each(take_away);
        }
        Value::Array(list) => list.iter_mut().for_each(take_away),
        _ => {}
    }
}
