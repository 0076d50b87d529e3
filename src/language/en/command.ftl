# What is wrong with a command line.

command-error = error: { $why }
command-unknown-argument = unexpected argument '{ $argument }' found
command-unknown-command = unrecognized subcommand '{ $command }'
command-missing-command = '{ $command }' requires a subcommand but one was not provided
command-missing-argument = the following required arguments were not provided: { $argument }
command-missing-value = a value is required for '{ $argument }' but none was supplied
command-invalid-value = invalid value '{ $value }' for '{ $argument }'
command-refused-value = invalid value '{ $value }' for '{ $argument }': { $why }
command-too-many-values = unexpected value '{ $value }' for '{ $argument }' found; no more were expected
command-repeated = the argument '{ $argument }' cannot be used multiple times
command-conflict = the argument '{ $argument }' cannot be used with '{ $prior }'
command-no-text = invalid UTF-8 was detected in one or more arguments
command-values = [possible values: { $values }]
command-similar = tip: a similar one exists: '{ $similar }'
command-try-help = For more information, try '--help'.

# Values of options.
command-number = expected a whole number from { $least } to { $most }
command-commit = expected a commit, a branch or a tag
command-report-is-table = --report writes Markdown to this file; use --portal-export for the portal's export
command-age = expected a time such as 90m or 24h
command-age-zero = expected more than zero
command-plan-digest = a plan's digest has { $least } to 64 hexadecimal digits; the refused plan shows it
command-notices-digest = a digest has { $least } to 64 hexadecimal digits; the refused run shows it
command-share = expected a number from 0 to 1, such as 0.05
command-loopback-address = expected an address with a port, such as 127.0.0.1:8643
command-no-such = Failed: arkib has no command `{ $command }`
    help: `arkib --help` lists the commands
command-page-unwritten = Failed: the page cannot be written: { $error }
command-no-start = Failed: the system lets no run start: { $error }
command-no-start-help = raise the limits of this job (`ulimit -a`)
command-not-private = warning: others may be able to read { $place }: its disk takes no rights; keep personal data on one that does
command-log-ignored = ARKIB_LOG is ignored ({ $error }): expected a level such as `debug`, or modules with levels such as `arkib=debug,hyper=info`
