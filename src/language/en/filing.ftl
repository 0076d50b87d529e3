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
