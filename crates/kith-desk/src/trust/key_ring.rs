//! The keys that seal secrets: in a file of the store's folder, or in the environment. Never in the database.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Randomness;

/// The variable that holds keys in place of the file: `ID:KEY`, several with commas, the one to seal with first.
pub const KEY_VARIABLE: &str = "KITH_KEYS";

/// The file in the store's folder.
pub(super) const KEY_FILE: &str = "keys";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key {id} that sealed the secrets of this store is missing: bring back {} from a backup, or set {KEY_VARIABLE}", path.display())]
    Missing { id: String, path: PathBuf },
    #[error("line {line} of {what} is no key: it is an id of 8 letters, a colon and 43 letters of base 64")]
    Unreadable { what: String, line: usize },
    #[error("others than you may read {}: run `chmod 600` on it, and `kith key rotate` if somebody did", path.display())]
    OpenToOthers { path: PathBuf },
    #[error("could not read or write {}: give yourself permission on it and on its folder", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{KEY_VARIABLE} begins with the key that is in use: put a new one before it (`kith key new` prints one)")]
    SameKey,
    #[error("another process is changing the keys of this store: wait until it is done")]
    Busy,
    #[error("a secret cannot be opened: it was changed on the disk, or belongs to another store; enter it again")]
    Broken,
}

/// A key and the name by which what it sealed knows it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub id: String,
    pub bytes: [u8; 32],
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, …)", self.id)
    }
}

impl Key {
    pub fn make(randomness: &Randomness) -> Self {
        let id = randomness.bytes::<8>().iter().map(|byte| char::from(b'a' + byte % 26)).collect();
        Self { id, bytes: randomness.bytes() }
    }

    pub fn written(&self) -> String {
        format!("{}:{}", self.id, STANDARD_NO_PAD.encode(self.bytes))
    }

    fn parse(text: &str) -> Option<Self> {
        let (id, key) = text.trim().split_once(':')?;
        let named = id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_lowercase());
        let bytes = STANDARD_NO_PAD.decode(key.trim()).ok()?.try_into().ok()?;
        named.then(|| Self { id: id.to_owned(), bytes })
    }
}

/// Keys, the one to seal with first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyRing(pub Vec<Key>);

impl KeyRing {
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }

    /// Parses what stands in a variable or a file.
    pub fn parse(text: &str, what: &str) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#')) {
            for part in line.split(',').filter(|part| !part.trim().is_empty()) {
                let wrong = || KeyError::Unreadable { what: what.to_owned(), line: n + 1 };
                keys.push(Key::parse(part).ok_or_else(wrong)?);
            }
        }
        Ok(Self(keys))
    }

    fn written(&self) -> String {
        let mut text = String::from(
            "# These keys seal the secrets in the database of this folder. Who has both can read them: keep this file apart from\n\
             # copies of the database, and keep a copy of it. `kith key rotate` makes a new one. One line a key, the latest first.\n",
        );
        for key in &self.0 {
            text.push_str(&key.written());
            text.push('\n');
        }
        text
    }
}

/// Reads the file; a file that is not there is a ring without keys.
pub(super) fn read(path: &Path) -> Result<KeyRing, KeyError> {
    let trouble = |source| KeyError::File { path: path.to_owned(), source };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(KeyRing::default()),
        Err(error) => return Err(trouble(error)),
    };
    let mode = fs::metadata(path).map_err(trouble)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyError::OpenToOthers { path: path.to_owned() });
    }
    KeyRing::parse(&text, &path.display().to_string())
}

/// Writes the file where there is none. `false`: somebody was faster, theirs holds.
pub(super) fn create(path: &Path, ring: &KeyRing) -> Result<bool, KeyError> {
    let trouble = |source| KeyError::File { path: path.to_owned(), source };
    let new = write_beside(path, ring)?;
    let linked = fs::hard_link(&new, path);
    let _ = fs::remove_file(&new);
    match linked {
        Ok(()) => durable_folder(path).map_err(trouble).map(|()| true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(trouble(error)),
    }
}

/// Puts a new file in place of the old one: at no instant is there none, or half of one.
pub(super) fn replace(path: &Path, ring: &KeyRing) -> Result<(), KeyError> {
    let trouble = |source| KeyError::File { path: path.to_owned(), source };
    let new = write_beside(path, ring)?;
    fs::rename(&new, path).and_then(|()| durable_folder(path)).map_err(trouble)
}

/// Held while keys are changed: two at once would each write a file without the other's key.
pub(super) fn lock(path: &Path) -> Result<File, KeyError> {
    let beside = path.with_extension("lock");
    let trouble = |source| KeyError::File { path: beside.clone(), source };
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&beside).map_err(trouble)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(KeyError::Busy),
        Err(TryLockError::Error(error)) => Err(trouble(error)),
    }
}

fn write_beside(path: &Path, ring: &KeyRing) -> Result<PathBuf, KeyError> {
    // Named by the process, so that two do not write into one another's.
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let _ = fs::remove_file(&beside);
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).and_then(|mut file| {
        file.write_all(ring.written().as_bytes())?;
        file.sync_all()
    });
    written.map_err(|source| KeyError::File { path: beside.clone(), source })?;
    Ok(beside)
}

fn durable_folder(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(seed: u64, keys: usize) -> KeyRing {
        let random = Randomness::seeded(seed);
        KeyRing((0..keys).map(|_| Key::make(&random)).collect())
    }

    #[test]
    fn a_ring_is_read_back_and_only_its_owner_may_read_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEY_FILE);
        assert_eq!(read(&path).unwrap(), KeyRing::default());
        assert!(create(&path, &ring(1, 2)).unwrap());
        assert_eq!(read(&path).unwrap(), ring(1, 2));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(read(&path), Err(KeyError::OpenToOthers { .. })));
    }

    #[test]
    fn whoever_comes_second_finds_the_keys_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEY_FILE);
        assert!(create(&path, &ring(1, 1)).unwrap());
        assert!(!create(&path, &ring(2, 1)).unwrap());
        assert_eq!(read(&path).unwrap(), ring(1, 1));
        replace(&path, &ring(3, 2)).unwrap();
        assert_eq!(read(&path).unwrap(), ring(3, 2));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left lying there");
    }

    #[test]
    fn what_is_no_key_is_named_by_its_line_and_not_shown() {
        let error = KeyRing::parse("abcdefgh:geheimgeheim", "KITH_KEYS").unwrap_err().to_string();
        assert!(error.contains("line 1 of KITH_KEYS") && !error.contains("geheim"), "{error}");
        assert!(!format!("{:?}", ring(1, 1)).contains(&STANDARD_NO_PAD.encode(ring(1, 1).0[0].bytes)));
    }
}
