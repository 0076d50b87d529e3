"use strict";
// Words, days and numbers in the chosen language. Data become text, never markup.

const DATA = JSON.parse(document.getElementById("data").textContent);
let language = DATA.language;

function textOf(section, key) {
  const has = Object.prototype.hasOwnProperty;
  let found = DATA.texts[language];
  for (const part of section.split(".")) found = has.call(found, part) ? found[part] : {};
  return has.call(found, key) && typeof found[key] === "string" ? found[key] : undefined;
}

/** A text by section and key; an unknown key, which a portal may send, is shown unchanged. */
function word(section, key) {
  return textOf(section, key) ?? String(key);
}

/** A text of this page. A test checks that all of them exist. */
function own(key) {
  return textOf("register", key) ?? `register.${key}`;
}

/** A text of this page, with its placeholders (in braces) filled in. */
function say(key, values = {}) {
  return own(key).replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}

function number(value) {
  return new Intl.NumberFormat(language === "ms" ? "ms-MY" : "en-MY", { maximumFractionDigits: 1 }).format(value);
}

function days(count) {
  return count === 1 ? say("one-day") : say("days", { n: number(count) });
}

/** A day for reading: 03 Nov 2026. */
function day(iso) {
  const [year, month, date] = iso.slice(0, 10).split("-");
  return `${date} ${word("register", "months").split(" ")[month - 1]} ${year}`;
}

/** A month or a year for reading. */
function month(iso) {
  return iso.length === 4 ? iso : `${word("month", String(Number(iso.slice(5, 7))))} ${iso.slice(0, 4)}`;
}

/** A moment in the agency's time zone, which is eight hours ahead all year round. */
function moment(iso) {
  const there = new Date(Date.parse(iso) + 8 * 3600 * 1000).toISOString();
  return `${day(there)}, ${there.slice(11, 16)}`;
}

/** An element. Attributes are named by the page, never by data. */
function el(tag, attributes = {}, ...children) {
  const node = tag.startsWith("svg:")
    ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== ""));
  return node;
}

/** A text from data, isolated from the words around it whatever its direction. */
function said(text, attributes = {}) {
  return el("bdi", attributes, text);
}

/** An address, which may be broken before its domain. */
function address(text) {
  const at = text.lastIndexOf("@");
  if (at < 1) return said(text, { class: "address" });
  return el("bdi", { class: "address" }, text.slice(0, at), el("wbr"), text.slice(at));
}

function byId(id) {
  return document.getElementById(id);
}

/** A sentence in which texts from data are isolated. */
function sentence(key, values) {
  const parts = own(key).split(/(\{\w+\})/);
  return parts.map((part) => (/^\{\w+\}$/.test(part) ? said(String(values[part.slice(1, -1)])) : part));
}
