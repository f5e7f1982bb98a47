//! Which cookies go along (RFC 6265)?
//!
//! A jar for one browser at one server: names, values and paths. A library's jar would bring the tables of international names, and as a
//! feature of ureq it would give cookies to the very transport that is tested.

/// The cookies of one browser.
#[derive(Default)]
pub(crate) struct Cookies(Vec<Cookie>);

struct Cookie {
    name: String,
    value: String,
    path: String,
}

impl Cookies {
    /// Takes a `Set-Cookie` field that came from `path`. A new value takes the old one's place; an expired one takes it away.
    pub(crate) fn set(&mut self, field: &str, from: &str) {
        let mut parts = field.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (mut path, mut gone) = (default_path(from).to_owned(), false);
        for (attribute, value) in parts.filter_map(|part| part.split_once('=')) {
            match attribute.to_ascii_lowercase().as_str() {
                "path" if value.starts_with('/') => value.clone_into(&mut path),
                "max-age" => gone |= value.parse::<i64>().is_ok_and(|seconds| seconds <= 0),
                // What servers write to take a cookie back.
                "expires" => gone |= value.contains(" 1970 "),
                _ => {}
            }
        }
        self.0.retain(|cookie| cookie.name != name || cookie.path != path);
        if !gone {
            self.0.push(Cookie { name: name.to_owned(), value: value.to_owned(), path });
        }
    }

    /// The `Cookie` field for a request to `path`; the longer paths first (RFC 6265 §5.4).
    pub(crate) fn field(&self, path: &str) -> Option<String> {
        let mut fitting: Vec<_> = self.0.iter().filter(|cookie| matches(path, &cookie.path)).collect();
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<_> = fitting.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// RFC 6265 §5.1.4
fn default_path(from: &str) -> &str {
    match from.rfind('/') {
        Some(0) | None => "/",
        Some(last) => &from[..last],
    }
}

/// RFC 6265 §5.1.4
fn matches(path: &str, cookie: &str) -> bool {
    path.strip_prefix(cookie).is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6265_5_4_a_cookie_goes_to_its_own_path_only() {
        let mut cookies = Cookies::default();
        cookies.set("_interaction=one; path=/interaction/one; httponly", "/auth");
        cookies.set("_session=s; Path=/", "/auth");
        assert_eq!(cookies.field("/interaction/one/abort").as_deref(), Some("_interaction=one; _session=s"));
        assert_eq!(cookies.field("/interaction/other").as_deref(), Some("_session=s"));
        cookies.set("_session=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT", "/auth");
        assert_eq!(cookies.field("/auth"), None);
    }
}
