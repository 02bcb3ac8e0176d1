/* Judgements that are asked for and left behind: what was not yet answered is dropped by its answer, not before it. */
import assert from "node:assert/strict";
import test from "node:test";
import {json, opened, until} from "./page.mjs";

const ONE = {id: "0123", title: "Occlusion", ask: {}};

/* The script, and what it asks for; an answer to a question waits until `answer(status)` is called. */
function page() {
  const asked = [], waiting = [];
  const window = opened(["core/address.js", "pages/desk/trust.js"], {answer: (url, options) => {
    asked.push(options.method);
    return options.method === "POST" ? new Promise((done) => waiting.push((status) => done(json({id: "0123", status})))) : json({});
  }});
  Object.assign(window.beatlens, {jobs: {leave: () => null, watch: () => {}}, set: () => {}, view: {refresh: () => {}}});
  return {judge: window.beatlens.judge, asked, answer: (status) => waiting.shift()(status)};
}

test("a question that is under way is dropped once its answer has come", async () => {
  const {judge, asked, answer} = page();
  judge([ONE]);
  await until(() => asked.length === 1);
  judge([]);
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(asked, ["POST"]);
  answer("queued");
  await until(() => asked.length === 2);
  assert.deepEqual(asked, ["POST", "DELETE"]);
});

test("a job that the queue has is dropped at once", async () => {
  const {judge, asked, answer} = page();
  judge([ONE]);
  await until(() => asked.length === 1);
  answer("queued");
  await new Promise((done) => setTimeout(done, 20));
  judge([]);
  await until(() => asked.length === 2);
  assert.deepEqual(asked, ["POST", "DELETE"]);
});

test("what was not yet asked for needs no dropping", async () => {
  const {judge, asked} = page();
  judge([ONE]);
  judge([]);
  await new Promise((done) => setTimeout(done, 500));
  assert.deepEqual(asked, []);
});
