//! Sales: orders, buyers (new and returning) and money, by what brought them (last touch: a correlation).
//!
//! Money of two currencies is never added: a row each. Cancelled orders count for nothing.

use kith_core::{Currency, Day};

use super::Cut;
use crate::session::Kept;
use crate::{LakeError, Session, Value};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesRow {
    pub period: Option<Day>,
    pub part: Option<String>,
    /// `None` for orders of which no source says the amount.
    pub currency: Option<Currency>,
    pub orders: u64,
    pub buyers: u64,
    /// Buyers whose first order of all it was.
    pub new_buyers: u64,
    /// Minor units, before refunds.
    pub minor: i64,
    pub refunded: i64,
    /// Minor units net of refunds, of first orders only.
    pub new_minor: i64,
}

impl SalesRow {
    /// Minor units net of refunds.
    #[must_use]
    pub const fn net(&self) -> i64 {
        self.minor.saturating_sub(self.refunded)
    }
}

/// Orders and the people behind them, whatever they paid with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyersRow {
    pub period: Option<Day>,
    pub part: Option<String>,
    pub orders: u64,
    pub buyers: u64,
    /// Buyers whose first order of all it was.
    pub new_buyers: u64,
}

impl Session {
    /// Buyers, each counted once a period and group though they paid in several currencies.
    pub async fn buyers(&self, cut: &Cut) -> Result<Vec<BuyersRow>, LakeError> {
        let wanted = self.wanted_orders(cut).await?;
        let mut values = cut.traced_values();
        values.push(("apart", Value::Bool(false)));
        self.ask("customers", &wanted.named(include_str!("sales.sql"), "wanted_orders"), values, |row| BuyersRow {
            period: row.maybe_day("period"),
            part: row.maybe_text("part"),
            orders: row.count("orders"),
            buyers: row.count("buyers"),
            new_buyers: row.count("new_buyers"),
        })
        .await
    }

    pub async fn sales(&self, cut: &Cut) -> Result<Vec<SalesRow>, LakeError> {
        let wanted = self.wanted_orders(cut).await?;
        let mut values = cut.traced_values();
        values.push(("apart", Value::Bool(true)));
        self.ask("sales", &wanted.named(include_str!("sales.sql"), "wanted_orders"), values, |row| SalesRow {
            period: row.maybe_day("period"),
            part: row.maybe_text("part"),
            currency: row.maybe_text("currency").and_then(|code| Currency::parse(&code).ok()),
            orders: row.count("orders"),
            buyers: row.count("buyers"),
            new_buyers: row.count("new_buyers"),
            minor: row.integer("minor"),
            refunded: row.integer("refunded"),
            new_minor: row.integer("new_minor"),
        })
        .await
    }

    /// The engine would put the orders together anew wherever a text names them.
    async fn wanted_orders(&self, cut: &Cut) -> Result<Kept<'_>, LakeError> {
        self.keep("the orders of the window", include_str!("sales_wanted.sql"), cut.traced_values()).await
    }
}
