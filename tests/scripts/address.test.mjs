import assert from "node:assert/strict";
import test from "node:test";
import {json, opened} from "./page.mjs";

const page = (address, answer) => opened(["core/address.js"], {address, answer});
const plain = (value) => JSON.parse(JSON.stringify(value));

test("what is written is read again, what is usual is left out", () => {
  const {beatlens} = page("/review");
  const state = {record: "mitdb~208", at: "7369", a: "input_derivative", b: "occlusion,width=24"};
  assert.equal(beatlens.write(state), "?record=mitdb~208&at=7369&b=occlusion,width=24");
  assert.deepEqual(plain(beatlens.read(beatlens.write(state))), {record: "mitdb~208", at: "7369", b: "occlusion,width=24"});
});

test("what is usual elsewhere is written on a page that decides by itself", () => {
  const {beatlens, location} = page("/rhythm?record=x&at=1");
  beatlens.go({a: "input_derivative", b: "learned_mask"});
  assert.equal(location.search, "?record=x&at=1&a=input_derivative");
  beatlens.go({}, {page: "desk"});
  assert.equal(location.pathname + location.search, "/review?record=x&at=1");
});

test("an old name is read, and written as today's", () => {
  const window = page("/review?record=x&beat=12&utm=1#there");
  assert.deepEqual(plain(window.beatlens.read()), {record: "x", at: "12"});
  assert.equal(window.location.search + window.location.hash, "?record=x&at=12&utm=1#there");
});

test("what is no address of a window is none", () => {
  assert.deepEqual(plain(page("/review?record=x&at=twelve").beatlens.read()), {record: "x"});
});

test("a step replaces the address, another recording is a page to come back to, the same is nothing", () => {
  const {beatlens, history, location} = page("/review?record=x&at=1"), before = history.length;
  beatlens.go({at: 2});
  assert.equal(location.search, "?record=x&at=2");
  assert.equal(history.length, before);
  beatlens.go({record: "y", at: null}, {push: true});
  assert.equal(location.search, "?record=y");
  assert.equal(history.length, before + 1);
  beatlens.go({record: "y"}, {push: true});
  assert.equal(history.length, before + 1);
});

test("an answer is read whole, also one that nobody looks at", async () => {
  const body = new Response("no such recording", {status: 404}), {beatlens} = page("/review", () => body);
  const answer = await beatlens.api("/recordings/x");
  assert.equal(body.bodyUsed, true);
  assert.equal(answer.status, 404);
  assert.equal(await answer.text(), "no such recording");
});

test("an answer without a body is one", async () => {
  const {beatlens} = page("/review", () => new Response(null, {status: 204}));
  assert.equal((await beatlens.api("/links/x", {method: "DELETE"})).status, 204);
});

test("requests go below the prefix", async () => {
  let asked = null;
  const {beatlens} = page("/review", (address) => { asked = address; return json({}); });
  await beatlens.api("/health");
  assert.equal(asked, "/api/health");
});

test("a method's name inside a sentence keeps its own capitals", () => {
  const {uncapital} = page("/review").beatlens;
  assert.deepEqual(["Learned mask", "Gradient × input", "SmoothGrad", "LIME"].map(uncapital), ["learned mask", "gradient × input", "SmoothGrad", "LIME"]);
});
