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
    [one] { $count } problem
   *[other] { $count } problems
  }
record-large = the file is larger than { $most } bytes

# arkib records.
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
