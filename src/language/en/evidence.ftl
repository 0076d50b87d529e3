# The documents filed with a request.
evidence-count = found { $count } documents, expected 1 to { $most }
evidence-count-help = leave `evidence` out if there is none; put many pages into one file
evidence-twice = found `{ $file }` a second time
evidence-missing-help = give `file`, `sha256` and `size` of each document
evidence-name = `{ $name }` { $why }
evidence-name-help = put the document beside the request or below its folder, with a name such as BMT-2026-0042-surat.pdf
evidence-name-long = is longer than 200 characters
evidence-name-backslash = contains a backslash; use forward slashes
evidence-name-absolute = does not start in the request's folder
evidence-name-elsewhere = is in a folder that is not for requests
evidence-name-record = is named like the record of a run
evidence-name-taken = may be mistaken for a request or a policy, or has no file extension
evidence-digest = found `{ $found }`, expected 64 hexadecimal digits
evidence-digest-help = give the SHA-256 of the file, as `sha256sum FILE` or `certutil -hashfile FILE SHA256` prints it
evidence-size = found { $bytes } bytes, expected 1 to { $most }
evidence-size-help = give the size of the file in bytes; scan a larger document again
evidence-not-regular = it is not a regular file
evidence-too-large = it is larger than { $most } bytes

# The documents themselves.
evidence-missing = the document `{ $file }` is missing
evidence-link = found a link or a folder at or above `{ $file }`, expected a regular file
evidence-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
  }
evidence-document = { $size } with SHA-256 { $sha }
evidence-changed = found `{ $file }` with { $found }, expected { $expected }
evidence-unreadable = the document `{ $file }` cannot be read: { $error }
evidence-permissions-help = fix the permissions
evidence-restore-help = restore it; documents of merged requests must not change
evidence-put-help = put the file next to the request, and add it to the commit
evidence-original-help = restore the original file, or enter the SHA-256 and the size of this one
evidence-link-help = put the file itself there; a link can show the content of another file
evidence-just-changed = { $file } has just been changed
