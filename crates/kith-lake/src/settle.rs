//! Which rows of a month may be seen: every event once, and nothing of an undone import.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::thread;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use kith_core::{ImportId, TouchId};

use crate::reading::{Rows, id, ids};
use crate::schema::at;
use crate::{HiddenRows, Lake, LakeError, LakeFile};

/// Rows compared at a time; more are compared in rounds, each with the ids of another part of the hash.
const ROUND: u64 = 32_000_000;

/// A row: the place of its file in the list, and its number there.
type Place = (u32, u32);

impl Lake {
    /// Computes from scratch what is hidden in each file of one tenant and month, given all of them.
    ///
    /// Rows of imports that do not stand are hidden. Of several rows of one event that do, the one with the highest version is
    /// seen, then the one with the highest content digest, then that of the smallest (file digest, row): so the order in which
    /// files came never matters. Reads ids, imports and versions only; whole rows only where versions are equal. The bitmaps that
    /// the files carry so far are not looked at.
    pub fn settle(
        &self,
        files: &[LakeFile],
        standing: impl Fn(ImportId) -> bool + Sync,
    ) -> Result<Vec<Option<HiddenRows>>, LakeError> {
        let mut settling = Settling { lake: self, files, standing: &standing, hidden: vec![HiddenRows::default(); files.len()] };
        settling.undone();
        settling.doubles()?;
        Ok(settling.hidden.into_iter().map(HiddenRows::some).collect())
    }
}

struct Settling<'a, S> {
    lake: &'a Lake,
    files: &'a [LakeFile],
    standing: &'a S,
    hidden: Vec<HiddenRows>,
}

/// The ids of rows that stand in one file, and the rows that do not.
struct Standing {
    rows: Vec<(TouchId, u32)>,
    undone: HiddenRows,
}

impl<S: Fn(ImportId) -> bool + Sync> Settling<'_, S> {
    /// Hides files of an undone import whole.
    fn undone(&mut self) {
        for (file, hidden) in self.files.iter().zip(&mut self.hidden) {
            if file.import.is_some_and(|import| !(self.standing)(import)) {
                // Files are cut long before four thousand million rows.
                hidden.insert_range(0..file.rows as u32);
            }
        }
    }

    fn doubles(&mut self) -> Result<(), LakeError> {
        let mut live: Vec<usize> = (0..self.files.len()).filter(|place| self.hidden[*place].is_empty()).collect();
        live.sort_by_key(|place| (self.files[*place].rows, *place));
        let Some(largest) = live.pop() else { return Ok(()) };
        let rest: u64 = live.iter().map(|place| self.files[*place].rows).sum();
        let large = &self.files[largest];
        // A large file that has each event once, of one import that stands, is only asked for what the small ones have.
        let plain = large.import.is_some() && crate::footer::is_distinct(self.lake.footer(&large.path)?.metadata());
        if plain && live.is_empty() {
            return Ok(());
        }
        let only = if plain && rest < large.rows / 4 { Some(largest) } else { None };
        if only.is_none() {
            live.push(largest);
        }
        let rounds = (rest + if only.is_none() { large.rows } else { 0 }).div_ceil(ROUND).max(1);
        for round in 0..rounds {
            let mut seen: Vec<(TouchId, Place)> = Vec::new();
            let part = |id: &TouchId| u64::from(id.as_bytes()[15]) * 256 + u64::from(id.as_bytes()[14]);
            let stands: Vec<Standing> = self.each(&live, |place| self.stand(place, |id| part(id) % rounds == round))?;
            for (place, standing) in live.iter().zip(stands) {
                self.hidden[*place].extend(&standing.undone);
                seen.extend(standing.rows.into_iter().map(|(id, row)| (id, (*place as u32, row))));
            }
            if let Some(largest) = only {
                let wanted: HashMap<TouchId, ()> = seen.iter().map(|(id, _)| (*id, ())).collect();
                let met = self.lake.reading(&large.path)?.met(&wanted)?;
                seen.extend(met.into_iter().map(|(row, id, ())| (id, (largest as u32, row))));
            }
            self.choose(seen)?;
        }
        Ok(())
    }

    /// Does something with several files at a time.
    fn each<T: Send>(&self, places: &[usize], work: impl Fn(usize) -> Result<T, LakeError> + Sync) -> Result<Vec<T>, LakeError> {
        let queue = Mutex::new(places.iter().enumerate());
        let done = Mutex::new(BTreeMap::new());
        let run = || -> Result<(), LakeError> {
            loop {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some((order, place)) = next else { return Ok(()) };
                let one = work(*place)?;
                done.lock().unwrap_or_else(PoisonError::into_inner).insert(order, one);
            }
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..self.lake.inner.options.threads.min(places.len())).map(|_| scope.spawn(run)).collect();
            let fell = || LakeError::Answer { what: "a month's files".to_owned(), why: "a worker fell".to_owned() };
            let mine = run();
            others.into_iter().map(|other| other.join().unwrap_or_else(|_| Err(fell()))).fold(mine, Result::and)
        })?;
        Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect())
    }

    /// The rows of a file whose imports stand, with ids of this round.
    fn stand(&self, place: usize, round: impl Fn(&TouchId) -> bool) -> Result<Standing, LakeError> {
        let file = &self.files[place];
        let reading = self.lake.reading(&file.path)?;
        let groups: Vec<usize> = (0..reading.row_groups()).collect();
        let columns: &[usize] = if file.import.is_some() { &[at::TOUCH_ID] } else { &[at::TOUCH_ID, at::IMPORT_ID] };
        let mut standing = Standing { rows: Vec::new(), undone: HiddenRows::default() };
        let mut row = 0_u32;
        let mut last: Option<(i64, bool)> = None;
        for batch in reading.columns(columns, &Rows::Groups(&groups))? {
            let batch = batch?;
            let ids = ids(&batch, &reading)?;
            let imports = batch.column_by_name("import_id").and_then(|column| column.as_primitive_opt::<Int64Type>());
            for at in 0..batch.num_rows() {
                let stands = match (imports, last) {
                    (None, _) => true,
                    (Some(imports), Some((import, stands))) if imports.value(at) == import => stands,
                    (Some(imports), _) => {
                        let stands = (self.standing)(ImportId(imports.value(at)));
                        last = Some((imports.value(at), stands));
                        stands
                    }
                };
                if stands {
                    let id = id(ids, at);
                    if round(&id) {
                        standing.rows.push((id, row));
                    }
                } else {
                    standing.undone.insert(row);
                }
                row += 1;
            }
        }
        if u64::from(row) == file.rows {
            Ok(standing)
        } else {
            Err(LakeError::corrupt(reading.path(), format!("it has {row} rows and should have {}", file.rows)))
        }
    }

    /// Of the rows of each event hides all but the winner.
    fn choose(&mut self, mut seen: Vec<(TouchId, Place)>) -> Result<(), LakeError> {
        seen.sort_unstable();
        let groups: Vec<&[(TouchId, Place)]> = seen.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).collect();
        if groups.is_empty() {
            return Ok(());
        }
        let versions = self.look(groups.iter().flat_map(|group| group.iter().map(|(_, place)| *place)), Self::versions)?;
        let version = |place: Place| versions.get(place);
        let mut ties = Vec::new();
        for group in &groups {
            let newest = group.iter().map(|(_, place)| version(*place)).max();
            let best = || group.iter().map(|(_, place)| *place).filter(|place| Some(version(*place)) == newest);
            if best().count() > 1 {
                ties.extend(best());
            }
        }
        let digests = self.look(ties.into_iter(), Self::digests)?;
        for group in groups {
            let rank = |place: Place| {
                let file = std::cmp::Reverse((&self.files[place.0 as usize].digest, place.1));
                (version(place), digests.get(place), file)
            };
            let winner = group.iter().map(|(_, place)| *place).max_by(|a, b| rank(*a).cmp(&rank(*b)));
            for place in group.iter().map(|(_, place)| *place).filter(|place| Some(*place) != winner) {
                self.hidden[place.0 as usize].insert(place.1);
            }
        }
        Ok(())
    }

    /// Reads one number of each of these rows, file by file.
    fn look(
        &self,
        places: impl Iterator<Item = Place>,
        read: impl Fn(&Self, usize, &[u32]) -> Result<Vec<i64>, LakeError> + Sync,
    ) -> Result<Numbers, LakeError> {
        let mut rows: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (file, row) in places {
            rows.entry(file).or_default().push(row);
        }
        for numbers in rows.values_mut() {
            numbers.sort_unstable();
        }
        let files: Vec<usize> = rows.keys().map(|file| *file as usize).collect();
        let numbers = self.each(&files, |file| read(self, file, rows.get(&(file as u32)).map_or(&[], Vec::as_slice)))?;
        Ok(Numbers(rows.into_iter().zip(numbers).map(|((file, rows), numbers)| (file, (rows, numbers))).collect()))
    }

    fn versions(&self, file: usize, rows: &[u32]) -> Result<Vec<i64>, LakeError> {
        let reading = self.lake.reading(&self.files[file].path)?;
        let mut versions = Vec::with_capacity(rows.len());
        for batch in reading.columns(&[at::VERSION], &Rows::Numbers(rows))? {
            let batch = batch?;
            let Some(column) = batch.column(0).as_primitive_opt::<Int64Type>() else {
                return Err(LakeError::corrupt(reading.path(), "its versions are no numbers"));
            };
            versions.extend_from_slice(column.values());
        }
        Ok(versions)
    }

    fn digests(&self, file: usize, rows: &[u32]) -> Result<Vec<i64>, LakeError> {
        let reading = self.lake.reading(&self.files[file].path)?;
        let mut digests = Vec::with_capacity(rows.len());
        reading.touches(rows, |_, touch| digests.push(touch.content_digest()))?;
        Ok(digests)
    }
}

/// One number of some rows, by file: rows (rising) and their numbers.
struct Numbers(BTreeMap<u32, (Vec<u32>, Vec<i64>)>);

impl Numbers {
    /// The number of a row; the least of all where the row was not read.
    fn get(&self, (file, row): Place) -> i64 {
        let number = self.0.get(&file).and_then(|(rows, numbers)| numbers.get(rows.binary_search(&row).ok()?));
        number.copied().unwrap_or(i64::MIN)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use kith_core::{IdentityId, Month, Touch};
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{TestLake, lake, tea, touch};

    /// What may be seen, by the rule and nothing else: of each event, among standing imports, the highest (version, digest).
    fn model(touches: &[Touch], standing: &BTreeSet<i64>) -> BTreeMap<TouchId, (i64, i64)> {
        let mut seen = BTreeMap::new();
        for touch in touches.iter().filter(|touch| standing.contains(&touch.import.0)) {
            let said = (touch.version, touch.content_digest());
            let best = seen.entry(touch.id).or_insert(said);
            *best = said.max(*best);
        }
        seen
    }

    fn visible(lake: &TestLake, files: &[LakeFile]) -> Vec<Touch> {
        let everybody: Vec<IdentityId> = (0..10).map(IdentityId).collect();
        lake.session(files.to_vec()).touches_of(&everybody, &[]).unwrap()
    }

    fn settled(lake: &TestLake, mut files: Vec<LakeFile>, standing: &BTreeSet<i64>) -> Vec<LakeFile> {
        let hidden = lake.lake.settle(&files, |import| standing.contains(&import.0)).unwrap();
        for (file, hidden) in files.iter_mut().zip(hidden) {
            file.hidden = hidden;
        }
        files
    }

    fn check(lake: &TestLake, files: &[LakeFile], touches: &[Touch], standing: &BTreeSet<i64>) {
        let seen = visible(lake, files);
        let told: BTreeMap<_, _> = seen.iter().map(|touch| (touch.id, (touch.version, touch.content_digest()))).collect();
        assert_eq!(told.len(), seen.len(), "an event is seen twice");
        assert_eq!(told, model(touches, standing));
    }

    fn some_touch() -> impl Strategy<Value = Touch> {
        (0..12_u32, 0..4_i64, 1..5_i64, 0..3_i64, 0..3_usize).prop_map(|(own, identity, import, version, text)| {
            let mut touch = touch(&own.to_string(), identity, &format!("2026-03-{:02}T00:00:00Z", own + 1));
            touch.import = ImportId(import);
            touch.version = version;
            touch.text = [None, Some("好".to_owned()), Some("😀".to_owned())][text].clone();
            touch
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn what_is_seen_depends_on_neither_files_nor_their_order(
            files in proptest::collection::vec(proptest::collection::vec(some_touch(), 1..30), 1..5),
            standing in proptest::collection::btree_set(1..5_i64, 0..5),
            turn in 0..5_usize,
        ) {
            let lake = lake();
            // A file of one import, or of several, as compaction makes them: nothing is dropped while merging.
            let all: Vec<Touch> = files.concat();
            let mut written = Vec::new();
            for touches in &files {
                let parts: Vec<LakeFile> = touches.iter().flat_map(|touch| lake.write(std::slice::from_ref(touch))).collect();
                written.extend(lake.lake.merge_files(&tea(), Month(202_603), &parts).unwrap());
            }
            let turn = turn % written.len();
            written.rotate_left(turn);
            let files = settled(&lake, written.clone(), &standing);
            check(&lake, &files, &all, &standing);
            // Undo of the undo: all stand again, whatever was hidden before.
            let everything: BTreeSet<i64> = (1..5).collect();
            let files = settled(&lake, files, &everything);
            check(&lake, &files, &all, &everything);
            // And merged into one, the same.
            let merged = settled(&lake, lake.lake.merge_files(&tea(), Month(202_603), &files).unwrap(), &standing);
            check(&lake, &merged, &all, &standing);
        }
    }

    #[test]
    fn a_small_file_against_a_large_one_hides_what_both_have() {
        let lake = lake();
        let import = |touch: Touch, import| Touch { import: ImportId(import), ..touch };
        let large: Vec<Touch> = (0..2000).map(|n| import(touch(&n.to_string(), n % 10, "2026-03-01T00:00:00Z"), 1)).collect();
        let mut small: Vec<Touch> =
            [5, 1999, 3000].map(|n| import(touch(&n.to_string(), n % 10, "2026-03-01T00:00:00Z"), 2)).to_vec();
        small[0].version = 9;
        let files = [lake.write(&large), lake.write(&small)].concat();
        let standing = BTreeSet::from([1, 2]);
        let files = settled(&lake, files, &standing);
        let hidden: u64 = files.iter().map(|file| file.hidden.as_ref().map_or(0, HiddenRows::len)).sum();
        assert_eq!(hidden, 2);
        check(&lake, &files, &[large.clone(), small].concat(), &standing);
        let files = settled(&lake, files, &BTreeSet::from([1]));
        check(&lake, &files, &large, &BTreeSet::from([1]));
    }

    #[test]
    fn a_file_alone_that_has_each_event_once_is_not_even_read() {
        let lake = lake();
        let mut files = lake.write(&[touch("1", 1, "2026-03-01T00:00:00Z")]);
        assert_eq!(lake.lake.settle(&files, |_| true).unwrap(), [None]);
        std::fs::remove_file(lake.lake.root().join(&files[0].path)).unwrap();
        assert_eq!(lake.lake.settle(&files, |_| false).unwrap()[0].as_ref().map(HiddenRows::len), Some(1));
        files[0].import = None;
        lake.lake.forget_footer(&files[0].path);
        assert!(matches!(lake.lake.settle(&files, |_| true), Err(LakeError::MissingFile(_))));
    }
}
