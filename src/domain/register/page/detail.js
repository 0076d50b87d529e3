// The details of one request: its timeline, mailboxes, notices and documents.

/** The steps of a request's lifecycle, in the order of the procedure. */
function steps(row) {
  const steps = [];
  const add = (on, text, kind = "past") => steps.push({ on, text, kind });
  add(row.received.date, say("received-by", { channel: word("channel", row.received.channel).toLowerCase() }));
  for (const it of row.approvals || []) add(it.date, sentence("approved-by", { by: it.by }));
  // A withdrawn request that was not done never took effect.
  if (row.day && row.day !== row.approved && (!row.withdrawn_by || row.done_on)) {
    add(row.day, say("effective"), row.day > row.agency.as_of ? "next" : "past");
  }
  const rest = row.rest || { count: 0, done: {}, unknown: 0 };
  const byDay = new Map(Object.entries(rest.done));
  for (const it of row.mailboxes || []) if (it.done_on) byDay.set(it.done_on, (byDay.get(it.done_on) || 0) + 1);
  const all = countOf(row);
  const known = [...byDay].sort();
  for (const [on, count] of known) {
    add(on, count === all ? say("done-all") : say("done-some", { n: number(count), all: number(all) }));
  }
  const unknown = (row.mailboxes || []).filter((it) => it.stage === "done" && !it.done_on).length + rest.unknown;
  if (unknown) add(undefined, `${say(unknown === all ? "done-all" : "done-some", { n: number(unknown), all: number(all) })}, ${say("unknown-day")}`);
  if (row.withdrawn_by) add(dayOf(row, row.withdrawn_by), sentence("withdrawn-by", { id: row.withdrawn_by }));
  if (row.stage === "done" && row.action === "withdraw") add(row.done_on, say("done-all"));
  const others = new Set((row.mailboxes || []).map((it) => it.superseded_by).filter(Boolean));
  for (const id of [...others].slice(0, 3)) add(dayOf(row, id), sentence("superseded-by", { id }));
  for (const it of (row.notices || []).slice(0, 20)) {
    add(it.day, sentence("notice-given", { kind: word("register.notice", it.kind), to: it.to, outcome: word("register.outcomes", it.outcome) }));
  }
  if (row.waits_for && row.waits_for !== "day") {
    add(undefined, say("now", { whom: word("waits", row.waits_for) }), "next");
  }
  // Steps with a day come first, by day; the others follow in the order of the procedure.
  return steps.sort((a, b) => (a.on || "9999").localeCompare(b.on || "9999"));
}

function timeline(row) {
  return el("ol", { class: "life" }, ...steps(row).map((step) => el("li", { class: step.kind },
    el("span", { class: "when" }, step.on ? el("time", { datetime: step.on }, day(step.on)) : ""),
    el("span", { class: "what" }, ...[].concat(step.text)))));
}

/** The details of one mailbox besides its status. */
function remarks(it, asOf) {
  const remarks = [];
  if (it.obstacle) {
    // Only the English detail has the portal's own word.
    remarks.push([word("obstacle", it.obstacle.code)]);
  }
  if (it.superseded_by) remarks.push(sentence("superseded-by", { id: it.superseded_by }));
  if (it.drifted) remarks.push([say("drifted")]);
  const until = it.last_recoverable_day;
  if (until) {
    remarks.push([say(until < asOf ? "recoverable-past" : "recoverable", { day: day(until) })]);
  }
  if (it.trouble) {
    const why = it.trouble.cause ? [" (", said(it.trouble.cause), ")"] : [];
    remarks.push([say("trouble", { outcome: word("register.outcomes", it.trouble.outcome) }), ...why]);
  }
  return remarks.flatMap((parts, at) => (at ? ["; ", ...parts] : parts));
}

function table(title, heads, lines) {
  return el("table", { class: "small" }, el("caption", {}, title),
    el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { scope: "col" }, say(key))))), el("tbody", {}, ...lines));
}

/** The number of lines at first, and of further lines each time more are asked for. */
const FEW = ONLY ? Infinity : 50;
const STEP = 500;

/** A table of very many lines, which are added when they are asked for. */
function growing(made, total, lines) {
  made.tBodies[0].append(...lines(0, FEW));
  let from = FEW;
  if (total <= from) return [made];
  const left = () => say("more", { n: number(total - from) });
  const more = el("button", { type: "button", class: "link", click: () => {
    made.tBodies[0].append(...lines(from, from + STEP));
    from += STEP;
    if (from >= total) more.remove();
    else more.textContent = left();
  } }, left());
  return [made, more];
}

function mailboxTable(row) {
  const lines = (from, to) => row.mailboxes.slice(from, to).map((it) => el("tr", {},
    el("th", { scope: "row" }, address(it.mailbox)),
    el("td", {}, badge(it.stage)),
    el("td", { class: "day" }, it.done_at ? moment(it.done_at) : it.stage === "done" ? say("unknown-day") : "–"),
    el("td", {}, ...byWhom(it.done_by, it.record)),
    el("td", {}, ...remarks(it, row.agency.as_of))));
  const made = table(`${say("mailboxes")} (${number(countOf(row))})`, ["mailbox", "stage", "done", "done-by", "remarks"], []);
  const parts = growing(made, row.mailboxes.length, lines);
  return row.rest ? [...parts, el("p", { class: "hint" }, say("rest", { n: number(row.rest.count) }))] : parts;
}

/** Who ran arkib, and the record of that run. */
function byWhom(by, record) {
  const name = record && record.slice(record.lastIndexOf("/") + 1);
  return [by ? said(by) : "", name ? el("span", { class: "hint record" }, said(name)) : ""];
}

function facts(row) {
  const facts = [];
  const fact = (key, ...value) => facts.push(el("div", {}, el("dt", {}, say(key)), el("dd", {}, ...value)));
  if (ONLY) {
    fact("action", word("action", row.action), ...(row.withdraws ? [" (", ...sentence("withdraws", { id: row.withdraws }), ")"] : []));
    fact("received", `${day(row.received.date)} (${word("channel", row.received.channel)})`);
    fact("approved", approvalList(row));
    if (row.day) fact("effective", day(row.day));
    if (row.done_on) fact("done", `${day(row.done_on)} (${days(row.days_to_done)})`);
  }
  fact("reference", said(row.received.reference));
  if (row.received.file) fact("own-file", said(row.received.file));
  if (row.received.from) fact("applicant", address(row.received.from));
  if (row.received.name) fact("name", said(row.received.name));
  if (row.reason) fact("reason", said(row.reason.trim(), { class: "reason" }));
  if (row.evidence) fact("evidence", el("ul", { class: "documents" }, ...row.evidence.map(evidence)));
  fact("file", said(row.file, { class: "id" }));
  return el("dl", { class: "facts" }, ...facts);
}

/** Each approval: who, and on which day. */
function approvalList(row) {
  const each = (row.approvals || []).map((it) => el("li", {}, el("span", { class: "day" }, day(it.date)), " ", address(it.by)));
  return each.length ? el("ul", { class: "documents" }, ...each) : say("not-approved");
}

/** A document, with a link if the page has one; a link never begins with a scheme. */
function evidence(it) {
  const href = /^(\.\/|(\.\.\/)+)[\w.~%/-]*$/.test(it.href || "") ? it.href : undefined;
  return el("li", {}, href ? el("a", { href }, said(it.file)) : said(it.file),
    el("span", { class: "hint" }, ` ${say("size", { n: number(it.size) })}, SHA-256 `, el("code", {}, it.sha256)));
}

function detail(row) {
  return el("div", { class: "detail" },
    el("section", { "aria-label": say("life") }, el("h3", {}, say("life")), timeline(row)),
    facts(row),
    row.mailboxes ? el("div", { class: "scrolled", tabindex: "0", role: "group", "aria-label": say("mailboxes") }, mailboxTable(row)) : "",
    row.notices ? el("div", { class: "scrolled", tabindex: "0", role: "group", "aria-label": say("notices") },
      growing(table(say("notices"), ["kind", "to-whom", "channel", "given", "outcome", "given-by"], []), row.notices.length, (from, to) => row.notices.slice(from, to).map((it) => el("tr", {},
        el("td", {}, word("register.notice", it.kind)), el("td", {}, address(it.to)), el("td", {}, word("channel", it.channel)),
        el("td", { class: "day" }, moment(it.at)),
        el("td", {}, word("register.outcomes", it.outcome), it.detail ? el("span", { class: "hint record" }, said(it.detail)) : ""),
        el("td", {}, ...byWhom(it.by, it.record)))))) : "",
    statement(row));
}

/** The text that the first approver approved, as it is signed. */
function statement(row) {
  const text = row.approvals?.[0].statement;
  return text ? el("section", { class: "statement" }, el("h3", {}, say("statement")), el("pre", {}, said(text))) : "";
}

/** A page about one request, to print. */
function renderOnly() {
  document.title = ONLY.id;
  byId("only").replaceChildren(el("h2", {}, `${say("id")} `, said(ONLY.id), " ", badge(ONLY.stage)), detail(ONLY));
}
