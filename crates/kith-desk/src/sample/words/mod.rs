//! What people and the shop say: parts of sentences, put together by dice, with slots, emoji and mistakes.
//!
//! A speech is kept as what it is about and 64 bits of luck; it becomes text only when somebody writes it down.

mod en;
mod names;
mod zh;

use kith_core::Language;

use super::catalogue::ITEMS;
use super::dice::{mix, pick, unit};
use super::topics::Topic;

pub(super) use names::{CITIES, handle, mailbox, name};

/// Something said: what about, and how (by luck).
#[derive(Debug, Clone, Copy)]
pub(super) struct Speech {
    about: About,
    luck: u64,
}

#[derive(Debug, Clone, Copy)]
enum About {
    Comment(Topic),
    Repost(Topic),
    Prize,
    Broadcast,
    Question,
    Answer,
    Review { stars: u8, late: bool },
    Mention { stars: u8 },
    Complaint { late: bool },
    Apology,
    Care(u8),
    Thanks,
}

/// The parts of one kind of speech: one of each list, one after the other.
pub(super) type Parts = [&'static [&'static str]; 3];

/// Where the parts of a speech lie in a language.
pub(super) struct Phrases {
    comment: [Parts; Topic::COUNT],
    repost: Parts,
    prize: Parts,
    broadcast: Parts,
    question: Parts,
    /// The second part answers that of `question` with the same number.
    answer: Parts,
    review_good: Parts,
    review_fair: Parts,
    review_poor: Parts,
    review_late: Parts,
    mention_good: Parts,
    mention_poor: Parts,
    complaint_late: Parts,
    complaint: Parts,
    apology: Parts,
    care: [Parts; 3],
    thanks: Parts,
}

impl Speech {
    pub(super) fn comment(topic: Topic, luck: u64) -> Self {
        Self { about: About::Comment(topic), luck }
    }
    pub(super) fn repost(topic: Topic, luck: u64) -> Self {
        Self { about: About::Repost(topic), luck }
    }
    pub(super) fn prize(luck: u64) -> Self {
        Self { about: About::Prize, luck }
    }
    pub(super) fn broadcast(luck: u64) -> Self {
        Self { about: About::Broadcast, luck }
    }
    pub(super) fn question(luck: u64) -> Self {
        Self { about: About::Question, luck }
    }
    /// The answer to the question of the same luck.
    pub(super) fn answer(luck: u64) -> Self {
        Self { about: About::Answer, luck }
    }
    pub(super) fn review(stars: u8, late: bool, luck: u64) -> Self {
        Self { about: About::Review { stars, late }, luck }
    }
    pub(super) fn mention(stars: u8, luck: u64) -> Self {
        Self { about: About::Mention { stars }, luck }
    }
    pub(super) fn complaint(late: bool, luck: u64) -> Self {
        Self { about: About::Complaint { late }, luck }
    }
    pub(super) fn apology(luck: u64) -> Self {
        Self { about: About::Apology, luck }
    }
    pub(super) fn care(message: u8, luck: u64) -> Self {
        Self { about: About::Care(message), luck }
    }
    pub(super) fn thanks(luck: u64) -> Self {
        Self { about: About::Thanks, luck }
    }

    /// The text, in the speaker's language.
    pub(super) fn say(self, language: Language) -> String {
        let phrases = if language == Language::Zh { &zh::PHRASES } else { &en::PHRASES };
        let parts = match self.about {
            About::Comment(topic) => &phrases.comment[topic as usize],
            // Nobody says much when reposting.
            About::Repost(topic) if self.luck.is_multiple_of(4) => &phrases.comment[topic as usize],
            About::Repost(_) => &phrases.repost,
            About::Prize => &phrases.prize,
            About::Broadcast => &phrases.broadcast,
            About::Question => &phrases.question,
            About::Answer => &phrases.answer,
            About::Review { late: true, stars: ..=4 } => &phrases.review_late,
            About::Review { stars: 5, .. } => &phrases.review_good,
            About::Review { stars: 3 | 4, .. } => &phrases.review_fair,
            About::Review { .. } => &phrases.review_poor,
            About::Mention { stars: 4.. } => &phrases.mention_good,
            About::Mention { .. } => &phrases.mention_poor,
            About::Complaint { late: true } => &phrases.complaint_late,
            About::Complaint { .. } => &phrases.complaint,
            About::Apology => &phrases.apology,
            About::Care(message) => &phrases.care[usize::from(message.min(2))],
            About::Thanks => &phrases.thanks,
        };
        let shop_speaks = matches!(self.about, About::Broadcast | About::Answer | About::Apology | About::Care(_));
        let mut text = String::with_capacity(96);
        for (n, part) in parts.iter().enumerate() {
            fill(&mut text, pick::<&str>(part, mix(self.luck ^ (n as u64 + 1) << 48)), language, mix(self.luck ^ n as u64));
        }
        if shop_speaks || unit(mix(self.luck ^ 99)) > 0.08 { text } else { mistake(text, self.luck) }
    }
}

/// Copies a template and fills its slots: `{item}`, `{city}`, `{n}`, `{rival}`.
fn fill(out: &mut String, template: &str, language: Language, luck: u64) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((slot, tail)) = after.split_once('}') else { break };
        let zh = language == Language::Zh;
        match slot {
            "item" => {
                let item = pick(&ITEMS, luck);
                out.push_str(if zh { item.zh } else { item.en });
            }
            "city" => out.push_str(pick(&CITIES, luck >> 8).0),
            "rival" => out.push_str(if zh { "清溪茶事" } else { "Clear Stream Tea" }),
            _ => out.push_str(&(2 + (luck >> 16) % 7).to_string()),
        }
        rest = tail;
    }
    out.push_str(rest);
}

/// A slip of the fingers.
fn mistake(text: String, luck: u64) -> String {
    let swaps = [
        ("的", "得"),
        ("在", "再"),
        ("了", "le"),
        ("，", ","),
        ("。", "。。。"),
        ("！", "!!1"),
        ("the ", "teh "),
        ("really", "realy"),
        ("it's", "its"),
        ("you", "u"),
    ];
    for n in 0..swaps.len() {
        let (right, wrong) = swaps[(luck as usize % swaps.len() + n) % swaps.len()];
        if text.contains(right) {
            return text.replacen(right, wrong, 1);
        }
    }
    text + "…"
}

/// A post of the shop: a title where the channel has one, and the text.
pub(super) fn post(topic: Topic, campaign: Option<&str>, weibo: bool, luck: u64) -> (Option<String>, String) {
    let parts = &zh::POSTS[topic as usize];
    let piece = |n: usize| {
        let mut text = String::new();
        fill(&mut text, pick::<&str>(parts[n], mix(luck ^ (n as u64) << 40)), Language::Zh, mix(luck ^ n as u64 ^ 3));
        text
    };
    if weibo {
        let tag = campaign.unwrap_or(topic.hashtag());
        let english = mix(luck ^ 21).is_multiple_of(12);
        let close = if english { en::POST_CLOSE[(luck % en::POST_CLOSE.len() as u64) as usize].to_owned() } else { piece(2) };
        return (None, format!("#{tag}# {}{}{close}", piece(0), piece(1)));
    }
    let title = campaign.map_or_else(|| piece(0), |campaign| format!("【{campaign}】{}", piece(0)));
    (
        Some(title.trim_end_matches(['，', '。', '：', '！']).to_owned()),
        format!("{}{}{}{}", piece(0), piece(1), pick(zh::LONGER, mix(luck ^ 8)), piece(2)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_thousand_reviews_are_hardly_ever_the_same() {
        for language in [Language::Zh, Language::En] {
            let texts: BTreeSet<String> = (0..1_000).map(|n| Speech::review(5, false, mix(n)).say(language)).collect();
            assert!(texts.len() > 400, "{}", texts.len());
            assert!(texts.iter().all(|text| !text.contains(['{', '}']) && !text.is_empty()));
        }
    }

    #[test]
    fn every_question_has_its_answer() {
        for phrases in [&zh::PHRASES, &en::PHRASES] {
            assert_eq!(phrases.question[1].len(), phrases.answer[1].len());
        }
    }

    #[test]
    fn every_kind_of_speech_has_words_in_both_languages() {
        for luck in (0..200).map(mix) {
            for language in [Language::Zh, Language::En] {
                for topic in Topic::ALL {
                    let said = [Speech::comment(topic, luck), Speech::repost(topic, luck), Speech::broadcast(luck)];
                    assert!(said.iter().all(|speech| !speech.say(language).contains('{')));
                    assert!(post(topic, None, luck % 2 == 0, luck).1.chars().count() > 8);
                }
            }
        }
    }
}
