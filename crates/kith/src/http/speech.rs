//! In which language Kith answers: what the request asks for, else the user's own, else the tenant's.

use axum::http::{HeaderMap, header};
use kith_core::Language;

/// The language of whoever asked, put beside the answer by the layer that knows them.
#[derive(Debug, Clone, Copy)]
pub struct Spoken(pub Language);

/// The header by which a page says the language that its reader has chosen.
pub const LANGUAGE_HEADER: &str = "kith-language";

/// The language that the page names.
pub fn asked_language(headers: &HeaderMap) -> Option<Language> {
    headers.get(LANGUAGE_HEADER)?.to_str().ok().and_then(Language::parse)
}

/// The first language of `Accept-Language` that Kith speaks; browsers write them in the order of their weight.
pub fn accepted_language(headers: &HeaderMap) -> Option<Language> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?.split(',').find_map(Language::parse)
}

/// The language for one who is known.
pub fn language_of(headers: &HeaderMap, own: Option<Language>, tenant: Option<Language>) -> Language {
    asked_language(headers).or(own).or_else(|| accepted_language(headers)).or(tenant).unwrap_or(Language::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_names_comes_before_what_the_browser_would_like() {
        let mut headers = HeaderMap::new();
        assert_eq!(language_of(&headers, None, Some(Language::Zh)), Language::Zh);
        headers.insert(header::ACCEPT_LANGUAGE, "fr-FR, zh-CN;q=0.9, en;q=0.8".parse().unwrap());
        assert_eq!(language_of(&headers, None, None), Language::Zh);
        assert_eq!(language_of(&headers, Some(Language::En), None), Language::En);
        headers.insert(LANGUAGE_HEADER, "zh".parse().unwrap());
        assert_eq!(language_of(&headers, Some(Language::En), None), Language::Zh);
    }
}
