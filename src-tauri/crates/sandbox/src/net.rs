//! A small HTTP server whose connections can be cut on purpose.
//!
//! `axum::serve` keeps its connections to itself. Fault injection needs three things more: close the
//! connection under a request without an answer ([`Cut`]), close the port for a while so that clients
//! are refused, and drop every connection at once ([`Gate`]).

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{Extension, Router};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::Error;

/// The connection a request came in on. Handlers find it among the request's extensions.
#[derive(Clone, Default)]
pub(crate) struct Cut(Arc<CutState>);

#[derive(Default)]
struct CutState {
    reset: AtomicBool,
    cut: Notify,
}

impl Cut {
    /// Resets the connection (RST, no answer). Never returns: the request is dropped with it.
    pub(crate) async fn cut(&self) -> ! {
        self.0.reset.store(true, Ordering::SeqCst);
        self.0.cut.notify_one();
        std::future::pending().await
    }
}

/// A TCP stream that says RST instead of FIN when its [`Cut`] was pulled.
struct Line {
    stream: TcpStream,
    cut: Cut,
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.cut.0.reset.load(Ordering::SeqCst) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Closes a server's port for a while.
#[derive(Clone)]
pub(crate) struct Gate(mpsc::UnboundedSender<Duration>);

impl Gate {
    /// Closes the port and every connection now, and opens the port again after `pause`.
    pub(crate) fn close_for(&self, pause: Duration) {
        let _ = self.0.send(pause);
    }
}

/// A running server on 127.0.0.1.
pub(crate) struct Server {
    address: SocketAddr,
    gate: Gate,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(port: u16, router: Router, stop: CancellationToken) -> Result<Self, Error> {
        let listen = |source| Error::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        #[allow(clippy::disallowed_methods, reason = "a stand-in, told by tests")]
        let (sender, pauses) = mpsc::unbounded_channel();
        let task = tokio::spawn(run(listener, address, router, pauses, stop));
        Ok(Self {
            address,
            gate: Gate(sender),
            task,
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn gate(&self) -> Gate {
        self.gate.clone()
    }

    pub(crate) async fn closed(&mut self) {
        let _ = (&mut self.task).await;
    }
}

async fn run(
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    mut pauses: mpsc::UnboundedReceiver<Duration>,
    stop: CancellationToken,
) {
    let mut listener = Some(listener);
    let mut round = stop.child_token();
    loop {
        if stop.is_cancelled() {
            return;
        }
        let Some(open) = &listener else {
            // The port is closed after a pause; it may still be settling, so try until it opens.
            match TcpListener::bind(address).await {
                Ok(again) => listener = Some(again),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
            continue;
        };
        tokio::select! {
            () = stop.cancelled() => return,
            pause = pauses.recv() => {
                let Some(pause) = pause else { return };
                listener = None;
                round.cancel();
                round = stop.child_token();
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                }
            }
            accepted = open.accept() => {
                if let Ok((stream, _)) = accepted {
                    tokio::spawn(connection(stream, router.clone(), round.clone()));
                }
            }
        }
    }
}

async fn connection(stream: TcpStream, router: Router, round: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let cut = Cut::default();
    let line = Line { stream, cut: cut.clone() };
    let service = TowerToHyperService::new(router.layer(Extension(cut.clone())));
    let server = auto::Builder::new(TokioExecutor::new());
    let serving = server.serve_connection_with_upgrades(TokioIo::new(line), service);
    tokio::select! {
        _ = serving => {}
        () = cut.0.cut.notified() => {}
        () = round.cancelled() => {}
    }
}
