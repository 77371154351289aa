//! Which identities are one contact: decided from evidence, by rules that can be read aloud.
//!
//! Every row that names two identities (a login and a phone, an openid and a unionid) is evidence, kept as a link. From all
//! standing links and from what people have decided, this module works out which merges should stand. It always starts from
//! scratch, so the answer does not depend on the order in which files came, and undoing an import takes its merges with it.
//!
//! The rules, strongest first:
//! 1. What a person decided holds: "the same" merges, "different" keeps apart whatever the evidence.
//! 2. A unionid is one person by WeChat's own word, so its links always merge.
//! 3. A phone, address, code or device that two logins of one channel have given is *shared*: it merges nobody, and each of its
//!    links is proposed to a person. A changed login is another person.
//! 4. Any other link merges, surest first, unless its ground is weaker than the threshold, or it would bring two logins of one
//!    channel into one contact; then it is proposed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kith_core::{ContactId, Identity, IdentityId, IdentityKind, Link, LinkBasis, MergeDecision};

use crate::{MergeConfidence, MergeConfig};

/// Two identities, the smaller first, so that a pair has one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair(pub IdentityId, pub IdentityId);

impl Pair {
    #[must_use]
    pub fn of(one: IdentityId, other: IdentityId) -> Self {
        Self(one.min(other), one.max(other))
    }
}

/// All that the rules look at.
#[derive(Debug, Default)]
pub struct Evidence {
    pub links: Vec<Link>,
    /// Every identity that a link or a decision names.
    pub identities: Vec<Identity>,
    /// What people decided, one entry a pair.
    pub decisions: BTreeMap<Pair, MergeDecision>,
}

/// Two identities that the rules hold for one contact, or would like a person to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub pair: Pair,
    /// `None` where a person's word is the ground.
    pub basis: Option<LinkBasis>,
    pub confidence: f64,
    pub reason: String,
}

/// What should stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    pub merges: Vec<Judgement>,
    pub proposals: Vec<Judgement>,
}

/// Judges the evidence by a tenant's rules: how sure each ground is, and from which confidence a link merges without asking.
#[must_use]
pub fn judge(evidence: &Evidence, rules: &MergeConfig) -> Verdict {
    let known: HashMap<IdentityId, &Identity> = evidence.identities.iter().map(|identity| (identity.id, identity)).collect();
    let mut clusters = Clusters::new(&known, &evidence.decisions);
    let mut verdict = Verdict::default();
    for (&pair, &decision) in &evidence.decisions {
        if decision == MergeDecision::Same && clusters.join(pair, Conflict::Ignored).is_ok() {
            verdict.merges.push(Judgement { pair, basis: None, confidence: 1.0, reason: "a person said so".to_owned() });
        }
    }
    let shared = shared_keys(&evidence.links, &known);
    for (pair, basis) in best_links(&evidence.links, &rules.confidence) {
        if evidence.decisions.contains_key(&pair) {
            continue;
        }
        let judgement = |reason: String| Judgement { pair, basis: Some(basis), confidence: rules.confidence.of(basis), reason };
        if let Some(logins) = [pair.0, pair.1].iter().find_map(|id| shared.get(id)).filter(|_| basis != LinkBasis::UnionId) {
            if !clusters.together(pair) {
                let reason = format!(
                    "{}; but it is shared: {} gave it, and a shared {basis} does not make one person",
                    describe(pair, basis, &known),
                    list(logins, &known)
                );
                verdict.proposals.push(judgement(reason));
            }
            continue;
        }
        if rules.confidence.of(basis) < rules.automatic_from {
            if !clusters.together(pair) {
                let reason = format!("{}; a {basis} alone is too weak a ground", describe(pair, basis, &known));
                verdict.proposals.push(judgement(reason));
            }
            continue;
        }
        let rule = if basis == LinkBasis::UnionId { Conflict::Ignored } else { Conflict::Minded };
        match clusters.join(pair, rule) {
            Ok(true) => verdict.merges.push(judgement(describe(pair, basis, &known))),
            Ok(false) => {}
            Err(Obstacle::TwoLogins(one, other)) => {
                let reason = format!(
                    "{}; but the contact would have two logins: {}",
                    describe(pair, basis, &known),
                    list(&[one, other], &known)
                );
                verdict.proposals.push(judgement(reason));
            }
            // A person said that they are different: there is nothing left to ask.
            Err(Obstacle::Decided) => {}
        }
    }
    verdict.proposals.retain(|proposal| !clusters.together(proposal.pair));
    verdict
}

/// The contact of every identity that shares one with another. An identity that is not here is a contact of its own.
#[must_use]
pub fn contacts(merges: impl IntoIterator<Item = Pair>) -> Vec<(IdentityId, ContactId)> {
    let mut parents: BTreeMap<IdentityId, IdentityId> = BTreeMap::new();
    for Pair(one, other) in merges {
        let (one, other) = (root(&mut parents, one), root(&mut parents, other));
        // The smallest identity names the contact.
        parents.insert(one.max(other), one.min(other));
        parents.entry(one.min(other)).or_insert(one.min(other));
    }
    let all: Vec<IdentityId> = parents.keys().copied().collect();
    all.into_iter().map(|id| (id, ContactId(root(&mut parents, id).0))).collect()
}

fn root(parents: &mut BTreeMap<IdentityId, IdentityId>, id: IdentityId) -> IdentityId {
    let mut top = id;
    while let Some(&above) = parents.get(&top) {
        if above == top {
            break;
        }
        top = above;
    }
    let mut at = id;
    while at != top {
        let above = parents.insert(at, top).unwrap_or(top);
        at = above;
    }
    top
}

/// Each pair once with its surest ground; surest pairs first, then by number, so that the result is the same for any order.
fn best_links(links: &[Link], confidence: &MergeConfidence) -> Vec<(Pair, LinkBasis)> {
    // Between two grounds of equal confidence the order of trust decides.
    let doubt = |basis: LinkBasis| ((1e9 * (1.0 - confidence.of(basis))) as i64, basis);
    let mut best: BTreeMap<Pair, LinkBasis> = BTreeMap::new();
    for link in links.iter().filter(|link| link.one != link.other) {
        let entry = best.entry(Pair::of(link.one, link.other)).or_insert(link.basis);
        if doubt(link.basis) < doubt(*entry) {
            *entry = link.basis;
        }
    }
    let mut best: Vec<_> = best.into_iter().collect();
    best.sort_by_key(|&(pair, basis)| (doubt(basis), pair));
    best
}

/// Keys (phones, addresses, codes, devices) that at least two logins of one channel gave, with those logins.
fn shared_keys(links: &[Link], known: &HashMap<IdentityId, &Identity>) -> HashMap<IdentityId, Vec<IdentityId>> {
    let mut givers: HashMap<IdentityId, BTreeSet<IdentityId>> = HashMap::new();
    for link in links {
        for (key, login) in [(link.one, link.other), (link.other, link.one)] {
            let kind_of = |id| known.get(&id).map(|identity| identity.kind);
            let is_key = !matches!(kind_of(key), None | Some(IdentityKind::Login | IdentityKind::UnionId));
            if is_key && kind_of(login) == Some(IdentityKind::Login) {
                givers.entry(key).or_default().insert(login);
            }
        }
    }
    let mut shared = HashMap::new();
    for (key, logins) in givers {
        let channel = |id: &IdentityId| known.get(id).and_then(|identity| identity.channel.as_ref());
        let mut channels = BTreeSet::new();
        if !logins.iter().all(|login| channels.insert(channel(login))) {
            shared.insert(key, logins.into_iter().collect());
        }
    }
    shared
}

/// Should two logins of one channel in one cluster stop a join?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Conflict {
    Minded,
    Ignored,
}

enum Obstacle {
    TwoLogins(IdentityId, IdentityId),
    Decided,
}

/// Sets of identities that are one contact so far.
struct Clusters<'a> {
    known: &'a HashMap<IdentityId, &'a Identity>,
    parents: BTreeMap<IdentityId, IdentityId>,
    members: HashMap<IdentityId, Vec<IdentityId>>,
    apart: HashMap<IdentityId, Vec<IdentityId>>,
}

impl<'a> Clusters<'a> {
    fn new(known: &'a HashMap<IdentityId, &'a Identity>, decisions: &BTreeMap<Pair, MergeDecision>) -> Self {
        let mut apart: HashMap<IdentityId, Vec<IdentityId>> = HashMap::new();
        for (pair, _) in decisions.iter().filter(|(_, decision)| **decision == MergeDecision::Different) {
            apart.entry(pair.0).or_default().push(pair.1);
            apart.entry(pair.1).or_default().push(pair.0);
        }
        Self { known, parents: BTreeMap::new(), members: HashMap::new(), apart }
    }

    fn together(&mut self, pair: Pair) -> bool {
        root(&mut self.parents, pair.0) == root(&mut self.parents, pair.1)
    }

    /// Joins the clusters of a pair: true if they were two.
    fn join(&mut self, pair: Pair, conflict: Conflict) -> Result<bool, Obstacle> {
        let (one, other) = (root(&mut self.parents, pair.0), root(&mut self.parents, pair.1));
        if one == other {
            return Ok(false);
        }
        let left = self.members.get(&one).cloned().unwrap_or_else(|| vec![one]);
        let right = self.members.get(&other).cloned().unwrap_or_else(|| vec![other]);
        let barred = left.iter().any(|id| self.apart.get(id).is_some_and(|others| others.iter().any(|id| right.contains(id))));
        if barred {
            return Err(Obstacle::Decided);
        }
        if conflict == Conflict::Minded
            && let Some((a, b)) = self.two_logins(&left, &right)
        {
            return Err(Obstacle::TwoLogins(a, b));
        }
        let (keep, drop) = (one.min(other), one.max(other));
        self.parents.insert(drop, keep);
        self.parents.entry(keep).or_insert(keep);
        self.members.remove(&one);
        self.members.remove(&other);
        self.members.insert(keep, left.into_iter().chain(right).collect());
        Ok(true)
    }

    fn two_logins(&self, left: &[IdentityId], right: &[IdentityId]) -> Option<(IdentityId, IdentityId)> {
        let logins = |ids: &[IdentityId]| -> Vec<&'a Identity> {
            ids.iter()
                .filter_map(|id| self.known.get(id).copied())
                .filter(|identity| identity.kind == IdentityKind::Login)
                .collect()
        };
        let right = logins(right);
        logins(left)
            .into_iter()
            .find_map(|one| right.iter().find(|other| other.channel == one.channel).map(|other| (one.id, other.id)))
    }
}

fn describe(pair: Pair, basis: LinkBasis, known: &HashMap<IdentityId, &Identity>) -> String {
    format!("{} and {} stood together ({basis})", name(pair.0, known), name(pair.1, known))
}

fn list(ids: &[IdentityId], known: &HashMap<IdentityId, &Identity>) -> String {
    ids.iter().map(|id| name(*id, known)).collect::<Vec<_>>().join(", ")
}

fn name(id: IdentityId, known: &HashMap<IdentityId, &Identity>) -> String {
    let Some(identity) = known.get(&id) else {
        return id.to_string();
    };
    let channel = identity.channel.as_ref().map(|channel| format!(" on {channel}")).unwrap_or_default();
    match &identity.name {
        Some(name) => format!("{} {} “{name}”{channel}", identity.kind, identity.external),
        None => format!("{} {}{channel}", identity.kind, identity.external),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_core::{Channel, ImportId, Slug, TenantId};
    use proptest::prelude::*;

    fn tenant() -> TenantId {
        Slug::parse("tea").unwrap()
    }

    fn login(channel: &str, external: &str) -> Identity {
        Identity::login(&tenant(), Channel::parse(channel).unwrap(), external)
    }

    fn phone(number: &str) -> Identity {
        Identity::new(&tenant(), IdentityKind::Phone, None, number)
    }

    fn evidence(links: &[(&Identity, &Identity, LinkBasis)]) -> Evidence {
        let mut all = Evidence::default();
        for (one, other, basis) in links {
            all.links.push(Link { one: one.id, other: other.id, basis: *basis, import: ImportId(1) });
            all.identities.extend([(*one).clone(), (*other).clone()]);
        }
        all
    }

    fn contact_of(verdict: &Verdict, identity: &Identity) -> ContactId {
        let map: HashMap<_, _> = contacts(verdict.merges.iter().map(|merge| merge.pair)).into_iter().collect();
        map.get(&identity.id).copied().unwrap_or(identity.id.into())
    }

    #[test]
    fn a_phone_joins_a_shop_login_and_a_wechat_login() {
        let (shop, wechat, tel) = (login("shop", "mei"), login("wechat-service", "o1"), phone("+8613800138000"));
        let verdict =
            judge(&evidence(&[(&shop, &tel, LinkBasis::Phone), (&wechat, &tel, LinkBasis::Phone)]), &MergeConfig::default());
        assert_eq!(contact_of(&verdict, &shop), contact_of(&verdict, &wechat));
        assert!(verdict.proposals.is_empty());
    }

    #[test]
    fn a_phone_that_two_shop_logins_gave_merges_nobody_and_is_proposed() {
        let (mei, ming, wechat, tel) =
            (login("shop", "mei"), login("shop", "ming"), login("wechat-service", "o1"), phone("+8613800138000"));
        let rows = [(&mei, &tel, LinkBasis::Phone), (&ming, &tel, LinkBasis::Phone), (&wechat, &tel, LinkBasis::Phone)];
        let verdict = judge(&evidence(&rows), &MergeConfig::default());
        assert!(verdict.merges.is_empty());
        assert_eq!(verdict.proposals.len(), 3);
        assert!(verdict.proposals[0].reason.contains("shared"), "{}", verdict.proposals[0].reason);
    }

    #[test]
    fn two_keys_do_not_smuggle_two_logins_into_one_contact() {
        let (one, two, wechat) = (login("shop", "1"), login("shop", "2"), login("wechat-service", "o1"));
        let (tel, mail) = (phone("+8613800138000"), Identity::new(&tenant(), IdentityKind::Email, None, "m@example.org"));
        let rows = [
            (&one, &tel, LinkBasis::Phone),
            (&two, &mail, LinkBasis::Email),
            (&wechat, &tel, LinkBasis::Phone),
            (&wechat, &mail, LinkBasis::Email),
        ];
        let verdict = judge(&evidence(&rows), &MergeConfig::default());
        assert_ne!(contact_of(&verdict, &one), contact_of(&verdict, &two));
        assert_eq!(contact_of(&verdict, &two), contact_of(&verdict, &wechat), "the address is the surer ground");
        assert_eq!(verdict.proposals.len(), 1);
    }

    #[test]
    fn a_unionid_joins_two_openids_of_one_kind_of_account() {
        let (one, two) = (login("wechat-service", "o1"), login("wechat-service", "o2"));
        let union = Identity::new(&tenant(), IdentityKind::UnionId, None, "u");
        let verdict =
            judge(&evidence(&[(&one, &union, LinkBasis::UnionId), (&two, &union, LinkBasis::UnionId)]), &MergeConfig::default());
        assert_eq!(contact_of(&verdict, &one), contact_of(&verdict, &two));
    }

    #[test]
    fn a_device_is_proposed_and_never_merged_by_rule() {
        let (one, device) =
            (login("shop", "1"), Identity::new(&tenant(), IdentityKind::Device, Channel::parse("web").ok(), "c1"));
        let verdict = judge(&evidence(&[(&one, &device, LinkBasis::Device)]), &MergeConfig::default());
        assert!(verdict.merges.is_empty());
        assert_eq!(verdict.proposals.len(), 1);
    }

    #[test]
    fn what_a_person_decided_is_stronger_than_any_rule() {
        let (one, two, tel) = (login("shop", "1"), login("shop", "2"), phone("+8613800138000"));
        let mut all = evidence(&[(&one, &tel, LinkBasis::Phone), (&two, &tel, LinkBasis::Phone)]);
        all.decisions.insert(Pair::of(one.id, two.id), MergeDecision::Same);
        let verdict = judge(&all, &MergeConfig::default());
        assert_eq!(contact_of(&verdict, &one), contact_of(&verdict, &two));

        let (shop, tel) = (login("shop", "3"), phone("+8613900139000"));
        let mut all = evidence(&[(&shop, &tel, LinkBasis::Phone)]);
        all.decisions.insert(Pair::of(shop.id, tel.id), MergeDecision::Different);
        let verdict = judge(&all, &MergeConfig::default());
        assert!(verdict.merges.is_empty() && verdict.proposals.is_empty());
    }

    proptest! {
        #[test]
        fn the_order_of_evidence_does_not_matter(
            rows in proptest::collection::vec((0_usize..6, 0_usize..6), 0..24),
            swaps in proptest::collection::vec((0_usize..24, 0_usize..24), 0..24),
        ) {
            let logins: Vec<_> = (0..6).map(|n| login(["shop", "weibo", "wechat-service"][n % 3], &n.to_string())).collect();
            let keys: Vec<_> = (0..6).map(|n| phone(&format!("+861380013800{n}"))).collect();
            let rows: Vec<_> = rows.iter().map(|&(l, k)| (&logins[l], &keys[k], LinkBasis::Phone)).collect();
            let mut shuffled = rows.clone();
            for (a, b) in swaps {
                if a < shuffled.len() && b < shuffled.len() {
                    shuffled.swap(a, b);
                }
            }
            let (verdict, other) = (judge(&evidence(&rows), &MergeConfig::default()), judge(&evidence(&shuffled), &MergeConfig::default()));
            prop_assert_eq!(&verdict, &other);

            // No contact has two logins of one channel.
            let map: HashMap<_, _> = contacts(verdict.merges.iter().map(|merge| merge.pair)).into_iter().collect();
            let mut seen = BTreeSet::new();
            for login in &logins {
                if let Some(contact) = map.get(&login.id) {
                    prop_assert!(seen.insert((*contact, login.channel.clone())));
                }
            }
        }
    }
}
