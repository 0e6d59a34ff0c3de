//! The service on a real port: what only the wire shows.

use std::net::SocketAddr;
use std::time::Duration;

use sqlx::postgres::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::common::{Service, no_rasters, no_uploads};

async fn listen(
    service: &Service,
) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let router = service.router.clone();
    let serving = tokio::spawn(server::serve(listener, router, async {
        let _: Result<(), _> = stopped.await;
    }));
    (address, stop, serving)
}

async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// QGIS up to 3.40.6 compares header names letter by letter.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn header_names_are_in_title_case(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let (address, _stop, _serving) = listen(&service).await;
    let answer = exchange(
        address,
        "GET /collections HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.contains("\r\nContent-Type: application/json\r\n"),
        "{answer}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn links_name_the_host_that_was_asked(pool: PgPool) {
    let with_data = Service::with_data(pool).await;
    let app = server::App {
        store: with_data.store.clone(),
        rasters: no_rasters(),
        uploads: no_uploads(),
        config: server::Config::default(),
    };
    let service = Service {
        router: server::router(app),
        store: with_data.store,
    };
    let (address, _stop, _serving) = listen(&service).await;
    let answer = exchange(
        address,
        "GET /conformance?f=json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.contains("conformsTo"), "{answer}");
    let answer = exchange(
        address,
        "GET /collections HTTP/1.1\r\nHost: pond.example:99\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(
        answer.contains("http://pond.example:99/collections/facilities/items"),
        "{answer}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_port_in_use_is_named_with_the_way_out(pool: PgPool) {
    let service = Service::empty(pool);
    let (address, _stop, _serving) = listen(&service).await;
    let error = server::bind(address).await.unwrap_err().to_string();
    assert!(
        error.contains(&address.port().to_string()) && error.contains("--listen"),
        "{error}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_answer_under_way_finishes_before_the_service_stops(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let (address, stop, serving) = listen(&service).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Half a request: the connection is open when the service is asked to stop.
    stream
        .write_all(b"GET /collections HTTP/1.1\r\nHost: a\r\n")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.send(()).unwrap();
    stream
        .write_all(b"Connection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.is_empty() || answer.ends_with('}'),
        "a part of an answer: {answer}"
    );
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
