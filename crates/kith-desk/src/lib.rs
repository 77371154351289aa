//! The product: what is decided and stored, on top of the journal, the lake and the channels. It knows no HTTP and no terminal.

mod config;

pub use config::{
    CompactionConfig, Config, ConfigError, Database, DatabaseError, EngineConfig, ImportConfig, MergeConfidence, MergeConfig,
    QuestionConfig, StoreConfig, TenantDefaults, store_folder,
};
