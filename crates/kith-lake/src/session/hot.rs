//! Touches that came by call and are already in a file: each is seen once, whichever of the two says more.

use std::collections::{BTreeMap, HashMap};

use kith_core::{Month, Touch, TouchId};

use crate::{HiddenRows, Lake, LakeError, LakeFile};

impl Lake {
    /// Of a hot touch and a visible row of the same event the winner by the rule of [`Lake::settle`] stays (the row, if both say
    /// the same): the hot touch is dropped, or the row is hidden.
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
            let reading = self.reading(&file.path)?;
            let mut met = reading.met(wanted)?;
            met.retain(|(row, _, _)| file.hidden.as_ref().is_none_or(|hidden| !hidden.contains(*row)));
            let numbers: Vec<u32> = met.iter().map(|(row, _, _)| *row).collect();
            let mut places = met.iter().map(|(_, _, place)| *place);
            let mut hide = HiddenRows::default();
            reading.touches(&numbers, |row, cold| {
                let Some(place) = places.next() else { return };
                let warm = &hot[place];
                let wins = (warm.version, warm.content_digest()) > (cold.version, cold.content_digest());
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
}
