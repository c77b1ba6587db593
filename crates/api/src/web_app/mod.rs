//! The files of the web app, which `web/` builds and `build.rs` puts into the binary.

mod file;

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use bytes::Bytes;

pub use file::File;

/// What `web/dist` held when the server was built: path and content.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/web_app.rs"));

/// Shown where a developer has built the server alone.
const NOT_BUILT: &str = include_str!("not_built.html");

const INDEX: &str = "/index.html";
const BROTLI: &str = ".br";
const GZIP: &str = ".gz";

/// The files of the web app, ready to be sent; cheap to clone. There is always an index.
#[derive(Clone)]
pub struct WebApp(Arc<Files>);

struct Files {
    index: File,
    by_path: BTreeMap<String, File>,
}

impl WebApp {
    /// The web app in this binary, or the page that says how to put it there.
    #[must_use]
    pub fn embedded() -> Self {
        Self::new(EMBEDDED.iter().map(|(path, content)| ((*path).to_owned(), Bytes::from_static(content))))
    }

    /// Files by their path, which begins with a slash. A file beside another of the same name and `.br` or `.gz` is the same
    /// in fewer bytes.
    pub fn new(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let contents: BTreeMap<String, Bytes> = files.into_iter().collect();
        let variant = |path: &str, ending: &str| contents.get(&format!("{path}{ending}")).cloned();
        let is_variant = |path: &str| {
            let original = path.strip_suffix(BROTLI).or_else(|| path.strip_suffix(GZIP));
            original.is_some_and(|original| contents.contains_key(original))
        };
        let originals = contents.iter().filter(|(path, _)| !is_variant(path));
        let by_path: BTreeMap<String, File> = originals
            .map(|(path, content)| {
                let file = File::new(path, content.clone(), variant(path, BROTLI), variant(path, GZIP));
                (path.clone(), file)
            })
            .collect();
        let not_built = || File::new(INDEX, Bytes::from_static(NOT_BUILT.as_bytes()), None, None);
        let index = by_path.get(INDEX).cloned().unwrap_or_else(not_built);
        WebApp(Arc::new(Files { index, by_path }))
    }

    /// The page that every path of the portals begins with.
    #[must_use]
    pub fn index(&self) -> &File {
        &self.0.index
    }

    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        self.0.by_path.get(path)
    }
}

/// No web app: the page that says so.
impl Default for WebApp {
    fn default() -> Self {
        Self::new([])
    }
}

impl Debug for WebApp {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("WebApp").field(&self.0.by_path.keys()).finish()
    }
}
