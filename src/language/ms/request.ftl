# arkib request.

request-dry = Larian cuba: { $file } tidak ditulis.
request-wrote = { $file } telah ditulis.
request-wrote-mailboxes = { $file } telah ditulis; { $count } peti mel dinamakan di dalamnya.
