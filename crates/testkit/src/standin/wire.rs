//! HTTP/1.1 on a socket of which every byte is under control.

use std::fmt::Write as _;
use std::io;
use std::os::fd::AsFd as _;

use bellwether_base::jiff::Timestamp;
use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::service::BodyLength;
use super::{Answer, Ending, Head, Stamp};

const LONGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 64;
const READ_AT_ONCE: u64 = 64 * 1024;

/// A connection with what was read of it and not yet used.
pub(super) struct Wire {
    stream: TcpStream,
    buffer: BytesMut,
    last_read: Stamp,
}

fn malformed(why: impl Into<String>) -> Ending {
    Ending::Malformed(why.into())
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        // Without it, an answer in two writes waits for the client's acknowledgement.
        let _ = stream.set_nodelay(true);
        Self { stream, buffer: BytesMut::with_capacity(4096), last_read: Stamp::now() }
    }

    /// When the last bytes came.
    pub(super) fn last_read(&self) -> Stamp {
        self.last_read
    }

    /// Whether bytes are here that belong to no request yet.
    pub(super) fn has_unused(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Whether at this very moment nothing waits in the system's buffer
    /// either. Asks the system itself, because the runtime may not have been
    /// told yet.
    pub(super) fn is_empty_now(&self) -> bool {
        if self.has_unused() {
            return false;
        }
        let Ok(descriptor) = self.stream.as_fd().try_clone_to_owned() else { return false };
        let peeked = std::net::TcpStream::from(descriptor).peek(&mut [0]);
        peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Reads at most `most` bytes more. False at the end of the stream.
    pub(super) async fn read_some(&mut self, most: u64) -> io::Result<bool> {
        let count =
            (&mut self.stream).take(most.min(READ_AT_ONCE)).read_buf(&mut self.buffer).await?;
        self.last_read = Stamp::now();
        Ok(count > 0)
    }

    async fn read_more(&mut self, most: u64) -> Result<(), Ending> {
        match self.read_some(most).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Ending::ClientGone),
        }
    }

    /// Reads until the buffer holds `count` bytes, and not a byte further.
    pub(super) async fn read_until(&mut self, count: u64) -> Result<(), Ending> {
        while (self.buffer.len() as u64) < count {
            self.read_more(count - self.buffer.len() as u64).await?;
        }
        Ok(())
    }

    /// Takes so many bytes out of the buffer, which must hold them.
    pub(super) fn take(&mut self, count: u64) -> Bytes {
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(self.buffer.len());
        self.buffer.split_to(count).freeze()
    }

    pub(super) async fn head(&mut self) -> Result<Head, Ending> {
        loop {
            if let Some((head, length)) = parse_head(&self.buffer)? {
                self.buffer.advance(length);
                return Ok(head);
            }
            if self.buffer.len() > LONGEST_HEAD {
                return Err(malformed("the head is too long"));
            }
            self.read_more(READ_AT_ONCE).await?;
        }
    }

    /// The next chunk of a chunked body; none at its end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Ending> {
        let line = self.line().await?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size =
            u64::from_str_radix(size, 16).map_err(|_| malformed("a chunk without a size"))?;
        if size == 0 {
            while !self.line().await?.is_empty() {}
            return Ok(None);
        }
        self.read_until(size + 2).await?;
        let chunk = self.take(size);
        if &self.take(2)[..] != b"\r\n" {
            return Err(malformed("a chunk without an end"));
        }
        Ok(Some(chunk))
    }

    async fn line(&mut self) -> Result<String, Ending> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.buffer.split_to(end);
                self.buffer.advance(2);
                return Ok(String::from_utf8_lossy(&line).into_owned());
            }
            if self.buffer.len() > LONGEST_HEAD {
                return Err(malformed("a line is too long"));
            }
            self.read_more(READ_AT_ONCE).await?;
        }
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Ending> {
        self.stream.write_all(bytes).await.map_err(|_| Ending::ClientGone)
    }

    /// The coming close is a reset.
    pub(super) fn reset_on_close(&self) {
        let _ = self.stream.set_zero_linger();
    }

    /// Says no more, but lets the client read what was said.
    pub(super) async fn finish(&mut self) {
        let _ = self.stream.shutdown().await;
    }
}

fn parse_head(buffer: &[u8]) -> Result<Option<(Head, usize)>, Ending> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(malformed(error.to_string())),
    };
    let target = request.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut head = Head {
        method: request.method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: request
            .headers
            .iter()
            .map(|h| {
                (h.name.to_ascii_lowercase(), String::from_utf8_lossy(h.value).trim().to_owned())
            })
            .collect(),
        body: BodyLength::Known(0),
        is_kept_alive: false,
    };
    head.body = body_length(&head)?;
    let connection = head.header("connection").unwrap_or_default().to_ascii_lowercase();
    head.is_kept_alive = request.version == Some(1) && !connection.contains("close");
    Ok(Some((head, length)))
}

fn body_length(head: &Head) -> Result<BodyLength, Ending> {
    if let Some(coding) = head.header("transfer-encoding") {
        if coding.eq_ignore_ascii_case("chunked") {
            return Ok(BodyLength::Chunked);
        }
        return Err(malformed("an unknown transfer coding"));
    }
    let length = head.header("content-length").unwrap_or("0");
    length.parse().map(BodyLength::Known).map_err(|_| malformed("an unreadable length"))
}

/// The bytes of an answer, and how many of them make its head.
pub(super) fn encode(answer: &Answer, date_offset: i64, is_kept_alive: bool) -> (Bytes, usize) {
    let millis = Timestamp::now().as_millisecond().saturating_add(date_offset);
    let now = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut text = format!(
        "HTTP/1.1 {} {}\r\nDate: {}\r\n",
        answer.status,
        reason(answer.status),
        now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    );
    for (name, value) in &answer.headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    if answer.status != 204 && answer.status >= 200 {
        let _ = write!(text, "Content-Length: {}\r\n", answer.body.len());
    }
    text.push_str(if is_kept_alive {
        "Connection: keep-alive\r\n\r\n"
    } else {
        "Connection: close\r\n\r\n"
    });
    let head = text.len();
    let mut bytes = BytesMut::from(text.as_bytes());
    bytes.extend_from_slice(&answer.body);
    (bytes.freeze(), head)
}

fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unknown")
}
