//! Collects the touches of an import by month, within a budget of memory, and writes them as files.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use kith_core::{Month, TenantId, Touch};

use super::one_month::MonthJob;
use super::{Buffer, KnownWords, Words};
use crate::rows::TouchRows;
use crate::{Lake, LakeError, LakeFile};

/// Takes touches in any order and number. Give each worker thread a clone of its own: a clone collects alone, without waiting
/// for the others. When all of them are done, [`TouchWriter::finish`] on any one writes what is left of every clone.
pub struct TouchWriter {
    shared: Arc<Shared>,
    mine: Arc<Mutex<Worker>>,
}

struct Shared {
    lake: Lake,
    tenant: TenantId,
    /// Bytes that all workers together may hold.
    budget: usize,
    words: Words,
    workers: Mutex<Vec<Arc<Mutex<Worker>>>>,
    written: Mutex<Written>,
    /// Only one worker at a time looks for months to flush.
    flushing: Mutex<()>,
}

#[derive(Default)]
struct Worker {
    known: KnownWords,
    months: BTreeMap<Month, Buffer>,
    bytes: usize,
}

/// What a writer has written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    pub files: Vec<LakeFile>,
    /// Records that were left out because the same input has the event again, saying the same or something newer.
    pub doubles: u64,
}

impl Lake {
    /// Begins to write touches of one tenant; `memory_bytes` is what its buffers may hold together.
    #[must_use]
    pub fn touch_writer(&self, tenant: &TenantId, memory_bytes: usize) -> TouchWriter {
        let shared = Shared {
            lake: self.clone(),
            tenant: tenant.clone(),
            budget: memory_bytes,
            words: Words::default(),
            workers: Mutex::default(),
            written: Mutex::default(),
            flushing: Mutex::default(),
        };
        TouchWriter::worker_of(Arc::new(shared))
    }

    /// Writes touches that came by call, for compaction; the caller settles their months afterwards.
    pub fn write_hot(&self, tenant: &TenantId, touches: &[Touch]) -> Result<Vec<LakeFile>, LakeError> {
        let writer = self.touch_writer(tenant, usize::MAX);
        writer.push(touches)?;
        Ok(writer.finish()?.files)
    }
}

impl Clone for TouchWriter {
    fn clone(&self) -> Self {
        Self::worker_of(Arc::clone(&self.shared))
    }
}

impl TouchWriter {
    fn worker_of(shared: Arc<Shared>) -> Self {
        let mine = Arc::new(Mutex::default());
        lock(&shared.workers).push(Arc::clone(&mine));
        Self { shared, mine }
    }

    /// Takes touches. Blocks while months are written to make room.
    pub fn push(&self, touches: &[Touch]) -> Result<(), LakeError> {
        {
            let mut worker = lock(&self.mine);
            let Worker { known, months, bytes } = &mut *worker;
            let mut month = None;
            for touch in touches {
                // Neighbours mostly lie in one month; its buffer is looked up once for all of them.
                let own = Month::of(touch.at);
                let buffer = match month.take() {
                    Some((last, buffer)) if last == own => buffer,
                    _ => months.entry(own).or_default(),
                };
                buffer.push(touch, known, &self.shared.words);
                month = Some((own, buffer));
            }
            *bytes = months.values().map(Buffer::bytes).sum();
        }
        if self.shared.bytes() > self.shared.budget { self.make_room() } else { Ok(()) }
    }

    /// Writes whatever is left and gives all files, sorted by path.
    ///
    /// Of records of one event within a flush only the winner is written: the highest version, then the highest content digest.
    pub fn finish(self) -> Result<Written, LakeError> {
        let months = self.shared.take(|_| true);
        if let Err(error) = self.shared.write(months) {
            self.shared.forget();
            return Err(error);
        }
        let mut written = std::mem::take(&mut *lock(&self.shared.written));
        written.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(written)
    }

    /// Removes every file that was written.
    pub fn abort(self) {
        self.shared.take(|_| true);
        self.shared.forget();
    }

    /// Writes the largest months until half of the budget is free.
    fn make_room(&self) -> Result<(), LakeError> {
        let _alone = lock(&self.shared.flushing);
        let mut sizes: BTreeMap<Month, usize> = BTreeMap::new();
        for worker in self.shared.workers() {
            for (month, buffer) in &lock(&worker).months {
                *sizes.entry(*month).or_default() += buffer.bytes();
            }
        }
        let mut held: usize = sizes.values().sum();
        let mut largest: Vec<(Month, usize)> = sizes.into_iter().collect();
        largest.sort_by_key(|(month, bytes)| (std::cmp::Reverse(*bytes), *month));
        let mut chosen = HashSet::new();
        for (month, bytes) in largest {
            if held <= self.shared.budget / 2 {
                break;
            }
            held -= bytes;
            chosen.insert(month);
        }
        let months = self.shared.take(|month| chosen.contains(&month));
        self.shared.write(months)
    }
}

impl Shared {
    fn workers(&self) -> Vec<Arc<Mutex<Worker>>> {
        lock(&self.workers).clone()
    }

    fn bytes(&self) -> usize {
        let held: usize = self.workers().iter().map(|worker| lock(worker).bytes).sum();
        // Words cannot be written away, so they count only as far as they leave room for rows.
        held + self.words.bytes().min(self.budget / 2)
    }

    /// Takes months out of every worker.
    fn take(&self, wanted: impl Fn(Month) -> bool) -> BTreeMap<Month, Vec<Buffer>> {
        let mut taken: BTreeMap<Month, Vec<Buffer>> = BTreeMap::new();
        for worker in self.workers() {
            let mut worker = lock(&worker);
            let (out, kept) = std::mem::take(&mut worker.months).into_iter().partition(|(month, _)| wanted(*month));
            worker.months = kept;
            worker.bytes = worker.months.values().map(Buffer::bytes).sum();
            drop(worker);
            let out: BTreeMap<Month, Buffer> = out;
            for (month, buffer) in out {
                taken.entry(month).or_default().push(buffer);
            }
        }
        taken
    }

    /// Sorts and writes months, several at a time.
    fn write(&self, months: BTreeMap<Month, Vec<Buffer>>) -> Result<(), LakeError> {
        let words = self.words.array();
        let threads = self.lake.inner.options.threads;
        let alone = if months.len() == 1 { threads } else { 1 };
        let mut queue: Vec<(Month, Vec<Buffer>)> = months.into_iter().collect();
        // The largest first, so that no worker is left with it at the end.
        queue.sort_by_key(|(_, buffers)| buffers.iter().map(Buffer::rows).sum::<usize>());
        let queue = Mutex::new(queue);
        let work = || -> Result<(), LakeError> {
            loop {
                let next = lock(&queue).pop();
                let Some((month, buffers)) = next else { return Ok(()) };
                let job = MonthJob { root: self.lake.root(), tenant: &self.tenant, month, words: &words, threads: alone };
                let outcome = write_month(&job, buffers);
                match outcome {
                    Ok((files, doubles)) => {
                        let mut written = lock(&self.written);
                        written.files.extend(files);
                        written.doubles += doubles;
                    }
                    Err(error) => {
                        lock(&queue).clear();
                        return Err(error);
                    }
                }
            }
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads.min(lock(&queue).len())).map(|_| scope.spawn(work)).collect();
            let mine = work();
            let fell = || LakeError::Answer { what: "the new files".to_owned(), why: "a worker fell".to_owned() };
            others.into_iter().map(|other| other.join().unwrap_or_else(|_| Err(fell()))).fold(mine, Result::and)
        })
    }

    /// Removes what was written. What cannot be removed is an orphan, which the sweep at the next start takes.
    fn forget(&self) {
        for file in lock(&self.written).files.drain(..) {
            let _ = fs::remove_file(self.lake.absolute(&file.path));
        }
    }
}

fn write_month(job: &MonthJob<'_>, buffers: Vec<Buffer>) -> Result<(Vec<LakeFile>, u64), LakeError> {
    let mut buffers = buffers.into_iter();
    let Some(mut all) = buffers.next() else { return Ok((Vec::new(), 0)) };
    for more in buffers {
        all.append(&more);
    }
    let losers = losers(job, &all)?;
    let mut order = all.sorted();
    if !losers.is_empty() {
        order.retain(|row| !losers.contains(row));
    }
    Ok((job.write(&all, &order, true)?, losers.len() as u64))
}

/// Rows that another row of the same event stands in front of.
fn losers(job: &MonthJob<'_>, all: &Buffer) -> Result<HashSet<u32>, LakeError> {
    let mut losers = HashSet::new();
    let mut ties: Vec<Vec<u32>> = Vec::new();
    for group in all.doubles() {
        let newest = group.iter().map(|row| all.version(*row)).max();
        let (best, older): (Vec<u32>, Vec<u32>) = group.into_iter().partition(|row| Some(all.version(*row)) == newest);
        losers.extend(older);
        if best.len() > 1 {
            ties.push(best);
        }
    }
    for some in ties.chunks(4096) {
        let order: Vec<u32> = some.concat();
        let batch = all.batch(&order, job.words).map_err(|error| LakeError::query("new touches", error.into()))?;
        let batch = crate::rows::plain(&batch)?;
        let rows = TouchRows::new(&batch, job.root);
        let mut place = 0;
        for tie in some {
            let mut best = None;
            for row in tie {
                let said = (rows.touch(place)?.content_digest(), std::cmp::Reverse(*row));
                place += 1;
                best = best.max(Some(said));
            }
            losers.extend(tie.iter().filter(|row| best.is_some_and(|(_, winner)| winner.0 != **row)));
        }
    }
    Ok(losers)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LakeOptions;
    use crate::testing::{at, full, lake, tea, touch};
    use kith_core::{IdentityId, ImportId};

    #[test]
    fn what_is_written_is_read_back_whole() {
        let lake = lake();
        let mut undated = touch("3", 9, "2026-11-01T00:00:00Z");
        undated.at = None;
        let touches = vec![full("1", 7), touch("2", 8, "2026-11-02T00:00:00Z"), undated];
        let files = lake.write(&touches);
        assert_eq!(files.iter().map(|file| file.month.to_string()).collect::<Vec<_>>(), ["2026-11", "undated"]);
        let session = lake.session(files.clone());
        let mut back = session.touches_of(&[IdentityId(7), IdentityId(8), IdentityId(9)], &[]).unwrap();
        back.sort_by_key(|touch| touch.identity);
        assert_eq!(back, touches);
        assert_eq!(files[0].rows, 2);
        assert_eq!(files[0].first_at, Some(at("2026-11-02T00:00:00Z")));
        assert_eq!((files[0].min_identity, files[0].max_identity), (IdentityId(7), IdentityId(8)));
        assert_eq!((files[0].import, files[1].import), (None, Some(ImportId::BY_CALL)));
        assert_eq!(files[1].first_at, None);
    }

    #[test]
    fn a_month_ends_with_the_last_microsecond_of_utc() {
        let lake = lake();
        let files = lake.write(&[
            touch("1", 1, "2026-01-31T23:59:59.999999Z"),
            touch("2", 1, "2026-02-01T00:00:00Z"),
            touch("3", 1, "2026-02-01T07:59:59+08:00"),
        ]);
        let rows: Vec<(String, u64)> = files.iter().map(|file| (file.month.to_string(), file.rows)).collect();
        assert_eq!(rows, [("2026-01".to_owned(), 2), ("2026-02".to_owned(), 1)]);
    }

    #[test]
    fn of_several_records_of_one_event_the_newest_is_written_whatever_their_order() {
        let mut changed = touch("1", 1, "2026-01-01T00:00:00Z");
        changed.version = 5;
        changed.text = Some("改".into());
        let mut moved = changed.clone();
        moved.identity = IdentityId(99);
        let old = touch("1", 1, "2026-01-01T00:00:00Z");
        let winner = if moved.content_digest() > changed.content_digest() { &moved } else { &changed };
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let lake = lake();
            let all = [&old, &changed, &moved];
            let writer = lake.lake.touch_writer(&tea(), 1 << 20);
            for place in order {
                writer.push(std::slice::from_ref(all[place])).unwrap();
            }
            let written = writer.finish().unwrap();
            assert_eq!(written.doubles, 2);
            let session = lake.session(written.files);
            assert_eq!(session.touches_of(&[winner.identity], &[]).unwrap(), std::slice::from_ref(winner));
        }
    }

    #[test]
    fn a_small_budget_makes_more_files_and_loses_nothing() {
        let lake = lake();
        let writer = lake.lake.touch_writer(&tea(), 20_000);
        std::thread::scope(|scope| {
            for worker in 0..3 {
                let writer = writer.clone();
                scope.spawn(move || {
                    for n in 0..40 {
                        let touches: Vec<Touch> = (0..25)
                            .map(|i| touch(&format!("{worker}-{n}-{i}"), i, &format!("2026-{:02}-03T00:00:00Z", 1 + n % 4)))
                            .collect();
                        writer.push(&touches).unwrap();
                    }
                });
            }
        });
        let written = writer.finish().unwrap();
        assert!(written.files.len() > 4, "{}", written.files.len());
        assert_eq!(written.files.iter().map(|file| file.rows).sum::<u64>(), 3000);
        assert_eq!(lake.lake.verify(&written.files, true), []);
    }

    #[test]
    fn an_aborted_writer_leaves_nothing_behind() {
        let lake = lake();
        let writer = lake.lake.touch_writer(&tea(), 1);
        writer.push(&[touch("1", 1, "2026-01-01T00:00:00Z")]).unwrap();
        writer.push(&[touch("2", 1, "2026-02-01T00:00:00Z")]).unwrap();
        writer.abort();
        let swept = lake.lake.sweep(&std::collections::HashSet::new()).unwrap();
        assert_eq!((swept.orphans, swept.unfinished), (0, 0));
    }

    #[test]
    fn the_same_touches_give_the_same_file() {
        let touches = [full("1", 7), touch("2", 8, "2026-11-02T00:00:00Z")];
        let (one, other) = (lake().write(&touches), lake().write(&touches));
        assert_eq!(one, other);
    }

    #[test]
    fn a_lake_that_cannot_be_made_says_so() {
        let lake = lake();
        let blocked = lake.folder.path().join("file");
        fs::write(&blocked, "x").unwrap();
        assert!(Lake::open(&blocked.join("lake"), LakeOptions::default()).is_err());
    }
}
