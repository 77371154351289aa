//! `kith contacts` and `kith timeline`.

use kith_core::{Identity, Money, Tenant, Touch};
use kith_desk::Access;
use kith_desk::audience::{Timeline as Story, find_contact, search, timeline as story_of};

use super::args::{Contacts, Timeline};
use super::setting::Setting;
use super::table::{table, visible};

pub async fn find(setting: &Setting, contacts: Contacts) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Read).await?;
    let found = search(&store, &tenant, &contacts.query, contacts.limit).await?;
    if setting.json(&found)? {
        return Ok(());
    }
    if found.is_empty() {
        println!(
            "Nobody is found by “{}”. Names, handles, phones, addresses and order numbers are searched.",
            visible(&contacts.query)
        );
        return Ok(());
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|found| {
            let identities = found.identities.iter().map(identity_text).collect::<Vec<_>>().join(", ");
            vec![found.contact.to_string(), found.name.clone(), found.matched.clone(), identities]
        })
        .collect();
    println!("{}", table(&["contact", "name", "matched", "identities"].map(str::to_owned), &rows));
    Ok(())
}

pub async fn timeline(setting: &Setting, args: Timeline) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Read).await?;
    let contact = find_contact(&store, &tenant, &args.contact).await?;
    let mut story = story_of(&store, &tenant, contact, setting.now).await?;
    let all = story.entries.len();
    if let Some(limit) = args.limit {
        story.entries.drain(..all.saturating_sub(limit));
    }
    if !setting.json(&story)? {
        print_story(&story, all, &tenant);
    }
    Ok(())
}

fn print_story(story: &Story, all: usize, tenant: &Tenant) {
    println!("{} (contact {})", visible(&story.name), story.contact);
    for identity in &story.identities {
        println!("  {}", visible(&identity_text(identity)));
    }
    println!();
    let rows: Vec<Vec<String>> =
        story.entries.iter().map(|entry| touch_row(&entry.touch, entry.post_text.as_deref(), tenant)).collect();
    println!("{}", table(&["when", "what", "where", "by", "order", "amount", "said"].map(str::to_owned), &rows));
    if story.entries.len() < all {
        println!("({} earlier touches are not shown)", all - story.entries.len());
    }
    if !story.orders.is_empty() {
        println!();
        let rows: Vec<Vec<String>> = story
            .orders
            .iter()
            .map(|order| {
                let late = match order.late() {
                    Some(true) => "late",
                    Some(false) => "on time",
                    None if order.cancelled => "cancelled",
                    None => "",
                };
                let day = |at: Option<kith_core::Instant>| at.map(|at| tenant.calendar.day(at).to_string()).unwrap_or_default();
                vec![
                    order.number.clone(),
                    day(order.placed_at),
                    order.total.map(|money| money.to_string()).unwrap_or_default(),
                    order.lines.len().to_string(),
                    day(order.promised_at),
                    day(order.delivered_at),
                    late.to_owned(),
                    order.score.map(|score| score.to_string()).unwrap_or_default(),
                ]
            })
            .collect();
        println!(
            "{}",
            table(&["order", "placed", "total", "lines", "promised", "delivered", "", "score"].map(str::to_owned), &rows)
        );
    }
}

fn touch_row(touch: &Touch, post: Option<&str>, tenant: &Tenant) -> Vec<String> {
    let when = touch.at.map(|at| tenant.calendar.local(at).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    let by = [touch.medium.as_ref().map(ToString::to_string), touch.campaign.as_ref().map(ToString::to_string)];
    let by = by.into_iter().flatten().collect::<Vec<_>>().join(" / ");
    let amount =
        touch.value.zip(touch.currency).map(|(minor, currency)| Money::new(minor, currency).to_string()).unwrap_or_default();
    let said = touch.text.as_deref().or(touch.item.as_deref()).or(post).unwrap_or("");
    let said: String = said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
    vec![
        when,
        touch.kind.to_string(),
        touch.channel.to_string(),
        by,
        touch.order.as_deref().unwrap_or("").to_owned(),
        amount,
        said,
    ]
}

fn identity_text(identity: &Identity) -> String {
    let channel = identity.channel.as_ref().map(|channel| format!("{channel} ")).unwrap_or_default();
    let name = identity.name.as_ref().map(|name| format!(" “{name}”")).unwrap_or_default();
    format!("{channel}{} {}{name}", identity.kind, identity.external)
}
