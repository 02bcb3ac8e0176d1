import assert from "node:assert/strict";
import test, {after} from "node:test";
import {json, opened, until} from "./page.mjs";

const windows = [];
after(() => windows.forEach((window) => window.close())); // their timers would go on

/* A page of `who`, what it asked, and how its answers are let go. */
function page(who) {
  const asked = [], waiting = [];
  const answer = (address, options) => {
    asked.push((options && options.method) || "GET");
    return new Promise((done) => waiting.push(() => done(json({jobs: []}))));
  };
  const window = opened(["core/address.js", "core/everybodys-jobs.js"], {answer});
  windows.push(window);
  const heard = [];
  Object.assign(window.beatlens, {who: () => who, page: () => "desk", jobs: {everybody: (found) => heard.push(found)}});
  const tell = (name) => window.document.dispatchEvent(new window.CustomEvent("beatlens:" + name));
  return {asked, heard, tell, letGo: () => waiting.splice(0).forEach((done) => done()), be: (other) => { who = other; }};
}

for (const order of [["page", "account"], ["account", "page"]]) {
  test(`a page that opens (${order.join(", then ")}) asks once for the jobs of the house`, async () => {
    const {asked, heard, tell, letGo} = page("ada");
    order.forEach(tell);
    letGo();
    await until(() => heard.length);
    assert.deepEqual(asked, ["GET"]);
  });
}

test("whoever signs in is asked for anew", async () => {
  const {asked, heard, tell, letGo, be} = page(null);
  tell("page");
  await new Promise((done) => setTimeout(done, 0));
  assert.deepEqual(asked, []);
  be("ada");
  tell("account");
  letGo();
  await until(() => heard.length);
  be("bob");
  tell("account");
  letGo();
  await until(() => heard.length === 2);
  assert.deepEqual(asked, ["GET", "GET"]);
});
