//! What a column of somebody's file can mean in our words.
//!
//! A field has one short name (`order`, `paid-at`, `metric:reads`) that a saved mapping, the command line and the page share. The
//! list with what each means is [`Field::PLAIN`]; the fields that carry a name of their own follow it.

use std::fmt;

use kith_core::{Medium, Metric};
use serde::{Deserialize, Serialize};

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportKind {
    /// One row, one thing that happened.
    Touches,
    /// One row, one person.
    Contacts,
    /// One row, one post with its counts; or one day with the counts of an account or of a medium.
    Posts,
    /// Orders, their lines, payments and refunds ([`super::RowIs`] says which).
    Orders,
    /// Money paid for media, people and goods.
    Costs,
    /// What customers said of what they bought.
    Reviews,
    /// What customers wanted answered.
    Cases,
}

impl ImportKind {
    pub const ALL: [Self; 7] =
        [Self::Touches, Self::Contacts, Self::Posts, Self::Orders, Self::Costs, Self::Reviews, Self::Cases];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Touches => "touches",
            Self::Contacts => "contacts",
            Self::Posts => "posts",
            Self::Orders => "orders",
            Self::Costs => "costs",
            Self::Reviews => "reviews",
            Self::Cases => "cases",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for ImportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Writes the enum, its names and its explanations from one list, so that none of the three can forget a field.
macro_rules! fields {
    ($($variant:ident $name:literal $about:literal;)*) => {
        /// The meaning of a column.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Field {
            $(#[doc = $about] $variant,)*
            /// A platform's count, such as `metric:reads`.
            Metric(Metric),
            /// A count of one medium, in a table with a column a medium: `metric:impressions@facebook`.
            MetricOf(Metric, Medium),
            /// Money spent on one medium, in a table with a column a medium: `cost:tv`.
            CostOf(Medium),
            /// May we write to this person for this purpose: `consent:news`.
            Consent(String),
            /// Kept with the row under the column's own name.
            Attribute,
            /// Not read.
            Ignore,
        }

        #[allow(clippy::enum_variant_names)]
        enum Place { $($variant,)* End }

        impl Field {
            /// Every field without a name of its own: its short name and what it means.
            pub const PLAIN: &'static [(Self, &'static str, &'static str)] = &[$((Self::$variant, $name, $about),)*];

            pub(super) const PLACES: usize = Place::End as usize;

            /// Where the field stands in a plan; `None` for those that many columns can have.
            pub(super) const fn place(&self) -> Option<usize> {
                match self {
                    $(Self::$variant => Some(Place::$variant as usize),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for Field {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($name),)*
                    Self::Metric(metric) => write!(f, "metric:{metric}"),
                    Self::MetricOf(metric, medium) => write!(f, "metric:{metric}@{medium}"),
                    Self::CostOf(medium) => write!(f, "cost:{medium}"),
                    Self::Consent(purpose) => write!(f, "consent:{purpose}"),
                    Self::Attribute => f.write_str("attribute"),
                    Self::Ignore => f.write_str("ignore"),
                }
            }
        }
    };
}

fields! {
    At "at" "When it happened; for an order, when it was placed.";
    Kind "kind" "What happened: one of our kinds of touch, or a word for it (转发, purchase).";
    Channel "channel" "The network, shop or place where it happened.";
    SourceId "id" "The source's own number of the event.";
    Login "login" "The person's login, number or openid on the channel.";
    UnionId "union-id" "A number that is the same over several accounts or shops (WeChat unionid).";
    Email "email" "The person's e-mail address.";
    Phone "phone" "The person's phone number.";
    Device "device" "A browser or device number; may be shared.";
    ReferralCode "referral-code" "The person's own code, given to friends.";
    TrackedLink "tracked-link" "The personal part of a tracked link or QR code.";
    ReferredBy "referred-by" "The code or name of whoever sent this person; kept, never linked.";
    Name "name" "The name or nickname that people see.";
    Medium "medium" "What brought the person: a medium of the register, or a word for it (cpc, 公众号).";
    Source "source" "The site that traffic came from (google, baidu).";
    SourceMedium "source-medium" "Source and medium in one cell: `google / organic`.";
    Campaign "campaign" "The campaign.";
    Placement "placement" "The placement, landing page or advertisement.";
    Account "account" "Which of our accounts took part or is counted.";
    Post "post" "The channel's own number of a post.";
    Text "text" "What was written.";
    Title "title" "The title of a post or review.";
    Item "item" "What was bought, read or scanned.";
    Order "order" "The order's number.";
    Part "part" "The number of a line, payment or refund within its order.";
    Value "value" "Money: the total of an order or a line, or what a touch was worth.";
    Currency "currency" "The currency of the money in this row.";
    Quantity "quantity" "How many pieces; negative means given back.";
    UnitPrice "unit-price" "The price of one piece.";
    Score "score" "Stars or the answer of a survey.";
    Version "version" "When the source last changed the row, or the number of its revision.";
    SecondsAfterPost "seconds-after-post" "Seconds from the publication of the post to the touch.";
    PromisedAt "promised-at" "The promised delivery.";
    PaidAt "paid-at" "When the order was paid.";
    PaidAmount "paid-amount" "What the buyer paid in fact.";
    ShippedAt "shipped-at" "When the parcel left.";
    DeliveredAt "delivered-at" "When the parcel arrived or was confirmed.";
    RefundedAt "refunded-at" "When money was given back.";
    RefundAmount "refund-amount" "Money given back.";
    CancelledAt "cancelled-at" "When the order was cancelled.";
    OrderStatus "order-status" "The state of the order in the source's words.";
    PublishedAt "published-at" "When the post was published.";
    CountedAt "counted-at" "When, or for which day, counts were taken.";
    Url "url" "The address of a post.";
    Author "author" "Who wrote the post, where it is not ours.";
    Topics "topics" "Topics of a post, separated by commas, spaces or #.";
    CostFrom "cost-from" "The first day that a cost falls on.";
    CostUntil "cost-until" "The last day that a cost falls on.";
    CostKind "cost-kind" "Media, labour, goods or other.";
    Amount "amount" "The money of a cost.";
    Hours "hours" "Hours of people's work.";
    CaseNumber "case" "The service desk's number of the case.";
    OpenedAt "opened-at" "When the customer asked.";
    AnsweredAt "answered-at" "When we first answered.";
    ResolvedAt "resolved-at" "When it was done.";
    Subject "subject" "What the case is about, in one line.";
    Seriousness "seriousness" "Ordinary, money, law, health or safety.";
    Gender "gender" "Gender, as the source writes it.";
    City "city" "City.";
    Province "province" "Province or state.";
    Country "country" "Country.";
    Birthday "birthday" "Birthday.";
    Tags "tags" "Tags, separated by commas, semicolons or |.";
    ConsentAt "consent-at" "When the person allowed or forbade it.";
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no field: see docs/import-columns.md for the list")]
pub struct FieldError(pub String);

impl Field {
    /// Parses a short name.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = text.trim();
        let wrong = || FieldError(text.to_owned());
        if let Some((field, _, _)) = Self::PLAIN.iter().find(|(_, name, _)| *name == text) {
            return Ok(field.clone());
        }
        match text.split_once(':') {
            Some(("metric", name)) => match name.split_once('@') {
                None => Metric::parse(name).map(Self::Metric).map_err(|_| wrong()),
                Some((metric, medium)) => match (Metric::parse(metric), Medium::parse(medium)) {
                    (Ok(metric), Ok(medium)) => Ok(Self::MetricOf(metric, medium)),
                    _ => Err(wrong()),
                },
            },
            Some(("cost", name)) => Medium::parse(name).map(Self::CostOf).map_err(|_| wrong()),
            Some(("consent", name)) if !name.trim().is_empty() => Ok(Self::Consent(name.trim().to_owned())),
            None if text == "attribute" => Ok(Self::Attribute),
            None if text == "ignore" => Ok(Self::Ignore),
            _ => Err(wrong()),
        }
    }

    /// Names a person (alone or with others).
    #[must_use]
    pub const fn is_identity(&self) -> bool {
        matches!(
            self,
            Self::Login | Self::UnionId | Self::Email | Self::Phone | Self::Device | Self::ReferralCode | Self::TrackedLink
        )
    }

    /// Holds a time.
    #[must_use]
    pub const fn is_time(&self) -> bool {
        matches!(
            self,
            Self::At
                | Self::PromisedAt
                | Self::PaidAt
                | Self::ShippedAt
                | Self::DeliveredAt
                | Self::RefundedAt
                | Self::CancelledAt
                | Self::PublishedAt
                | Self::CountedAt
                | Self::CostFrom
                | Self::CostUntil
                | Self::OpenedAt
                | Self::AnsweredAt
                | Self::ResolvedAt
                | Self::ConsentAt
        )
    }

    /// Holds money.
    #[must_use]
    pub const fn is_money(&self) -> bool {
        matches!(self, Self::Value | Self::UnitPrice | Self::PaidAmount | Self::RefundAmount | Self::Amount | Self::CostOf(_))
    }

    /// Several columns may have it.
    pub(super) const fn may_repeat(&self) -> bool {
        matches!(self, Self::Attribute | Self::Ignore)
    }
}

impl TryFrom<String> for Field {
    type Error = FieldError;
    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::parse(&text)
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_read_back_from_its_name() {
        for (at, (field, name, _)) in Field::PLAIN.iter().enumerate() {
            assert_eq!(Field::parse(name).as_ref(), Ok(field));
            assert_eq!(field.to_string(), *name);
            assert_eq!(field.place(), Some(at));
        }
        for name in ["metric:reads", "metric:impressions@facebook", "cost:tv", "consent:news", "attribute", "ignore"] {
            assert_eq!(Field::parse(name).unwrap().to_string(), name);
        }
    }

    #[test]
    fn an_unknown_name_is_refused() {
        for name in ["", "metric:", "cost:/", "consent:", "price of tea"] {
            assert!(Field::parse(name).is_err(), "{name}");
        }
    }
}
