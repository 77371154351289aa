//! Lists page by page: a cursor says where to go on and means nothing to whoever carries it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kith_core::TenantId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{Code, Fault};

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; null at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is never long.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// Where a list goes on and how much of it is wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageAsk {
    /// From the page before; none for the beginning.
    pub cursor: Option<String>,
    /// 1 to 200, 50 if nothing is said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

impl PageAsk {
    pub fn limit(&self) -> Result<usize, Fault> {
        match self.limit {
            None => Ok(50),
            Some(limit @ 1..=200) => Ok(limit as usize),
            Some(_) => Err(Fault::new(Code::BadQuery).field("limit").detail("`limit` is a number from 1 to 200")),
        }
    }

    /// The place that the cursor names, if it was made for this list of this tenant.
    pub fn place(&self, list: &str, tenant: &TenantId) -> Result<Option<String>, Fault> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bad = || Fault::new(Code::BadCursor).field("cursor");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
        let text = String::from_utf8(bytes).map_err(|_| bad())?;
        let mut parts = text.splitn(3, '\u{1f}');
        let fits = parts.next() == Some(list) && parts.next() == Some(tenant.as_str());
        parts.next().filter(|_| fits).map(|place| Some(place.to_owned())).ok_or_else(bad)
    }

    /// The place as a number.
    pub fn number(&self, list: &str, tenant: &TenantId) -> Result<Option<i64>, Fault> {
        let place = self.place(list, tenant)?;
        place.map(|place| place.parse().map_err(|_| Fault::new(Code::BadCursor).field("cursor"))).transpose()
    }

    /// A page of a list that lies in memory, its places counted from its beginning.
    pub fn cut<T>(&self, list: &str, tenant: &TenantId, items: Vec<T>) -> Result<Page<T>, Fault> {
        let (all, limit) = (items.len(), self.limit()?);
        let start = usize::try_from(self.number(list, tenant)?.unwrap_or(0)).unwrap_or(usize::MAX);
        let items: Vec<T> = items.into_iter().skip(start).take(limit).collect();
        let end = start.saturating_add(items.len());
        Ok(Page { items, next: (end < all).then(|| cursor(list, tenant, &end.to_string())) })
    }
}

/// The cursor for a place of a list.
pub fn cursor(list: &str, tenant: &TenantId, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}\u{1f}{tenant}\u{1f}{place}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(id: &str) -> TenantId {
        kith_core::Slug::parse(id).unwrap()
    }

    #[test]
    fn pages_of_a_list_in_memory_follow_each_other() {
        let tea = tenant("tea");
        let first = PageAsk { limit: Some(2), cursor: None }.cut("x", &tea, vec![1, 2, 3]).unwrap();
        assert_eq!(first.items, [1, 2]);
        let second = PageAsk { limit: Some(2), cursor: first.next }.cut("x", &tea, vec![1, 2, 3]).unwrap();
        assert_eq!((second.items, second.next), (vec![3], None));
    }

    #[test]
    fn a_cursor_of_another_list_or_tenant_or_of_nobody_is_refused() {
        let tea = tenant("tea");
        for cursor in [cursor("y", &tea, "2"), cursor("x", &tenant("other"), "2"), "!!".to_owned(), "AAAA".to_owned()] {
            let ask = PageAsk { limit: None, cursor: Some(cursor) };
            assert_eq!(ask.number("x", &tea).unwrap_err().code, Code::BadCursor);
        }
        let text = PageAsk { limit: None, cursor: Some(cursor("x", &tea, "two")) };
        assert_eq!(text.number("x", &tea).unwrap_err().code, Code::BadCursor);
    }

    #[test]
    fn a_page_has_at_most_two_hundred_items() {
        let ask = |limit| PageAsk { limit: Some(limit), cursor: None }.limit();
        assert_eq!(ask(200).unwrap(), 200);
        assert!(ask(0).is_err() && ask(201).is_err());
    }
}
