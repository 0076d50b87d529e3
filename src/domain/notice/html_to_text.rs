//! Turns an HTML page into plain text for a screen. Pure.

use crate::text::one_line;

/// The text of HTML that a template made, one block per line.
pub fn html_to_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = without_head(html);
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(&before.replace(['\n', '\r'], " "));
        let Some((tag, after)) = after.split_once('>') else {
            break;
        };
        text.push_str(tag_replacement(tag));
        rest = after;
    }
    text.push_str(rest);
    tidy_lines(&decode_entities(&text))
}

/// The page without its head, whose styles are not text.
fn without_head(html: &str) -> &str {
    let from = html.find("<body").unwrap_or(0);
    &html[from..]
}

/// The text that replaces a tag.
fn tag_replacement(tag: &str) -> &'static str {
    let name = tag.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    match &name[..end.unwrap_or(name.len())] {
        "td" | "th" | "b" | "strong" | "em" | "span" | "a" => " ",
        _ => "\n",
    }
}

fn decode_entities(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let each = named.iter();
    each.fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

fn tidy_lines(text: &str) -> String {
    let lines = text.lines().map(one_line);
    let full: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    full.join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn removes_tags_and_keeps_text() {
        let html = "<head><style>p {}</style></head><body><p class=\"a\">a &lt;b&gt; &amp;lt;\n c</p><table><tr><td>x</td><td>y</td></tr></table>";
        assert_eq!(super::html_to_text(html), "a <b> &lt; c\nx y");
    }
}
