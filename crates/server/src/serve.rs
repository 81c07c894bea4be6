//! Sockets: plain HTTP on loopback or behind a proxy, else TLS.
//!
//! Browsers give camera, location and `__Host-` cookies to secure pages only, so
//! the server refuses to speak plain HTTP to a network.
//!
//! Invariants
//! - A connection that does not finish its handshake or its headers in time is
//!   closed; so is one past [`CONNECTIONS_MAX`].
//! - A peer that takes nothing it is sent is given up ([`crate::stall`]).
//! - A certificate file that changes is in use for the next connection within
//!   [`RELOAD`]; one that does not read changes nothing.

use crate::Server;
use crate::http::caller::Peer;
use crate::stall::Stalling;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tower::ServiceExt;

/// Connections at once.
const CONNECTIONS_MAX: usize = 10_000;
/// For a TLS handshake, and for a request's headers.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often the certificate's files are looked at.
const RELOAD: Duration = Duration::from_secs(10);
/// For requests under way when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// The files of a certificate, PEM.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The chain, leaf first.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Certificate {
    fn written(&self) -> Option<[SystemTime; 2]> {
        let written = |file: &Path| std::fs::metadata(file).and_then(|meta| meta.modified()).ok();
        Some([written(&self.cert)?, written(&self.key)?])
    }

    fn load(&self) -> io::Result<Arc<ServerConfig>> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let chain = CertificateDer::pem_file_iter(&self.cert)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|_| wrong("the certificate's file does not read"))?;
        let key =
            PrivateKeyDer::from_pem_file(&self.key).map_err(|_| wrong("the key's file does not read"))?;
        let mut config = ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|_| wrong("certificate and key do not fit together"))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// A bound address, ready to serve.
pub struct Listener {
    socket: TcpListener,
    certificate: Option<Certificate>,
}

impl Listener {
    /// Binds `address`. Without a certificate only loopback is allowed, unless a
    /// proxy stands in front.
    pub async fn bind(
        address: SocketAddr,
        certificate: Option<Certificate>,
        behind_proxy: bool,
    ) -> io::Result<Self> {
        if certificate.is_none() && !address.ip().is_loopback() && !behind_proxy {
            let says = "plain HTTP is for loopback only: give --tls-cert and --tls-key, or --behind-proxy";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, says));
        }
        Ok(Self { socket: TcpListener::bind(address).await?, certificate })
    }

    /// Where it is reached, as a web address.
    pub fn url(&self) -> io::Result<String> {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.socket.local_addr()?))
    }

    /// Serves until `stop`, then lets requests under way end.
    pub async fn serve(self, server: Server, stop: impl Future<Output = ()>) -> io::Result<()> {
        let tls = self.certificate.map(Tls::open).transpose()?.map(Arc::new);
        if let Some(tls) = &tls {
            tokio::spawn(keep_fresh(Arc::downgrade(tls)));
        }
        server.keep_offering();
        server.keep_compacting();
        server.keep_collecting();
        server.keep_watching();
        let router = server.router();
        let goodbye = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = &mut stop => break,
            };
            // Out of file handles, or a peer gone already: the next may be well.
            let Ok((stream, peer)) = accepted else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let Ok(permit) = room.clone().try_acquire_owned() else { continue };
            let guest = Guest { peer, router: router.clone(), watcher: goodbye.watcher(), _room: permit };
            tokio::spawn(guest.welcome(stream, tls.clone()));
        }
        server.close_streams();
        let _ = tokio::time::timeout(FAREWELL, goodbye.shutdown()).await;
        Ok(())
    }
}

/// The certificate in use.
struct Tls {
    files: Certificate,
    now: Mutex<(Option<[SystemTime; 2]>, Arc<ServerConfig>)>,
}

impl Tls {
    fn open(files: Certificate) -> io::Result<Self> {
        let now = (files.written(), files.load()?);
        Ok(Self { files, now: Mutex::new(now) })
    }

    fn acceptor(&self) -> TlsAcceptor {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).1.clone().into()
    }

    fn reload(&self) {
        let written = self.files.written();
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.0 == written {
            return;
        }
        match self.files.load() {
            Ok(config) => *now = (written, config),
            Err(error) => crate::log::fault(&format!("the new certificate is not used: {error}")),
        }
    }
}

/// Looks at the certificate's files every [`RELOAD`], as long as anybody uses them.
async fn keep_fresh(tls: std::sync::Weak<Tls>) {
    loop {
        tokio::time::sleep(RELOAD).await;
        let Some(tls) = tls.upgrade() else { return };
        let _ = tokio::task::spawn_blocking(move || tls.reload()).await;
    }
}

/// One connection.
struct Guest {
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
    _room: OwnedSemaphorePermit,
}

impl Guest {
    async fn welcome(self, stream: TcpStream, tls: Option<Arc<Tls>>) {
        // Small answers go at once.
        let _ = stream.set_nodelay(true);
        match tls {
            None => self.talk(stream).await,
            Some(tls) => {
                let handshake = tokio::time::timeout(PATIENCE, tls.acceptor().accept(stream));
                if let Ok(Ok(stream)) = handshake.await {
                    self.talk(stream).await;
                }
            }
        }
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S) {
        let (peer, router) = (Peer(self.peer), self.router);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            router.clone().oneshot(request)
        });
        let mut server = auto::Builder::new(TokioExecutor::new());
        server.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        server
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(64)
            .keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(PATIENCE);
        let connection = server.serve_connection(TokioIo::new(Stalling::new(stream)), service);
        // Peers that vanish are no fault of ours.
        let _ = self.watcher.watch(connection.into_owned()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Config, NewPerson, Run};
    use fieldline_model::{DeviceId, Role};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    /// A server, the token of somebody signed in, and its clock.
    async fn house() -> (tempfile::TempDir, Server, String, Clock) {
        let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::simulated(1_772_438_400_000, 1));
        Server::found(dir.path(), "Nordlys", &clock).unwrap();
        let config = Config { clock: clock.clone(), run: Run::Inline, ..Config::new(dir.path()) };
        let server = Server::open(config).unwrap();
        let ana = NewPerson { name: "Ana".into(), login: Some("ana".into()), role: Role::Agent };
        let ana = server.add_person(ana).await.unwrap();
        let device = DeviceId::mint(clock.now_ms(), clock.random());
        let token = server.mint_session(ana.id, device).await.unwrap();
        (dir, server, token, clock)
    }

    /// A connection to it, whose peer buffers a kilobyte.
    fn connects(server: &Server) -> DuplexStream {
        let (ours, theirs) = duplex(1024);
        let peer = "127.0.0.1:9".parse().unwrap();
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        let goodbye = GracefulShutdown::new();
        let guest = Guest { peer, router: server.router(), watcher: goodbye.watcher(), _room: room };
        tokio::spawn(async move {
            guest.talk(ours).await;
            // Dropped before, it would stop the connection.
            drop(goodbye);
        });
        theirs
    }

    fn asks(what: &str, token: &str, rest: &str) -> String {
        format!("{what} HTTP/1.1\r\nhost: desk.test\r\nauthorization: Bearer {token}\r\n{rest}\r\n")
    }

    /// Everything the server says until it closes.
    async fn says(stream: &mut DuplexStream) -> String {
        let mut said = Vec::new();
        stream.read_to_end(&mut said).await.unwrap();
        String::from_utf8(said).unwrap()
    }

    /// FN7: an upload that comes byte by byte holds its connection for as long as a request
    /// may take, and others are served meanwhile.
    #[tokio::test(start_paused = true)]
    async fn an_upload_that_trickles_is_given_up_and_others_are_served_meanwhile() {
        let (_dir, server, token, clock) = house().await;
        let hash = fieldline_model::BlobHash::of(b"x");
        let put = format!("PUT /v1/blobs/{hash}?offset=0&size=100000");
        let began = clock.now_ms();
        let mut slow = Vec::new();
        for _ in 0..50 {
            let mut stream = connects(&server);
            stream.write_all(asks(&put, &token, "content-length: 100000\r\n").as_bytes()).await.unwrap();
            let (mut reads, mut writes) = tokio::io::split(stream);
            slow.push(tokio::spawn(async move {
                let trickle = async {
                    while writes.write_all(b"x").await.is_ok() {
                        tokio::time::sleep(Duration::from_secs(10)).await;
                    }
                };
                let mut head = [0; 64];
                let answer = reads.read(&mut head);
                tokio::select! {
                    () = trickle => None,
                    read = answer => Some(String::from_utf8_lossy(&head[..read.unwrap()]).into_owned()),
                }
            }));
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
        let mut other = connects(&server);
        let hello = asks("GET /v1/hello", &token, "connection: close\r\n");
        other.write_all(hello.as_bytes()).await.unwrap();
        assert!(says(&mut other).await.contains("Nordlys"));
        assert_eq!(clock.now_ms() - began, 60_000, "at once");
        for slow in slow {
            let answer = slow.await.unwrap().expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        }
        assert_eq!(clock.now_ms() - began, 120_000);
    }

    /// FN7: whoever sends no whole head, and nothing at all.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_does_not_say_what_it_wants_is_closed() {
        let (_dir, server, _, clock) = house().await;
        for begins in ["", "P", "PRI * HTTP/2.0", "GET /v1/hello HTTP/1.1\r\nhost:"] {
            let began = clock.now_ms();
            let mut stream = connects(&server);
            stream.write_all(begins.as_bytes()).await.unwrap();
            let closed = tokio::time::timeout(2 * PATIENCE, says(&mut stream));
            assert!(closed.await.is_ok(), "{begins} is still there");
            assert!(clock.now_ms() - began <= PATIENCE.as_millis() as i64, "{begins}");
        }
    }

    /// FN7, I19: a live stream whose reader takes nothing is dropped, and nobody else waits
    /// for it; from its cursor its device hears everything.
    #[tokio::test(start_paused = true)]
    async fn a_stream_whose_reader_takes_nothing_is_dropped_and_goes_on_from_its_cursor() {
        let (_dir, server, token, clock) = house().await;
        let mut first = connects(&server);
        let snapshot = asks("GET /v1/snapshot", &token, "connection: close\r\n");
        first.write_all(snapshot.as_bytes()).await.unwrap();
        let told = says(&mut first).await;
        let told: serde_json::Value = serde_json::from_str(told.split_once("\r\n\r\n").unwrap().1).unwrap();
        let live = format!("GET /v1/live?after={}&epoch={}", told["cursor"], told["epoch"].as_str().unwrap());
        let mut slow = connects(&server);
        slow.write_all(asks(&live, &token, "").as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(server.streams(), 1);
        let began = clock.now_ms();
        for n in 0..40 {
            let name = format!("{n:02} {}", "x".repeat(80));
            server.add_person(NewPerson { name, login: None, role: Role::Agent }).await.unwrap();
        }
        assert_eq!(clock.now_ms(), began, "nobody waited for it");
        tokio::time::sleep(Duration::from_secs(90)).await;
        assert_eq!(server.streams(), 0);
        let mut again = connects(&server);
        again.write_all(asks(&live, &token, "").as_bytes()).await.unwrap();
        let (mut heard, mut part) = (String::new(), [0; 512]);
        while !heard.contains("39 xx") {
            let read = again.read(&mut part).await.unwrap();
            heard.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        assert!((0..40).all(|n| heard.contains(&format!("{n:02} xx"))));
    }

    #[test]
    fn a_new_certificate_is_taken_and_a_broken_one_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let files = Certificate { cert: dir.path().join("cert.pem"), key: dir.path().join("key.pem") };
        let began = std::fs::metadata(dir.path()).unwrap().modified().unwrap();
        let issue = |age_s: u64| {
            let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
            let texts = [(&files.cert, made.cert.pem()), (&files.key, made.signing_key.serialize_pem())];
            for (file, text) in texts {
                std::fs::write(file, text).unwrap();
                let written = began + Duration::from_secs(age_s);
                std::fs::File::options().write(true).open(file).unwrap().set_modified(written).unwrap();
            }
        };
        issue(1);
        let tls = Tls::open(files.clone()).unwrap();
        let in_use = || tls.now.lock().unwrap().1.clone();
        let first = in_use();
        tls.reload();
        assert!(Arc::ptr_eq(&first, &in_use()));
        issue(2);
        tls.reload();
        let second = in_use();
        assert!(!Arc::ptr_eq(&first, &second));
        std::fs::write(&files.key, "broken").unwrap();
        tls.reload();
        assert!(Arc::ptr_eq(&second, &in_use()));
    }
}
