//! Whatever git made of the commits, the verdict is the same.

use super::{Agency, DRY, NORAINI, PENTADBIR, Signer, carried_out, unverified};
use crate::session::{copy, status, stderr, stdout};

/// What is planned and why the rest is not, from a folder of requests.
fn verdict(agency: &Agency, requests: &str) -> String {
    let folder = ["--requests", requests, "--roster", "portal.csv"];
    let output = agency.0.run(&[DRY, &folder].concat());
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let plan = crate::session::json(&output);
    format!("{:?} {:?}", carried_out(&plan), unverified(&plan))
}

/// One request is signed by its approver, one by somebody else, and one by nobody.
#[test]
fn git_makes_no_difference() {
    let agency = Agency::new();
    let git = |arguments: &[&str]| agency.0.git(arguments);
    let all = [("a", 1, PENTADBIR), ("b", 2, NORAINI), ("c", 3, Signer::Nobody)];
    for (branch, number, signer) in all {
        git(&["checkout", "-q", "-b", branch, "main"]);
        agency.add(number, "enable", signer);
    }
    // On main there is something new meanwhile.
    git(&["checkout", "-q", "main"]);
    agency.add(4, "enable", PENTADBIR);
    git(&["checkout", "-q", "-b", "octopus"]);
    git(&["merge", "-q", "--no-ff", "-m", "x", "a", "b", "c"]);
    let expected = verdict(&agency, "requests");
    assert!(expected.starts_with("[\"R-1\", \"R-4\"] [\"the approval of R-2 is not"), "{expected}");

    let on = |name: &str, make: &dyn Fn()| {
        git(&["checkout", "-q", "-f", "-B", name, "main"]);
        make();
        assert_eq!(verdict(&agency, "requests"), expected, "{name}");
    };
    let squash = |branch: &str| {
        git(&["merge", "-q", "--squash", branch]);
        agency.commit();
    };
    on("squash", &|| ["a", "b", "c"].into_iter().for_each(squash));
    on("cherry-pick", &|| drop(git(&["cherry-pick", "a", "b", "c"])));
    on("rebase", &|| {
        for branch in ["a", "b", "c"] {
            git(&["checkout", "-q", branch]);
            git(&["rebase", "-q", "rebase"]);
            git(&["checkout", "-q", "-B", "rebase"]);
        }
    });
    on("crlf", &|| {
        git(&["merge", "-q", "--squash", "octopus"]);
        agency.0.write("requests/.gitattributes", "* -text\n");
        for number in 1..=4 {
            let file = agency.0.path().join(format!("requests/R-{number}.yaml"));
            let text = std::fs::read_to_string(&file).unwrap();
            agency.write(number, &text.replace('\n', "\r\n"));
        }
        agency.commit();
    });
    git(&["checkout", "-q", "-f", "octopus"]);
    let from = format!("file://{}", agency.0.path().display());
    git(&["clone", "-q", "--depth", "1", &from, "shallow"]);
    assert_eq!(verdict(&agency, "shallow/requests"), expected);
    let made_anew = agency.0.path().join("anew/requests");
    std::fs::create_dir_all(&made_anew).unwrap();
    copy(&agency.0.path().join("requests"), &made_anew);
    git(&["-C", "anew", "init", "-q"]);
    git(&["-C", "anew", "add", "."]);
    git(&["-C", "anew", "commit", "-q", "-m", "x"]);
    assert_eq!(verdict(&agency, "anew/requests"), expected);
    git(&["mv", "requests", "surat"]);
    git(&["commit", "-q", "-m", "x"]);
    assert_eq!(verdict(&agency, "surat"), expected);
}
