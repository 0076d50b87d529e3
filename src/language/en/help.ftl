# The help of the command line: what stands below the options of each command. The rest of the English help is
# in the comments of the code that clap reads.

help-approve-after =
    Examples:
      arkib approve BMT-2026-0042                   approve as git's user.email
      arkib approve BMT-2026-0042 BMT-2026-0043     both, with one question
      arkib approve --print BMT-2026-0042 > surat   the text for another program;
      arkib approve BMT-2026-0042 --signature FILE  then the signature, that day
help-check-after =
    Examples:
      arkib check                             check the folder requests/
      arkib check --base origin/main          check what this branch changes in main
      arkib check --pull-request              the same in CI
      arkib check --requests examples/broken  show each kind of mistake
      arkib check --format json               print JSON for a program
help-comment-after =
    Examples:
      arkib reconcile --dry-run --pull-request --format markdown > comment.md
      arkib comment comment.md            write it to the pull request
      arkib comment --dry-run comment.md  show what would be written, and where

    Exit status 0 also means that a fork's job has no token to comment with.

    The environment says who comments:
      ARKIB_COMMENT_TOKEN       a token that may write comments; or
                                ARKIB_COMMENT_TOKEN_FILE, a file with it
      GITHUB_TOKEN              if neither is set: the token of the job (GitHub,
                                Forgejo, Gitea)
      ARKIB_COMMENT_CA          PEM file with the authorities to trust, instead of
                                those of the system; ARKIB_COMMENT_CERT and
                                ARKIB_COMMENT_KEY, PEM files of a client
                                certificate, if the forge asks for one
      HTTPS_PROXY, NO_PROXY     a proxy (http://user:password@host:port), and hosts
                                that do not use it
help-completions-after =
    Examples:
      arkib completions bash > ~/.local/share/bash-completion/completions/arkib
      arkib completions powershell >> $PROFILE
help-import-after =
    Examples:
      arkib import --dry-run                                 show the files
      arkib import --reference "CONTOH.600-1/2/3 (12)"       write the files
      arkib import --reference R --branch                    commit on a new branch
      arkib import --reference R --only siti@agensi.example  only this archive

    The environment says where a real portal is: see `arkib reconcile --help`.
help-init-after =
    Examples:
      arkib init permohonan-arkib    ask for everything
      arkib init permohonan-arkib --agency CONTOH --name "Jabatan Contoh Malaysia" \
        --domain agensi.example --approver pentadbir.uc@agensi.example \
        --approver ketua.unit@agensi.example
      arkib init --agency CONTOH --name Contoh --domain agensi.example \
        --approver a@agensi.example --kind files
help-man-after =
    Examples:
      arkib man | man -l -
      arkib man portal rehearse > arkib-portal-rehearse.1
help-notify-after =
    Examples:
      arkib notify --dry-run               show the notices and their channels
      arkib notify --dry-run --show        also show the full text of each notice
      arkib notify                         show them, ask, then send or print them
      arkib notify --yes --output notices  in CI; pages to print go into this folder
      arkib notify --only BMT-2026-0042    only about this request
      arkib notify --again BMT-2026-0042 --to siti@agensi.example  repeat one notice

    Nobody gets the same notice twice without --again. Each notice is recorded, and
    the record is on disk, before the mail server gets the text or the file is made.
    If a run is killed in between, the notice is `unknown`: arkib reports it and
    repeats it only with --again. This needs the records of earlier runs, so keep
    the folder `records` (in CI, commit it after each run). On one machine, a second
    run with the same records waits a minute for the first one. Runs on two
    machines do not know of each other: let CI run one at a time, and start each
    with the records of the one before.

    The environment says where the mail server is. It is used only for e-mail:
      ARKIB_SMTP_URL            smtps://host (TLS) or smtp://host:587 (STARTTLS,
                                required); without TLS only on this machine,
                                such as smtp://127.0.0.1:2525
      ARKIB_SMTP_USER           the user name, if the server requires a login
      ARKIB_SMTP_PASSWORD_FILE  a file with the password; or ARKIB_SMTP_PASSWORD,
                                the password itself
      ARKIB_SMTP_CA             PEM file with the authorities to trust, instead of
                                those of the system

    Templates in the folder `templates` next to the policy replace those of arkib:
    email.txt, email.html, memo.html, letter.html, form.html, letterhead.html,
    copies.html, print.css.
    docs/en/NOTICES.md describes their variables.
help-portal-inspect-after =
    The values of an attribute are shown, with the number of users that have each,
    if there are at most 20 values; more than 4 values are shown only if on average
    two users share each. For other attributes only the number of values is shown.
    Names, addresses, values of more than 40 characters and values with more than 4
    digits are never shown. Still, read the output before you share it.

    Examples:
      export ARKIB_PORTAL_URL=https://portal.agensi.example/scim/v2
      export ARKIB_PORTAL_TOKEN_FILE=token
      arkib portal inspect                show the portal, and a mapping to fill in
      arkib portal inspect --format json  the same as JSON, for programs

    Exit status: 0 if arkib can work with this portal, 1 if not.
help-portal-rehearse-after =
    A termination may lose what is in the archive: use a test mailbox only.

    Examples:
      arkib portal rehearse --mailbox ujian@agensi.example
          asks for the address again, and what the portal's own pages show
      arkib portal rehearse --mailbox ujian@agensi.example \
          --confirm ujian@agensi.example --has-archive no
          the same without a terminal

    The environment says where a real portal is: see `arkib reconcile --help`.

    Exit status: 0 if the mapping is proven, 1 if not, 3 if the mailbox could not
    be put back or the run was interrupted, 4 if the mailbox is refused.
help-portal-after =
    Examples:
      arkib portal --roster portal.csv
      arkib portal --roster portal.csv --latency 200 --fault-rate 0.05
      arkib portal --roster portal.csv --provisioning-delay 30

    Then, in another terminal, with `portal: scim` in the policy:
      export ARKIB_PORTAL_URL=…  ARKIB_PORTAL_TOKEN_FILE=…  (the portal prints both)
      arkib reconcile --dry-run

    Any other portal:
      arkib portal inspect                                  (see its --help)
help-reconcile-after =
    Examples:
      arkib reconcile --dry-run                      show the plan, change nothing
      arkib reconcile                                show it, ask, apply it
      arkib reconcile --yes                          apply it without asking, in CI
      arkib reconcile --dry-run --fail-on drift,due  exit with 2 for changes
      arkib reconcile --only siti@agensi.example     only this mailbox
      arkib reconcile --accept DIGEST                let this plan exceed limits
      arkib reconcile --dry-run --base origin/main   what this branch adds to main
      arkib reconcile --dry-run --pull-request       the same in CI
      arkib reconcile --dry-run --plan-out FILE      save the plan, and later
      arkib reconcile --yes --plan FILE              apply exactly that, or nothing
      arkib reconcile --yes --plan FILE --shard 3/8  the third of eight parts

    The environment says where a real portal (portal: scim) is:
      ARKIB_PORTAL_URL         its SCIM URL, such as https://portal.example/scim/v2

    Use exactly one way to log in. A secret in a file is read again when it changes.
      ARKIB_PORTAL_TOKEN_FILE  a file with a token; or ARKIB_PORTAL_TOKEN, the token
      ARKIB_PORTAL_OAUTH_URL   token endpoint (OAuth 2.0, client credentials), with
        ARKIB_PORTAL_OAUTH_CLIENT_ID           the client's id
        ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE  a file with its secret; or
                                               ARKIB_PORTAL_OAUTH_CLIENT_SECRET
        ARKIB_PORTAL_OAUTH_SCOPE               the scope, if the endpoint needs one
        ARKIB_PORTAL_OAUTH_AUTH                basic, or post to send the secret in
                                               the form
      ARKIB_PORTAL_USER        a user name, with ARKIB_PORTAL_PASSWORD_FILE, a file
                               with the password, or ARKIB_PORTAL_PASSWORD

    With several agencies, each can have its own: ARKIB_PORTAL_TOKEN_CONTOH is for
    the agency CONTOH alone. If one such variable is set, only those count for it,
    but for ARKIB_PORTAL_URL, ARKIB_PORTAL_CA and the proxy.

    For the connections to the portal and to the token endpoint:
      ARKIB_PORTAL_CA          PEM file with the authorities to trust, instead of
                               those of the system
      ARKIB_PORTAL_CERT        PEM file with the client certificate, if the portal
                               asks for one
      ARKIB_PORTAL_KEY         PEM file with its private key, if in a separate file
      HTTPS_PROXY, NO_PROXY    a proxy (http://user:password@host:port), and hosts
                               that do not use it

    To tell operators of failures and drift (a dry run: also of what waits or ends):
      ARKIB_ALERT_URL          a webhook, or mailto:ADDRESS with the mail server of
                               `arkib notify`; ARKIB_ALERT_FORMAT says what the
                               webhook takes: json, slack, mattermost or teams
help-records-after =
    Examples:
      arkib records verify  is any record missing, changed, out of order or damaged?
      arkib records list    each run and its outcome
      arkib records list siti@agensi.example  only the runs about a mailbox
help-records-verify-after =
    Examples:
      arkib records verify                     is any record missing or changed?
      arkib records verify --records FOLDER    those in another folder
      arkib records verify --format json       for programs
help-records-list-after =
    Examples:
      arkib records list                       each run and its outcome
      arkib records list siti@agensi.example   only the runs about a mailbox
      arkib records list BMT-2026-0042         only the runs about a request
help-register-after =
    Examples:
      arkib register                               all requests, in register.html
      arkib register --period 2026 -o 2026.html    requests received in 2026
      arkib register -o register.csv               a line per request and mailbox
      arkib register --offline --format json       only from the records
      arkib register BMT-2026-0042                 a page about one request, to print

    In CSV, a cell that a spreadsheet would read as a formula (it starts with = + -
    or @) gets an apostrophe in front. The environment says where a real portal is:
    see `arkib reconcile --help`.
help-request-after =
    Examples:
      arkib request enable                           ask for everything
      arkib request terminate rosli@agensi.example   arkib asks for the rest
      arkib request enable --from-file senarai.csv   take the mailboxes from a list
      arkib request withdraw BMT-2026-0042 --branch  commit it on a new branch
      arkib request enable siti.aminah@agensi.example --channel letter \
        --reference "CONTOH.600-1/2/3 (12)" --received 2026-11-02
help-request-enable-after =
    Examples:
      arkib request enable                          ask for everything
      arkib request enable siti.aminah@agensi.example --channel letter \
        --reference "CONTOH.600-1/2/3 (12)" --received 2026-11-02
      arkib request enable --from-file senarai.csv  take the mailboxes from a list
      arkib request enable --branch                 commit it on a new branch
help-request-terminate-after =
    Examples:
      arkib request terminate                          ask for everything
      arkib request terminate rosli@agensi.example     ask for the rest
      arkib request terminate --from-file senarai.csv  take the mailboxes from a list
      arkib request terminate --branch                 commit it on a new branch
help-request-withdraw-after =
    Examples:
      arkib request withdraw                         show what can be withdrawn, ask
      arkib request withdraw BMT-2026-0042           ask for the rest
      arkib request withdraw BMT-2026-0042 --branch  commit it on a new branch
help-schema-after =
    Examples:
      arkib schema request > request.schema.json
      arkib schema reconcile    the output of `arkib reconcile --format json`

    An editor uses the schema if a request file has this line:
      # yaml-language-server: $schema=request.schema.json
help-status-after =
    Examples:
      arkib status                             what waits, since when and for whom
      arkib status --watch                     the same, drawn again every 30 s
      arkib status siti.aminah@agensi.example  a mailbox with its requests
      arkib status BMT-2026-0042               a request and its mailboxes
      arkib status --all                       each open request, and who must act

    The environment says where a real portal is: see `arkib reconcile --help`.
help-arkib-after =
    Exit status:
       0  done, or nothing to do
       1  failed
       2  a dry run found what --fail-on names, such as changes
       3  partly applied, or interrupted; also if an earlier run was killed while
          it handed over (portal: files)
       4  refused (limits, another plan than the accepted one, an outdated saved
          plan, uncommitted requests, a comment without room for all terminations)
      64  the command line is wrong

    ARKIB_LOG=debug logs to standard error, without addresses or tokens.

# What clap writes itself.
help--help = Print help (see more with '--help')
help--help-long = Print help (see a summary with '-h')
