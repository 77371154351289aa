//! Touches that came by call and are already in a file: each is seen once, whichever of the two says more.

use std::collections::{BTreeMap, HashMap};

use kith_core::{Month, Touch, TouchId};

use crate::reading::{Rows, id, ids};
use crate::schema::at;
use crate::{HiddenRows, Lake, LakeError, LakeFile};

impl Lake {
    /// Of a hot touch and a visible row of the same event the winner stays (the higher version, then the higher content
    /// digest; the row, if both say the same): the hot touch is dropped, or the row is hidden.
    pub(crate) fn shadowed(
        &self,
        mut files: Vec<LakeFile>,
        mut hot: Vec<Touch>,
    ) -> Result<(Vec<LakeFile>, Vec<Touch>), LakeError> {
        if hot.is_empty() {
            return Ok((files, hot));
        }
        let mut months: BTreeMap<Month, HashMap<TouchId, usize>> = BTreeMap::new();
        for (place, touch) in hot.iter().enumerate() {
            months.entry(Month::of(touch.at)).or_default().insert(touch.id, place);
        }
        let mut losers = vec![false; hot.len()];
        for file in &mut files {
            let Some(wanted) = months.get(&file.month).filter(|_| file.visible_rows() > 0) else { continue };
            let met = self.rows_of(file, wanted)?;
            let numbers: Vec<u32> = met.iter().map(|(row, _)| *row).collect();
            let mut places = met.iter().map(|(_, place)| *place);
            let mut hide = HiddenRows::default();
            self.reading(&file.path)?.touches(&numbers, |row, cold| {
                let Some(place) = places.next() else { return };
                let warm = &hot[place];
                let wins = warm.version > cold.version
                    || (warm.version == cold.version && warm.content_digest() > cold.content_digest());
                if wins { hide.insert(row) } else { losers[place] = true }
            })?;
            if !hide.is_empty() {
                file.hidden.get_or_insert_default().extend(&hide);
            }
        }
        let mut losers = losers.into_iter();
        hot.retain(|_| !losers.next().unwrap_or(false));
        Ok((files, hot))
    }

    /// The visible rows of a file that are one of the wanted touches, with what is known of them, by rising row number.
    fn rows_of(&self, file: &LakeFile, wanted: &HashMap<TouchId, usize>) -> Result<Vec<(u32, usize)>, LakeError> {
        let reading = self.reading(&file.path)?;
        let mut met = Vec::new();
        let groups = reading.may_hold(wanted.keys())?;
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
                for place in 0..batch.num_rows() {
                    let visible = || file.hidden.as_ref().is_none_or(|hidden| !hidden.contains(row));
                    if let Some(hot) = wanted.get(&id(ids, place)).filter(|_| visible()) {
                        met.push((row, *hot));
                    }
                    row += 1;
                }
            }
        }
        Ok(met)
    }
}
