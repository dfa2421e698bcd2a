//! One connection: requests one after the other, each led through its windows.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::server::Shared;
use super::service::BodyLength;
use super::wire::{Wire, encode};
use super::{
    Answer, Ending, Head, Kind, Look, Manner, Request, RequestEntry, Seen, Stamp, Verdict, Window,
};

pub(super) struct Connection {
    shared: Arc<Shared>,
    wire: Wire,
    number: u64,
    marks: watch::Receiver<u64>,
    /// At this mark no byte of the next request had come.
    empty_at_mark: u64,
}

/// What the director has said so far of how the request goes on.
#[derive(Default)]
struct Course {
    /// Answered without any effect.
    instead: Option<Answer>,
    /// Answered although the effect took place.
    after: Option<Answer>,
    manner: Manner,
}

impl Connection {
    pub(super) fn new(
        shared: Arc<Shared>,
        stream: TcpStream,
        number: u64,
        marks: watch::Receiver<u64>,
        empty_at_mark: u64,
    ) -> Self {
        Self { shared, wire: Wire::new(stream), number, marks, empty_at_mark }
    }

    pub(super) async fn serve(mut self) {
        while let Some(first_byte) = self.first_byte().await {
            let entry = self.shared.ledger.begin(self.number, first_byte, self.empty_at_mark);
            match self.exchange(&entry).await {
                Ok(is_kept_alive) => {
                    entry.end(Ending::Answered);
                    if !is_kept_alive {
                        self.wire.finish().await;
                        return;
                    }
                }
                Err(ending) => {
                    if let Ending::Malformed(_) = ending {
                        let _ = self
                            .wire
                            .write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                            .await;
                        self.wire.finish().await;
                    }
                    entry.end(ending);
                    return;
                }
            }
        }
    }

    /// Waits for the first byte of the next request; none when the client is
    /// done.
    async fn first_byte(&mut self) -> Option<Stamp> {
        while !self.wire.has_unused() {
            let mark = *self.marks.borrow_and_update();
            if mark > self.empty_at_mark && self.wire.is_empty_now() {
                self.empty_at_mark = mark;
            }
            tokio::select! {
                read = self.wire.read_some(u64::MAX) => if !read.ok()? { return None },
                changed = self.marks.changed() => changed.ok()?,
            }
        }
        Some(self.wire.last_read())
    }

    /// Leads one request from its head to the end of its answer. Tells
    /// whether another one may follow.
    async fn exchange(&mut self, entry: &RequestEntry) -> Result<bool, Ending> {
        let head = self.wire.head().await?;
        entry.set_head(&head);
        let look = self.shared.service.look(&head, None);
        let mut seen = Seen {
            request: entry.number,
            connection: self.number,
            first_byte: entry.first_byte,
            kind: look.kind,
            method: head.method.clone(),
            path: head.path.clone(),
            account: None,
            text: None,
            key: None,
            body_read: 0,
            status: None,
            has_taken_effect: false,
        };
        note(entry, 0, look, &mut seen);
        let mut course = Course::default();
        self.pass(Window::Arrived, &seen, &mut course).await?;
        if head.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
            self.wire.write(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        let body = self.body(&head, &mut seen, &mut course).await?;
        let _ = entry.body_whole.set(Stamp::now());
        if course.instead.is_none() {
            let look = self.shared.service.look(&head, Some(&body));
            note(entry, 1, look, &mut seen);
            if let Some(window) = seen.kind.own_window() {
                self.pass(window, &seen, &mut course).await?;
            }
        }
        let is_kept_alive = head.is_kept_alive;
        let answer = if let Some(answer) = course.instead.take() {
            answer
        } else {
            let answer = self.shared.service.serve(&Request { number: entry.number, head, body });
            seen.has_taken_effect = entry.effect().is_some();
            seen.status = Some(course.after.as_ref().unwrap_or(&answer).status);
            self.pass(Window::Stored, &seen, &mut course).await?;
            course.after.take().unwrap_or(answer)
        };
        seen.status = Some(answer.status);
        let _ = entry.status.set(answer.status);
        let is_kept_alive = is_kept_alive && !course.manner.is_last;
        self.answer(entry, &answer, is_kept_alive, &seen, &mut course).await?;
        Ok(is_kept_alive)
    }

    async fn body(
        &mut self,
        head: &Head,
        seen: &mut Seen,
        course: &mut Course,
    ) -> Result<Bytes, Ending> {
        match head.body {
            BodyLength::Known(0) => Ok(Bytes::new()),
            BodyLength::Known(length) => {
                self.wire.read_until(length / 2).await?;
                seen.body_read = length / 2;
                self.half_body(seen, course).await?;
                self.wire.read_until(length).await?;
                seen.body_read = length;
                Ok(self.wire.take(length))
            }
            BodyLength::Chunked => {
                let mut body = BytesMut::new();
                while let Some(chunk) = self.wire.chunk().await? {
                    let is_first = body.is_empty();
                    body.extend_from_slice(&chunk);
                    seen.body_read = body.len() as u64;
                    if is_first {
                        self.half_body(seen, course).await?;
                    }
                }
                Ok(body.freeze())
            }
        }
    }

    async fn half_body(&mut self, seen: &Seen, course: &mut Course) -> Result<(), Ending> {
        if course.instead.is_none() {
            self.pass(Window::HalfBody, seen, course).await?;
        }
        Ok(())
    }

    async fn answer(
        &mut self,
        entry: &RequestEntry,
        answer: &Answer,
        is_kept_alive: bool,
        seen: &Seen,
        course: &mut Course,
    ) -> Result<(), Ending> {
        let (bytes, head) = encode(answer, self.shared.faults.date_offset(), is_kept_alive);
        let body = bytes.len() - head;
        let half = if body == 0 { head / 2 } else { head + body / 2 };
        let _ = entry.answer_begun.set(Stamp::now());
        self.send(&bytes[..half], course.manner).await?;
        self.pass(Window::HalfAnswer, seen, course).await?;
        self.send(&bytes[half..], course.manner).await?;
        if course.manner.is_doubled {
            self.send(&bytes, course.manner).await?;
        }
        self.pass(Window::Answered, seen, course).await
    }

    async fn send(&mut self, bytes: &[u8], manner: Manner) -> Result<(), Ending> {
        let pieces = manner.pieces.div_ceil(2).max(1);
        let size = bytes.len().div_ceil(pieces).max(1);
        for (index, piece) in bytes.chunks(size).enumerate() {
            if index > 0 || manner.pieces > 1 {
                tokio::time::sleep(manner.pause).await;
            }
            self.wire.write(piece).await?;
        }
        Ok(())
    }

    /// Asks the director and does what can be done at once.
    async fn pass(
        &mut self,
        window: Window,
        seen: &Seen,
        course: &mut Course,
    ) -> Result<(), Ending> {
        let mut verdict = self.shared.faults.ask(window, seen);
        loop {
            match verdict {
                Verdict::Go => (),
                Verdict::Cut => return Err(self.cut(window, seen.kind)),
                Verdict::Reset => {
                    self.wire.reset_on_close();
                    return Err(self.cut(window, seen.kind));
                }
                Verdict::Hold(duration) => tokio::time::sleep(duration).await,
                Verdict::Status(answer) if window.is_before_effect() => {
                    course.instead = Some(answer);
                }
                Verdict::Status(answer) | Verdict::StatusAfter(answer) => {
                    course.after = Some(answer);
                }
                Verdict::Answering(manner) => course.manner = manner,
                Verdict::Then(deed) => {
                    verdict = deed.await;
                    continue;
                }
            }
            return Ok(());
        }
    }

    fn cut(&self, window: Window, kind: Kind) -> Ending {
        self.shared.faults.count_cut(window, kind);
        Ending::Cut(window)
    }
}

/// Keeps a look at the request, in the ledger and for the director.
fn note(entry: &RequestEntry, which: usize, look: Look, seen: &mut Seen) {
    seen.kind = look.kind;
    seen.account.clone_from(&look.account);
    seen.text.clone_from(&look.text);
    seen.key.clone_from(&look.key);
    let _ = entry.looks[which].set(look);
}
