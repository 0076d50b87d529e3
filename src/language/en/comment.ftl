# Comments on pull requests, and notes beside their files.

comment-no-problems = no problems
comment-refused = refused
comment-not-completed = not completed
comment-no-plan = no plan
comment-plan-outdated = refused, the saved plan is outdated
comment-refused-plan = refused: { $totals }
comment-failed-plan = failed: { $totals }
comment-requests = Requests { $requests }
comment-plan = plan { $digest }
comment-shard-of = shard { $shard } of a plan of { $count }
comment-saved-plan-outdated = The saved plan is outdated:
comment-waits = waits for approval: { $what }
comment-to-terminate = { $count ->
    [one] { $count } archive to terminate: its mail is lost for good once the portal no longer keeps it.
   *[other] { $count } archives to terminate: their mail is lost for good once the portal no longer keeps it.
  }
comment-terminated-once-unblocked = { $count ->
    [one] { $count } more is blocked now, and will be terminated, without another review, once nothing blocks it.
   *[other] { $count } more are blocked now, and will be terminated, without another review, once nothing blocks them.
  }
comment-to-terminate-anyway = To terminate, not because of this pull request: { $count }
comment-to-enable = To enable: { $count }
comment-blocked = Blocked: { $count }
comment-prevented = Prevented or withdrawn: { $count }
comment-left-alone = Left alone or waiting: { $count }
comment-more-problems = … and { $count } more { $kind }

# What is left out.
comment-output-in-file = the full output is in { $file }
comment-output-of-report = `--report FILE` writes the full output
comment-output-of-json = `--format json` shows all
comment-not-all-rows = Not all rows are shown; { $place }.
comment-left-out = Left out here: { $rows }; { $place }.
comment-hidden = { $count ->
    [one] { $count } termination is
   *[other] { $count } terminations are
  } not shown here, because this text cannot hold all: do not decide by it.
comment-agencies = { $count ->
    [one] { $count } agency
   *[other] { $count } agencies
  }
comment-changes = { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }
comment-policy-changes = { $count ->
    [one] { $count } change of a policy
   *[other] { $count } changes of policies
  }
comment-headings = { $count ->
    [one] { $count } heading
   *[other] { $count } headings
  }
comment-limits = { $count ->
    [one] { $count } limit
   *[other] { $count } limits
  }
comment-lines = { $count ->
    [one] { $count } line
   *[other] { $count } lines
  }
comment-other-files = { $count ->
    [one] { $count } other file
   *[other] { $count } other files
  }
comment-other-rows = { $count ->
    [one] { $count } other row
   *[other] { $count } other rows
  }
comment-outcomes = { $count ->
    [one] { $count } outcome
   *[other] { $count } outcomes
  }
comment-problems = { $count ->
    [one] { $count } problem
   *[other] { $count } problems
  }
comment-reasons = { $count ->
    [one] { $count } reason
   *[other] { $count } reasons
  }
comment-words = { $count ->
    [one] { $count } word
   *[other] { $count } words
  }

# Notes beside files.
comment-would-be-terminated = { $mailbox } would be terminated
comment-would-be-terminated-anyway = { $mailbox } will be terminated, not because of this pull request
comment-would-be-terminated-when = { $mailbox } would be terminated { $when }
comment-would-be-terminated-when-anyway = { $mailbox } will be terminated { $when }, not because of this pull request
comment-once-approved = once it is approved ({ $waits })
comment-terminations = { $count ->
    [one] { $count } archive
   *[other] { $count } archives
  } would be terminated; a forge may not show all of these notes
comment-not-done = { $mailbox } was not done: { $verb }: { $why }
comment-not-annotated = and { $count } more that are not annotated: { $kinds }; --format json shows all

# arkib comment.
comment-place = pull request { $number } of { $project } ({ $forge })
comment-dry-run = Dry run: this comment would be written to { $place }.
comment-none = Failed: no comment was written
comment-none-note = warning: no comment was written
comment-fork-has-no-token = the job of a fork has no token for it
comment-run-again = run the job again
comment-outdated = warning: no comment was written: the newest commit of the branch is { $newest }, not { $head }; the run of that commit comments
comment-unreadable = { $file } cannot be read: { $error }
comment-unreadable-help = name the file that `reconcile --format markdown` printed
