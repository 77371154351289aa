//! The town as files that platforms would export: the load generator, and a small file in each platform's own headers.

mod dialects;
mod sold;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::catalogue::ITEMS;
use super::life::{Happening, Life};
use super::logins::external;
use super::persona::Persona;
use super::touches::own_id;
use super::world::{Place, World};

pub use dialects::Dialect;

/// The header of the generic touches file. With the channel as its source, `id` gives the same touch ids as [`World::contacts`].
pub const TOUCH_COLUMNS: &str = "id,at,login,channel,kind,medium,campaign,placement,post,order,value,currency,text";

/// Contacts whose rows are written in one piece.
const BLOCK: u64 = 2_048;

/// Writes every touch of the town as CSV, on so many threads, in order of contacts. Gives the number of rows without the header.
pub fn touches_csv(world: &World, threads: usize, out: &mut impl Write) -> io::Result<u64> {
    let mut rows = 0;
    writeln!(out, "{TOUCH_COLUMNS}")?;
    let make = |range| {
        let (mut text, mut count) = (String::with_capacity(8 << 20), 0);
        world.each_life(range, |person, life, _| count += write_rows(world, person, life, &mut text));
        (text, count)
    };
    world.stream_blocks(threads, BLOCK, make, &mut |(text, count): (String, u64)| {
        rows += count;
        out.write_all(text.as_bytes())
    })?;
    out.flush()?;
    Ok(rows)
}

fn write_rows(world: &World, person: &Persona, life: &Life, out: &mut String) -> u64 {
    let mut logins: [Option<String>; 5] = Default::default();
    let mut clock = Clock::new();
    for (n, happening) in life.happenings.iter().enumerate() {
        own_id(out, person.number, n, happening);
        out.push(',');
        clock.write(out, happening.at);
        out.push(',');
        out.push_str(logins[happening.place as usize].get_or_insert_with(|| external(world, person, happening.place)));
        for part in [happening.place.channel(), happening.kind.as_str()] {
            out.push(',');
            out.push_str(part);
        }
        write_origin(world, happening, out);
        out.push(',');
        if let Some((order, _)) = happening.order {
            let _ = write!(out, "20{:08}{:03}", person.number, order + 1);
        }
        match happening.value {
            Some(fen) => {
                let _ = write!(out, ",{}.{:02},CNY,", fen / 100, fen % 100);
            }
            None => out.push_str(",,,"),
        }
        if let Some(speech) = happening.speech {
            cell(out, &speech.say(person.language));
        }
        out.push('\n');
    }
    life.happenings.len() as u64
}

/// Medium, campaign, placement, post.
fn write_origin(world: &World, happening: &Happening, out: &mut String) {
    let (medium, placement) = happening.via.map_or((None, None), |via| {
        let (medium, placement) = world.via(via);
        (Some(medium), placement)
    });
    let post = happening.post.map(|number| &world.posts[number].post);
    let campaign =
        placement.map(|placement| placement.campaign.as_str()).or_else(|| post.and_then(|post| post.campaign.as_deref()));
    let cells = [
        medium.map(|medium| medium.as_str()),
        campaign,
        placement.map(|placement| placement.id.as_str()),
        post.map(|post| post.external.as_str()),
    ];
    for part in cells {
        out.push(',');
        out.push_str(part.unwrap_or(""));
    }
}

/// Writes a cell, quoted where it must be.
fn cell(out: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Writes instants as Shanghai's clocks show them; remembers the day, because the next row is mostly of the same.
struct Clock {
    day: i64,
    date: String,
}

/// Seconds by which Shanghai is ahead of UTC.
const OFFSET: i64 = 8 * 3_600;

impl Clock {
    fn new() -> Self {
        Self { day: i64::MIN, date: String::new() }
    }

    fn write(&mut self, out: &mut String, at: i64) {
        let local = at + OFFSET;
        let (day, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        if day != self.day {
            self.day = day;
            let date = chrono::DateTime::from_timestamp(local, 0).unwrap_or_default().date_naive();
            self.date = date.to_string();
        }
        out.push_str(&self.date);
        out.push('T');
        for (n, part) in [second / 3_600, second / 60 % 60, second % 60].into_iter().enumerate() {
            if n > 0 {
                out.push(':');
            }
            out.push(char::from(b'0' + (part / 10) as u8));
            out.push(char::from(b'0' + (part % 10) as u8));
        }
        out.push_str("+08:00");
    }
}

#[cfg(test)]
mod tests {
    use super::super::Town;
    use super::*;

    #[test]
    fn the_file_says_the_same_as_the_touches() {
        let world = World::new(&Town { contacts: 300, ..Town::default() }).unwrap();
        let mut file = Vec::new();
        let rows = touches_csv(&world, 2, &mut file).unwrap();
        let batch = world.contacts(0..300);
        assert_eq!(rows, batch.touches.len() as u64);
        let text = String::from_utf8(file).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(TOUCH_COLUMNS));
        for (line, touch) in lines.zip(&batch.touches) {
            let cells: Vec<&str> = line.splitn(6, ',').collect();
            let id = kith_core::TouchId::of(&world.tenant.id, cells[3], cells[0]);
            assert_eq!(id, touch.id, "{line}");
            assert_eq!(kith_core::Instant::parse(cells[1]).ok(), touch.at, "{line}");
            assert_eq!(cells[4], touch.kind.as_str());
        }
    }

    #[test]
    fn a_cell_with_a_comma_or_a_quote_is_quoted() {
        let mut out = String::new();
        cell(&mut out, "a,\"b\"");
        assert_eq!(out, "\"a,\"\"b\"\"\"");
    }
}
