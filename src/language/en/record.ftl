# The records of runs.
record-torn = the last line is cut off: the run was killed while writing it
record-torn-help = nothing to do; the next run looks up in the portal what was left open
record-line-ends = the line ends are not as arkib wrote them (CR LF)
record-line-ends-help = write `* -text` into `.gitattributes` beside the records, so that git does not change them
record-line-changed = this line is not as arkib wrote it
record-line-changed-help = find out who changed it; git has the original line
record-empty = the record is empty: its run did nothing, or its lines were removed
record-empty-help = if git has its lines, restore it from git; otherwise delete it
record-reordered = found line { $found } of the run, expected { $expected }, which is in another place
record-line-missing = found line { $found } of the run, expected { $expected }, which is missing
record-reordered-help = restore the order of the lines; git has the original
record-line-missing-help = restore the missing lines; git has the original
record-chain-broken = this line does not follow the one before
record-chain-broken-help = one of the two belongs to another record; git has the original
record-after-end = this line is after the end of the run
record-after-end-help = delete it; a run writes nothing after its end
record-no-end = the run did not finish, or its last lines were removed
record-no-end-help = if it was not killed, find out who shortened its record; git has the original
record-missing = the record of a run before this one, or the end of one, is missing
record-missing-help = restore it from git
record-deleted-here = git has this record, but it is not in its folder; no commit deleted it
record-changed-here = this file is not as it was committed to git
record-deleted-by = this record was deleted by commit { $commit }
record-deleted-by-merge = this record was deleted in a merge
record-deleted-help = find out who did it, and restore the file from git
record-history-cut = this clone lacks the older commits, so a record that was deleted before is not missed
record-history-cut-help = fetch the whole history: `git fetch --unshallow`; in CI fetch-depth: 0 or GIT_DEPTH: 0
record-history-unread = it is unknown whether a record was deleted: { $error }
record-fork = this run and { $other } follow the same one
record-fork-help = they ran at the same time, or one was not in its place: each change is still made once, but notices may be given twice; let CI run one at a time (concurrency, resource_group)
record-lost = a record that was lost while its run went on is whole here, and counts only in its place
record-lost-help = move it to { $shown }/{ $name }, in place of what is there
record-remove-help = remove it from the folder; git shows who added it
record-lost-in-git = { $count ->
    [one] { $count } record is
   *[other] { $count } records are
  } in git lost or changed on disk, for example { $first }, and only the records say what was handed over
record-emptied = { $count ->
    [one] { $count } empty record
   *[other] { $count } empty records
  }
record-problems = { $count ->
    [one] { $count } problem ({ $place }: { $what })
   *[other] { $count } problems (the first: { $place }: { $what })
  }
record-large = the file is larger than { $most } bytes

# arkib records.
record-read-none = no record: nothing is proved
record-read = { $records ->
    [one] { $records } record
   *[other] { $records } records
  }, { $found }
record-read-heads = { $records ->
    [one] { $records } record
   *[other] { $records } records
  }, { $found }; the newest ends with { $heads }

# Records that cannot be read.
record-unreadable = the records in { $shown } cannot be read: { $error }
record-unreadable-help = fix this first; nothing is changed without a record
record-not-read = The records in { $shown } cannot be read: { $error }
record-not-read-help = fix the permissions, so that no record is overlooked
record-restore-help = restore the records from git: `git restore` gives them back

# The folder of the records, and who uses it.
record-no-folder = there is no folder { $folder } on disk for the records
record-no-folder-help = use --records DIR
record-what = { $what ->
    [records] records
    [requests] requests
   *[hand-over-folder] hand-over folder
  }
record-locked = another run on this machine is using the same { $what }
record-locked-help = run arkib again when that run has ended
record-waits = note: another run on this machine is using the { $what } in { $shown }; this one waits up to { $seconds } s for it
record-unlocked = the { $what } in { $shown } cannot be locked: { $error }
record-unlocked-help = fix their permissions; two runs at once must not do the same
record-writer-failed = the part of arkib that writes it failed
record-rescued = { $why }; the whole record of this run is now { $now }, move it to { $place }
record-not-rescued = { $why }; it cannot be written elsewhere either: { $error }

# The branch of the records.
record-branch-unfetched = the records on the branch { $name } cannot be fetched: { $why }
record-token-unused = note: ARKIB_RECORDS_TOKEN is not used: the remote is reached without a password
record-fetch-help = make `git fetch` work here; without the records it is unknown what was done
record-fetch-or-token-help = make `git fetch` work here, or set ARKIB_RECORDS_TOKEN; without the records it is unknown what was done
record-token-help = check that ARKIB_RECORDS_TOKEN may read and write the repository; without the records it is unknown what was done
record-copies-help = look at both copies, and remove the wrong one
record-path = the path { $path } { $fault }
record-differs = { $file } differs from the record on the branch
record-foreign = { $folder } has { $path }, which the branch lacks
record-foreign-help = an earlier job left it in this work folder: if it is the record of a run whose push failed, add it to the branch by hand; then delete { $folder }, and let these jobs begin with a clean clone
record-unpushed = The records of this run could not be pushed to the branch { $branch }: { $why }. They are in { $folder }; the next run there pushes them.

# What `arkib records` shows.
record-no-policy = no policy can be read here
record-no-policy-help = run `arkib check` to see why
record-absent = there is no such folder
record-absent-help = use --records with the folder of the records
record-brought = { $file }  brought by commit { $commit }
record-none-about = No run on record is about { $about }.
record-by = by { $by }
record-plan = plan { $plan }
record-shard = shard { $shard }
record-commit = commit { $commit }
record-no-commit = none
record-notices = notices
record-rehearsal = rehearsal on { $mailbox }, found { $found }
record-first-unread = the first line cannot be read
record-announced = { $count } announced
record-done = { $count } done
record-not-done = { $count } not done
record-accepted = { $count } accepted by the portal
record-seen-done = { $count } of earlier runs seen done
record-open = { $count } open
record-ended = { $reason }
record-running = still running
record-cut = cut off
record-and-more = and { $count } more
record-nobody-known = it is not known who runs arkib, and every record names them
record-nobody-known-help = set git's user.name and user.email for this job, or the variable USER to the account that it runs as
