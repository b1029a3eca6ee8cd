//! Files that a call names by their URLs, for providers that fetch none themselves.

use std::collections::HashMap;
use std::fmt;

use bytes::Bytes;

/// What a file has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// An image.
    Image,
    /// A PDF.
    Pdf,
}

/// A file that has to be fetched.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// Where it is: an `http` or `https` URL, unchecked.
    pub url: String,
    /// What it has to be.
    pub kind: FileKind,
    /// The field of the caller's that names it.
    pub field: String,
}

impl fmt::Debug for RemoteFile {
    /// Without the URL, which may be a signed one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, field, .. } = self;
        f.debug_struct("RemoteFile").field("kind", kind).field("field", field).finish()
    }
}

impl RemoteFile {
    /// The file of that kind at `url`; `None` when that is no URL to fetch from.
    #[must_use]
    pub fn at(url: &str, kind: FileKind, field: &str) -> Option<Self> {
        let url = url.trim();
        let (scheme, _) = url.split_once("://")?;
        let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
        is_web.then(|| Self { url: url.to_owned(), kind, field: field.to_owned() })
    }
}

/// A file that was fetched.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its media type: `image/png`.
    pub media_type: String,
    /// Its bytes.
    pub data: Bytes,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.media_type, self.data.len())
    }
}

/// The files that were fetched for a call.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: HashMap<(FileKind, String), File>,
}

impl Files {
    /// Adds what was found where `remote` is.
    pub fn insert(&mut self, remote: &RemoteFile, file: File) {
        self.files.insert((remote.kind, remote.url.clone()), file);
    }

    /// What was found where `remote` is.
    #[must_use]
    pub fn get(&self, remote: &RemoteFile) -> Option<&File> {
        self.files.get(&(remote.kind, remote.url.clone()))
    }
}
