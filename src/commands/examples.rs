//! Examples of commands and what else is to be known of them, as `--help` shows it below the options.

/// Of `arkib check`.
pub const CHECK: &str = "\
Examples:
  arkib check                            check the folder requests/
  arkib check --base origin/main         check what this branch makes of main
  arkib check --requests examples/broken see what each kind of mistake looks like
  arkib check --format json              for a program";

/// Of `arkib reconcile`.
pub const RECONCILE: &str = "\
Examples:
  arkib reconcile --dry-run                      show what would be done, change nothing
  arkib reconcile                                show it, ask, do it
  arkib reconcile --yes                          do it without asking, in CI
  arkib reconcile --dry-run --detailed-exitcode  exit with 2 where changes are pending
  arkib reconcile --only siti@agensi.example     this mailbox alone
  arkib reconcile --accept DIGEST                let exactly that plan exceed the limits
  arkib reconcile --dry-run --base origin/main   what this branch adds to main, and no more
  arkib reconcile --dry-run --plan-out FILE      keep the plan, and later
  arkib reconcile --yes --plan FILE              do exactly that, or nothing
  arkib reconcile --yes --plan FILE --shard 3/8  its third part of eight, on eight machines

A real portal (portal: scim) is found through the environment:
  ARKIB_PORTAL_URL         its SCIM address, such as https://portal.example/scim/v2
and opened in exactly one of three ways (secrets in a file are read again when they rotate):
  ARKIB_PORTAL_TOKEN_FILE  a file with its token; or ARKIB_PORTAL_TOKEN, the token itself
  ARKIB_PORTAL_OAUTH_URL   where tokens are asked for (OAuth 2.0, client credentials); then also
    ARKIB_PORTAL_OAUTH_CLIENT_ID           the client's name there
    ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE  a file with its secret; or ..._CLIENT_SECRET
    ARKIB_PORTAL_OAUTH_SCOPE               what the token is for, if the endpoint wants to know
    ARKIB_PORTAL_OAUTH_AUTH                basic, or post where the secret goes into the form
  ARKIB_PORTAL_USER        a user's name; then also ARKIB_PORTAL_PASSWORD_FILE, a file with the
                           password, or ARKIB_PORTAL_PASSWORD
The way there, to the portal and to where tokens are asked for:
  ARKIB_PORTAL_CA          PEM file of the authorities to trust, in place of the system's
  ARKIB_PORTAL_CERT        PEM file of the certificate that the portal asks for, if it asks
  ARKIB_PORTAL_KEY         PEM file of its private key, where that is a file of its own
  HTTPS_PROXY, NO_PROXY    a proxy on the way (http://user:password@host:port), and hosts without it";

/// Of `arkib status`.
pub const STATUS: &str = "\
Examples:
  arkib status                               what the next run would do, and what waits
  arkib status siti.aminah@agensi.example    a mailbox: its requests and its archive
  arkib status BMT-2026-0042                 a request and its mailboxes
  arkib status --all                         every request that waits, and for whom

A real portal is found and opened through the variables ARKIB_PORTAL_…, as by `arkib reconcile`
(see its --help).";

/// Of `arkib notify`.
pub const NOTIFY: &str = "\
Examples:
  arkib notify --dry-run                  who would be told what, and by which channel
  arkib notify --dry-run --show           with the whole text of each notice
  arkib notify                            show it, ask, give the notices
  arkib notify --yes --output notices     in CI; what is to be printed goes into this folder
  arkib notify --only BMT-2026-0042       about this request alone
  arkib notify --again BMT-2026-0042 --to siti@agensi.example   give one once more

What is guaranteed: nobody is given the same notice twice by itself. Each is recorded, and synced,
before the mail server has its text or its file is made; a run that is killed in between leaves it
`unknown`, which is told and never given again without --again. This holds as long as the records
of earlier runs are there: keep the folder `records` (in CI, commit it after each run). On one machine
runs over the same records take turns. Runs on two machines do not know of each other: let CI run
one at a time, and let each begin with the records of the one before.

A mail server is found through the environment, and only where a message is due:
  ARKIB_SMTP_URL            smtps://host (TLS), or smtp://host:587 (STARTTLS, which must be offered);
                            without TLS only on this machine, such as smtp://127.0.0.1:2525
  ARKIB_SMTP_USER           the name to log in with, where the server wants one, and
  ARKIB_SMTP_PASSWORD_FILE  a file with its password; or ARKIB_SMTP_PASSWORD, the password itself
  ARKIB_SMTP_CA             PEM file of the authorities to trust, in place of the system's

Templates in the folder `templates` beside the policy replace arkib's own: email.txt, email.html,
memo.html, letter.html, form.html, print.css. docs/NOTICES.md says what they are given.";

/// Of `arkib records`.
pub const RECORDS: &str = "\
Examples:
  arkib records verify            is anything missing, changed, reordered or torn?
  arkib records list              each run, and what became of it";

/// Of `arkib register`.
pub const REGISTER: &str = "\
Examples:
  arkib register                                  the page, register.html, of every request
  arkib register --period 2026 -o 2026.html       of those received in 2026
  arkib register --format csv -o register.csv     for a spreadsheet, one line a request and mailbox
  arkib register --offline --format json          what the records tell, without the portal

In CSV a cell that a spreadsheet would take for a formula (it begins with = + - or @) begins with
an apostrophe. A real portal is found and opened through the variables ARKIB_PORTAL_…, as by
`arkib reconcile` (see its --help).";

/// Of `arkib portal inspect`.
pub const INSPECT: &str = "\
The words of an attribute are shown with how many users have each, where there are
at most 20; if there are more than 4, only where two users share each on average.
Of other attributes only the number of different values is shown. Names, addresses,
values of more than 40 characters and values with more than 4 digits are never shown.
Still, read the output before you pass it on.

Examples:
  export ARKIB_PORTAL_URL=https://portal.agensi.example/scim/v2
  export ARKIB_PORTAL_TOKEN_FILE=token
  arkib portal inspect                  what it has, and a mapping to fill in
  arkib portal inspect --format json    the same for programs; see `arkib schema inspect`

Exit status: 0 where arkib can work with the portal as it is, 1 otherwise.";

/// Of `arkib portal`.
#[cfg(feature = "embedded")]
pub const PORTAL: &str = "\
Examples:
  arkib portal --roster portal.csv
  arkib portal --roster portal.csv --latency 200 --rate-limit 50 --fault-rate 0.05
  arkib portal --roster portal.csv --provisioning-delay 30

Then, in another terminal, with `portal: scim` in the policy:
  export ARKIB_PORTAL_URL=…  ARKIB_PORTAL_TOKEN_FILE=…     (the portal prints both)
  arkib reconcile --dry-run

A portal that is not arkib's own:
  arkib portal inspect                                     (see its --help)";
