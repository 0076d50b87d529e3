# The export of a portal: what its columns say.
export-field-mailbox = the mailboxes' addresses
export-field-state = the states of the archives
export-field-account = the states of the accounts
export-field-hold = the legal holds
export-field-request = the requests
export-field-changed = when something was last changed
export-field-kept = how long terminated archives are kept
export-field-created = when the accounts were created
export-field-id = the accounts' keys
export-field-name = the persons' names
export-field-post = their posts
export-field-office = their offices
export-field-agency = the agencies

# Its columns.
export-several-columns = several columns hold { $field }: { $names }
export-no-column = there is no column `{ $name }`
export-no-field = no column holds { $field }
export-both = { $one }, and { $other }
export-columns = { $missing }; the columns are { $names }
export-no-header = none of the first { $rows } rows is a header with the names of the columns
export-no-header-help = download the export with the names of its columns, among them the mailboxes' addresses (such as `Alamat E-mel`) and the states of their archives (such as `Arkib`)
export-key-help = set in agency.yaml which column holds { $field }: `export: {"{"}columns: {"{"}{ $key }: …{"}"}{"}"}`
export-without-names = without names
export-again-help = download the export from the portal again
export-many-words = the column `{ $column }` has more than { $most } different unknown words, so it does not hold { $field }
export-month-first = column `{ $name }`: some dates have the month before the day, so no date in this column is used
export-unknown-words = column `{ $column }`: { $rows ->
    [one] { $rows } mailbox has
   *[other] { $rows } mailboxes have
  } unknown words, and they are not changed: { $said }; set their meaning under `export.{ $key }` in agency.yaml{ $has_empty ->
    [0] {""}
   *[other] {" "}(an empty cell is the word '')
  }
export-unknown-holds = column `{ $column }`: { $rows ->
    [one] { $rows } mailbox has
   *[other] { $rows } mailboxes have
  } unknown words, and they count as held: { $said }; set their meaning under `export.holds` in agency.yaml{ $has_empty ->
    [0] {""}
   *[other] {" "}(an empty cell is the word '')
  }
export-unread-dates = column `{ $name }`: { $rows ->
    [one] { $rows } date
   *[other] { $rows } dates
  } cannot be read, as if missing

# Whose rows there are.
export-own-agency-help = download the export of your own agency, or set `export.agency` in agency.yaml to the name that the export uses
export-no-own-row = no row belongs to the agency `{ $agency }`; the export has { $count ->
    [one] { $count } row
   *[other] { $count } rows
  } of others
export-few-own = only { $own } of { $rows } mailboxes are in your domains
export-mostly-of = only { $own } of { $rows } mailboxes are in your domains; most are in { $domain }
export-empty = the export has a header row but no mailboxes
export-empty-help = download the export of your own agency, without a filter
export-own-domains-help = download the export of your own agency, or name its domains under `domains` in agency.yaml

# Its rows.
export-row-large = has more or longer fields than an export can have
export-row = { $place } { $what }
export-after-total = { $place } follows the total in { $total }
export-incomplete = the export is incomplete: its last row, { $place }, has fewer fields than there are columns
export-part = { $place } says `{ $line }`: the export holds only a part
export-twice = { $count ->
    [one] { $count } address is
   *[other] { $count } addresses are
  } in more than one row; it is not clear which row is right, so they are not changed
export-other-total = { $place } gives the total { $total }, but the export has { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
  }: it is incomplete or was changed
export-row-quote = has a field of several lines that contains an address: perhaps a quote is missing
export-many-rows = the export has more than { $most } rows
export-many-rows-help = download an export of your agency only
export-row-agency = has no agency in the column `{ $name }`; if cells are merged, the other rows are empty
export-row-short = ends early: it has fewer fields than there are columns; if a spreadsheet program wrote it this way, save the export as .xlsx
export-one-table-help = an export has one table with its total at the end; download each table separately
export-row-merged = has other columns than the header row: cells are merged over several columns
export-row-long = has more fields than there are columns: perhaps a field contains the delimiter and is not quoted
export-row-address = has no address in the column `{ $name }`
export-all-pages-help = download all pages in one export, such as with `all` in place of the rows per page; if the line counts something else, remove it in a copy
export-own-date-unused = the export's own date is not used either
export-date-unread = line { $number } seems to say when the export was taken, in a format that arkib cannot read
export-date-help = put the date into the file name, such as laporan-2026-11-25.csv
export-odd-addresses = rows with an address that cannot be used in a request, such as one with letters that only look Latin: { $count }; they are not changed, and neither are the mailboxes that they probably are
export-row-help = look at that row of the export; if the portal wrote it this way, remove the row in a copy, or download the export again
export-reading = reading the export { $name }
export-large = the file has { $found } bytes, but at most { $most } are read
export-large-help = download an export of your agency only, or save it as CSV with fewer columns

# Which export is read.
export-no-date = the export has no date
export-undated = { $file } is in a folder and does not say its day
export-same-time = { $one } and { $other } are of the same time
export-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
  }
export-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
  }
export-not-regular = it is not a regular file
export-folder-empty = no .csv or .xlsx is in it
export-delete-older-help = delete the older one
export-none = the policy says `portal: files`, but no export of the portal is named
export-none-help = download the export of all accounts from the portal, and use --portal-export FILE (or ARKIB_PORTAL_EXPORT)
export-none-for-agency = no export for { $agency } is named
export-none-for-agency-help = use --portal-export AGENCY=FILE
export-several-for-agency = several exports are named for { $agency }
export-several-for-agency-help = use --portal-export AGENCY=FILE once for each agency
export-unreadable = the export { $name } cannot be read: { $why }
export-unreadable-help = use --portal-export FILE with an export downloaded from the portal
export-old = the export is { $age } old, and --max-export-age allows { $oldest }
export-old-help = download a new export from the portal; this one does not show later changes
export-future = the export is dated { $taken }, which is in the future
export-future-help = check the clock of this machine, and the date of the export
export-reading-portals = reading the portal's export

# Exports and the records of earlier runs.
export-records-broken = the records of earlier runs have { $problems }, and only the records say what was handed over
export-records-broken-help = `arkib records verify` shows them; restore the records from git
export-older = the export { $name } is of { $taken }, but an earlier run used a newer one, { $newer } of { $newer_taken }
export-new-help = download a new export from the portal
export-same-content = the export { $name } has the same content as { $other }, which an earlier run used before a newer one, { $newer }
export-same-rows = the export { $name } has the same rows as { $other }, which an earlier run used before a newer one, { $newer }
export-copy-help = download a new export from the portal; if this is a new one and the portal has again what it had then, add a line with its date and time above its table, such as `Tarikh laporan: 25/11/2026 10:30`
export-remark = warning: { $name }: { $remark }
