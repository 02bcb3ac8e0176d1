/* The windows of a recording: asked for as soon as the address names it, and never those of another one. */
import assert from "node:assert/strict";
import test from "node:test";
import {json, opened, read, until} from "./page.mjs";

const SCRIPTS = ["core/address.js", "core/typed.js"];
const windows = (record) => ({record, lead: null, model: null, sample: [0, 3000], start: [0, 3000], end: [3000, 6000], time: [0, 30], symbol: [null, null], vocabulary: "cinc2017"});
const recordOf = (url) => new URL(url, "http://beatlens.test").searchParams.get("record");

/* The page at an address; what is asked waits until `answer(record)` is called, with a status where it is not 200. */
function page(address) {
  const asked = [], waiting = new Map();
  const answer = (url) => {
    asked.push(recordOf(url));
    return new Promise((done) => waiting.set(recordOf(url), done));
  };
  const window = opened(SCRIPTS, {address, answer}), B = window.beatlens;
  Object.assign(B, {firstBeat: () => {}, prepare: async () => {}, set: () => {}});
  window.dash_clientside.strip = {position: () => {}};
  read(window, "rhythm/nav.js");
  return {B, window, asked, answer: (record, status = 200) => waiting.get(record)(json(status === 200 ? windows(record) : {}, status))};
}

test("they are asked for at once, and there before any page stands", async () => {
  const {B, asked, answer} = page("/rhythm?record=a");
  assert.deepEqual(asked, ["a"]);
  answer("a");
  await until(() => B.nav);
  assert.equal(B.nav.record, "a");
  assert.deepEqual([...B.nav.sample], [0, 3000]);
});

test("an answer that comes before all scripts are read waits for them", async () => {
  const {B, window, answer} = page("/rhythm?record=a");
  let state = "loading";
  Object.defineProperty(window.document, "readyState", {get: () => state});
  answer("a");
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(B.nav, undefined);
  state = "interactive";
  window.document.dispatchEvent(new window.Event("DOMContentLoaded"));
  await until(() => B.nav);
});

test("an answer that comes after another recording was opened is not shown", async () => {
  const {B, asked, answer} = page("/rhythm?record=a");
  B.go({record: "b"});
  assert.deepEqual(asked, ["a", "b"]);
  answer("b");
  await until(() => B.nav);
  answer("a");
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(B.nav.record, "b");
});

test("of another recording nothing stays while its own are on the way", async () => {
  const {B, answer} = page("/rhythm?record=a");
  answer("a");
  await until(() => B.nav);
  B.go({record: "b"});
  assert.equal(B.nav, null);
});

test("a page without a recording has none, and coming back asks again", async () => {
  const {B, asked, answer} = page("/rhythm?record=a");
  answer("a");
  await until(() => B.nav);
  B.go({}, {page: "worklist", fresh: true});
  assert.equal(B.nav, null);
  B.go({record: "a"}, {page: "rhythm"});
  answer("a");
  await until(() => B.nav);
  assert.deepEqual(asked, ["a", "a"]);
});

test("a step within the recording asks for nothing", async () => {
  const {B, asked, answer} = page("/rhythm?record=a");
  answer("a");
  await until(() => B.nav);
  B.go({at: 3000});
  assert.deepEqual(asked, ["a"]);
});

test("while a long recording is read they are asked for again once it is ready", async () => {
  const {B, asked, answer} = page("/rhythm?record=a");
  answer("a", 202);
  await until(() => asked.length === 2);
  answer("a");
  await until(() => B.nav);
  assert.deepEqual(asked, ["a", "a"]);
});

test("after a failure the next step asks again", async () => {
  const {B, asked, answer} = page("/rhythm?record=a");
  answer("a", 502);
  await until(() => { B.go({at: Math.floor(Math.random() * 1e6)}); return asked.length === 2; });
});
