//! How is a text written where it goes?
//!
//! Form bodies, Basic credentials, query parts, and texts from a server that are to be shown to people.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// Appends `name=value` as `application/x-www-form-urlencoded` (RFC 6749 Appendix B), with `&` where something stands before it.
pub(crate) fn form_pair(out: &mut Zeroizing<String>, name: &str, value: &str) {
    if !out.is_empty() {
        push(out, "&");
    }
    percent(out, name, Space::Plus);
    push(out, "=");
    percent(out, value, Space::Plus);
}

/// Appends `"name":"value"` to a JSON object (RFC 8259 §4) that lacks its closing brace, and begins it where nothing stands before it.
pub(crate) fn json_pair(out: &mut Zeroizing<String>, name: &str, value: &str) {
    push(out, if out.is_empty() { "{" } else { "," });
    json_text(out, name);
    push(out, ":");
    json_text(out, value);
}

fn json_text(out: &mut Zeroizing<String>, text: &str) {
    if all(text, &UNESCAPED) {
        push(out, "\"");
        push(out, text);
        push(out, "\"");
    } else {
        push(out, written(&text, 6 * text.len() + 2).expose());
    }
}

/// The text of something to be saved, in a buffer that is large enough from the start: one that grows leaves copies behind.
pub(crate) fn written(value: &impl Serialize, about: usize) -> Secret {
    let mut text = Zeroizing::new(Vec::with_capacity(about));
    // Texts and numbers only: cannot fail.
    let _ = serde_json::to_writer(&mut *text, value);
    Secret::from(String::from_utf8(std::mem::take(&mut *text)).unwrap_or_default())
}

/// How a blank is written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Space {
    Plus,
    /// Form-decoders and percent-decoders both read `%20`; many servers percent-decode Basic credentials and would keep a `+`.
    Percent,
}

/// Appends `text` percent-encoded; only unreserved characters stand as they are.
#[inline]
pub(crate) fn percent(out: &mut Zeroizing<String>, text: &str, space: Space) {
    if is_plain(text) { push(out, text) } else { escaped(out, text, space) }
}

fn escaped(out: &mut Zeroizing<String>, text: &str, space: Space) {
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(|byte| !UNRESERVED[usize::from(byte)]).unwrap_or(rest.len());
        let (plain, after) = rest.split_at(plain);
        push(out, plain);
        let Some(special) = after.chars().next() else { return };
        if special == ' ' && space == Space::Plus {
            push(out, "+");
        } else {
            special.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| escape(out, byte));
        }
        rest = &after[special.len_utf8()..];
    }
}

/// Whether all of it stands as it is.
pub(crate) fn is_plain(text: &str) -> bool {
    all(text, &UNRESERVED)
}

/// Whether all its bytes are of that set. Without an early exit it takes two instructions a byte.
fn all(text: &str, set: &[bool; 256]) -> bool {
    text.bytes().fold(true, |so_far, byte| so_far & set[usize::from(byte)])
}

fn escape(out: &mut Zeroizing<String>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    reserve(out, 3);
    for c in [b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]] {
        out.push(char::from(c));
    }
}

/// RFC 3986 §2.3
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

/// RFC 8259 §7
const UNESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0x20;
    while byte < 256 {
        table[byte] = !matches!(byte as u8, b'"' | b'\\');
        byte += 1;
    }
    table
};

/// `Zeroizing<String>` wipes its last buffer only: grow by moving into a larger one, so that every outgrown copy is wiped too.
#[inline]
pub(crate) fn reserve(out: &mut Zeroizing<String>, more: usize) {
    if out.capacity() - out.len() < more {
        grow(out, more);
    }
}

#[cold]
fn grow(out: &mut Zeroizing<String>, more: usize) {
    let mut larger = String::with_capacity((out.len() + more).max(out.capacity() * 2).max(64));
    larger.push_str(out);
    *out = Zeroizing::new(larger);
}

/// Appends to a secret text without leaving an outgrown copy behind.
pub(crate) fn push(out: &mut Zeroizing<String>, text: &str) {
    reserve(out, text.len());
    out.push_str(text);
}

/// `Basic base64(user:password)` (RFC 7617 §2).
pub(crate) fn basic(user: &str, password: &str) -> Zeroizing<String> {
    let mut pair = Zeroizing::new(String::with_capacity(user.len() + password.len() + 1));
    pair.push_str(user);
    pair.push(':');
    pair.push_str(password);
    let mut header = Zeroizing::new(String::with_capacity(6 + pair.len().div_ceil(3) * 4));
    header.push_str("Basic ");
    STANDARD.encode_string(pair.as_bytes(), &mut header);
    header
}

/// base64url without padding (RFC 7636 Appendix A).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A byte order mark before JSON is no reason to refuse it.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// A text from outside as it may go to a log or a terminal: control characters replaced (RFC 6749 §10.14), at most `most` characters.
pub(crate) fn printable(text: &str, most: usize) -> String {
    if text.len() <= most && lies_within(text, 0x20, 0x7E) {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most).map(|c| if is_unsafe_to_show(c) { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(most).is_some() {
        out.push('…');
    }
    out
}

/// Whether it is ASCII of which no byte is less and none is more. Eight at a time: the libraries of C and Python are optimised for size, and there
/// the compiler would take them one by one.
pub(crate) fn lies_within(text: &str, least: u8, most: u8) -> bool {
    const EACH: u64 = u64::MAX / 0xFF;
    let (eights, rest) = text.as_bytes().as_chunks();
    let (below, above) = (EACH * u64::from(least), EACH * u64::from(0x7F - most));
    // A byte's highest bit is set where it is beyond ASCII, where it borrows, and where it is carried beyond 0x7F.
    let outside = |eight: u64| eight | eight.wrapping_sub(below) | eight.wrapping_add(above);
    let found = eights.iter().fold(0, |found, eight| found | outside(u64::from_ne_bytes(*eight)));
    found & (EACH << 7) == 0 && rest.iter().all(|byte| (least..=most).contains(byte))
}

/// Control characters, and those that reorder or hide the text around them.
fn is_unsafe_to_show(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The shape of an answer's body for an error text: names and words stay, values that could be a token do not.
pub(crate) fn preview(body: &[u8]) -> String {
    const MOST: usize = 400;
    let text = String::from_utf8_lossy(&body[..body.len().min(MOST)]);
    // One line, however the server laid it out.
    let text = text.trim_start_matches('\u{FEFF}').split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = if text.starts_with(['{', '[', '"']) { mask_json(&text) } else { mask_text(&text) };
    printable(&masked, 160)
}

/// Keeps member names and punctuation; every string value, and every number, becomes `…`. Works on a cut text too.
fn mask_json(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let end = closing_quote(rest);
            let (string, after) = rest.split_at(end);
            // Where a quote is missing, what stands between two of them may be values.
            let plain = string.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"\"_-./@$".contains(&byte));
            let is_name = plain && string.len() <= 42 && after.trim_start().starts_with(':');
            out.push_str(if is_name { string } else { "\"…\"" });
            rest = after;
        } else if c.is_alphanumeric() {
            let end = rest.find(|c: char| !c.is_alphanumeric() && !"._-+".contains(c)).unwrap_or(rest.len());
            out.push('…');
            rest = &rest[end..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Keeps words of prose, tags and status codes; anything long, with digits in it, or behind a `=` could be a token and becomes `…`.
fn mask_text(text: &str) -> String {
    let mut out = String::new();
    let mut behind_equals = false;
    for word in text.split_inclusive(|c: char| c.is_whitespace() || "<>=&\"',;".contains(c)) {
        let bare = word.trim_end_matches(|c: char| c.is_whitespace() || "<>=&\"',;".contains(c));
        let tail = &word[bare.len()..];
        let is_name = tail.starts_with('=');
        let prose = bare.chars().count() <= 16 && bare.chars().all(|c| !c.is_ascii_digit() && (c != '_' || is_name));
        let code = bare.len() <= 3 && bare.bytes().all(|byte| byte.is_ascii_digit());
        let keep = bare.is_empty() || (!behind_equals && (prose || code || is_tag(bare)));
        out.push_str(if keep { bare } else { "…" });
        out.push_str(tail);
        behind_equals = tail == "=" || (behind_equals && bare.is_empty());
    }
    out
}

/// `h1`, `/h1`: the one kind of HTML name with a digit.
fn is_tag(word: &str) -> bool {
    matches!(word.trim_start_matches('/').as_bytes(), [b'h' | b'H', b'1'..=b'6'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, space: Space) -> String {
        let mut out = Zeroizing::new(String::new());
        percent(&mut out, text, space);
        out.to_string()
    }

    #[test]
    fn rfc_6749_appendix_b_example_is_encoded_byte_for_byte() {
        // " %&+£€" → "+%25%26%2B%C2%A3%E2%82%AC"
        assert_eq!(encoded(" %&+£€", Space::Plus), "+%25%26%2B%C2%A3%E2%82%AC");
        assert_eq!(encoded(" %&+£€", Space::Percent), "%20%25%26%2B%C2%A3%E2%82%AC");
    }

    #[test]
    fn honeywells_printed_basic_headers_are_met() {
        assert_eq!(basic("123abc", "456def").as_str(), "Basic MTIzYWJjOjQ1NmRlZg==");
        assert_eq!(basic("123", "abc").as_str(), "Basic MTIzOmFiYw==");
        assert_eq!(
            basic("9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9", "Z1947381rwgf0WkPPGPHnGik6h3LdhZ9").as_str(),
            "Basic OVVZOE5ybUR0SWg4R1ZUa05kWDBZN0k2azM3MjU0YTk6WjE5NDczODFyd2dmMFdrUFBHUEhuR2lrNmgzTGRoWjk="
        );
    }

    #[test]
    fn a_preview_shows_the_shape_and_no_value() {
        let cut = br#"{"access_token":"eyJhbGciOi","expires_in":3600,"refresh_token":"tG"#;
        assert_eq!(preview(cut), r#"{"access_token":"…","expires_in":…,"refresh_token":"…""#);
        assert_eq!(preview(br#"{"a":hunter2"b":hunter2 "c":1"#), r#"{"a":…"b":… "c":…"#);
        assert_eq!(preview(br#"{"a:hunter2,"b":1}"#), r#"{"…"…"…""#);
        assert_eq!(preview(b"<html><h1>502 Bad Gateway</h1></html>"), "<html><h1>502 Bad Gateway</h1></html>");
        assert_eq!(preview(b"access_token=abc&token_type=bearer"), "access_token=…&token_type=…");
        assert_eq!(preview(b"{\r\n  \"a\": 1, // why\n}"), r#"{ "a": …, // … }"#);
        assert_eq!(preview(b"d023e1"), "…");
        assert_eq!(preview(b"value=\"hunter2\" d023e13c563b8825e458a82fea70154006aae8d7"), "value=\"…\" …");
    }

    #[test]
    fn every_byte_is_looked_at_wherever_it_stands() {
        for byte in 0..=0x7F {
            for at in 0..20 {
                let mut text = "!~".repeat(10);
                text.replace_range(at..=at, &char::from(byte).to_string());
                assert_eq!(lies_within(&text, 0x21, 0x7E), (0x21..=0x7E).contains(&byte), "{byte:#x} at {at}");
            }
        }
        assert!(lies_within("", 0x21, 0x7E) && !lies_within("12345678ä12345", 0x21, 0x7E));
    }

    #[test]
    fn what_is_shown_holds_no_control_characters() {
        assert_eq!(printable("a\r\nb\x1b[2J\u{202E}c", 50), "a\u{FFFD}\u{FFFD}b\u{FFFD}[2J\u{FFFD}c");
        assert_eq!(printable("abcdef", 3), "abc…");
    }
}
