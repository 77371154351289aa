//! The product: what is decided and stored, on top of the journal, the lake and the channels. It knows no HTTP and no terminal.
//!
//! A folder an activity, one loop: `listen < audience < plan < care < community < measure`, and above them `today`; each calls
//! downwards only. Below all of them lie the store, its sessions, the rules of identity, and trust: who may do what.

pub mod audience;
mod config;
pub mod doctor;
pub mod identity;
pub mod listen;
mod locks;
pub mod measure;
mod picture;
pub mod plan;
pub mod sample;
mod session;
mod store;
pub mod today;
mod town;
pub mod trust;

pub use config::{
    CompactionConfig, Config, ConfigError, Database, DatabaseError, EngineConfig, ImportConfig, MergeConfidence, MergeConfig,
    QuestionConfig, ServerConfig, StoreConfig, TenantDefaults, store_folder,
};
pub use picture::Picture;
pub use store::{Access, SAMPLE_TENANT, Store, StoreError};
pub use town::{Filled, TownFillError, fill_with_sample, write_sample_files};
