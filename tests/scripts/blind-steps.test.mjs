import assert from "node:assert/strict";
import test from "node:test";
import {opened} from "./page.mjs";

const STEPS = ["first", "reveal", "final", "done"];
const IDS = [
  "blind", "blind-title", "blind-hint", "blind-commit-words", "blind-more-words", "blind-next-words", "blind-wait", "blind-hidden-reference", "blind-hidden-model",
  "blind-reading", "blind-labels", "blind-sure", "blind-note", "blind-decision", "blind-decide", "blind-more", "blind-plausible", "blind-next", "blind-alone",
  "blind-maps", "blind-said", "blind-before", "blind-after", "blind-keep", "blind-change", "blind-others",
];
const OUTPUT = {label: "V"};

/* The row of steps once a beat is drawn of which these steps were taken. */
function row(taken, output, sealed) {
  const {document, beatlens} = opened(["pages/blind/blind-steps.js", "pages/blind/blind-draw.js"]);
  document.defaultView.CSS = {escape: (text) => text};
  const steps = STEPS.map((step) => `<li data-step="${step}"><span class="blind-step-words">${step}</span></li>`).join("");
  document.body.insertAdjacentHTML("beforeend", `<ol class="blind-steps">${steps}</ol>${IDS.map((id) => `<div id="${id}"></div>`).join("")}`);
  beatlens.sessions = {pending: () => []};
  const entries = taken.map((step) => ({step, at: "now", label: "V"}));
  const item = {position: 0, expects: taken.includes("final") ? "correction" : "final", output, previous: null, next: 1, entries};
  beatlens.blindDraw({user: "ada", session: {id: "s", blind: true, closed: null}, noun: "beat", sealed, item}, {});
  const of = (step) => document.querySelector(`.blind-steps [data-step="${step}"]`);
  return {marked: (step) => [...of(step).classList], now: document.querySelector("[aria-current]").dataset.step, words: of("reveal").textContent};
}

test("a model that another session seals is never said to be revealed", () => {
  for (const taken of [["first", "reveal"], ["first", "reveal", "final"]]) {
    const {marked, words, now} = row(taken, null, true);
    assert.deepEqual(marked("reveal"), []);
    assert.equal(words, "Model stays sealed");
    assert.deepEqual(marked("first"), ["past"]);
    assert.equal(now, taken.length === 2 ? "final" : "done");
  }
});

test("a model that was shown is", () => {
  const shown = row(["first", "reveal"], OUTPUT, false), decided = row(["first", "reveal", "final"], OUTPUT, false);
  assert.deepEqual([shown.marked("reveal"), shown.words, shown.now], [["on"], "Model revealed", "reveal"]);
  assert.deepEqual(decided.marked("reveal"), ["past"]);
});
