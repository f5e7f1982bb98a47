//! What does a page ask of its reader?
//!
//! The first form of a page and its link to give up, as the servers here write them: no more of HTML is read than that.

/// What a page lets its reader do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Where its form goes, and what stands in it.
    pub(crate) form: Option<Form>,
    /// Where the link of somebody who gives up leads (`…/abort`).
    pub(crate) abort: Option<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    /// Each input's name and value.
    pub(crate) inputs: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn read(html: &str) -> Self {
        let mut page = Self::default();
        for tag in tags(html) {
            match (tag.split_whitespace().next().unwrap_or_default(), &mut page.form) {
                ("form", None) => {
                    page.form = Some(Form { action: attribute(tag, "action").unwrap_or_default(), inputs: Vec::new() });
                }
                ("input", Some(form)) => {
                    if let Some(name) = attribute(tag, "name") {
                        form.inputs.push((name, attribute(tag, "value").unwrap_or_default()));
                    }
                }
                ("a", _) => page.abort = page.abort.or(attribute(tag, "href").filter(|link| link.ends_with("/abort"))),
                _ => {}
            }
        }
        page
    }
}

/// The inside of each opening tag.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_what_stands_in_it() {
        let page = Page::read(
            r#"<form autocomplete="off" action="/go?a=1&amp;b=2" method="post">
                 <input required type="text" name="login" placeholder="any">
                 <input type="hidden" name="prompt" value="login"/><button>Continue</button>
               </form><a href="https://localhost/interaction/x/abort">[ Cancel ]</a>"#,
        );
        let form = page.form.expect("a form");
        assert_eq!(form.action, "/go?a=1&b=2");
        assert_eq!(form.inputs, [("login".to_owned(), String::new()), ("prompt".to_owned(), "login".to_owned())]);
        assert_eq!(page.abort.as_deref(), Some("https://localhost/interaction/x/abort"));
    }

    #[test]
    fn a_page_without_a_form_asks_for_nothing() {
        assert_eq!(Page::read("<html><p>Sign-in Success</p></html>"), Page::default());
    }
}
