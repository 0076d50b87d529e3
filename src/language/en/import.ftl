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
import-reference = the file reference: --reference TEXT
import-ask-reference = What is the file reference of the import? For example CONTOH.600-1/2/3 (12):
import-fix-first = fix them first: an unreadable file may name any archive
import-nothing-more = Nothing more was written
import-left = left alone  { $mailbox }  { $why }
import-notices = warning: { $agency } sends notices about requests received since { $since }, so `arkib notify` will inform each of these users that the request was received and the archive enabled; to avoid that, set `notices.since` in { $file } to a day after { $received }, in a separate change
import-taken = { $file } exists, but is not a request.
import-taken-help = move it away, and run the same command again
import-just-taken = note: someone else has just written { $file }; arkib checks the remaining archives again.
import-interrupted = Interrupted: the rest was not written.
import-unwritten = { $file } cannot be written: { $error }.
import-more = and { $count } more

# What the archives of a file have in common.
import-group-request = request { $value } in the portal
import-group-month = last changed in { $value }
import-group-undated = the portal does not say when it was changed
import-group-inactive = the account is not active
import-group-approver = an approver's own mailbox
