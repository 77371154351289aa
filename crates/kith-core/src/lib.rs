//! The words of the trade as types: what a touch, a contact, an order or a figure is.
//!
//! Everything here is pure: no input, no output, no clock, no randomness. A value of one of these types has been
//! parsed at a door and is never checked again. The terms are those of `ARCHITECTURE.md` ("Words"), and they are the same
//! in code, in the API and on the screen.

mod account;
mod brand;
mod calendar;
mod campaign;
mod case;
mod channel;
mod consent;
mod contact;
mod cost;
mod digest;
mod email;
mod figure;
mod id;
mod identity;
mod insight;
mod instant;
mod lifecycle;
mod merge;
mod money;
mod number;
mod order;
mod percent;
mod permission;
mod phone;
mod post;
mod record;
mod refusal;
mod role;
mod tenant;
mod text;
mod touch;
mod user;
mod when;
mod window;

pub use account::{Account, AccountRole, RoleFault};
pub use brand::{Brand, BrandSide};
pub use calendar::{Calendar, Day, Month, Week};
pub use campaign::{Campaign, CampaignProgress, Placement, Stage, Step, SuccessDefinition};
pub use case::{Case, CaseState, Seriousness};
pub use channel::{Channel, Medium};
pub use consent::{Consent, ConsentState};
pub use contact::{ContactId, ContactProfile};
pub use cost::{Cost, CostKind};
pub use digest::Digest;
pub use email::{Email, EmailError};
pub use figure::{Claim, Figure, Interval, Unit};
pub use id::{IdError, ImportId, Slug, TenantId, TouchId};
pub use identity::{Identity, IdentityId, IdentityKind, Link, LinkBasis};
pub use insight::{Insight, Metric};
pub use instant::{Instant, InstantError};
pub use lifecycle::{LifecycleRules, LifecycleStage};
pub use merge::{Merge, MergeDecision, MergeMaker, Proposal};
pub use money::{Currency, Money, MoneyError, parse_money};
pub use number::{NumberError, parse_count, parse_decimal};
pub use order::{OrderLine, OrderPart, OrderState};
pub use percent::{Percent, PercentError};
pub use permission::{Permission, Permissions};
pub use phone::{Phone, PhoneError};
pub use post::{Aspect, Post, Promise};
pub use record::{Record, RecordKind};
pub use refusal::Refusal;
pub use role::Role;
pub use tenant::{Language, Tenant};
pub use text::{CleanText, TextError, clean};
pub use touch::{Touch, TouchKind};
pub use user::{Login, LoginError, UserId, UserIdError};
pub use when::{WhenError, WhenParser};
pub use window::{Window, WindowError};

/// Short text that lies in the value itself up to 24 bytes: a touch has many, and most need no allocation.
pub use compact_str::CompactString;
