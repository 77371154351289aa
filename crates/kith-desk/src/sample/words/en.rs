//! English phrases.

use super::Phrases;

const TAIL: &[&str] = &["", "", ".", "!", " 😊", " 👍", " 🍵", " 🍃", " haha", " ❤️", "...", " :)"];

/// How some of the shop's posts end, for its readers from abroad.
pub(super) const POST_CLOSE: [&str; 5] =
    [" Tea time 🍵", " More in English on our site.", " One leaf at a time.", " Ask us anything.", " Slow down, have a cup."];

pub(super) const PHRASES: Phrases = Phrases {
    comment: [
        [
            &["", "Learned something, ", "Quick question, ", "Tried it, ", "So "],
            &[
                "85 degrees works best",
                "how do you not burn your fingers on a gaiwan",
                "I always throw the first brew away",
                "does it work for {item} too",
                "it's finally not bitter",
                "I was steeping it {n} minutes too long",
            ],
            TAIL,
        ],
        [
            &["", "Beautiful, ", "Wow, ", "I want to go, "],
            &[
                "such hard work",
                "I was near {city} last year",
                "the fog up there",
                "hand picked really is different",
                "{n} in the morning, respect",
            ],
            TAIL,
        ],
        [
            &["", "Just right, ", "Cold here, ", "Rainy day, "],
            &["perfect day for {item}", "already on my second cup", "{city} is freezing too", "love these seasonal notes"],
            TAIL,
        ],
        [
            &["", "Summer saved, ", "Too hot, "],
            &["{n} bottles in the fridge already", "really not bitter at all", "how many hours, {n}?", "the kids like it too"],
            TAIL,
        ],
        [
            &["", "Saved, ", "Pretty, "],
            &["perfect for my mum", "can you add a card to {item}", "nicer box than {rival}", "is there a smaller one"],
            TAIL,
        ],
        [
            &["Haha, ", "", "Cute, "],
            &["what's the cat called", "can I work there", "come to {city} please", "this is so calming"],
            TAIL,
        ],
        [
            &["Haha ", "LOL ", "", "Again? "],
            &["seen this {n} times", "what has it to do with tea", "sent it to my boss", "groan"],
            TAIL,
        ],
        [&["", "Pick me, ", "Fingers crossed, "], &["never won anything", "my turn now", "count me in", "good luck all"], TAIL],
    ],
    repost: [&["", "This. ", "Reposting", "So true"], &["", " - worth a read", " for later"], TAIL],
    prize: [
        &["Pick me", "In", "Done, followed and shared", "Giveaway"],
        &["", " @friend1 @friend2", ", please", ", never won"],
        &[" 🙏", " 🎁", "!!!", " 🍀"],
    ],
    broadcast: [
        &["Dear tea friend, ", "Hello, ", "News: "],
        &["your coupon is in your account", "{item} is on sale today", "{n} days left", "we kept {n} boxes for you"],
        &[".", ". Reply T to stop.", " 🍵"],
    ],
    question: [
        &["Hi, ", "Hello, ", "Quick one: ", ""],
        &[
            "is {item} in stock?",
            "how long to {city}?",
            "what's the difference to {rival}?",
            "can I drink {item} at night?",
            "do you give invoices?",
            "how many grams of {item} a cup?",
        ],
        &["", " Thanks!", " 🙏", " thx"],
    ],
    answer: [
        &["Hello, ", "Thanks for asking: ", "Hi, "],
        &[
            "in stock, ships tomorrow.",
            "two to four days.",
            "other gardens, and we use this season's leaves only.",
            "it has caffeine, so rather before five.",
            "yes, we send it by e-mail.",
            "about 3 grams to 150 ml.",
        ],
        &["", " Enjoy!", " 🍃"],
    ],
    review_good: [
        &["", "Love it, ", "Bought it {n} times, ", "First order, ", "A friend told me, ", "Five stars, "],
        &[
            "{item} smells wonderful",
            "sweet and not bitter",
            "lovely box and a free sample",
            "better than {rival}",
            "very kind service, they told me how to brew it",
            "fast delivery to {city}",
            "good for {n} brews",
            "great value",
            "really clean taste",
        ],
        &[".", "!", ", will buy again 👍", " 🍵", " ❤️", ", thank you", ""],
    ],
    review_fair: [
        &["OK, ", "Not bad, ", "", "Fine, "],
        &[
            "{item} is a bit weak",
            "nice but pricey",
            "box was dented, tea is fine",
            "not like the picture",
            "not the same as last time",
            "a lot of broken leaves",
        ],
        &[".", ", we'll see", " 😐", ", {n} out of 10", ""],
    ],
    review_poor: [
        &["Disappointed, ", "", "Never again, ", "Honestly, "],
        &[
            "{item} tastes stale",
            "the box was crushed and nobody answers",
            "more dust than tea",
            "nothing like the ad",
            "the cup was cracked",
            "not worth the money",
        ],
        &[".", "!!", " 😡", ", sent it back", ", be careful"],
    ],
    review_late: [
        &["Waited forever, ", "So slow, ", "Late, ", "They said four days, "],
        &[
            "{item} came days after the promise",
            "the birthday was over",
            "had to ask {n} times",
            "good tea, far too late",
            "the parcel sat in {city}",
        ],
        &[".", " 😤", ", minus a star", " 🐌", ""],
    ],
    mention_good: [
        &["", "Recommend: ", "Tea time with ", "Look: "],
        &["@OneLeafTea {item}", "One Leaf Tea again", "@OneLeafTea pot number {n}"],
        &[" 🍃", ", so good", " 😋", ", nicer than {rival}"],
    ],
    mention_poor: [
        &["", "Careful: ", "Sigh, "],
        &["@OneLeafTea and their {item}", "@OneLeafTea service"],
        &[" is a let-down", " 😡", ", {rival} does it better"],
    ],
    complaint_late: [
        &["@OneLeafTea ", "Hello, ", "Asking for the {n}th time, ", ""],
        &[
            "you said four days, where is it",
            "my parcel has been in {city} for {n} days",
            "the promised day is long gone",
            "no news for {n} days",
        ],
        &["!", " 😡", ", I want an answer", ", refund please", "."],
    ],
    complaint: [
        &["@OneLeafTea ", "Hello, ", "Complaint: ", ""],
        &[
            "{item} smells odd",
            "the cup is broken",
            "one {item} is missing",
            "no invoice yet",
            "nobody answered for {n} hours",
            "where is my refund",
            "found a hair in it",
        ],
        &["!", ".", ", what now?", " 😠", ", I want my money back"],
    ],
    apology: [
        &["So sorry for the trouble, ", "Hello, this is Xiao Ye, sorry, ", "We saw your note and are sorry, "],
        &[
            "a new one is on its way.",
            "we have asked the courier and will tell you today.",
            "the refund takes one to three days.",
            "please send us the order number.",
        ],
        &["", " Thank you for telling us.", " 🙏"],
    ],
    care: [
        [
            &["Has the tea arrived? ", "Xiao Ye of One Leaf: ", "Thank you for choosing us, "],
            &["Was the box whole? ", "How was the first brew? ", "Tell me if anything is wrong. "],
            &["Just reply.", "I am here.", "🍃"],
        ],
        [
            &["A tip: ", "How to brew it: ", "Try this: "],
            &[
                "90 degrees and ten seconds for {item}, ",
                "start with 3 grams, ",
                "keep it dark and dry, ",
                "cold-brew the rest overnight, ",
            ],
            &["enjoy.", "it smells better so.", "🍵"],
        ],
        [
            &["Is your tin empty? ", "A month already, ", "Hello, "],
            &["the new {item} is here, ", "was it to your taste? ", "if you like a change, try {item}, "],
            &["no hurry.", "reply 1 to see.", "🍃"],
        ],
    ],
    thanks: [
        &["Thanks, ", "Got it, ", "Hi, ", ""],
        &["lovely tea", "nice box", "brewing it now", "mum likes it", "how do I brew {item}", "haven't tried it yet"],
        TAIL,
    ],
};
