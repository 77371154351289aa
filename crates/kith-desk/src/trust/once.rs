//! Requests that may come twice, because an answer was lost, and are to be done once.
//!
//! A caller names a request with a key of its own. Whoever comes first claims it; whoever comes again gets the first answer, or hears that the
//! work is under way, or that the key was used for something else. Claims of a process that is no more are free at the next start, and a
//! claim without an answer is free after some minutes: the work itself must bear to be done again (an import knows its file, a touch its id).

use kith_core::{Digest, Instant};
use kith_journal::trust::{OnceClaim, OnceFound, OnceKey, StoredOnce};

use super::secret_text::record_id;
use super::{Caller, Trust, TrustError};

/// A request, as far as it must be the same when it comes again.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The caller's own name for it.
    pub key: &'a str,
    pub method: &'a str,
    /// With the query.
    pub path: &'a str,
    pub body_digest: [u8; 32],
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

/// The right to do the work of a request.
#[derive(Debug)]
#[must_use]
pub struct Ticket {
    key: OnceKey,
    claim: String,
}

#[derive(Debug)]
pub enum Claim {
    /// Do it, then [`Trust::finish`] or [`Trust::release`].
    Fresh(Ticket),
    Done(StoredAnswer),
    InProgress,
    OtherRequest,
}

/// Keys that a program makes up, such as a UUID.
const KEY_LENGTHS: std::ops::RangeInclusive<usize> = 8..=200;

/// A longer answer is not kept.
const LONGEST_ANSWER: usize = 1024 * 1024;

impl Trust {
    pub async fn claim(&self, caller: &Caller, request: &Request<'_>, now: Instant) -> Result<Claim, TrustError> {
        let visible = request.key.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible || !KEY_LENGTHS.contains(&request.key.len()) {
            let advice = "use 8 to 200 visible ASCII characters, such as a UUID".to_owned();
            return Err(TrustError::Invalid { what: "the Idempotency-Key", advice });
        }
        let whole = Digest::new("trust request")
            .with(request.method.as_bytes())
            .with(request.path.as_bytes())
            .with(&request.body_digest)
            .id256();
        let key = OnceKey { tenant: caller.tenant.clone(), caller: caller.who.to_string(), key: request.key.to_owned() };
        let claim = OnceClaim {
            key,
            request: whole,
            run: self.run().to_owned(),
            claim: record_id(self.randomness()),
            at: now,
            ends_at: now.plus_seconds(self.rules().once_hours * 3_600),
            lost_before: now.plus_seconds(-self.rules().claim_minutes * 60),
        };
        Ok(match self.journal().claim_once(&claim).await? {
            OnceFound::Fresh => Claim::Fresh(Ticket { key: claim.key, claim: claim.claim }),
            OnceFound::Done(StoredOnce { status, content_type, body }) => {
                Claim::Done(StoredAnswer { status, content_type, body })
            }
            OnceFound::InProgress => Claim::InProgress,
            OnceFound::OtherRequest => Claim::OtherRequest,
        })
    }

    /// Keeps the answer for whoever asks again. A very long one is not kept: then the request may be done again.
    pub async fn finish(&self, ticket: Ticket, answer: &StoredAnswer) -> Result<(), TrustError> {
        if answer.body.len() > LONGEST_ANSWER {
            return self.release(ticket).await;
        }
        let StoredAnswer { status, content_type, body } = answer.clone();
        let kept = StoredOnce { status, content_type, body };
        // A claim that took too long was lost to somebody else, whose answer holds.
        self.journal().finish_once(&ticket.key, &ticket.claim, &kept).await?;
        Ok(())
    }

    /// Gives the claim back: nothing was done, it may be tried again.
    pub async fn release(&self, ticket: Ticket) -> Result<(), TrustError> {
        Ok(self.journal().release_once(&ticket.key, &ticket.claim).await?)
    }
}
