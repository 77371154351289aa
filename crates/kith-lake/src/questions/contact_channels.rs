//! On which channels each contact was met.

use kith_core::ContactId;

use crate::{LakeError, Session};

impl Session {
    /// Each pair of a contact and a channel once, by contact.
    pub async fn contact_channels(&self) -> Result<Vec<(ContactId, String)>, LakeError> {
        let sql = "SELECT DISTINCT contact, channel FROM touches ORDER BY contact, channel";
        self.ask("contacts by channel", sql, Vec::new(), |row| (ContactId(row.integer("contact")), row.text("channel"))).await
    }
}
