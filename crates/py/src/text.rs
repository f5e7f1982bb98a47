//! How does a Python text become ours?
//!
//! Python's `str` may hold lone surrogates, which are no Unicode. The `UnicodeEncodeError` that Python raises for one carries the whole text
//! in its `args`, and so would show a secret in every log of it: ours says the same without the text.

use oauth_core::{Error, Secret};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyList, PyMapping, PyString, PyTuple},
};

use serde_json::Value;

use crate::error::raise;

/// An argument that is a text; wiped when it is dropped, since any may be a secret.
pub(crate) struct Text(Secret);

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        self.0.expose()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.0.expose()
    }
}

impl<'py> FromPyObject<'_, 'py> for Text {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let text = object.cast::<PyString>().map_err(|_| not_text("a text", &object))?;
        match text.to_str() {
            Ok(text) => Ok(Self(Secret::from(text))),
            Err(_) => Err(raise(object.py(), Error::Usage("a text given is not Unicode: it holds a lone surrogate".to_owned()))),
        }
    }
}

/// One text, or a list of them.
pub(crate) struct Texts(Vec<Text>);

impl Texts {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Text::as_str)
    }
}

impl<'py> FromPyObject<'_, 'py> for Texts {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            return object.extract().map(Self);
        }
        Ok(Self(vec![object.extract()?]))
    }
}

/// A JSON document: a dict, or its text.
pub(crate) struct Json(Text);

impl Json {
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn value(&self) -> Result<Value, Error> {
        // Neither serde's text nor the value is shown.
        serde_json::from_str(self.as_str()).map_err(|_| Error::Usage("json: this is none".to_owned()))
    }
}

impl<'py> FromPyObject<'_, 'py> for Json {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyDict>() { dumps(&object).map(Self) } else { object.extract().map(Self) }
    }
}

/// A value's JSON text, as Python writes it.
pub(crate) fn dumps(value: &Bound<'_, PyAny>) -> PyResult<Text> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    DUMPS.import(value.py(), "json", "dumps")?.call1((value,))?.extract()
}

/// The type's name, never the value.
fn not_text(what: &str, object: &Bound<'_, PyAny>) -> PyErr {
    let name = object.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{what} must be str, not {name}"))
}

/// Names and values, from a mapping or an iterable of pairs. A list of values repeats its name. A value that is no text names its parameter.
#[derive(Default)]
pub(crate) struct Pairs(pub(crate) Vec<(Text, Text)>);

impl Pairs {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Each name with its value, by that way to append one.
    fn read(
        object: &Bound<'_, PyAny>,
        push: fn(&mut Self, &Bound<'_, PyAny>, &Bound<'_, PyAny>) -> PyResult<()>,
    ) -> PyResult<Self> {
        let items = match object.cast::<PyMapping>() {
            Ok(mapping) => mapping.items()?.into_any(),
            Err(_) => object.clone(),
        };
        let mut pairs = Self(Vec::new());
        for item in items.try_iter()? {
            // A tuple or a list of two; a str of two characters is neither.
            match item?.extract::<Vec<Bound<'_, PyAny>>>().as_deref() {
                Ok([name, value]) => push(&mut pairs, name, value)?,
                _ => return Err(PyTypeError::new_err("a mapping, or pairs of a name and a value, are needed")),
            }
        }
        Ok(pairs)
    }

    fn push(&mut self, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            return value.try_iter()?.try_for_each(|value| self.push_one(name, &value?));
        }
        self.push_one(name, value)
    }

    fn push_one(&mut self, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let name: Text = name.extract()?;
        if !value.is_instance_of::<PyString>() {
            return Err(not_text(&format!("the value of {:?}", name.as_str()), value));
        }
        self.0.push((name, value.extract()?));
        Ok(())
    }
}

impl<'py> FromPyObject<'_, 'py> for Pairs {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Self::read(&object, Self::push)
    }
}

/// The parameters of a request to the server. The value of two is JSON (RFC 9396 §2, OpenID Connect Core 1.0 §5.5): a text, or what Python makes it of.
#[derive(Default)]
pub(crate) struct Parameters(Pairs);

impl Parameters {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter()
    }

    /// What a method was given: parameters whose names are no identifiers, and keywords.
    pub(crate) fn of(parameters: Option<Self>, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut all = parameters.unwrap_or_default();
        keywords.into_iter().flatten().try_for_each(|(name, value)| all.push(&name, &value))?;
        Ok(all)
    }

    pub(crate) fn push(&mut self, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::push_to(&mut self.0, name, value)
    }

    fn push_to(pairs: &mut Pairs, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let is_json = matches!(name.extract::<Text>()?.as_str(), "authorization_details" | "claims");
        if is_json && (value.is_instance_of::<PyDict>() || value.is_instance_of::<PyList>()) {
            pairs.0.push((name.extract()?, dumps(value)?));
            return Ok(());
        }
        pairs.push(name, value)
    }
}

impl<'py> FromPyObject<'_, 'py> for Parameters {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Pairs::read(&object, Self::push_to).map(Self)
    }
}
