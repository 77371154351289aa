//! Which rows of a month may be seen: every event once, and nothing of an undone import.

use std::collections::{BTreeMap, HashSet};
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
                let wanted: HashSet<TouchId> = seen.iter().map(|(id, _)| *id).collect();
                seen.extend(self.met(largest, &wanted)?.into_iter().map(|(id, row)| (id, (largest as u32, row))));
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

    /// The rows of a file with one of these ids: bloom filters first.
    fn met(&self, place: usize, wanted: &HashSet<TouchId>) -> Result<Vec<(TouchId, u32)>, LakeError> {
        let reading = self.lake.reading(&self.files[place].path)?;
        let groups = reading.may_hold(wanted.iter())?;
        let mut met = Vec::new();
        let mut first = 0_u32;
        for (group, size) in reading.sizes().enumerate() {
            let mut row = first;
            first += size as u32;
            if groups.binary_search(&group).is_err() {
                continue;
            }
            for batch in reading.columns(&[at::TOUCH_ID], &Rows::Groups(&[group]))? {
                let batch = batch?;
                let ids = ids(&batch, &reading)?;
                for at in 0..batch.num_rows() {
                    let id = id(ids, at);
                    if wanted.contains(&id) {
                        met.push((id, row));
                    }
                    row += 1;
                }
            }
        }
        Ok(met)
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
