/* Rows of a rhythm: those of the window that is likely next are drawn ahead, and change places with those in the page. */
import assert from "node:assert/strict";
import test from "node:test";
import {opened, until} from "./page.mjs";

const row = (label) => ({label, height: 100, width: 900, last: "RR ms", words: label, paper: [16, 60], figure: {data: [], layout: {}}});
const rows = (...labels) => ({rows: labels.map(row)});

/* A page with a place for rows; `drawn` names what Plotly was told to draw. */
function page() {
  const window = opened(["core/element.js", "pages/rhythm/rows.js"]), drawn = [];
  const place = window.document.createElement("div");
  place.id = "rhythm-rows";
  window.document.body.append(place);
  window.Plotly = {react: (plot) => drawn.push(plot.getAttribute("aria-label")), purge: () => {}};
  const ahead = (data, view = {page: "rhythm"}) => window.document.dispatchEvent(new window.CustomEvent("beatlens:ahead", {detail: {view, lines: new Map([["rows", {part: {complete: true, data}}]])}}));
  const standing = () => [...place.querySelectorAll(".rhythm-time")].map((one) => one.textContent);
  return {show: window.beatlens.rhythmRows.show, ahead, drawn, standing, place};
}

test("a window that was drawn ahead takes its place without being drawn again", async () => {
  const {show, ahead, drawn, standing} = page(), next = rows("30 s", "40 s");
  show(rows("0 s", "10 s"));
  ahead(next);
  await until(() => drawn.includes("40 s"));
  const before = drawn.length;
  show(next);
  assert.deepEqual(standing(), ["30 s", "40 s"]);
  assert.equal(drawn.length, before);
});

test("the rows that made room are those that are drawn ahead next", async () => {
  const {show, ahead, drawn, standing, place} = page(), second = rows("30 s"), third = rows("60 s");
  show(rows("0 s"));
  const first = place.firstChild;
  ahead(second);
  await until(() => drawn.includes("30 s"));
  show(second);
  ahead(third);
  await until(() => drawn.includes("60 s"));
  show(third);
  assert.equal(place.firstChild, first);
  assert.deepEqual(standing(), ["60 s"]);
});

test("another window than the one drawn ahead is drawn at once", async () => {
  const {show, ahead, drawn, standing} = page();
  show(rows("0 s", "10 s"));
  ahead(rows("30 s", "40 s"));
  await until(() => drawn.includes("40 s"));
  show(rows("60 s"));
  assert.deepEqual(standing(), ["60 s"]);
  assert.equal(drawn.at(-1), "60 s");
});

test("a window that is half drawn ahead is drawn whole", () => {
  const {show, ahead, drawn, standing} = page(), next = rows("30 s", "40 s");
  show(rows("0 s", "10 s"));
  ahead(next);
  show(next);
  assert.deepEqual(standing(), ["30 s", "40 s"]);
  assert.deepEqual(drawn.slice(-2), ["30 s", "40 s"]);
});

test("nothing is drawn ahead for another page", async () => {
  const {show, ahead, drawn} = page();
  show(rows("0 s"));
  ahead(rows("30 s"), {page: "desk"});
  await new Promise((done) => setTimeout(done, 120));
  assert.deepEqual(drawn, ["0 s"]);
});
