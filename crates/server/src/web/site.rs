//! The files of a build, each with its compressed forms.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use super::embedded;

/// The page that every address of the UI shows.
const PAGE: &str = "/index.html";

/// A file as it can be sent.
#[derive(Debug, Default)]
pub struct File {
    /// As it is.
    pub plain: Cow<'static, [u8]>,
    /// Compressed by brotli, where that is worth it.
    pub br: Option<Cow<'static, [u8]>>,
    /// Compressed by gzip, where that is worth it.
    pub gzip: Option<Cow<'static, [u8]>>,
}

/// A build of the pages.
#[derive(Debug, Default)]
pub struct Site {
    page: Option<String>,
    files: HashMap<String, File>,
}

impl Site {
    /// The build that is part of this binary; empty where there was none.
    #[must_use]
    pub fn embedded() -> Self {
        let files = embedded::FILES.iter();
        Self::of(files.map(|(path, bytes)| ((*path).to_owned(), Cow::Borrowed(*bytes))))
    }

    /// The build in a folder, for those who work on the pages.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        collect(folder, folder, &mut files)?;
        Ok(Self::of(files.into_iter()))
    }

    fn of(files: impl Iterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let mut site = Self::default();
        for (path, bytes) in files {
            if path == PAGE {
                site.page = Some(String::from_utf8_lossy(&bytes).into_owned());
            } else if let Some(path) = path.strip_suffix(".br") {
                site.files.entry(path.to_owned()).or_default().br = Some(bytes);
            } else if let Some(path) = path.strip_suffix(".gz") {
                site.files.entry(path.to_owned()).or_default().gzip = Some(bytes);
            } else {
                site.files.entry(path).or_default().plain = bytes;
            }
        }
        site
    }

    /// The page's markup, where there is a build.
    #[must_use]
    pub fn page(&self) -> Option<&str> {
        self.page.as_deref()
    }

    /// The file at a path from `/`, but for the page.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// The paths of its files, but for the page.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn collect(
    root: &Path,
    folder: &Path,
    files: &mut Vec<(String, Cow<'static, [u8]>)>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        let name = path.strip_prefix(root).map_err(io::Error::other)?.display().to_string();
        files.push((format!("/{name}"), Cow::Owned(fs::read(&path)?)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_forms_belong_to_their_file_and_the_page_is_none() {
        let files = [
            ("/index.html", "page"),
            ("/assets/a.js", "plain"),
            ("/assets/a.js.br", "br"),
            ("/assets/a.js.gz", "gzip"),
            ("/favicon.svg", "icon"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), Cow::Borrowed(text.as_bytes())));
        let site = Site::of(files.into_iter());

        assert_eq!(site.page(), Some("page"));
        assert!(site.file("/index.html").is_none());
        assert!(site.file("/assets/a.js.br").is_none());
        let script = site.file("/assets/a.js").unwrap();
        assert_eq!(&*script.plain, b"plain");
        assert_eq!(script.br.as_deref(), Some(&b"br"[..]));
        assert_eq!(script.gzip.as_deref(), Some(&b"gzip"[..]));
        assert!(site.file("/favicon.svg").unwrap().br.is_none());
    }

    #[test]
    fn a_folder_is_read_with_all_below_it_and_without_hidden_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("assets")).unwrap();
        fs::create_dir_all(folder.path().join(".vite")).unwrap();
        for name in ["index.html", "assets/a.js", ".vite/manifest.json", ".gitkeep"] {
            fs::write(folder.path().join(name), name).unwrap();
        }

        let site = Site::read(folder.path()).unwrap();

        assert_eq!(site.page(), Some("index.html"));
        assert_eq!(site.paths().collect::<Vec<_>>(), ["/assets/a.js"]);
    }
}
