//! What does the browser show when it comes back?
//!
//! Always the same, whatever the callback says: nothing that came in the request stands in the page, and nothing in the page leads elsewhere.

/// The answer to the callback: a page that sends the user back to the app of that name.
pub(crate) fn back(app: &str) -> Vec<u8> {
    let app = escaped(app);
    answer(
        "200 OK",
        &format!("<!doctype html><meta charset=utf-8><title>{app}</title><p>You can close this page and return to {app}."),
    )
}

/// The answer to everything else.
pub(crate) fn no(status: &str) -> Vec<u8> {
    answer(status, "<!doctype html><meta charset=utf-8><title>Nothing here</title><p>There is nothing here.")
}

fn answer(status: &str, page: &str) -> Vec<u8> {
    // The URL of this page holds a code: it is neither kept nor told to another site (RFC 9700 §4.2.4), and nothing runs beside it.
    format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\n\
         Cache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    )
    .into_bytes()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_and_nothing_else() {
        let page = String::from_utf8(back("<b>\"A\" & 'B'</b>")).expect("text");
        assert!(page.contains("return to &lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;."), "{page}");
        assert!(!page.contains("<b>"), "{page}");
    }
}
