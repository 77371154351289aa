//! Who may write to a store, and who is reading it: two files in its folder, locked by the operating system, which takes a lock
//! back when its process ends; on PostgreSQL a lock of the server besides.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant as Clock};

use kith_journal::{Journal, JournalError, WriterLock};

use crate::store::{StoreError, trouble};

/// Held by the one writer.
pub const WRITE: &str = "write.lock";
/// Held, shared, by everybody who may have a file of the lake in hand.
pub const READ: &str = "read.lock";

/// How often somebody who waits looks again.
const PAUSE: Duration = Duration::from_millis(50);

/// On PostgreSQL a killed writer holds its lock until the server notices, which is no news before this.
const NO_NEWS: Duration = Duration::from_secs(1);

/// Opens a lock's file, and makes it where there is none.
pub fn file(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(|error| trouble(path, error))
}

/// Takes the writer's lock, waiting for whoever has it, and writes this process's number into it. `tell` is called once.
pub fn wait_for_writing(folder: &Path, patience: Duration, tell: &impl Fn(&str)) -> Result<File, StoreError> {
    let path = folder.join(WRITE);
    let mut file = file(&path)?;
    let start = Clock::now();
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(trouble(&path, error)),
        }
        let holder = holder(&mut file);
        if start.elapsed() >= patience {
            return Err(busy(folder, holder, patience));
        }
        if !told {
            tell(&format!("{holder} is writing to this store; waiting for it"));
            told = true;
        }
        std::thread::sleep(PAUSE);
    }
    let written =
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(std::process::id().to_string().as_bytes()));
    written.map_err(|error| trouble(&path, error))?;
    Ok(file)
}

/// The same lock in the database, for stores that two machines share.
pub async fn wait_for_database(
    journal: &Journal,
    folder: &Path,
    patience: Duration,
    tell: &impl Fn(&str),
) -> Result<WriterLock, StoreError> {
    let holder = "another kith (on this database)".to_owned();
    let start = Clock::now();
    let mut told = false;
    loop {
        match journal.writer_lock().await {
            Err(JournalError::Locked { .. }) if start.elapsed() < patience => {}
            Err(JournalError::Locked { .. }) => return Err(busy(folder, holder, patience)),
            other => return Ok(other?),
        }
        if !told && start.elapsed() >= NO_NEWS {
            tell(&format!("{holder} is writing to this store; waiting for it"));
            told = true;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// In a folder that may only be read: shares the reader's lock, so that no file goes away while it is read, and the writer's, so that
/// nobody writes meanwhile. `None` for the latter says that somebody does, or that this disk knows no locks for readers.
pub fn share_for_reading(folder: &Path) -> (Option<File>, Option<File>) {
    let read = File::open(folder.join(READ)).ok().filter(|file| file.lock_shared().is_ok());
    let write = File::open(folder.join(WRITE)).ok().filter(|file| file.try_lock_shared().is_ok());
    (read, write)
}

/// Whoever wrote its number into the lock's file last.
fn holder(file: &mut File) -> String {
    let mut number = String::new();
    let read: io::Result<usize> = file.rewind().and_then(|()| file.read_to_string(&mut number));
    match number.trim() {
        number if read.is_ok() && !number.is_empty() => format!("another kith (process {number})"),
        _ => "another kith".to_owned(),
    }
}

fn busy(folder: &Path, holder: String, patience: Duration) -> StoreError {
    StoreError::Busy { folder: folder.to_owned(), holder, waited_s: patience.as_secs() }
}
