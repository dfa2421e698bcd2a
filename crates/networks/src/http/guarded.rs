//! The real client.
//!
//! HTTP/1.1 only, no proxy, no cookies, no decompression (so nothing can
//! unpack to more than it was on the wire), redirects followed here and not
//! below. Nothing is ever sent again: the library's own retry policy is off,
//! and what its connection pool still does, moving a request that it had not
//! begun from a dead connection to another, happens in front of the gate.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{Clock, Instant};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Body, Client, ClientBuilder};
use tracing::Instrument as _;
use url::Url;

use super::address::Guard;
use super::gate::{Gate, GatedBody, Sender};
use super::names::{Lookup, SystemLookup, Vetted};
use super::watch::{Call, shown_path};
use super::{
    HttpConfig, HttpError, HttpSetupError, Observer, Permit, Request, Response, Transport, Trouble,
};
use crate::Sent;

/// Redirects followed for one read.
const MAX_HOPS: usize = 5;

/// The address and headers of a request, in bytes. Far below the 400 kB at
/// which the HTTP library would begin to write a head before it polls the body.
const MAX_HEAD: usize = 64 << 10;

/// How long a connection is kept for the next request, in seconds. A server
/// that closes a kept connection at the very moment a write sets out leaves a
/// doubt behind, so ours must be the shorter patience: common servers wait 5 s
/// or more. A burst to one host still shares its connections.
const KEEP_IDLE: Duration = Duration::from_secs(3);

/// The real client. Use it through [`Http`](super::Http).
pub struct Guarded {
    guard: Guard,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    observer: Option<Arc<dyn Observer>>,
    /// For everything but what `inside` carries.
    client: Client,
    /// For credentials over plain HTTP: it finds only hosts in ranges that
    /// the operator opened, and shares no connection with the other.
    inside: Client,
    last_date: Mutex<Option<(Instant, Instant)>>,
}

impl Guarded {
    /// With the operating system's resolver and certificate authorities.
    pub fn new(config: HttpConfig, clock: Arc<dyn Clock>) -> Result<Self, HttpSetupError> {
        Self::with(config, clock, Arc::new(SystemLookup), |builder| builder)
    }

    /// With another resolver, and other authorities to trust.
    pub(super) fn with(
        config: HttpConfig,
        clock: Arc<dyn Clock>,
        lookup: Arc<dyn Lookup>,
        trust: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self, HttpSetupError> {
        let HttpConfig { allow, timeout, connect_timeout, user_agent, observer } = config;
        let guard = Guard::new(allow);
        let builder = |lookup, only_opened| {
            Client::builder()
                .http1_only()
                .no_proxy()
                .no_gzip()
                .no_brotli()
                .no_zstd()
                .no_deflate()
                .referer(false)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .pool_idle_timeout(KEEP_IDLE)
                .connect_timeout(connect_timeout)
                .user_agent(user_agent.clone())
                .dns_resolver(Vetted { lookup, guard: guard.clone(), only_opened })
        };
        let failed = |error: reqwest::Error| HttpSetupError(HttpError::from(error).detail);
        let client = trust(builder(lookup.clone(), false)).build().map_err(failed)?;
        let inside = builder(lookup, true).tls_certs_only([]).build().map_err(failed)?;
        Ok(Self { client, inside, guard, timeout, clock, observer, last_date: Mutex::new(None) })
    }

    /// A read, with its redirects.
    async fn read(&self, mut request: Request) -> Result<Response, HttpError> {
        let follow = request.follow && matches!(request.method, Method::GET | Method::HEAD);
        let deadline = tokio::time::Instant::now() + self.timeout;
        for _ in 0..=MAX_HOPS {
            let hop = in_time(tokio::time::timeout_at(deadline, self.hop(&request, None)));
            let response = self.observed(&request, hop).await?;
            let Some(next) = follow.then(|| redirected(&response)).flatten() else {
                return Ok(response);
            };
            let next = next?;
            if next.origin() != request.url.origin() {
                request.headers = harmless(&request.headers);
            }
            request.url = next;
        }
        Err(HttpError::unsent(Trouble::Redirects, format!("more than {MAX_HOPS} redirects")))
    }

    /// A write: nothing leaves after the permit has closed, and whoever hears
    /// `Sent::No` can rely on it.
    async fn write(&self, request: &Request, permit: &Permit) -> Result<Response, HttpError> {
        if matches!(request.method, Method::GET | Method::HEAD | Method::TRACE) {
            // They have no body, which is where the gate stands.
            return Err(HttpError::unsent(Trouble::BadAddress, "this method cannot write"));
        }
        if !permit.is_open() {
            return Err(HttpError::unsent(Trouble::PermitClosed, "the permit had closed"));
        }
        let sender = Sender::new(permit.clone());
        let gate = sender.gate();
        let sending = self.hop(request, Some(gate));
        tokio::pin!(sending);
        let early = tokio::select! {
            biased;
            outcome = &mut sending => Some(outcome),
            () = gate.passed() => None,
            () = permit.closed() => None,
        };
        let outcome = match early {
            Some(outcome) => outcome,
            None if gate.lock() => {
                return Err(HttpError::unsent(
                    Trouble::PermitClosed,
                    "the permit closed while connecting",
                ));
            }
            None => in_time(tokio::time::timeout(permit.timeout(), sending)).await,
        };
        // Nothing is on the wire if the gate can still be locked.
        outcome.map_err(|error| error.sent(if gate.lock() { Sent::No } else { Sent::Unknown }))
    }

    /// One request and its answer.
    async fn hop(&self, request: &Request, gate: Option<&Gate>) -> Result<Response, HttpError> {
        if request.method == Method::CONNECT {
            return Err(HttpError::unsent(Trouble::BadAddress, "tunnels are not made"));
        }
        self.guard.check(&request.url, request.has_credentials())?;
        let in_the_clear = request.has_credentials() && request.url.scheme() == "http";
        let client = if in_the_clear { &self.inside } else { &self.client };
        let mut outgoing = reqwest::Request::new(request.method.clone(), request.url.clone());
        *outgoing.headers_mut() = framed(&request.headers);
        check_head(&outgoing)?;
        *outgoing.body_mut() = match gate {
            Some(gate) => Some(Body::wrap(GatedBody::new(gate.clone(), request.body.clone()))),
            None => (!request.body.is_empty()).then(|| Body::from(request.body.clone())),
        };
        let answer = client.execute(outgoing).await?;
        let arrived = self.clock.now();
        let mut response = Response {
            status: answer.status(),
            headers: answer.headers().clone(),
            body: Bytes::new(),
            url: request.url.clone(),
        };
        if gate.is_some() || request.has_credentials() {
            self.note_date(&response, arrived);
        }
        response.body = whole(answer, request.max_answer).await?;
        Ok(response)
    }

    fn note_date(&self, response: &Response, arrived: Instant) {
        if let Some(date) = response.date() {
            *self.last_date.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, arrived));
        }
    }

    /// Tells the trace and the observer of a call, and nothing that is secret.
    async fn observed(
        &self,
        request: &Request,
        call: impl Future<Output = Result<Response, HttpError>>,
    ) -> Result<Response, HttpError> {
        let begun = self.clock.mono();
        let host = request.url.host_str().unwrap_or_default();
        let span = tracing::debug_span!("http", method = %request.method, host, path = shown_path(&request.url));
        let outcome = call.instrument(span.clone()).await;
        let took = self.clock.mono().since(begun);
        let call = Call::over(request, took, &outcome);
        let status = call.status.map(|status| status.as_u16());
        tracing::debug!(parent: &span, status, millis = call.millis, trouble = ?call.trouble, "called");
        if let Some(observer) = &self.observer {
            observer.called(&call);
        }
        outcome
    }
}

#[async_trait]
impl Transport for Guarded {
    async fn send(&self, request: Request, permit: Option<&Permit>) -> Result<Response, HttpError> {
        match permit {
            Some(permit) => self.observed(&request, self.write(&request, permit)).await,
            None => self.read(request).await,
        }
    }

    fn last_date(&self) -> Option<(Instant, Instant)> {
        *self.last_date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lost_calls(&self) -> u64 {
        self.observer.as_ref().map_or(0, |observer| observer.lost())
    }
}

/// What came before the time was up.
async fn in_time(
    timed: tokio::time::Timeout<impl Future<Output = Result<Response, HttpError>>>,
) -> Result<Response, HttpError> {
    timed
        .await
        .unwrap_or_else(|_| Err(HttpError::unsent(Trouble::Timeout, "no whole answer in time")))
}

/// Where an answer leads, if it leads anywhere.
fn redirected(response: &Response) -> Option<Result<Url, HttpError>> {
    let leads = matches!(
        response.status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = response.header(header::LOCATION).filter(|_| leads)?;
    Some(response.url.join(location).map_err(|_| {
        HttpError::unsent(Trouble::BadAddress, "redirected to something that is no address")
    }))
}

/// What another server may see of the headers of a request that it was not
/// meant for. A list of what is harmless, since nobody can list what is not.
fn harmless(headers: &HeaderMap) -> HeaderMap {
    let kept = [header::ACCEPT, header::ACCEPT_LANGUAGE];
    headers
        .iter()
        .filter(|(name, _)| kept.contains(name))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}

/// The headers of a request without those that frame a message. A length that
/// is not the body's would open the gate's back door.
fn framed(headers: &HeaderMap) -> HeaderMap {
    const OURS: [&str; 10] = [
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    let kept = headers.iter().filter(|(name, _)| !OURS.contains(&name.as_str()));
    let mut framed: HeaderMap = kept.map(|(n, v)| (n.clone(), v.clone())).collect();
    framed.insert(header::ACCEPT_ENCODING, header::HeaderValue::from_static("identity"));
    framed
}

fn check_head(outgoing: &reqwest::Request) -> Result<(), HttpError> {
    let headers =
        outgoing.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    if outgoing.url().as_str().len() + headers.sum::<usize>() > MAX_HEAD {
        return Err(HttpError::unsent(
            Trouble::BadAddress,
            "address and headers are larger than 64 KiB",
        ));
    }
    Ok(())
}

/// The body of an answer, or `TooLarge` as soon as that is known.
async fn whole(mut answer: reqwest::Response, max: usize) -> Result<Bytes, HttpError> {
    let too_large =
        || HttpError::unsent(Trouble::TooLarge, format!("the answer is larger than {max} bytes"));
    let announced = answer.content_length().unwrap_or(0);
    if announced > max as u64 {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
