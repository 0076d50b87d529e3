# What became of the changes of a run.

outcome-applied = { $count } applied
