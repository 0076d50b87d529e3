# `arkib init`: its questions, what is wrong, and what is next.

init-missing-agency = the agency's short name: --agency CODE
init-missing-name = its name, as letters have it: --name TEXT
init-missing-domain = a domain of its mailboxes: --domain DOMAIN
init-missing-approver = who may approve: --approver ADDRESS
init-ask-agency = What is the agency's short name? For example CONTOH:{" "}
init-ask-name = What is its full name? For example Jabatan Contoh Malaysia:{" "}
init-ask-domains = Which domains do its mailboxes have? For example agensi.example:{" "}
init-ask-approvers = Who may approve? Addresses, such as ketua.unit@{ $domain }:{" "}
init-kinds =
    How are archives changed?
      1 agency  by arkib, in a portal with SCIM 2.0
      2 files   by an officer, who uploads a file that arkib writes
      3 shards  as 1, on eight machines, for very many mailboxes
      4 trial   in the development portal, to try arkib
init-ask-kind = Which? A number or a word, or Enter for 1:{" "}
init-unknown-kind = expected agency, files, shards or trial, or a number from 1 to 4
init-no-shards-at-forgejo = Nothing was written: there are no jobs for Forgejo that run on eight machines. They are workflows that call each other, of which it makes a single job before version 15.
init-no-shards-at-forgejo-help = use --kind agency, another forge, or a Kubernetes cluster (examples/shards)
init-nothing-written = Nothing was written: { $why }.
init-unwritable = { $path } cannot be written: { $why }
init-unwritable-help = name a folder that you may write to
init-just-taken = somebody has just written it
init-readme-stays = { $file } stays as it is.
init-no-random = the system gives no random numbers
init-policy-faulty = the policy would have problems
init-policy-faulty-help = give other values; each finding says what is expected
init-next =
    Next (nothing of it changes an archive):
      1. { $first }
         `{ $plan }`
      2. Write the names of your teams into CODEOWNERS, and the address of arkib's
         archives into ARKIB_DOWNLOAD of the jobs. Pin the version:
         `sh ci/setup-arkib --pin VERSION`
      3. Commit (a new folder is no repository yet: `git init -b main`), push, and
         set up the forge as README.md says. Then open a pull request with a first
         request: `arkib request enable`
init-first-scim =
    Set ARKIB_PORTAL_URL and ARKIB_PORTAL_TOKEN_FILE; `arkib portal inspect` shows
         whether the portal fits, and `arkib portal` is one to rehearse with. The first plan:
init-first-files = Look at a first plan, of an invented export:
init-first-trial = Look at the first plan; portal.csv has the mailboxes of its portal:

# What is in the way.
init-unusable = { $path } cannot be used: { $error }
init-unusable-help = name another folder
init-git-folder = { $path } is a folder of git's own
init-git-folder-help = name a folder with a work tree, such as that of a clone
init-inside = warning: { $path } is a folder of the repository { $top }. Forges read their jobs, such as `.github/`, only at its top: move those files there, or make this folder a repository of its own.
init-file-there = { $path } is a file, and a folder is due there
init-file-there-help = move it away, or name another folder
init-link = { $path } is a link, which may lead anywhere
init-link-help = remove the link, or name another folder
init-left = an earlier run was cut off; it left { $path }
init-left-help = delete { $paths }, then run it again
init-some-written = { $count ->
    [one] { $count } file is
   *[other] { $count } files are
  } there already as `arkib init` writes them, and others are missing: an earlier run was cut off
init-taken = { $count ->
    [one] { $count } file is
   *[other] { $count } files are
  } there already, { $first } among them
init-taken-help = name a new folder, or move them away
