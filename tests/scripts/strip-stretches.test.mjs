import assert from "node:assert/strict";
import test from "node:test";
import {json, opened, until} from "./page.mjs";

const SCRIPTS = ["core/address.js", "core/typed.js", "rhythm/strip-stretches.js"];
const ASKED = "record=r&screen=10", UNIT = 10;

/* A page with the stretches, and a server whose answers wait until they are let go. */
function desk(pageOf) {
  const asked = [], waiting = [];
  const answer = (address) => {
    const query = new URL(address, "http://desk").searchParams;
    asked.push(query.get("at") ? "at " + query.get("at") : "time " + query.get("time"));
    return new Promise((done) => waiting.push(() => done(json({page: pageOf(query), stretch: {data: []}}))));
  };
  const window = opened(SCRIPTS, {address: "/review?record=r&at=5", answer});
  window.beatlens.prepare = () => Promise.resolve();
  return {window, asked, letGo: () => waiting.splice(0).forEach((done) => done()), stretches: window.beatlens.stripStretches};
}
const pageOf = (query) => (query.get("at") ? 1 : Math.floor(Number(query.get("time")) / UNIT));

test("a page asked for while the stretch around its beat is on the way is that stretch", async () => {
  const {asked, letGo, stretches} = desk(pageOf);
  const around = stretches.get(ASKED, {at: 5}, UNIT), page = stretches.get(ASKED, {page: 1}, UNIT);
  await until(() => asked.length);
  letGo();
  assert.equal(await page, await around);
  assert.deepEqual(asked, ["at 5"]);
});

test("another page is asked for as soon as the stretch around the beat has come", async () => {
  const {asked, letGo, stretches} = desk(pageOf);
  stretches.get(ASKED, {at: 5}, UNIT);
  const page = stretches.get(ASKED, {page: 3}, UNIT);
  await until(() => { letGo(); return asked.length === 2; });
  letGo();
  assert.equal((await page).page, 3);
  assert.deepEqual(asked, ["at 5", "time 35"]);
});
