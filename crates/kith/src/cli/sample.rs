//! `kith sample`: the tea shop that does not exist, and the truth about it.

use kith_core::{Calendar, Day};
use kith_desk::sample::Town;
use kith_desk::{Access, fill_with_sample, write_sample_files};

use super::args::Sample;
use super::progress::Meter;
use super::setting::Setting;

pub async fn sample(setting: &Setting, sample: Sample) -> anyhow::Result<()> {
    let until = match &sample.until {
        Some(text) => Day::parse(text)?,
        // Yesterday in Shanghai, where the shop is, so that this morning's report is about this morning.
        None => Calendar::parse("Asia/Shanghai").map_or(Town::default().until, |calendar| calendar.day(setting.now).plus(-1)),
    };
    let town = Town { contacts: sample.contacts, seed: sample.seed, until, ..Town::default() };
    if let Some(folder) = &sample.files {
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        for (path, rows) in write_sample_files(&town, folder, threads)? {
            println!("{rows:>10} rows in {}", path.display());
        }
        return Ok(());
    }
    let store = setting.open_store(Access::Write).await?;
    let meter = Meter::new("sample shop");
    let filled = fill_with_sample(&store, &town, setting.now, &|done| meter.show(done, done, Some(town.contacts))).await;
    meter.end();
    let filled = filled?;
    if !setting.json(&filled)? {
        println!(
            "the sample shop has {} contacts, {} touches and {} orders until {}; what is true of it stands in {}",
            filled.contacts,
            filled.touches,
            filled.truth.orders,
            town.until,
            filled.truth_path.display()
        );
    }
    Ok(())
}
