//! A plain Prefect 1 server, as far as the dashboard can tell: our own, with its extensions taken away on the wire.
//!
//! What is asked with an extension in it is refused as Hasura does it, and noted; introspection does not show them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use flowdeck_dashboard::EXTENSIONS;
use serde_json::{Value, json};

use super::server::Server;

/// Larger than any file of a dashboard that was built for debugging.
const LARGEST_FILE: u64 = 1 << 28;

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
        let (origin, notes) = (server.origin(), Arc::clone(&refused));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (origin, notes) = (origin.clone(), Arc::clone(&notes));
                // A browser that leaves breaks off its requests; nobody waits for the answer then.
                std::thread::spawn(move || serve(stream, &origin, &notes).ok());
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
    method: String,
    path: String,
    body: Vec<u8>,
}

fn read(stream: &TcpStream) -> std::io::Result<Request> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut length = 0;
    loop {
        line.clear();
        lines.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or(0);
            }
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    Ok(Request { method, path, body })
}

fn serve(mut stream: TcpStream, origin: &str, refused: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let request = read(&stream)?;
    let url = format!("{origin}{}", request.path);
    let (head, body) = if request.method == "POST" {
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n".to_owned(),
            graphql(&url, &request.body, refused),
        )
    } else {
        file(&url)
    };
    write!(
        stream,
        "{head}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

/// The answer to an operation.
fn graphql(url: &str, body: &[u8], refused: &Mutex<Vec<String>>) -> Vec<u8> {
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
    let answer = ureq::post(url)
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
            if let Some(Value::Array(fields)) = object.get_mut("fields") {
                fields.retain(|field| extensions().all(|(_, name)| field["name"] != name));
            }
            object.values_mut().for_each(take_away);
        }
        Value::Array(list) => list.iter_mut().for_each(take_away),
        _ => {}
    }
}

/// A file of the dashboard: its head and its bytes.
fn file(url: &str) -> (String, Vec<u8>) {
    let answer = ureq::get(url).config().http_status_as_error(false).build().call();
    let Ok(mut answer) = answer else {
        return ("HTTP/1.1 502 Bad Gateway\r\n".to_owned(), Vec::new());
    };
    let mut head = format!("HTTP/1.1 {}\r\n", answer.status().as_u16());
    for name in ["content-type", "content-security-policy", "cache-control"] {
        if let Some(value) = answer.headers().get(name).and_then(|value| value.to_str().ok()) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    let bytes = answer.body_mut().with_config().limit(LARGEST_FILE).read_to_vec();
    (head, bytes.unwrap_or_default())
}
