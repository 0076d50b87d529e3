# What is wrong in files, and what to do.

finding-conflict-of-approvals-help = if both sides approve the request, take the base's file, then run `arkib approve` again; else { $otherwise }
finding-policy-of-base-help = { $help }; the policy on { $name } applies, so merge a policy change first, in a pull request of its own
finding-if-approved-that-day = if it is approved on that day, { $message }
finding-line-ends-differ = { $message }; only its line ends differ
finding-line-ends-differ-help = git changed the line ends: write `requests/** -text` and below it `requests/**/*.yaml text eol=lf` into .gitattributes, and commit the original document again
