//! Files on their way in: sent in pieces, taken up again where they broke off, kept until they are imported or too old.
//!
//! Each upload is a folder `uploads/ID` in the store with the file under its own name and a note of whose it is. How much has arrived is
//! the length of the file: a piece is on the disk before it is acknowledged, so a killed server loses nothing that it had confirmed.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use axum::body::{Body, BodyDataStream};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use kith_core::{Instant, TenantId};
use kith_desk::ServerConfig;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use super::problem::{Code, Fault};

/// So much of a file comes in one piece, at most.
pub const MOST_PIECE: u64 = 8 * 1024 * 1024;

/// How somebody wants a file to be read; all of it may be left to guessing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// touches, contacts, posts, orders, costs, reviews or cases.
    pub kind: Option<String>,
    /// The name of a saved mapping.
    pub mapping: Option<String>,
    /// Corrections: their column, our field.
    pub columns: BTreeMap<String, String>,
    /// A value that every row has: our field, the value.
    pub constants: BTreeMap<String, String>,
    pub channel: Option<String>,
    /// When the file was exported, for dates like “yesterday 12:30”.
    pub exported_at: Option<String>,
    /// Read 03/04/2026 as 3 April.
    pub day_first: bool,
    pub currency: Option<String>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub sheet: Option<String>,
    /// Is the first row a row of names? Guessed if nothing is said.
    pub header: Option<bool>,
}

/// What is known of an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Note {
    pub id: String,
    pub tenant: TenantId,
    pub name: String,
    pub size: u64,
    pub begun_at: Instant,
    pub wanted: Wanted,
}

pub struct Uploads {
    folder: PathBuf,
    largest: u64,
    keep_s: i64,
}

/// A file that is made to be sent once, and goes with this value.
pub struct Scratch {
    path: PathBuf,
}

impl Uploads {
    pub fn open(store: &Path, config: &ServerConfig) -> io::Result<Self> {
        let folder = store.join("uploads");
        std::fs::create_dir_all(&folder)?;
        let (largest, keep_s) = (u64::from(config.upload_gib) << 30, i64::from(config.upload_hours) * 3_600);
        Ok(Self { folder, largest, keep_s })
    }

    pub fn expires_at(&self, note: &Note) -> Instant {
        note.begun_at.plus_seconds(self.keep_s)
    }

    fn folder_of(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }

    pub fn path(&self, note: &Note) -> PathBuf {
        self.folder_of(&note.id).join(&note.name)
    }

    /// Makes room for a file that will come.
    pub async fn begin(&self, tenant: &TenantId, name: &str, size: u64, now: Instant) -> Result<Note, Fault> {
        if size == 0 {
            return Err(Fault::new(Code::Invalid).field("size").detail("the file is empty"));
        }
        if size > self.largest {
            return Err(Fault::new(Code::TooLarge).field("size").detail(format!("at most {} GiB", self.largest >> 30)));
        }
        let note = Note {
            id: super::random::token(),
            tenant: tenant.clone(),
            name: file_name(name)?,
            size,
            begun_at: now,
            wanted: Wanted::default(),
        };
        tokio::fs::create_dir(self.folder_of(&note.id)).await.map_err(Fault::internal)?;
        tokio::fs::File::create(self.path(&note)).await.map_err(Fault::internal)?;
        self.keep(&note).await?;
        Ok(note)
    }

    /// Writes the note down; it is wholly the old or wholly the new one.
    pub async fn keep(&self, note: &Note) -> Result<(), Fault> {
        let (path, part) = (self.note_path(&note.id), self.folder_of(&note.id).join(".note.part"));
        let bytes = serde_json::to_vec(note).map_err(Fault::internal)?;
        tokio::fs::write(&part, bytes).await.map_err(Fault::internal)?;
        tokio::fs::rename(&part, &path).await.map_err(Fault::internal)
    }

    fn note_path(&self, id: &str) -> PathBuf {
        self.folder_of(id).join(".note.json")
    }

    /// The upload with this id, if it is the tenant's.
    pub async fn find(&self, tenant: &TenantId, id: &str) -> Result<Note, Fault> {
        let gone = || Fault::new(Code::NotFound);
        if id.len() != 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(gone());
        }
        let bytes = tokio::fs::read(self.note_path(id)).await.map_err(|_| gone())?;
        let note: Note = serde_json::from_slice(&bytes).map_err(|_| gone())?;
        if note.tenant == *tenant { Ok(note) } else { Err(gone()) }
    }

    /// How much of it has arrived.
    pub async fn arrived(&self, note: &Note) -> Result<u64, Fault> {
        Ok(tokio::fs::metadata(self.path(note)).await.map_err(|_| Fault::new(Code::NotFound))?.len())
    }

    /// Takes the next piece; how much has arrived then. A piece that breaks off is kept as far as it came.
    pub async fn take(&self, note: &Note, offset: u64, mut body: BodyDataStream) -> Result<u64, Fault> {
        let mut file = tokio::fs::OpenOptions::new().write(true).open(self.path(note)).await.map_err(Fault::internal)?;
        let mut at = file.seek(io::SeekFrom::End(0)).await.map_err(Fault::internal)?;
        if at != offset {
            return Err(Fault::new(Code::WrongOffset).field("Upload-Offset").detail(at.to_string()));
        }
        let end = note.size.min(offset + MOST_PIECE);
        let mut broken = None;
        while let Some(chunk) = body.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                // The client has gone; what came is kept.
                Err(error) => {
                    broken = Some(Fault::new(Code::BadRequest).detail(error.to_string()));
                    break;
                }
            };
            if at + chunk.len() as u64 > end {
                file.set_len(offset).await.map_err(Fault::internal)?;
                return Err(Fault::new(Code::TooLarge)
                    .detail(format!("a piece has at most {MOST_PIECE} bytes, and the file {}", note.size)));
            }
            file.write_all(&chunk).await.map_err(Fault::internal)?;
            at += chunk.len() as u64;
        }
        file.flush().await.map_err(Fault::internal)?;
        file.sync_data().await.map_err(Fault::internal)?;
        match broken {
            Some(fault) => Err(fault),
            None => Ok(at),
        }
    }

    pub async fn remove(&self, note: &Note) -> Result<(), Fault> {
        tokio::fs::remove_dir_all(self.folder_of(&note.id)).await.map_err(Fault::internal)
    }

    /// Removes what nobody imported in time.
    pub async fn sweep(&self, now: Instant) -> io::Result<u64> {
        let mut removed = 0;
        let mut entries = tokio::fs::read_dir(&self.folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let id = entry.file_name().to_string_lossy().into_owned();
            let note = tokio::fs::read(self.note_path(&id)).await.ok();
            let note = note.and_then(|bytes| serde_json::from_slice::<Note>(&bytes).ok());
            let old = match note {
                Some(note) => self.expires_at(&note) < now,
                // Half made, or a file to be sent: whoever made it has long gone.
                None => entry.metadata().await?.modified()?.elapsed().is_ok_and(|age| age.as_secs() > 86_400),
            };
            if old {
                let path = entry.path();
                let gone =
                    if path.is_dir() { tokio::fs::remove_dir_all(&path).await } else { tokio::fs::remove_file(&path).await };
                removed += u64::from(gone.is_ok());
            }
        }
        Ok(removed)
    }

    /// A place for a file that is made to be sent.
    pub fn scratch(&self, name: &str) -> io::Result<Scratch> {
        Ok(Scratch { path: self.folder.join(format!("{}-{name}", super::random::token())) })
    }
}

impl Scratch {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sends it piece by piece. Its name goes at once: the open file stays until it is read.
    pub async fn stream(self) -> io::Result<Response> {
        let file = tokio::fs::File::open(&self.path).await?;
        let pieces = futures::stream::unfold(file, |mut file| async move {
            let mut piece = vec![0; 64 * 1024];
            match file.read(&mut piece).await {
                Ok(0) => None,
                Ok(count) => {
                    piece.truncate(count);
                    Some((Ok(piece), file))
                }
                Err(error) => Some((Err(error), file)),
            }
        });
        Ok(Body::from_stream(pieces).into_response())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is swept later.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The file's own name without any path, as the disk can hold it.
fn file_name(name: &str) -> Result<String, Fault> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or("");
    let name = kith_core::clean(name, 200).map_err(|error| Fault::invalid("name", &error))?;
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim_start_matches('.').trim().to_owned();
    if name.is_empty() || name.len() > 250 {
        return Err(Fault::new(Code::Invalid).field("name").detail("the file needs a name of at most 250 bytes"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(id: &str) -> TenantId {
        kith_core::Slug::parse(id).unwrap()
    }

    fn stream(bytes: &'static [u8]) -> BodyDataStream {
        Body::from(bytes).into_data_stream()
    }

    #[test]
    fn a_name_keeps_no_path() {
        assert_eq!(file_name("../../etc/订单.csv").unwrap(), "订单.csv");
        assert_eq!(file_name("C:\\me\\.hidden.xlsx").unwrap(), "hidden.xlsx");
        assert!(file_name("..").is_err() && file_name("a/").is_err());
    }

    #[tokio::test]
    async fn a_file_in_pieces_goes_on_where_it_broke_off_and_belongs_to_its_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = Uploads::open(folder.path(), &ServerConfig::default()).unwrap();
        let (tea, now) = (tenant("tea"), Instant::parse("2026-11-23T00:00:00Z").unwrap());
        let note = uploads.begin(&tea, "a.csv", 6, now).await.unwrap();
        assert_eq!(uploads.take(&note, 0, stream(b"abc")).await.unwrap(), 3);
        let wrong = uploads.take(&note, 0, stream(b"abc")).await.unwrap_err();
        assert_eq!((wrong.code, wrong.detail.as_str()), (Code::WrongOffset, "3"));
        assert_eq!(uploads.take(&note, 3, stream(b"defg")).await.unwrap_err().code, Code::TooLarge);
        assert_eq!(uploads.take(&note, 3, stream(b"def")).await.unwrap(), 6);
        assert_eq!(std::fs::read(uploads.path(&note)).unwrap(), b"abcdef");
        assert_eq!(uploads.find(&tenant("other"), &note.id).await.unwrap_err().code, Code::NotFound);
        assert_eq!(uploads.find(&tea, "../../../etc/passwd").await.unwrap_err().code, Code::NotFound);
        assert_eq!(uploads.sweep(now).await.unwrap(), 0);
        assert_eq!(uploads.sweep(now.plus_seconds(49 * 3_600)).await.unwrap(), 1);
        assert_eq!(uploads.find(&tea, &note.id).await.unwrap_err().code, Code::NotFound);
    }
}
