//! Rows that a question computes once and reads several times: the engine has no such thing for a `WITH`.

use std::sync::atomic::{AtomicU64, Ordering};

use super::ask::{Value, only_reading, scalars};
use super::{Session, register};
use crate::LakeError;

/// Tells apart what is kept at one time.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Rows in memory under a name of their own, until it is dropped.
pub(crate) struct Kept<'a> {
    session: &'a Session,
    name: String,
}

impl Session {
    /// Asks one SQL text and keeps its rows for the texts that follow.
    pub(crate) async fn keep(&self, what: &str, sql: &str, values: Vec<(&str, Value)>) -> Result<Kept<'_>, LakeError> {
        let engine = |source| self.failed(what, source);
        let frame = self.context.sql_with_options(sql, only_reading()).await.map_err(engine)?;
        let frame = frame.with_param_values(scalars(values)).map_err(engine)?;
        let frame = frame.cache().await.map_err(engine)?;
        let name = format!("kept_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        register(&self.context, &name, frame).map_err(engine)?;
        Ok(Kept { session: self, name })
    }
}

impl Kept<'_> {
    /// A text that reads these rows under `word`.
    pub(crate) fn named(&self, sql: &str, word: &str) -> String {
        sql.replace(&format!("FROM {word} "), &format!("FROM {} ", self.name))
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        // The name is ours alone: nothing else can have taken it away.
        let _ = self.session.context.deregister_table(self.name.as_str());
    }
}
