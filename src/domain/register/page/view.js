// The state of the view, which is in the address so that a view can be linked, and the requests
// that match it.

const STAGES = ["pending", "blocked", "waiting", "in-progress", "scheduled", "done", "superseded", "withdrawn"];
const ACTIONS = ["enable", "terminate", "withdraw"];
const CHANNELS = ["email", "memo", "letter", "form"];
const WAITS = ["approver", "administrator", "run", "portal", "day"];
const PAGE = 100;
const DEFAULTS = {
  q: "", agency: "", stage: "", action: "", channel: "", by: "", from: "", to: "", sort: "-received", page: "1", open: "", lang: DATA.language,
};

const ROWS = [];
for (const agency of DATA.agencies) {
  for (const row of agency.rows || []) {
    row.agency = agency;
    row.key = DATA.agencies.length > 1 ? `${agency.agency}/${row.id}` : row.id;
    ROWS.push(row);
  }
}

/** The day of a request that withdrew or replaced another. */
function dayOf(row, id) {
  return row.agency.days[id];
}

/** The request of a page about only one. */
const ONLY = DATA.agencies.some((it) => it.only) ? ROWS[0] : undefined;

const APPROVERS = [...new Set(ROWS.flatMap((row) => (row.approvals || []).map((it) => it.by)))].sort();

let state = { ...DEFAULTS };

/** How each column is sorted; empty values come last in both directions. */
const KEYS = {
  id: (row) => row.id,
  agency: (row) => row.agency.agency,
  action: (row) => ACTIONS.indexOf(row.action),
  mailboxes: (row) => (row.mailboxes ? row.mailboxes[0].mailbox : row.withdraws),
  received: (row) => row.received.date,
  channel: (row) => CHANNELS.indexOf(row.received.channel),
  documents: (row) => row.evidence?.length,
  approved: (row) => row.approved,
  stage: (row) => STAGES.indexOf(row.stage),
  done: (row) => row.done_on,
  length: (row) => row.days_to_done ?? row.age_days,
};

function folded(text) {
  return text.normalize("NFKC").toLowerCase();
}

/** How many mailboxes a request names, on this page or not. */
function countOf(row) {
  return (row.mailboxes || []).length + (row.rest ? row.rest.count : 0);
}

/** All texts of a request that the search looks at. */
function haystack(row) {
  if (row.hay === undefined) {
    const parts = [row.id, row.withdraws, row.withdrawn_by, row.received.reference, row.received.from, row.received.file, ...(row.approvals || []).map((it) => it.by), row.reason];
    for (const it of row.mailboxes || []) parts.push(it.mailbox, it.done_by);
    for (const it of row.notices || []) parts.push(it.to);
    for (const it of row.evidence || []) parts.push(it.file);
    row.hay = folded(parts.filter(Boolean).join("\n"));
  }
  return row.hay;
}

/** The requests that match everything except the stage, and those that also match it, sorted. */
function matching() {
  const words = folded(state.q).split(/\s+/).filter(Boolean);
  const others = ROWS.filter((row) =>
    (!state.agency || row.agency.agency === state.agency) &&
    (!state.action || row.action === state.action) &&
    (!state.channel || row.received.channel === state.channel) &&
    (!state.by || (row.approvals || []).some((it) => it.by === state.by)) &&
    (!state.from || row.received.date >= state.from) &&
    (!state.to || row.received.date <= state.to) &&
    words.every((it) => haystack(row).includes(it)));
  const shown = others.filter((row) => !state.stage || (state.stage === "open" ? row.waits_for : row.stage === state.stage));
  return { others, shown: sorted(shown) };
}

function sorted(rows) {
  const direction = state.sort.startsWith("-") ? -1 : 1;
  const key = KEYS[state.sort.replace("-", "")];
  const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const each = rows.map((row) => [key(row), row]);
  each.sort(([a, rowA], [b, rowB]) => {
    const missing = (a === undefined) - (b === undefined);
    return missing || direction * before(a, b) || direction * before(rowA.received.date, rowB.received.date) || direction * before(rowA.id, rowB.id);
  });
  return each.map(([, row]) => row);
}

/** Reads the address. Unknown parts are ignored. */
function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  state = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS)) if (given.has(name)) state[name] = given.get(name);
  const one = (name, words) => { if (!words.includes(state[name])) state[name] = DEFAULTS[name]; };
  one("stage", ["", "open", ...STAGES]);
  one("action", ["", ...ACTIONS]);
  one("channel", ["", ...CHANNELS]);
  one("by", ["", ...APPROVERS]);
  one("lang", Object.keys(DATA.texts));
  one("agency", ["", ...DATA.agencies.map((it) => it.agency)]);
  one("sort", Object.keys(KEYS).flatMap((it) => [it, `-${it}`]));
  for (const name of ["from", "to"]) if (!/^\d{4}-\d{2}-\d{2}$/.test(state[name])) state[name] = "";
  if (!/^[1-9]\d{0,6}$/.test(state.page)) state.page = "1";
  language = state.lang;
}

let written = location.hash;

/** Writes the address: as a new step of the history, or in place. */
function write(isStep) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) if (value !== DEFAULTS[name]) parts.set(name, value);
  const hash = `#${parts}`;
  if (hash === (location.hash || "#")) return;
  if (isStep) location.hash = hash;
  else location.replace(hash);
  written = location.hash;
}

/** Changes the view; every change except that of the page goes back to the first page. */
function change(changes, isStep = true) {
  Object.assign(state, "page" in changes || "open" in changes || "lang" in changes ? {} : { page: "1" }, changes);
  write(isStep);
  render();
}
