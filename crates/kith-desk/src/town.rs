//! Fills a store with the sample town, and writes the town as files.
//!
//! The town comes in by the same way as a file does: touches into the lake, the rest with one transaction. A large town comes in several such
//! parts, so that memory stays small; what was filled of a part that was interrupted does not count.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use kith_core::{IdentityId, ImportId, Instant, Record, TouchKind};
use kith_journal::{ImportCommit, ImportCounts, NewImport};
use kith_lake::LakeError;

use crate::identity::merges;
use crate::listen::catalogue::{new_file, settle, standing};
use crate::plan::{PlanFile, store_plan};
use crate::sample::export::{Dialect, touches_csv};
use crate::sample::{Batch, Town, TownError, Truth, TruthPart, World};
use crate::store::{Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum TownFillError {
    #[error("this store has the sample shop already: delete the folder, or choose another with --store")]
    Already,
    #[error("could not write {}: make room or check permissions", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Town(#[from] TownError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<kith_journal::JournalError> for TownFillError {
    fn from(error: kith_journal::JournalError) -> Self {
        Self::Store(error.into())
    }
}

impl From<LakeError> for TownFillError {
    fn from(error: LakeError) -> Self {
        Self::Store(error.into())
    }
}

/// What was filled in.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Filled {
    pub contacts: u64,
    pub touches: u64,
    pub truth: Truth,
    pub truth_path: PathBuf,
}

/// So many contacts come in at a time.
const PART: u64 = 100_000;
const BLOCK: u64 = 2_048;

/// Makes the tenant of the sample and fills it; the known truth is written beside the data. `watch` hears how many contacts are done.
pub async fn fill_with_sample(
    store: &Store,
    town: &Town,
    now: Instant,
    watch: &(dyn Fn(u64) + Sync),
) -> Result<Filled, TownFillError> {
    let world = World::new(town)?;
    if store.journal.tenant(&world.tenant.id).await?.is_some() {
        return Err(TownFillError::Already);
    }
    store.journal.put_tenant(&world.tenant).await?;
    let plan = PlanFile {
        brands: world.brands.clone(),
        accounts: world.accounts.clone(),
        campaigns: world.campaigns.iter().map(|planned| planned.campaign.clone()).collect(),
        placements: world.placements.iter().map(|planned| planned.placement.clone()).collect(),
    };
    store_plan(store, &world.tenant, &plan).await?;
    let mut truth = TruthPart::empty(&world);
    let mut tally = crate::sample::Tally::default();
    let mut touches = 0;
    let mut from = 0;
    while from < town.contacts {
        let part = from..(from + PART).min(town.contacts);
        let last = part.end == town.contacts;
        let gathered = Part::live(store, &world, part.clone(), now, watch).await?;
        truth.merge(&gathered.truth);
        tally.merge(&gathered.tally);
        touches += gathered.touches;
        let more = if last { world.records().into_iter().chain(world.insights(&tally)?).collect() } else { Vec::new() };
        gathered.commit(store, &world, more, now).await?;
        from = part.end;
    }
    merges::judge_again(store, &world.tenant, now).await?;
    let truth = world.truth(&truth);
    let truth_path = store.folder.join("sample-truth.json");
    write_json(&truth_path, &truth)?;
    Ok(Filled { contacts: town.contacts, touches, truth, truth_path })
}

/// Some contacts on their way in.
struct Part {
    import: ImportId,
    range: Range<u64>,
    written: kith_lake::Written,
    identities: Vec<kith_core::Identity>,
    links: Vec<kith_core::Link>,
    records: Vec<(Record, i64)>,
    orders: Vec<(IdentityId, String)>,
    touches: u64,
    truth: TruthPart,
    tally: crate::sample::Tally,
}

impl Part {
    async fn live(
        store: &Store,
        world: &World,
        range: Range<u64>,
        now: Instant,
        watch: &(dyn Fn(u64) + Sync),
    ) -> Result<Self, TownFillError> {
        let name = format!("sample contacts {} to {}", range.start + 1, range.end);
        let new = NewImport {
            tenant: world.tenant.id.clone(),
            file_name: name.clone(),
            file_digest: blake3::hash(format!("{name} of {:?}", world.town).as_bytes()).to_hex().to_string(),
            kind: "sample".to_owned(),
            mapping_json: "[]".to_owned(),
            as_of: None,
            started_at: now,
        };
        let import = store.journal.start_import(&new).await?;
        let memory = store.config.engine.memory_bytes();
        let writer = store.lake.touch_writer(&world.tenant.id, memory);
        let mut part = Self {
            import,
            range: range.clone(),
            written: kith_lake::Written::default(),
            identities: Vec::new(),
            links: Vec::new(),
            records: Vec::new(),
            orders: Vec::new(),
            touches: 0,
            truth: TruthPart::empty(world),
            tally: crate::sample::Tally::default(),
        };
        tokio::task::block_in_place(|| -> Result<(), TownFillError> {
            let live = |block: Range<u64>| world.contacts(block);
            for lane in blocks(range).chunks(store.lake.threads()) {
                // As many blocks at a time as there are threads; they come back in their order.
                let lived: Vec<Batch> = std::thread::scope(|scope| {
                    let threads: Vec<_> = lane.iter().map(|block| scope.spawn(|| live(block.clone()))).collect();
                    threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
                });
                if lived.len() < lane.len() {
                    return Err(StoreError::Interrupted.into());
                }
                for batch in lived {
                    writer.push(&part.take(batch))?;
                }
                watch(lane.last().map_or(0, |block| block.end));
            }
            part.written = writer.finish()?;
            Ok(())
        })?;
        Ok(part)
    }

    /// Keeps what is not a touch, and gives the touches with this import's number on them.
    fn take(&mut self, batch: Batch) -> Vec<kith_core::Touch> {
        let mut touches = batch.touches;
        for touch in &mut touches {
            touch.import = self.import;
            if touch.kind == TouchKind::Order
                && let Some(order) = &touch.order
            {
                self.orders.push((touch.identity, order.to_string()));
            }
        }
        self.touches += touches.len() as u64;
        self.identities.extend(batch.identities);
        self.links.extend(batch.links);
        self.records.extend(batch.records.into_iter().map(|record| (record, 0)));
        self.truth.merge(&batch.truth);
        self.tally.merge(&batch.tally);
        touches
    }

    async fn commit(mut self, store: &Store, world: &World, more: Vec<Record>, now: Instant) -> Result<(), TownFillError> {
        self.records.extend(more.into_iter().map(|record| (record, 0)));
        let id = &world.tenant.id;
        let catalogue = store.journal.catalogue(id).await?;
        let mut imports = standing(store, id).await?;
        imports.insert(self.import);
        let mut files = self.written.files;
        let settled = tokio::task::block_in_place(|| {
            settle(&store.lake, &catalogue, &mut files, &HashSet::new(), &BTreeSet::new(), &imports)
        })?;
        let into: Vec<_> = files.iter().map(|file| new_file(file, 0)).collect();
        let commit = ImportCommit {
            import: self.import,
            tenant: id,
            catalogue_version: catalogue.version,
            counts: ImportCounts {
                rows: self.range.end - self.range.start,
                touches: self.touches,
                duplicates: 0,
                refused: 0,
                passed_over: 0,
            },
            refused_path: None,
            files: &into,
            hidden: &settled.changes,
            identities: &self.identities,
            links: &self.links,
            records: &self.records,
            order_numbers: &self.orders,
            at: now,
        };
        store.journal.commit_import(&commit).await?;
        Ok(())
    }
}

fn blocks(range: Range<u64>) -> Vec<Range<u64>> {
    (range.start..range.end).step_by(BLOCK as usize).map(|from| from..(from + BLOCK).min(range.end)).collect()
}

/// Writes the town as a platform would export it: all touches as one generic CSV, the small exports of each dialect, and the truth (who is
/// whose friend, who hunts prizes, who was left out of care) beside them. Gives the files and their rows.
pub fn write_sample_files(town: &Town, folder: &Path, threads: usize) -> Result<Vec<(PathBuf, u64)>, TownFillError> {
    let world = World::new(town)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| TownFillError::Write { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut written = Vec::new();
    let mut write = |name: &str, body: &dyn Fn(&mut BufWriter<File>) -> io::Result<u64>| -> Result<(), TownFillError> {
        let path = folder.join(name);
        let write = || {
            let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
            let rows = body(&mut file)?;
            file.flush()?;
            Ok(rows)
        };
        let rows = write().map_err(failed(&path))?;
        written.push((path, rows));
        Ok(())
    };
    write("touches.csv", &|out| touches_csv(&world, threads, out))?;
    // The dialects are for trying imports: some thousand contacts are enough to see every case.
    let few = 0..town.contacts.min(5_000);
    for dialect in Dialect::ALL {
        write(dialect.file_name(), &|out| dialect.write(&world, few.clone(), out))?;
    }
    let all = 0..town.contacts;
    write("truth-friends.csv", &|out| {
        writeln!(out, "contact,friend")?;
        rows(world.friendships(all.clone()).map(|(one, other)| format!("{one},{other}")), out)
    })?;
    write("truth-prize-hunters.csv", &|out| {
        writeln!(out, "contact")?;
        rows(world.prize_hunters(all.clone()).map(|contact| contact.to_string()), out)
    })?;
    write("truth-care-holdout.csv", &|out| {
        writeln!(out, "contact")?;
        rows(world.care_holdout(all.clone()).map(|contact| contact.to_string()), out)
    })?;
    let mut truth = TruthPart::empty(&world);
    let taken: Result<(), std::convert::Infallible> = world.stream(threads, BLOCK, |batch| {
        truth.merge(&batch.truth);
        Ok(())
    });
    let Ok(()) = taken;
    let path = folder.join("truth.json");
    write_json(&path, &world.truth(&truth))?;
    written.push((path, 1));
    Ok(written)
}

fn rows(lines: impl Iterator<Item = String>, out: &mut impl Write) -> io::Result<u64> {
    let mut count = 0;
    for line in lines {
        writeln!(out, "{line}")?;
        count += 1;
    }
    Ok(count)
}

fn write_json(path: &Path, truth: &Truth) -> Result<(), TownFillError> {
    let text = serde_json::to_string_pretty(truth)
        .map_err(|error| TownFillError::Write { path: path.to_owned(), source: error.into() })?;
    fs::write(path, text + "\n").map_err(|source| TownFillError::Write { path: path.to_owned(), source })
}
