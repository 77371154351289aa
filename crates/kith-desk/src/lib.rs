//! The product: what is decided and stored, on top of the journal, the lake and the channels. It knows no HTTP and no terminal.
//!
//! A folder an activity, one loop: `listen < audience < plan < care < community < measure`, and above them `today`; each calls
//! downwards only. Below all of them lie the store, its sessions, and the rules of identity.

pub mod audience;
mod config;
pub mod doctor;
pub mod identity;
pub mod listen;
pub mod measure;
pub mod plan;
pub mod sample;
mod session;
mod store;
pub mod today;
mod town;

pub use config::{
    CompactionConfig, Config, ConfigError, Database, DatabaseError, EngineConfig, ImportConfig, MergeConfidence, MergeConfig,
    QuestionConfig, StoreConfig, TenantDefaults, store_folder,
};
pub use store::{Access, SAMPLE_TENANT, Store, StoreError};
pub use town::{Filled, TownFillError, fill_with_sample, write_sample_files};
