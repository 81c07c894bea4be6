//! One device's way to the server: a TCP relay that can be cut, healed, slowed.
//!
//! Cut means what a dead network means: new connections are refused, those that
//! stand are dropped at once. The port stays the line's own, since a browser knows
//! its data by the address it was opened at.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::process::free_port;
use super::wait::{beside, settled, soon};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weather {
    Cut,
    Open { delay: Duration },
}

/// The line. It is open at first; dropping it cuts it.
pub struct Line {
    port: u16,
    weather: watch::Sender<Weather>,
}

impl Line {
    /// A new line to the server at this loopback port.
    pub fn to(server_port: u16) -> Self {
        let port = free_port();
        let (weather, seen) = watch::channel(Weather::Open { delay: Duration::ZERO });
        beside(relay(port, server_port, seen));
        let line = Self { port, weather };
        line.is_open();
        line
    }

    /// What the device takes for the server's address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// No network, from the moment this returns.
    pub fn cut(&self) {
        self.weather.send_replace(Weather::Cut);
        soon("the cut line refuses connections", || match self.knock() {
            Ok(()) => Err("it still takes them".to_owned()),
            Err(_) => Ok(()),
        });
    }

    /// The network is back, from the moment this returns.
    pub fn heal(&self) {
        self.delay(Duration::ZERO);
        self.is_open();
    }

    /// Each piece of data takes this much longer, each way.
    pub fn delay(&self, delay: Duration) {
        self.weather.send_replace(Weather::Open { delay });
    }

    fn is_open(&self) {
        soon("the line takes connections", || self.knock());
    }

    fn knock(&self) -> Result<(), String> {
        let at = ("127.0.0.1", self.port);
        settled(async { TcpStream::connect(at).await.map(drop).map_err(|error| error.to_string()) })
    }
}

/// Ends when its [`Line`] is dropped.
async fn relay(port: u16, server_port: u16, mut weather: watch::Receiver<Weather>) {
    let server = SocketAddr::from(([127, 0, 0, 1], server_port));
    loop {
        if weather.wait_for(|now| *now != Weather::Cut).await.is_err() {
            return;
        }
        let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        if serve(&listener, server, &mut weather).await.is_err() {
            return;
        }
    }
}

/// Until the line is cut, or (as an error) its owner is gone.
async fn serve(
    listener: &TcpListener,
    server: SocketAddr,
    weather: &mut watch::Receiver<Weather>,
) -> Result<(), watch::error::RecvError> {
    let each = weather.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((device, _)) = accepted {
                    tokio::spawn(carry(device, server, each.clone()));
                }
            }
            cut = weather.wait_for(|now| *now == Weather::Cut) => return cut.map(drop),
        }
    }
}

async fn carry(device: TcpStream, server: SocketAddr, mut weather: watch::Receiver<Weather>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_device, to_device) = device.into_split();
    let (from_server, to_server) = server.into_split();
    let (up, down) = (weather.clone(), weather.clone());
    tokio::select! {
        _ = async { tokio::join!(pump(from_device, to_server, up), pump(from_server, to_device, down)) } => {}
        _ = weather.wait_for(|now| *now == Weather::Cut) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, weather: watch::Receiver<Weather>) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut piece).await {
        let now = *weather.borrow();
        if let Weather::Open { delay } = now
            && !delay.is_zero()
        {
            tokio::time::sleep(delay).await;
        }
        if to.write_all(&piece[..count]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}
