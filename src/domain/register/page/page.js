// Connects the parts of the page: words, filters, address, and updates when one of them changes.

/** Fills in the words of the chosen language. */
function translate() {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = own(node.dataset.text.split(".")[1]);
  }
  byId("languages").setAttribute("aria-label", say("language"));
  for (const button of byId("languages").children) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  options("stage", [["", say("all")], ["open", say("open")], ...STAGES.map((it) => [it, word("stage", it)])]);
  options("action", [["", say("all")], ...ACTIONS.map((it) => [it, word("action", it)])]);
  options("channel", [["", say("all")], ...CHANNELS.map((it) => [it, word("channel", it)])]);
  options("by", [["", say("all")], ...APPROVERS.map((it) => [it, it])]);
  options("agency", [["", say("all")], ...DATA.agencies.map((it) => [it.agency, it.agency])]);
  options("sort", Object.keys(KEYS).filter((it) => it !== "agency" || DATA.agencies.length > 1)
    .flatMap((it) => [[it, `${say(it)} ▴`], [`-${it}`, `${say(it)} ▾`]]));
}

function options(id, choices) {
  byId(id).replaceChildren(...choices.map(([value, label]) => el("option", { value }, label)));
}

/** The agency of the register, and its day. */
function renderHead() {
  const chosen = DATA.agencies.filter((it) => !state.agency || it.agency === state.agency);
  const [first] = chosen;
  byId("agency-name").replaceChildren(...(chosen.length === 1 ? [said(first.name)] : [say("several", { n: number(chosen.length) })]));
  if (!first) return;
  const facts = [
    say("as-of", { day: day(first.as_of) }),
    first.period && say("period", { from: day(first.period.from), to: day(first.period.to) }),
    first.commit ? say("commit", { commit: first.commit.slice(0, 12) }) : say("no-commit"),
    say("made", { moment: moment(DATA.made_at), version: DATA.arkib }),
  ];
  byId("meta").replaceChildren(...facts.filter(Boolean).flatMap((it, at) => [at ? " · " : "", el("span", {}, it)]).filter(Boolean));
  const sum = (key) => chosen.reduce((sum, it) => sum + it[key], 0);
  const bad = sum("record_problems");
  const notes = [
    chosen.some((it) => !it.portal_asked) && ["notice", say("offline")],
    chosen.some((it) => !it.portal_asked && it.provenance === "signed") && ["notice", say("unsigned")],
    bad ? ["notice bad", say("records-bad", { n: number(sum("runs")), bad: number(bad) })] : ["hint", say("records-good", { n: number(sum("runs")) })],
  ];
  byId("remarks").replaceChildren(...notes.filter(Boolean).map(([kind, text]) => el("p", { class: kind }, text)));
}

/** The filters as text, for print, which shows no controls. */
function renderChosen() {
  const words = [];
  for (const name of ["q", "agency", "stage", "action", "channel", "by", "from", "to"]) {
    if (!state[name]) continue;
    const field = byId(name);
    const value = field.tagName === "SELECT" ? field.selectedOptions[0].text : name === "q" ? state.q : day(state[name]);
    words.push(words.length ? "; " : "", `${say(name === "q" ? "search" : name === "by" ? "approver" : name)}: `, said(value));
  }
  byId("chosen").replaceChildren(...(words.length ? [`${say("filters")} – `, ...words] : []));
}

let countText = "";

/** Shows what the address says; if it opens a request without a page, the page with that request. */
function follow() {
  read();
  const at = state.open && state.page === "1" ? matching().shown.findIndex((row) => row.key === state.open) : 0;
  state.page = at >= PAGE ? String(Math.floor(at / PAGE) + 1) : state.page;
  render();
}

function render() {
  if (document.documentElement.dataset.rendered !== language) {
    document.documentElement.dataset.rendered = language;
    translate();
  }
  for (const name of ["q", "agency", "stage", "action", "channel", "by", "from", "to", "sort"]) {
    const field = byId(name);
    if (field.value !== state[name]) field.value = state[name];
  }
  const { others, shown: found } = matching();
  shown = found;
  renderHead();
  if (ONLY) {
    renderOnly();
    return;
  }
  renderStages(others);
  renderTime(shown);
  renderWaiting(shown);
  renderChart(shown);
  renderHeads();
  renderRows();
  renderPortal();
  renderChosen();
  const text = say("shown", { n: number(shown.length), all: number(ROWS.length) });
  if (text !== countText) byId("count").textContent = countText = text;
}

/** Typing is one step of the history, regardless of the number of letters. */
function listen() {
  let typing;
  let isTyping = false;
  byId("filters").addEventListener("input", (event) => {
    const { name, value } = event.target;
    if (name !== "q") {
      isTyping = false;
      change({ [name]: value });
      return;
    }
    clearTimeout(typing);
    typing = setTimeout(() => {
      change({ q: value }, !isTyping);
      isTyping = true;
    }, 120);
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    isTyping = false;
    change({ ...DEFAULTS, lang: state.lang, sort: state.sort });
  });
  byId("languages").addEventListener("click", (event) => {
    const chosen = event.target.dataset.language;
    if (!chosen) return;
    language = chosen;
    change({ lang: chosen });
  });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("requests").focus();
  });
  window.addEventListener("hashchange", () => {
    if (location.hash === written) return;
    written = location.hash;
    isTyping = false;
    follow();
  });
  let resizing;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(resizing);
    resizing = requestAnimationFrame(() => ONLY || renderChart(shown));
  });
  if (ONLY) return;
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", renderRows);
}

byId("agency-field").hidden = DATA.agencies.length < 2;
byId("main").hidden = Boolean(ONLY);
byId("only").hidden = !ONLY;
document.body.classList.toggle("one", Boolean(ONLY));
follow();
listen();
