//! From the errors of the desk and its walls to what is told at the door.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use kith_channels::file::MappingError;
use kith_desk::StoreError;
use kith_desk::audience::TimelineError;
use kith_desk::identity::merges::MergeError;
use kith_desk::listen::{ImportError, UndoError};
use kith_desk::measure::AskError;
use kith_desk::plan::{AccountError, CampaignError, PlanError};
use kith_desk::trust::{PasswordError, TrustError};
use kith_journal::JournalError;
use kith_lake::LakeError;

use super::problem::{Code, Fault, chain};

impl From<JsonRejection> for Fault {
    fn from(rejection: JsonRejection) -> Self {
        let code = match &rejection {
            JsonRejection::JsonDataError(_) => Code::Invalid,
            JsonRejection::MissingJsonContentType(_) => Code::MediaType,
            rejection if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
            _ => Code::BadJson,
        };
        Self::new(code).detail(chain(&rejection))
    }
}

impl From<QueryRejection> for Fault {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(Code::BadQuery).detail(chain(&rejection))
    }
}

impl From<PathRejection> for Fault {
    fn from(rejection: PathRejection) -> Self {
        Self::new(Code::NotFound).detail(chain(&rejection))
    }
}

impl From<JournalError> for Fault {
    fn from(error: JournalError) -> Self {
        match &error {
            JournalError::NotFound { what } => Self::new(Code::NotFound).detail(what.clone()),
            JournalError::Conflict { what } => Self::new(Code::Conflict).detail(what.clone()),
            JournalError::Locked { .. } | JournalError::Unreachable { .. } => Self::unavailable(error),
            _ => Self::internal(error),
        }
    }
}

impl From<LakeError> for Fault {
    fn from(error: LakeError) -> Self {
        match &error {
            LakeError::Sql(_) | LakeError::Refused(_) | LakeError::TooLarge(_) => Self::invalid("query", &error),
            _ => Self::internal(error),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Journal(error) => error.into(),
            StoreError::Lake(error) => error.into(),
            StoreError::NoTenant(_) => Self::new(Code::NotFound),
            other => Self::internal(other),
        }
    }
}

impl From<AskError> for Fault {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NoQuestion { .. } => Self::new(Code::NotFound).detail(chain(&error)),
            AskError::By { .. } => Self::invalid("by", &error),
            AskError::WhichCampaign(_) | AskError::Stage(_) => Self::invalid("subject", &error),
            AskError::Window(_) => Self::invalid("until", &error),
            AskError::Lake(error) => error.into(),
        }
    }
}

impl From<TimelineError> for Fault {
    fn from(error: TimelineError) -> Self {
        match error {
            TimelineError::Store(error) => error.into(),
            TimelineError::Nobody(_) | TimelineError::Several { .. } => Self::new(Code::NotFound),
        }
    }
}

impl From<MergeError> for Fault {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Store(error) => error.into(),
            other => Self::new(Code::NotFound).detail(chain(&other)),
        }
    }
}

impl From<UndoError> for Fault {
    fn from(error: UndoError) -> Self {
        match error {
            UndoError::NoImport(_) => Self::new(Code::NotFound),
            UndoError::AlreadyUndone(_) => Self::new(Code::AlreadyUndone),
            UndoError::AlreadyStands(_) => Self::new(Code::AlreadyStands),
            UndoError::NeverCounted { .. } => Self::new(Code::NeverCounted),
            UndoError::Store(error) => error.into(),
        }
    }
}

impl From<ImportError> for Fault {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Journal(error) => error.into(),
            ImportError::Lake(error) => error.into(),
            ImportError::Store(error) => error.into(),
            ImportError::Refused(_) => Self::internal(error),
            // The path of the file is ours and nothing to the person who sent it.
            ImportError::NothingFits { rows, column, reason, .. } => {
                Self::new(Code::NothingFits).detail(format!("{rows} · {column}: {reason}")).field(column)
            }
            ImportError::Empty { .. } => Self::new(Code::NothingFits).detail("the file has no rows"),
            ImportError::Unreadable { source, .. } => Self::new(Code::UnreadableFile).detail(chain(&source)),
            ImportError::File(error) => Self::new(Code::UnreadableFile).detail(file_name_only(&chain(&error))),
            ImportError::TooWide { .. } => Self::new(Code::UnreadableFile).detail(file_name_only(&chain(&error))),
            ImportError::NoMapping { .. } => Self::new(Code::NotFound).field("mapping").detail(chain(&error)),
            ImportError::NoColumn { .. } | ImportError::BrokenMapping { .. } => {
                Self::new(Code::BadMapping).field("columns").detail(chain(&error))
            }
            ImportError::Mapping(error) => error.into(),
        }
    }
}

impl From<MappingError> for Fault {
    fn from(error: MappingError) -> Self {
        Self::new(Code::BadMapping).field("columns").detail(chain(&error))
    }
}

/// Paths inside the store become the name of the file.
fn file_name_only(text: &str) -> String {
    let name = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    text.split(' ').map(|word| if word.contains('/') { name(word) } else { word.to_owned() }).collect::<Vec<_>>().join(" ")
}

impl From<PlanError> for Fault {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::NoSuccess { .. } => Self::new(Code::NoSuccess).field("success").detail(chain(&error)),
            PlanError::Backwards { .. } => Self::invalid("until", &error),
            PlanError::NoCampaign { .. } => Self::new(Code::NotFound).field("campaign").detail(chain(&error)),
            PlanError::Cost { .. } => Self::invalid("cost", &error),
            PlanError::Name(_) => Self::invalid("id", &error),
            PlanError::Store(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

impl From<CampaignError> for Fault {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::NoCampaign(_) | CampaignError::NoStep { .. } => Self::new(Code::NotFound).detail(chain(&error)),
            CampaignError::Exists(_) => Self::new(Code::Exists).field("id").detail(chain(&error)),
            CampaignError::IncompleteSuccess(_) => Self::new(Code::NoSuccess).field("success").detail(chain(&error)),
            CampaignError::Plan(error) => error.into(),
            CampaignError::Store(error) => error.into(),
        }
    }
}

impl From<AccountError> for Fault {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NoAccount(_) => Self::new(Code::NotFound).detail(chain(&error)),
            AccountError::Store(error) => error.into(),
        }
    }
}

impl From<TrustError> for Fault {
    fn from(error: TrustError) -> Self {
        let code = match &error {
            TrustError::NotSignedIn | TrustError::BadToken => Code::NotSignedIn,
            TrustError::WrongCredentials => Code::WrongCredentials,
            TrustError::WrongCode => Code::WrongCode,
            TrustError::TicketExpired => Code::TicketExpired,
            TrustError::TooManyAttempts { .. } => Code::TooManyAttempts,
            TrustError::MustChangePassword => Code::MustChangePassword,
            TrustError::Csrf => Code::Csrf,
            TrustError::Forbidden { permission } => return Self::new(Code::Forbidden).detail(permission.as_str()),
            TrustError::NotByToken => Code::Forbidden,
            TrustError::Rank => Code::Rank,
            TrustError::OtherTenants => Code::OtherTenants,
            TrustError::NoMembership | TrustError::NotFound { .. } => Code::NotFound,
            TrustError::Exists { .. } => Code::Exists,
            TrustError::Conflict { .. } => Code::Conflict,
            TrustError::LastOwner => Code::LastOwner,
            TrustError::LinkExpired => Code::LinkExpired,
            TrustError::Password(PasswordError::TooShort) => Code::PasswordTooShort,
            TrustError::Password(PasswordError::TooLong) => Code::PasswordTooLong,
            TrustError::Password(PasswordError::Common) => Code::PasswordCommon,
            TrustError::Password(PasswordError::LikeLogin) => Code::PasswordLikeLogin,
            TrustError::Password(PasswordError::Simple) => Code::PasswordSimple,
            TrustError::Invalid { .. } => Code::Invalid,
            TrustError::Damaged { .. } | TrustError::Interrupted | TrustError::Key(_) | TrustError::Journal(_) => {
                return Self::internal(error);
            }
        };
        let wait_s = if let TrustError::TooManyAttempts { wait_s } = &error { Some(*wait_s) } else { None };
        Self::new(code).detail(chain(&error)).wait(wait_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_inside_the_store_is_not_told() {
        assert_eq!(file_name_only("could not read /var/kith/uploads/ab/a.csv: no rows"), "could not read a.csv: no rows");
    }
}
