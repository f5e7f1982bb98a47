//! Is this file a dialogue?
//!
//! Every file is held against `tests/dialogue.schema.json` before it is read, so that a typing error is told with its place instead of
//! being passed over.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use serde::Deserialize;
use serde_json::Value;

use crate::dialogue::Dialogue;

const SCHEMA: &str = include_str!("../../../tests/dialogue.schema.json");

/// Why a file is no dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(pub Vec<String>);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl Dialogue {
    /// Reads a dialogue from its JSON.
    ///
    /// # Errors
    /// [`Invalid`] with each place where it departs from the schema.
    pub fn from_json(value: &Value) -> Result<Self, Invalid> {
        static VALIDATOR: LazyLock<Result<jsonschema::Validator, String>> = LazyLock::new(|| {
            let schema = serde_json::from_str(SCHEMA).map_err(|error| error.to_string())?;
            jsonschema::draft202012::new(&schema).map_err(|error| error.to_string())
        });
        let validator = VALIDATOR.as_ref().map_err(|error| Invalid(vec![format!("dialogue.schema.json: {error}")]))?;
        let wrong: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        if !wrong.is_empty() {
            return Err(Invalid(wrong));
        }
        Self::unchecked(value)
    }

    /// The same for a changed copy of a dialogue, which the schema need not like.
    pub(crate) fn unchecked(value: &Value) -> Result<Self, Invalid> {
        Self::deserialize(value).map_err(|error| Invalid(vec![error.to_string()]))
    }
}

/// Every dialogue below a folder, sorted by path; or the one file.
///
/// # Errors
/// A text that names what could not be read.
pub fn files(place: &Path) -> Result<Vec<PathBuf>, String> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let entries = fs::read_dir(place).map_err(|error| format!("{}: {error}", place.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", place.display()))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The JSON of one file.
///
/// # Errors
/// [`Invalid`] with line and column.
pub fn read(path: &Path) -> Result<Value, Invalid> {
    let wrong = |error: &dyn fmt::Display| Invalid(vec![error.to_string()]);
    let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
    serde_json::from_str(&text).map_err(|error| wrong(&error))
}
