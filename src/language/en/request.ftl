# arkib request.

request-dry = Dry run: { $file } was not written.
request-wrote = Wrote { $file }.
request-wrote-mailboxes = Wrote { $file }, which names { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  }.
