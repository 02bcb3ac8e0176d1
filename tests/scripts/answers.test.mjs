import assert from "node:assert/strict";
import test from "node:test";
import {opened} from "./page.mjs";

const VIEW = {record: "r", at: "5", a: "x", b: "y"};
const lines = (...parts) => new Response(parts.map((part) => JSON.stringify(part) + "\n").join(""));
const desk = (answer) => opened(["core/address.js", "core/answers.js"], {answer}).beatlens;

test("each panel is taken as it comes, and the answer is kept", async () => {
  const {answers} = desk(() => lines({name: "output", complete: true}, {name: "maps", complete: true})), taken = [];
  await answers.read(VIEW, "interactive", undefined, (part) => taken.push(part.name));
  assert.deepEqual(taken, ["output", "maps"]);
  assert.equal(answers.complete(VIEW), true);
  assert.deepEqual([...answers.get(VIEW).lines.keys()], ["output", "maps"]);
});

test("one part that is not whole makes the answer not whole", async () => {
  const {answers} = desk(() => lines({name: "output", complete: true}, {name: "maps", complete: false}));
  await answers.read(VIEW, "interactive");
  assert.equal(answers.complete(VIEW), false);
});

test("a refusal is an error, and nothing is kept", async () => {
  const {answers} = desk(() => new Response("", {status: 503}));
  await assert.rejects(answers.read(VIEW, "interactive"), /view: 503/);
  assert.equal(answers.get(VIEW), undefined);
});

test("a job that ends drops what was kept of its beat alone, and is named in what is asked next", async () => {
  let asked = null;
  const {answers} = desk((address) => { asked = address; return lines({name: "maps", complete: true}); }), other = {...VIEW, at: "6"};
  await answers.read(VIEW, "interactive");
  await answers.read(other, "interactive");
  answers.jobEnded({id: "1a", key: VIEW, method: "x", status: "failed"});
  assert.equal(answers.get(VIEW), undefined);
  assert.ok(answers.get(other));
  await answers.read(VIEW, "interactive");
  assert.match(asked, /held=x%7E1a/);
  answers.jobAskedAgain({id: "1a", key: VIEW, method: "x"});
  await answers.read(VIEW, "interactive");
  assert.doesNotMatch(asked, /held/);
});

test("the oldest answer goes where others need the room", async () => {
  const {answers} = desk(() => lines({name: "maps", complete: true}));
  for (let at = 0; at <= 60; at += 1) await answers.read({...VIEW, at: String(at)}, "prefetch");
  assert.equal(answers.get({...VIEW, at: "0"}), undefined);
  assert.ok(answers.get({...VIEW, at: "60"}));
});
