# Files that a command writes into the requests folder.

filing-copy-into-git-help = copy the { $files ->
    [one] file
   *[other] files
  } to the git repository of the requests; only what is merged there counts
filing-committed = It is commit { $commit } on the branch { $branch }.
filing-not-committed = But { $files ->
    [one] it is
   *[other] they are
  } not committed: { $why }.
filing-continue-by-hand-help = fix this and continue by hand; { $files ->
    [one] the file stays where it is
   *[other] the files stay where they are
  }
filing-files-stay-help = { $help }; { $files ->
    [one] the file stays where it is
   *[other] the files stay where they are
  }
filing-next = Next:
filing-open = and open the pull request, in which an approver adds the approval.
filing-open-approved = and open the pull request.
filing-no-branch = Nothing was written, because no branch can be made: { $why }.
filing-in-the-way = Nothing was written, because no branch can be made from { $start }: there are changes that are not committed in { $files }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
  }, and { $start } has other contents there.
filing-in-the-way-help = commit these changes, or put them aside with `git stash`, and run arkib again; or file without --branch
filing-pushed = It is pushed to { $remote }.
filing-not-pushed = But it is not pushed: { $why }.
filing-push-by-hand-help = the commit is on its branch; push it with the command below when the remote can be reached

# Questions and answers.
filing-beginning = Esc: the question before. Ctrl-C: stop; nothing is written.
filing-choose-help = ↑ ↓ and Enter, or type a part of it
filing-required = This is required.
filing-not-confirmed = Not confirmed: nothing was written.
filing-stopped = Stopped: nothing was written.
filing-nothing-written = Nothing was written
filing-missing = Nothing was written. Missing:
    {"  "}{ $what }
filing-missing-help = on a terminal arkib asks for it
filing-bad-day = `{ $found }` is no day of the calendar. Write it like 20/11/2026 or 20 November 2026.
filing-invisible-character = It contains an invisible character, for example from an arrow key; type it again.
filing-unreadable = It cannot be read.

# Which agency, which id.
filing-other-agency = { $file } would belong to another agency
filing-other-agency-help = rename the folder of that agency
filing-id-in-use = the id `{ $id }` is in use
filing-id-in-use-help = leave out --id; then arkib uses the next free id
filing-no-folder = { $file } is not a folder
filing-no-folder-help = move it away; the requests of a year need a folder
filing-folder-changed = the folder was changed meanwhile
filing-unknown-id = no request of these agencies has the id `{ $id }`
filing-unknown-id-help = use the id of a request here; its file has the same name. If it waits on a branch of its own, `git switch` to that branch; if it is merged, `git pull`
filing-elsewhere-help = it is on another branch: `git switch { $branch }`
filing-identity-help = tell git who you are: `git config user.name NAME`, `git config user.email ADDRESS`
filing-id-twice = the id `{ $id }` is used by a request in { $one } and one in { $other }
filing-id-twice-help = name the folder of one agency with --requests DIR
filing-two-agencies = `{ $first }` belongs to { $one } and `{ $mailbox }` to { $other }
filing-two-agencies-help = write one request for each agency
filing-no-mailbox = no mailbox is named
filing-no-mailbox-help = name at least one
filing-foreign = `{ $mailbox }` belongs to none of these agencies; their domains are { $domains }
filing-foreign-help = correct the address, or leave it out
filing-no-remote = note: this clone has no remote; ask for the address of the repository, and put it in place of URL
filing-bad-id = found `{ $found }`, expected an id such as BMT-2026-0042: up to 64 letters, digits, `.`, `_` or `-`
filing-unfit-id = `{ $id }` { $why }; choose another id
filing-bug-help = report this as a bug in arkib; until then, write the file by hand
filing-no-origin = this clone has no remote `origin` to push to
filing-no-origin-help = add it: git remote add origin URL
