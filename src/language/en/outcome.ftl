# What became of the changes of a run.

outcome-applied = { $count } applied
outcome-under-way = { $count } accepted and in progress in the portal
outcome-already-so = { $count } already so
outcome-handed-over = { $count } handed over
outcome-failed = { $count } failed
outcome-unknown = { $count } unknown
outcome-skipped = { $count } skipped
outcome-sentence = { $counts }.
outcome-large-hint = The first rows are shown; the record of the run and --format json show all.

# The words of rows, and what they say.
outcome-word-applied = applied
outcome-word-already-so = already so
outcome-word-handed-over = handed over
outcome-word-failed = failed
outcome-word-unknown = unknown
outcome-word-skipped = skipped
outcome-settling = accepted; the portal is still working on it
