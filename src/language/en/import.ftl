# arkib import.

import-nothing-written = Nothing was written. { $reason }
import-dry = Dry run: { $count ->
    [one] { $count } file
   *[other] { $count } files
  } would be written. Nothing was written.
import-all-imported = Nothing was written: another run has already imported everything.
import-nothing-to-import = Nothing was written: there is no archive to import.
import-wrote = Wrote { $files }, which name { $mailboxes }.
import-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
  }
import-mailboxes = { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  }
import-again-help = run the same command again: nothing is written twice

# Why an archive is not imported.
import-odd-address = a request cannot name such an address
import-terminating = the portal is terminating its archive
import-named = a request already names it
import-no-archive = it has no archive: { $state }
import-open = and open the pull request, in which an approver adds the approval to each file.
import-ask = Write { $files }?
