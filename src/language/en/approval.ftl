# Approvals in a pull request.
approval-day-help = write the day on which it was approved
approval-day-again-help = ask the approver to approve again, and write that day
approval-day = found an approval of { $day }, expected a day from { $first } to { $as_of }
approval-too-few = found { $has } of { $needs } approvals, which the policy asks for since { $since }
approval-too-few-help = an approval of an earlier day comes too late for the earlier rule: ask for the others, too
approval-new-policy = the request is approved under a policy that is not merged yet
approval-new-policy-help = merge the policy first, in a pull request of its own; then its approvers may approve
approval-former = according to the policy, this person is no longer an approver
approval-former-help = ask one of the policy's approvers to approve

# Requests that cannot be approved.
approval-nobody-can-sign = approvals must be signed, and nobody can sign: there is no key in allowed_signers and no certificate in authorities.pem
approval-nobody-can-sign-help = write the approvers' keys into allowed_signers beside the policy; docs/en/APPROVALS.md shows its lines
approval-unreachable = it cannot be approved: it needs { $all ->
    [one] { $all } approval
   *[other] { $all } approvals
  }, and { $may ->
    [0] no approver
    [one] only { $may } approver
   *[other] only { $may } approvers
  } may give one
approval-unreachable-help = the applicant and the mailboxes cannot approve: name more approvers in the policy, or file their mailboxes as a request of their own
