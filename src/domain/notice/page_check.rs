//! What the page of a notice may hold: text, tables, styles, and pictures within it. The markup is the
//! template's, and so a branch's. Whatever a browser could take for an element is checked against the
//! lists here; the content security policy (CSP) says the same to the browser. Pure.

use crate::language::Message;
use crate::text::excerpt;

/// What each page begins with, but for its language.
const HEAD: &str = "<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'\">\n";
/// The elements of a page.
const ELEMENTS: &str = "a article b blockquote body br caption center code col colgroup dd div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 head header hr html i img li main meta ol p pre s section small span strong style sub sup table tbody td tfoot th thead title tr u ul";
/// Their attributes; those that lead somewhere are looked at one by one.
const ATTRIBUTES: &str = "align alt bgcolor border cellpadding cellspacing charset class color colspan content dir face height id lang name role rowspan scope size span start title type valign value width";
/// What of a style loads something, or can hide that it does.
const LOADING: [&str; 6] = ["@import", "url(", "src(", "image-set(", "expression(", "\\"];
const BLANK: [char; 5] = [' ', '\t', '\n', '\r', '\x0c'];

/// The page, begun with its content security policy. If the template begins it, too, browsers pass over that.
///
/// # Errors
/// Names the first element, attribute or style that a page may not hold.
pub(super) fn secure_page(page: &str, language: &str) -> Result<String, Message> {
    // What stands in a comment, a style or quotes is checked, too: no page is read in two ways.
    for (at, _) in page.match_indices('<') {
        check_element(&page[at + 1..]).map_err(|found| {
            let shown = excerpt(found.split(['>', '\n']).next().unwrap_or_default(), 60);
            message!("notify-page-element", shown)
        })?;
    }
    Ok(format!("<!DOCTYPE html>\n<html lang=\"{language}\">\n{HEAD}{page}"))
}

/// Checks the element that may begin with a text; the error is where it is none of a page.
fn check_element(text: &str) -> Result<(), &str> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Ok(());
    }
    let end = text.find(|c: char| BLANK.contains(&c) || "/>".contains(c)).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let name = name.to_ascii_lowercase();
    if !ELEMENTS.split(' ').any(|known| known == name) {
        return Err(text);
    }
    loop {
        rest = rest.trim_start_matches(BLANK).trim_start_matches('/');
        if rest.is_empty() || rest.starts_with('>') {
            break;
        }
        if !rest.starts_with(BLANK) {
            let (attribute, value, after) = split_attribute(rest);
            if !is_allowed(&name, &attribute.to_ascii_lowercase(), &value.to_ascii_lowercase()) {
                return Err(rest);
            }
            rest = after;
        }
    }
    let sheet = rest.split_once("</style>").map_or(rest, |(sheet, _)| sheet);
    match name == "style" && !loads_nothing(&sheet.to_ascii_lowercase()) {
        true => Err(text),
        false => Ok(()),
    }
}

/// Name and value of the attribute with which a text begins, and what follows it.
fn split_attribute(text: &str) -> (&str, &str, &str) {
    let end = text.find(|c| BLANK.contains(&c) || "=/>".contains(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.trim_start_matches(BLANK).strip_prefix('=') else {
        // A name that begins with `=` is no attribute of a page.
        return (name, "", rest);
    };
    let value = value.trim_start_matches(BLANK);
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, after) = quoted.split_once(quote).unwrap_or((quoted, ""));
            return (name, value, after);
        }
    }
    let end = value.find(|c| BLANK.contains(&c) || c == '>').unwrap_or(value.len());
    (name, &value[..end], &value[end..])
}

fn is_allowed(element: &str, attribute: &str, value: &str) -> bool {
    let begins = |with: &[&str]| with.iter().any(|begin| value.starts_with(begin));
    match (element, attribute) {
        ("img", "src") => begins(&["data:image/"]),
        // Nothing is loaded until a person follows it.
        ("a", "href") => begins(&["https://", "http://", "mailto:", "tel:"]),
        ("meta", "http-equiv") => ["content-security-policy", "content-type"].contains(&value),
        // A browser reads `&#117;rl(` here as `url(`.
        (_, "style") => !value.contains('&') && loads_nothing(value),
        _ => ATTRIBUTES.split(' ').any(|known| known == attribute),
    }
}

fn loads_nothing(style: &str) -> bool {
    let style = style.replace("url(\"data:", "").replace("url('data:", "").replace("url(data:", "");
    !LOADING.iter().any(|part| style.contains(part))
}
