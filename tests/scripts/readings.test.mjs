import assert from "node:assert/strict";
import test from "node:test";
import {json, opened, until} from "./page.mjs";

const SCRIPTS = ["core/address.js", "core/readings-outbox.js", "core/readings.js"];
const desk = (answer, store) => opened(SCRIPTS, {address: "/review?record=r&at=5", answer, store});
const plain = (value) => JSON.parse(JSON.stringify(value));
const waiting = (window) => plain(window.beatlens.outbox.pending()).map(({at, label}) => [at, label]);

/* A server that keeps what it takes; `refuses(entry)` says what it never takes. */
function server(refuses = () => false) {
  const taken = [];
  const answer = (address, {method, body} = {}) => {
    if (method !== "POST") return json({readings: []});
    const {entries} = JSON.parse(body), bad = entries.find(refuses);
    if (bad) return json({detail: "Unknown label " + bad.label}, 422);
    taken.push(...entries.map(({at, label}) => [at, label]));
    return json({taken: entries.length});
  };
  return {answer, taken};
}

test("a label holds at once and waits in this browser until the server has it", async () => {
  let away = true;
  const {answer, taken} = server();
  const window = desk((...what) => { if (away) throw new TypeError("Failed to fetch"); return answer(...what); });
  await window.beatlens.readings.load("r");
  window.beatlens.readings.label([5], "V");
  assert.deepEqual(plain(window.beatlens.readings.of(5)), {label: "V", comment: ""});
  assert.deepEqual(waiting(window), [[5, "V"]]);
  away = false;
  await until(() => { window.beatlens.outbox.send(); return !window.beatlens.outbox.pending().length; });
  assert.deepEqual(taken, [[5, "V"]]);
});

test("an answer that is older than an act takes nothing back", async () => {
  const {answer, taken} = server(), held = [];
  const slow = (address, options = {}) => (options.method === "POST" ? answer(address, options) : new Promise((done) => held.push(done)));
  const kept = JSON.stringify([{client_id: "0123456789", recording: "r", at: 9, label: "N", comment: ""}]);
  const window = desk(slow, {"beatlens-readings:ada:000000000000001-01234567": kept}), {readings, outbox} = window.beatlens;
  const loaded = readings.load("r");
  await until(() => held.length);
  readings.label([5], "V");
  await until(() => { outbox.send(); return taken.length === 2 && !outbox.pending().length; });
  held.forEach((done) => done(json({readings: []}))); // asked for before the server had either
  await loaded;
  assert.deepEqual([5, 9].map((at) => readings.state(at).label), ["V", "N"]);
});

test("acts are sent in their order", async () => {
  const {answer, taken} = server(), window = desk(answer);
  await window.beatlens.readings.load("r");
  ["V", "N", "V"].forEach((label, i) => window.beatlens.readings.label([i], label));
  await until(() => taken.length === 3);
  assert.deepEqual(taken, [[0, "V"], [1, "N"], [2, "V"]]);
});

test("one bad act holds up no other, is said and kept aside", async () => {
  const {answer, taken} = server((entry) => entry.at === 2), window = desk(answer);
  await window.beatlens.readings.load("r");
  window.beatlens.readings.label([1, 2, 3], "V");
  await until(() => taken.length === 2 && !window.beatlens.outbox.pending().length);
  assert.deepEqual(taken, [[1, "V"], [3, "V"]]);
  assert.deepEqual(window.beatlens.said, ["Not taken by the server: Unknown label V"]);
  assert.equal(Object.keys(window.localStorage).filter((name) => name.startsWith("beatlens-refused:")).length, 1);
});

test("what a page of version 0.1 kept is sent under today's name", async () => {
  const {answer, taken} = server();
  const kept = JSON.stringify([{client_id: "0123456789", recording: "r", sample: 9, label: "V", comment: ""}]);
  const window = desk(answer, {"beatlens-readings:ada:000000000000001-01234567": kept});
  window.beatlens.outbox.send();
  await until(() => taken.length);
  assert.deepEqual(taken, [[9, "V"]]);
});

test("what another person did in this browser is not sent", () => {
  const window = desk(undefined, {"beatlens-readings:eve:000000000000001-01234567": JSON.stringify([{at: 1, label: "V"}])});
  assert.deepEqual(waiting(window), []);
});

test("undo gives back what was, and nothing of a beat that was read anew since", async () => {
  const window = desk(server().answer), {readings, undone} = window.beatlens;
  await readings.load("r");
  readings.label([1], "N");
  readings.label([1, 2], "V");
  assert.equal(undone[1].undo(), "");
  assert.deepEqual([1, 2].map((at) => readings.state(at).label), ["N", null]);
  assert.equal(undone[1].redo(), "");
  assert.deepEqual([1, 2].map((at) => readings.state(at).label), ["V", "V"]);
  readings.label([1], "A");
  undone[1].undo();
  assert.deepEqual([1, 2].map((at) => readings.state(at).label), ["A", null]);
});

test("the same label again is no act", async () => {
  const window = desk(server().answer), {readings, undone} = window.beatlens;
  await readings.load("r");
  readings.label([1], "N");
  readings.label([1], "N");
  assert.equal(undone.length, 1);
});
