// The table of requests: a page of them on the screen, all of them in print.

let shown = [];

function columns() {
  const several = DATA.agencies.length > 1 && !state.agency;
  return ["id", ...(several ? ["agency"] : []), "action", "mailboxes", "received", "channel", "documents", "approved", "stage", "done", "length"];
}

/** The heads, with a button that sorts; made again when the columns or the language change. */
function renderHeads() {
  const names = columns();
  const heads = byId("columns");
  const made = `${language} ${names}`;
  if (heads.dataset.made !== made) {
    heads.dataset.made = made;
    heads.replaceChildren(...names.map((name) => {
      const sortBy = () => change({ sort: state.sort === name ? `-${name}` : name });
      const button = el("button", { type: "button", "data-sort": name, click: sortBy }, say(name), el("span", { class: "arrow", "aria-hidden": "true" }));
      return el("th", { scope: "col", role: "columnheader", class: `c-${name}` }, button, el("span", { class: "on-paper" }, say(name)));
    }));
  }
  for (const head of heads.children) {
    const name = head.firstChild.dataset.sort;
    const by = state.sort.replace("-", "") === name;
    const arrow = by ? (state.sort.startsWith("-") ? "descending" : "ascending") : "none";
    head.setAttribute("aria-sort", arrow);
    head.querySelector(".arrow").textContent = { descending: "▾", ascending: "▴", none: "" }[arrow];
  }
}

function mailboxesOf(row, most) {
  const named = row.mailboxes || [];
  if (!named.length) return row.withdraws ? sentence("withdraws", { id: row.withdraws }) : [];
  const first = named.slice(0, most).flatMap((it, at) => (at ? [el("br"), address(it.mailbox)] : [address(it.mailbox)]));
  const more = countOf(row) - most;
  return more > 0 ? [...first, " ", el("span", { class: "more" }, say("more", { n: number(more) }))] : first;
}

function lengthOf(row) {
  if (row.days_to_done !== undefined) return [number(row.days_to_done)];
  if (row.age_days === undefined) return ["–"];
  return [el("span", { "aria-hidden": "true" }, `≥ ${number(row.age_days)}`),
    el("span", { class: "unseen" }, say("open-for", { n: number(row.age_days) }))];
}

/** Who ran arkib when mailboxes of a request were done, each once. */
function doersOf(row) {
  return [...new Set((row.mailboxes || []).map((it) => it.done_by).filter(Boolean))];
}

function cellsOf(row, most) {
  return {
    agency: () => [said(row.agency.agency)],
    action: () => [word("action", row.action)],
    mailboxes: () => mailboxesOf(row, most),
    received: () => [el("time", { datetime: row.received.date }, day(row.received.date))],
    channel: () => [word("channel", row.received.channel)],
    documents: () => [row.evidence ? number(row.evidence.length) : "–"],
    approved: () => [row.approvals ? "" : "–", ...(row.approvals || []).map((it) => el("span", { class: "who" }, el("time", { datetime: it.date }, day(it.date)), " ", address(it.by)))],
    stage: () => [badge(row.stage), (row.rest && row.rest.drifted) || (row.mailboxes || []).some((it) => it.drifted) ? el("span", { class: "flag" }, ` ${say("differs")}`) : ""],
    done: () => [row.done_on ? el("time", { datetime: row.done_on }, day(row.done_on)) : "–", ...doersOf(row).map((by) => said(by, { class: "who" }))],
    length: () => lengthOf(row),
  };
}

/** The rows of one request: the request, and its details below it if it is open. */
function rowsOf(row, names, most) {
  const isOpen = state.open === row.key;
  const cells = cellsOf(row, most);
  const button = el("button", { type: "button", class: "opener", "aria-expanded": String(isOpen), click: () => toggle(row, button) }, said(row.id));
  const line = el("tr", { role: "row", class: isOpen ? "request open" : "request" }, ...names.map((name) => name === "id"
    ? el("th", { scope: "row", role: "rowheader", class: "c-id", "data-label": say("id") }, button)
    : el("td", { role: "cell", class: `c-${name}`, "data-label": say(name) }, el("span", { class: "value" }, ...cells[name]()))));
  return isOpen ? [line, detailRow(row, names.length)] : [line];
}

function detailRow(row, span) {
  return el("tr", { role: "row", class: "more-row" }, el("td", { role: "cell", colspan: span }, detail(row)));
}

/** Opens or closes a request in place, so that the focus stays. */
function toggle(row, button) {
  const isOpen = button.getAttribute("aria-expanded") === "true";
  const open = byId("rows").querySelector("[aria-expanded=true]");
  if (open) {
    open.setAttribute("aria-expanded", "false");
    open.closest("tr").classList.remove("open");
    open.closest("tr").nextSibling.remove();
  }
  if (!isOpen) {
    button.setAttribute("aria-expanded", "true");
    button.closest("tr").classList.add("open");
    button.closest("tr").after(detailRow(row, columns().length));
  }
  state.open = isOpen ? "" : row.key;
  write(false);
}

/** Goes to a request, regardless of the filters. */
function show(row) {
  const at = shown.indexOf(row);
  change({ open: row.key, page: String(Math.floor(at / PAGE) + 1) });
  const button = byId("rows").querySelector("[aria-expanded=true]");
  if (button) {
    button.scrollIntoView({ block: "center" });
    button.focus({ preventScroll: true });
  }
}

function pageCount() {
  return Math.max(1, Math.ceil(shown.length / PAGE));
}

function renderRows() {
  const page = Math.min(Number(state.page), pageCount());
  const names = columns();
  const rows = shown.slice((page - 1) * PAGE, page * PAGE);
  byId("rows").replaceChildren(...rows.flatMap((row) => rowsOf(row, names, 1)));
  byId("none").hidden = shown.length > 0;
  renderPages(page);
}

/** The pager is made once, so that the focus stays on its buttons. */
function renderPages(page) {
  const nav = byId("pages");
  const last = pageCount();
  if (!nav.children.length) {
    const go = (to) => () => {
      change({ page: String(Math.max(1, Math.min(pageCount(), to(Math.min(Number(state.page), pageCount()))))), open: "" });
      byId("count").scrollIntoView({ block: "nearest" });
    };
    const button = (key, sign, to) => el("button", { type: "button", "data-key": key, click: go(to) }, el("span", { "aria-hidden": "true" }, sign));
    nav.append(button("first", "«", () => 1), button("previous", "‹", (at) => at - 1), el("span", { class: "at" }),
      button("next", "›", (at) => at + 1), button("last", "»", () => pageCount()));
  }
  nav.setAttribute("aria-label", say("pages"));
  nav.querySelector(".at").textContent = say("page", { n: number(page), all: number(last) });
  for (const button of nav.querySelectorAll("button")) {
    button.setAttribute("aria-label", say(button.dataset.key));
    const isOff = ["first", "previous"].includes(button.dataset.key) ? page === 1 : page === last;
    button.setAttribute("aria-disabled", String(isOff));
  }
  nav.hidden = last === 1;
}

/** For print: everything that matches, with more of the mailboxes. */
function beforePrint() {
  const names = columns();
  byId("rows").replaceChildren(...shown.flatMap((row) => rowsOf(row, names, 20)));
}
