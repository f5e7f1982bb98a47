//! What may cross the border?
//!
//! No panic leaves, no string enters unchecked, and texts go out as one NUL-terminated buffer that is wiped when its owner ends.

use std::{
    ffi::{CStr, c_char},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr,
};

use oauth_core::Error;
use zeroize::Zeroizing;

use crate::active_pair;

/// Runs `work`; a panic in it becomes `fallback`. Handles are poisoned by nobody: a panic leaves them as they were or ended.
pub(crate) fn guard<T>(fallback: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(fallback)
}

/// The text at a C string: None for NULL.
pub(crate) fn text<'a>(text: *const c_char, what: &str) -> Result<Option<&'a str>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: "string". The caller of this function uses the result before it returns to C.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map(Some).map_err(|error| Error::Usage(format!("{what}: not UTF-8 at byte {}", error.valid_up_to())))
}

/// The text at a C string that must be there.
pub(crate) fn needed<'a>(pointer: *const c_char, what: &str) -> Result<&'a str, Error> {
    text(pointer, what)?.ok_or_else(|| Error::Usage(format!("{what}: is NULL")))
}

/// The names and values of an array of pairs.
pub(crate) fn pairs<'a>(first: *const active_pair, count: usize, what: &str) -> Result<Vec<(&'a str, &'a str)>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if first.is_null() {
        return Err(Error::Usage(format!("{what}: is NULL, and its count {count}")));
    }
    // SAFETY: "array".
    let pairs = unsafe { std::slice::from_raw_parts(first, count) };
    // Which part is wrong is told by a second look.
    let part = |pointer, part| needed(pointer, what).or_else(|_| needed(pointer, &format!("{what}: a {part}")));
    pairs.iter().map(|pair| Ok((part(pair.name, "name")?, part(pair.value, "value")?))).collect()
}

/// The bytes at a pointer and length.
pub(crate) fn bytes<'a>(first: *const u8, length: usize, what: &str) -> Result<&'a [u8], Error> {
    if length == 0 {
        return Ok(&[]);
    }
    if first.is_null() {
        return Err(Error::Usage(format!("{what}: is NULL, and its length {length}")));
    }
    // SAFETY: "array".
    Ok(unsafe { std::slice::from_raw_parts(first, length) })
}

/// Texts to lend, in one buffer that never moves once it is sealed, and is wiped.
pub(crate) struct Texts {
    buffer: Zeroizing<Vec<u8>>,
}

/// Where a text begins in its [`Texts`]; None is NULL.
pub(crate) type At = Option<usize>;

impl Texts {
    /// A buffer for texts of together that many bytes, their NULs not counted.
    pub(crate) fn with_capacity(bytes: usize, texts: usize) -> Self {
        Self { buffer: Zeroizing::new(Vec::with_capacity(bytes + texts)) }
    }

    /// A NUL inside would let C see half of the text (the user "1" for "1\0002"), so U+FFFD stands for it.
    pub(crate) fn put(&mut self, text: &str) -> At {
        let at = self.buffer.len();
        let replaced = text.contains('\0').then(|| Zeroizing::new(text.replace('\0', "\u{FFFD}")));
        let whole = replaced.as_ref().map_or(text, |replaced| replaced.as_str());
        if self.buffer.capacity() - at < whole.len() + 1 {
            let mut larger = Zeroizing::new(Vec::with_capacity((at + whole.len() + 1) * 2));
            larger.extend_from_slice(&self.buffer);
            self.buffer = larger;
        }
        self.buffer.extend_from_slice(whole.as_bytes());
        self.buffer.push(0);
        Some(at)
    }

    pub(crate) fn put_if(&mut self, text: Option<&str>) -> At {
        text.and_then(|text| self.put(text))
    }

    /// The address of a text. Only when all are put: putting may move the buffer.
    pub(crate) fn address(&self, at: At) -> *const c_char {
        at.map_or(ptr::null(), |at| self.buffer[at..].as_ptr().cast())
    }
}

/// A slice's address for C, NULL where it is empty.
pub(crate) fn address<T>(slice: &[T]) -> *const T {
    if slice.is_empty() { ptr::null() } else { slice.as_ptr() }
}
