//! Texts of plans and of others, and what stands in the comment.

use super::*;

fn run(forge: Forge) -> PullRequestRun {
    PullRequestRun {
        forge,
        api: String::new(),
        project: String::new(),
        number: 7,
        head: "c0ffee".into(),
        job: Some("https://ci.example/jobs/1".into()),
        is_from_fork: false,
    }
}

const END: &str = "For commit c0ffee, by [this job](https://ci.example/jobs/1).\n";

fn github(text: &str) -> String {
    comment_text(text, &run(Forge::Github))
}

#[test]
fn the_marker_comes_first_and_once() {
    let expected = format!("{MARKER}\n### arkib: nothing to do\n\n{END}");
    for text in [
        "### arkib: nothing to do",
        "### arkib: nothing to do\n\n",
        "<!-- arkib reconcile -->\n### arkib: nothing to do\n",
        "\r\n<!-- arkib reconcile -->\r\n### arkib: nothing to do\r\n",
    ] {
        assert_eq!(github(text), expected, "{text:?}");
    }
    let hidden = github("<!-- arkib reconcile --> <strong>3 rows not shown</strong>\nmore");
    assert!(hidden.starts_with("<!-- arkib reconcile --> <strong>3 rows"), "{hidden}");
}

#[test]
fn a_job_without_a_plan_says_so() {
    for text in ["", " \n", "<!-- arkib reconcile -->\n"] {
        let said = github(text);
        assert!(said.starts_with(MARKER) && said.contains("failed before it could"), "{said}");
        assert!(said.ends_with(END), "{said}");
    }
}

#[test]
fn what_is_too_long_is_cut_at_a_line_and_says_so() {
    for (forge, most) in
        [(Forge::Github, 65_536), (Forge::Forgejo, 65_536), (Forge::Gitlab, 1_000_000)]
    {
        let rows = "+ enable siti@agensi.example 😀\n".repeat(most / 20);
        let text = format!("### arkib\n\n<details>\n\n````diff\n{rows}````\n\n</details>\n");
        let said = comment_text(&text, &run(forge));
        assert!(said.encode_utf16().count() <= most, "{}", said.encode_utf16().count());
        assert!(said.encode_utf16().count() > most - 100);
        assert!(said.starts_with(&format!("{MARKER}\n**Only the beginning")), "{}", &said[..200]);
        let end = format!("example 😀\n````\n\n</details>\n\n{END}");
        assert!(said.ends_with(&end), "{}", &said[said.len() - 200..]);
    }
    // One line that is longer than all of it.
    let said = github(&"x".repeat(70_000));
    assert!(said.contains("Only the beginning") && said.ends_with(END) && !said.contains("xx"));
    let whole = "x\n".repeat(30_000);
    assert!(!github(&whole).contains("Only the beginning"));
}

#[test]
fn nothing_stays_open() {
    for (text, closed) in [
        ("```\nx", "x\n```\n"),
        ("~~~~ diff\n```\n~~~", "~~~\n~~~~\n"),
        ("<details><summary>x</summary>\n\n```text\n</details>", "</details>\n```\n\n</details>\n"),
        ("    ```\nx", "x\n"),
        ("```a`b\nx", "x\n"),
        ("```\n`````  \nx", "x\n"),
        ("say `<details>` or ``a ` <details>``\nx", "x\n"),
        ("<details>\n\nsay `</details>`\nx", "x\n\n</details>\n"),
        // No code: it is not closed, or the backtick is none, or the line is HTML.
        ("a ` <details>\nx", "x\n\n</details>\n"),
        ("a \\`<details>`\nx", "x\n\n</details>\n"),
        ("<summary>`<details>`\nx", "x\n\n</details>\n"),
    ] {
        let said = github(text);
        assert!(said.ends_with(&format!("{closed}\n{END}")), "{said}");
    }
}

#[test]
fn no_line_is_a_command_to_gitlab() {
    let said = comment_text("/merge\n\n```\n  /approve\n```\na/b\n", &run(Forge::Gitlab));
    assert!(said.lines().all(|line| !line.trim_start_matches(' ').starts_with('/')), "{said}");
    assert!(said.contains("\u{200a}/merge\n") && said.contains("\u{200a}  /approve"), "{said}");
    assert!(said.contains("\na/b\n"));
}

#[test]
fn the_link_ends_where_it_should() {
    let job = |url: &str| {
        let run = PullRequestRun { job: Some(url.into()), ..run(Forge::Github) };
        comment_text("x", &run).lines().last().unwrap_or_default().to_owned()
    };
    let hostile = job("https://ci.example/a) [b](https://other.example/\n");
    assert_eq!(
        hostile,
        "For commit c0ffee, by [this job](https://ci.example/a%29+[b]%28https://other.example/%0A)."
    );
    assert_eq!(job("javascript:alert(1)"), "For commit c0ffee.");
}
