# What is wrong in files, and what to do.

finding-conflict-of-approvals-help = if both sides approve the request, take the base's file, then run `arkib approve` again; else { $otherwise }
finding-policy-of-base-help = { $help }; the policy on { $name } applies, so merge a policy change first, in a pull request of its own
finding-if-approved-that-day = if it is approved on that day, { $message }
finding-line-ends-differ = { $message }; only its line ends differ
finding-line-ends-differ-help = git changed the line ends: write `requests/** -text` and below it `requests/**/*.yaml text eol=lf` into .gitattributes, and commit the original document again

# The last one of a file.
finding-more = the file has more problems than the { $most } that are shown
finding-more-help = fix these first, then check again

# Changes of the same file in both branches.
finding-base-added = the base branch has gained another file of this name meanwhile
finding-base-added-help = update the branch, and give the newer request another id and file name
finding-base-changed = the base branch has changed this file meanwhile, too
finding-update-branch-help = update the branch
finding-base-approved-help = update the branch; if both sides approve the request, take the base's file, then run `arkib approve` again
finding-base-deleted = the base branch has deleted this file meanwhile
finding-base-deleted-help = update the branch, and do not change the file

# How findings are shown.
finding-help = help
finding-more-of-kind = … and { $more } more { $kind }
finding-totals = Total by kind (--format json shows all):
finding-total = { $count } { $kind } ({ $severity }) in { $files ->
    [one] { $files } file
   *[other] { $files } files
  }
finding-problems = { $count ->
    [one] { $count } problem
   *[other] { $count } problems
  } in { $files ->
    [one] { $files } file
   *[other] { $files } files
  }
