//! Editing over the wire: what the requests of QGIS 3.34 to 3.44 get back byte by byte, and what the
//! history says of it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::database::Database;
use crate::process::succeed;
use crate::reviewed::token;
use crate::service::Service;

/// A service, and the token of an editor.
struct Edited {
    service: Service,
    token: String,
}

/// An answer as it came.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

impl Edited {
    fn over(database: Database) -> Self {
        let token = token(|| database.cadastre(), "editor");
        let mut command = database.cadastre();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let service = Service::start_over(&mut command, database);
        Self { service, token }
    }

    /// Sends a request letter by letter.
    fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let address = self.service.url.trim_start_matches("http://");
        let address = address.trim_end_matches('/');
        let mut stream = TcpStream::connect(address).unwrap();
        let headers: String = headers.iter().flat_map(|line| [*line, "\r\n"]).collect();
        let length = body.len();
        let request = format!(
            "{method} /{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
             User-Agent: Mozilla/5.0 QGIS/34014/Debian\r\nConnection: close\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}",
            self.token
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head[9..12].parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }
}

#[test]
fn qgis_edits_a_layer() {
    let edited = Edited::over(Database::loaded());
    let items = "collections/facilities/items";
    for (path, methods) in [
        (items.to_owned(), &["POST"][..]),
        (format!("{items}/unknown_id"), &["PUT", "PATCH", "DELETE"]),
    ] {
        let answer = edited.send("OPTIONS", &path, &[], "");
        assert_eq!(answer.status, 200);
        // Up to 3.40.6 names of headers are looked for letter by letter.
        let allow = answer
            .head
            .lines()
            .find_map(|line| line.strip_prefix("Allow: "));
        let allow = allow.unwrap_or_else(|| panic!("{}", answer.head));
        assert!(
            methods.iter().all(|method| allow.contains(method)),
            "{allow}"
        );
    }
    let drawn = r#"{"geometry":{"coordinates":[7588213.57,4881734.64],"type":"Point"},"properties":{"code":"RS-70327-977","name":"Novo jalovište","height_m":null,"status":"operating"},"type":"Feature"}"#;
    let json = "Content-Type: application/geo+json";
    let crs = "Content-Crs: http://www.opengis.net/def/crs/EPSG/0/6316";
    let added = edited.send("POST", items, &[json, crs], drawn);
    assert_eq!(added.status, 201, "{}", added.body);
    let location = added
        .head
        .lines()
        .find_map(|line| line.strip_prefix("Location: "));
    let id = location
        .unwrap()
        .rsplit_once("/items/")
        .unwrap()
        .1
        .to_owned();
    let path = format!("{items}/{id}");
    let part = "Content-Type: application/merge-patch+json";
    let filled = r#"{"properties":{"height_m":12.5}}"#;
    let answer = edited.send("PATCH", &path, &[part], filled);
    assert_eq!(
        answer.json()["properties"]["height_m"],
        12.5,
        "{}",
        answer.body
    );
    let moved = r#"{"geometry":{"coordinates":[7588313.57,4881734.64],"type":"Point"}}"#;
    assert_eq!(edited.send("PATCH", &path, &[part, crs], moved).status, 200);
    let read = edited.send(
        "GET",
        &format!("{path}?crs=http://www.opengis.net/def/crs/EPSG/0/6316"),
        &[],
        "",
    );
    let there = read.json()["geometry"]["coordinates"].clone();
    assert!(
        (there[0].as_f64().unwrap() - 7_588_313.57).abs() < 0.001,
        "{there}"
    );
    let gone = edited.send("DELETE", &path, &[], "");
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    let history = edited
        .send("GET", &format!("{path}/history"), &[], "")
        .json();
    let told: Vec<_> = history["events"]
        .as_array()
        .unwrap_or_else(|| panic!("{history}"))
        .iter()
        .map(|one| one["act"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told, ["deleted", "updated", "updated", "inserted"]);
    succeed(
        edited
            .service
            .database()
            .cadastre()
            .args(["audit", "verify"]),
    );
}
