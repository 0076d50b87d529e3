// Figures over the matching requests: by status, over time, how long they took, who they wait for.

/** A sign beside each status, so that colour is not the only difference. */
const SIGNS = { pending: "?", blocked: "!", waiting: "›", "in-progress": "~", scheduled: "@", done: "✓", superseded: "⇄", withdrawn: "×", open: "•" };

function badge(stage) {
  return el("span", { class: `badge ${STAGES.includes(stage) ? stage : ""}` },
    el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[stage] || "·"), word("stage", stage));
}

/** Buttons with the number of each status; they are made once, so that the focus stays. */
function renderStages(others) {
  const list = byId("stages");
  if (!list.children.length) {
    for (const stage of ["", "open", ...STAGES]) {
      const pressed = () => change({ stage: state.stage === stage ? "" : stage });
      const button = el("button", { type: "button", class: `tile ${stage || "all"}`, "data-stage": stage, click: pressed },
        el("span", { class: "number" }), el("span", { class: "label" }));
      list.append(el("li", {}, button));
    }
  }
  const counts = { "": others.length, open: 0 };
  for (const row of others) {
    counts[row.stage] = (counts[row.stage] || 0) + 1;
    if (row.waits_for) counts.open += 1;
  }
  for (const button of list.querySelectorAll("button")) {
    const stage = button.dataset.stage;
    const [count, label] = button.children;
    count.textContent = number(counts[stage] || 0);
    label.replaceChildren(
      stage === "" ? "" : el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[stage]),
      stage === "" ? say("all") : stage === "open" ? say("open") : word("stage", stage));
    button.setAttribute("aria-pressed", String(state.stage === stage));
    button.classList.toggle("empty", !counts[stage]);
  }
}

/** The smallest of the sorted numbers that this percentage of them does not exceed. */
function nearestRank(sorted, percent) {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1];
}

function renderTime(rows) {
  // A withdrawal is done as soon as it is approved, which would make every agency look fast.
  const times = rows.filter((row) => row.action !== "withdraw" && row.days_to_done !== undefined).map((row) => row.days_to_done);
  times.sort((a, b) => a - b);
  const middle = (times[times.length >> 1] + times[(times.length - 1) >> 1]) / 2;
  const shown = (value) => (times.length ? days(value) : "–");
  byId("time").replaceChildren(
    el("div", {}, el("dt", {}, say("median")), el("dd", {}, shown(middle))),
    el("div", {}, el("dt", {}, say("p90")), el("dd", {}, shown(nearestRank(times, 90)))));
  byId("timed").textContent = say("timed", { n: number(times.length) });
}

function renderWaiting(rows) {
  const lines = [];
  for (const whom of WAITS) {
    const open = rows.filter((row) => row.waits_for === whom);
    if (!open.length) continue;
    const oldest = open.reduce((a, b) => (b.age_days > a.age_days ? b : a));
    const find = el("button", { type: "button", class: "link", click: () => show(oldest) }, said(oldest.id));
    lines.push(el("tr", {},
      el("th", { scope: "row" }, word("waits", whom)),
      el("td", { class: "figure" }, number(open.length)),
      el("td", { class: "figure" }, number(oldest.age_days)),
      el("td", { class: "id" }, find)));
  }
  byId("waiting").replaceChildren(lines.length
    ? el("table", { class: "small" },
      el("caption", { class: "unseen" }, say("waiting")),
      el("thead", {}, el("tr", {}, ...["waits-for", "count", "longest", "oldest"].map((key, at) =>
        el("th", { scope: "col", class: at === 1 || at === 2 ? "figure" : "" }, say(key))))),
      el("tbody", {}, ...lines))
    : el("p", { class: "hint" }, say("nothing-open")));
}

/** The numbers received and done in each month; in each year if there are too many months. */
function overTime(rows) {
  const counts = new Map();
  const add = (iso, at) => {
    if (!counts.has(iso)) counts.set(iso, [0, 0]);
    counts.get(iso)[at] += 1;
  };
  for (const row of rows) {
    add(row.received.date.slice(0, 7), 0);
    if (row.done_on) add(row.done_on.slice(0, 7), 1);
  }
  const known = [...counts.keys()].sort();
  if (!known.length) return [];
  const months = [];
  let [year, at] = known[0].split("-").map(Number);
  for (let iso = known[0]; iso <= known[known.length - 1] && months.length < 1200;) {
    months.push([iso, ...(counts.get(iso) || [0, 0])]);
    [year, at] = at === 12 ? [year + 1, 1] : [year, at + 1];
    iso = `${String(year).padStart(4, "0")}-${String(at).padStart(2, "0")}`;
  }
  if (months.length <= 36) return months;
  const years = new Map();
  for (const [iso, received, done] of months) {
    const sum = years.get(iso.slice(0, 4)) || [0, 0];
    years.set(iso.slice(0, 4), [sum[0] + received, sum[1] + done]);
  }
  return [...years].map(([iso, sum]) => [iso, ...sum]);
}

/** A round number not below the highest, for the scale. */
function ceiling(highest) {
  for (let unit = 1; ; unit *= 10) for (const step of [1, 2, 4, 6, 8, 10]) if (unit * step >= highest) return unit * step;
}

function renderChart(rows) {
  const spans = overTime(rows);
  const byYear = spans.length > 0 && spans[0][0].length === 4;
  byId("chart-title").textContent = say(byYear ? "per-year" : "per-month");
  const width = Math.max(280, byId("chart").clientWidth || 640);
  const [left, right, top, height, bottom] = [38, 6, 8, 120, 34];
  const high = ceiling(Math.max(2, ...spans.map(([, received, done]) => Math.max(received, done))));
  const y = (count) => top + height - (count / high) * height;
  const step = (width - left - right) / Math.max(1, spans.length);
  const bar = Math.max(1, Math.min(14, step * 0.36));
  const svg = el("svg:svg", { viewBox: `0 0 ${width} ${top + height + bottom}`, width, height: top + height + bottom, role: "img", "aria-labelledby": "chart-title" });
  for (const tick of [0, high / 2, high]) {
    svg.append(
      el("svg:line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      el("svg:text", { class: "tick", x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, number(tick)));
  }
  const every = Math.ceil(34 / step);
  spans.forEach(([iso, received, done], at) => {
    const middle = left + step * (at + 0.5);
    const box = (kind, count, x) => el("svg:rect", { class: kind, x, y: y(count), width: bar, height: Math.max(0, top + height - y(count)) });
    svg.append(el("svg:g", {},
      el("svg:title", {}, `${month(iso)}: ${say("received-count")} ${number(received)}, ${say("done-count")} ${number(done)}`),
      box("received", received, middle - bar - 0.5), box("finished", done, middle + 0.5)));
    if (at % every) return;
    const label = byYear ? iso : word("register", "months").split(" ")[Number(iso.slice(5)) - 1];
    svg.append(el("svg:text", { class: "tick", x: middle, y: top + height + 15, "text-anchor": "middle" }, label));
    if (!byYear && (at === 0 || Number(iso.slice(5)) <= every)) {
      svg.append(el("svg:text", { class: "tick", x: middle, y: top + height + 29, "text-anchor": "middle" }, iso.slice(0, 4)));
    }
  });
  const key = (kind, label) => el("span", { class: "key" }, el("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), say(label));
  byId("chart").replaceChildren(el("p", { class: "legend" }, key("received", "received-count"), key("finished", "done-count")), svg);
  byId("chart-table").replaceChildren(el("table", { class: "small" },
    el("caption", { class: "unseen" }, say(byYear ? "per-year" : "per-month")),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, say(byYear ? "year" : "month")),
      el("th", { scope: "col", class: "figure" }, say("received-count")), el("th", { scope: "col", class: "figure" }, say("done-count")))),
    el("tbody", {}, ...spans.map(([iso, received, done]) => el("tr", {}, el("th", { scope: "row" }, month(iso)),
      el("td", { class: "figure" }, number(received)), el("td", { class: "figure" }, number(done)))))));
}

/** What only the portal shows, if it was asked. */
function renderPortal() {
  const chosen = DATA.agencies.filter((it) => it.portal_asked && (!state.agency || it.agency === state.agency));
  const several = DATA.agencies.length > 1 && chosen.length > 1;
  const list = (name, title, what, columns, cells) => {
    const found = chosen.flatMap((agency) => (agency[name] || []).map((it) => [agency, it]));
    const heads = [...(several ? ["agency"] : []), ...columns];
    const unsaid = chosen.reduce((sum, agency) => sum + (agency[`more_${name}`] || 0), 0);
    const lines = (from, to) => found.slice(from, to).map(([agency, it]) => el("tr", {}, several ? el("td", {}, said(agency.agency)) : "", ...cells(it)));
    const made = () => el("table", { class: "small" }, el("caption", { class: "unseen" }, say(title)),
      el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { scope: "col" }, say(key))))), el("tbody", {}));
    return el("section", { class: "panel", "aria-labelledby": `${name}-title` },
      el("h2", { id: `${name}-title` }, `${say(title)} (${number(found.length + unsaid)})`),
      found.length ? el("p", { class: "hint" }, say(what)) : el("p", { class: "hint" }, say("nothing")),
      found.length ? el("div", { class: "scrolled", tabindex: "0", role: "group", "aria-labelledby": `${name}-title` },
        growing(made(), found.length, lines)) : "",
      unsaid ? el("p", { class: "hint" }, say("unsaid", { n: number(unsaid) })) : "");
  };
  byId("portal").replaceChildren(...(chosen.length ? [
    list("unmanaged", "unmanaged", "unmanaged-what", ["mailbox", "state"], (it) => [
      el("th", { scope: "row" }, address(it.mailbox)), el("td", {}, word("register.states", it.state))]),
    list("drifted", "drift", "drift-what", ["mailbox", "wanted", "state", "id"], (it) => [
      el("th", { scope: "row" }, address(it.mailbox)), el("td", {}, word("register.states", it.wanted)),
      el("td", {}, word("register.states", it.state)), el("td", { class: "id" }, said(it.request))]),
  ] : []));
}
