# arkib approve.

approve-effects-unknown = Nothing was written, because what the requests would do is not known. { $reason }
approve-effects-unknown-help = or approve with --offline, without seeing what it would do
approve-may-have-approval = But { $file } may have the approval; look at it.
approve-approved = Approved { $id } as { $by }: { $state }.
approve-dry = Dry run: nothing was written.
approve-open = and open the pull request, unless it is open already.
