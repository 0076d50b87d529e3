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
