//! Who a row speaks of: the identity that its touch belongs to, and the links to the other identities that stand beside it.
//!
//! The first of login, unionid, e-mail, phone, device, own referral code and tracked link is the row's identity; every other one is
//! linked to it, on the ground of what it is. A login with `*` in it is masked and a masked or invalid phone or e-mail names nobody: it is
//! kept as an attribute, and the row is refused only if nothing else names the person.

use std::borrow::Cow;

use kith_core::{Channel, Email, Identity, IdentityId, IdentityKind, Link, LinkBasis, Phone, Refusal};

use super::Field;
use super::cells::{Cells, LOST_DIGITS, is_scientific, unwrap};
use super::reader::{Work, Yield};

/// The identities of a row, the one that its touch belongs to first.
pub struct Who<'a> {
    first: Found<'a>,
    others: Vec<Found<'a>>,
    name: Option<String>,
    /// What should have named the person and does not, to be kept as attributes.
    pub unread: Vec<(&'static str, &'a str)>,
}

struct Found<'a> {
    kind: IdentityKind,
    external: Cow<'a, str>,
    id: IdentityId,
}

impl<'a> Who<'a> {
    /// Whom the row names; where it names nobody, the order (if it has a number) stands for its buyer.
    pub fn of(cells: &Cells<'a>, channel: &Channel, order: Option<&str>) -> Result<Option<Self>, Refusal> {
        let mut gathered = Gathered { cells, channel, first: None, others: Vec::new(), unread: Vec::new(), fault: None };
        for (field, kind) in [(&Field::Login, IdentityKind::Login), (&Field::UnionId, IdentityKind::UnionId)] {
            gathered.key(field, kind)?;
        }
        gathered.email();
        gathered.phone()?;
        for (field, kind) in [
            (&Field::Device, IdentityKind::Device),
            (&Field::ReferralCode, IdentityKind::ReferralCode),
            (&Field::TrackedLink, IdentityKind::TrackedLink),
        ] {
            gathered.key(field, kind)?;
        }
        let Gathered { first, others, unread, fault, .. } = gathered;
        match (first, order, fault) {
            (Some(first), _, _) => Ok(Some(Self { first, others, name: cells.string(&Field::Name)?, unread })),
            (None, Some(number), _) => Ok(Some(Self { unread, ..Self::of_order(cells, number) })),
            (None, None, Some(fault)) => Err(fault),
            (None, None, None) => Ok(None),
        }
    }

    /// The buyer of an order whose row names nobody: the order itself stands for them.
    pub fn of_order(cells: &Cells<'a>, number: &str) -> Self {
        let id = IdentityId::of(&cells.rules.tenant.id, "", IdentityKind::Order, number);
        let first = Found { kind: IdentityKind::Order, external: Cow::Owned(number.to_owned()), id };
        Self { first, others: Vec::new(), name: None, unread: Vec::new() }
    }

    pub const fn id(&self) -> IdentityId {
        self.first.id
    }

    /// The external id of the row's identity.
    pub fn external(&self) -> &str {
        &self.first.external
    }

    /// Hands over identities and links that this reader has not handed over before.
    pub fn commit(self, cells: &Cells<'_>, channel: &Channel, work: &mut Work, out: &mut Yield) {
        let import = cells.rules.import;
        for (field, _) in &self.unread {
            *out.notes.entry(field).or_default() += 1;
        }
        for other in self.others {
            let basis = basis(other.kind);
            let turned = other.id.0.rotate_left(17) ^ (basis as i64);
            if work.is_new(self.first.id.0 ^ turned) {
                out.links.push(Link { one: self.first.id, other: other.id, basis, import });
            }
            hand_over(other, None, channel, work, out);
        }
        hand_over(self.first, self.name, channel, work, out);
    }
}

fn hand_over(found: Found<'_>, name: Option<String>, channel: &Channel, work: &mut Work, out: &mut Yield) {
    let of_name = name.as_ref().map_or(0, |name| kith_core::Digest::id63_of("name", &[name.as_bytes()]));
    if !work.is_new(found.id.0 ^ of_name) {
        return;
    }
    let channel = matches!(found.kind, IdentityKind::Login | IdentityKind::Device).then(|| channel.clone());
    let identity = Identity { id: found.id, kind: found.kind, channel, external: found.external.into_owned(), name: None };
    out.identities.push(identity.named(name));
}

/// On what ground an identity of this kind is linked to the one that stands before it.
const fn basis(kind: IdentityKind) -> LinkBasis {
    match kind {
        IdentityKind::UnionId => LinkBasis::UnionId,
        IdentityKind::Email => LinkBasis::Email,
        IdentityKind::Phone => LinkBasis::Phone,
        IdentityKind::Device => LinkBasis::Device,
        IdentityKind::ReferralCode => LinkBasis::ReferralCode,
        IdentityKind::TrackedLink => LinkBasis::TrackedLink,
        // A login is always first, and orders are never linked: their number is found through the touches' `order`.
        IdentityKind::Login | IdentityKind::Order => LinkBasis::OrderAccount,
    }
}

struct Gathered<'c, 'a> {
    cells: &'c Cells<'a>,
    channel: &'c Channel,
    first: Option<Found<'a>>,
    others: Vec<Found<'a>>,
    unread: Vec<(&'static str, &'a str)>,
    fault: Option<Refusal>,
}

impl<'a> Gathered<'_, 'a> {
    fn add(&mut self, kind: IdentityKind, external: Cow<'a, str>) {
        let channel = if matches!(kind, IdentityKind::Login | IdentityKind::Device) { self.channel.as_str() } else { "" };
        let id = IdentityId::of(&self.cells.rules.tenant.id, channel, kind, &external);
        let found = Found { kind, external, id };
        match self.first {
            None => self.first = Some(found),
            Some(_) => self.others.push(found),
        }
    }

    fn key(&mut self, field: &Field, kind: IdentityKind) -> Result<(), Refusal> {
        let Some(external) = self.cells.key(field)? else {
            return Ok(());
        };
        if external.contains(['*', '＊']) {
            let text = self.cells.text(field);
            let reason = "the name hides some of its letters: a masked name cannot tell people apart";
            self.pass("masked-login", text, self.cells.refuse(field, text, reason));
        } else {
            self.add(kind, external);
        }
        Ok(())
    }

    fn email(&mut self) {
        let text = self.cells.text(&Field::Email);
        if text.is_empty() {
            return;
        }
        match Email::parse(text) {
            Ok(email) => self.add(IdentityKind::Email, Cow::Owned(email.into())),
            Err(error) => self.pass("unread-email", text, self.cells.refuse(&Field::Email, text, &error.to_string())),
        }
    }

    fn phone(&mut self) -> Result<(), Refusal> {
        let text = self.cells.text(&Field::Phone);
        if text.is_empty() {
            return Ok(());
        }
        let bare = unwrap(text);
        if is_scientific(bare) {
            return Err(self.cells.refuse(&Field::Phone, text, LOST_DIGITS));
        }
        match Phone::parse(bare, &self.cells.rules.country) {
            Ok(phone) => self.add(IdentityKind::Phone, Cow::Owned(phone.as_str().to_owned())),
            Err(error) => self.pass("unread-phone", text, self.cells.refuse(&Field::Phone, text, &error.to_string())),
        }
        Ok(())
    }

    fn pass(&mut self, name: &'static str, text: &'a str, fault: Refusal) {
        self.unread.push((name, text));
        self.fault.get_or_insert(fault);
    }
}
