import assert from "node:assert/strict";
import test, {after} from "node:test";
import {json, opened, until} from "./page.mjs";

const SCRIPTS = ["core/address.js", "core/job-stream.js", "core/job-blocks.js", "core/partial-maps.js", "core/jobs.js"];
const A = "a".repeat(32), B = "b".repeat(32);
const job = (id, slot, more = {}) => ({slot, id, kind: "tasks/trust", status: "queued", title: "Trust", ...more});

const windows = [];
after(() => windows.forEach((window) => window.close())); // their timers would go on

/* A page, every stream that it opened, and what it asked of the network. */
function page() {
  const streams = [], asked = [];
  const window = opened(SCRIPTS, {answer: (address, {method}) => { asked.push(`${method} ${address}`); return json({status: "cancelled"}); }});
  windows.push(window);
  window.EventSource = class {
    static CLOSED = 2;
    constructor(url) { Object.assign(this, {url, readyState: 0, heard: {}}); streams.push(this); }
    addEventListener(name, hear) { this.heard[name] = hear; }
    close() { this.readyState = 2; }
    open() { this.readyState = 1; this.onopen(); }
    tell(status) { this.heard.status({data: JSON.stringify(status)}); }
    refuse() { this.readyState = 2; this.onerror(); }
  };
  const ended = [];
  window.document.addEventListener("beatlens:job", ({detail}) => ended.push([detail.id, detail.status]));
  return {jobs: window.beatlens.jobs, streams, asked, ended, held: () => streams.filter((one) => one.readyState < 2)};
}
const followed = (stream) => new URL(stream.url, "http://beatlens.test").searchParams.getAll("job");

test("what is watched at once is followed by one stream", async () => {
  const {jobs, streams} = page();
  jobs.watch(job(A, "one"));
  jobs.watch(job(B, "two", {kind: "bulk"}));
  await until(() => streams.length);
  assert.deepEqual(followed(streams[0]), ["tasks/trust/" + A, "bulk/" + B]);
  assert.equal(streams.length, 1);
});

test("a stream goes only once the one in its place is open, under the same name", async () => {
  const {jobs, streams, held} = page();
  jobs.watch(job(A, "one"));
  await until(() => streams.length === 1);
  streams[0].open();
  jobs.watch(job(B, "two"));
  await until(() => streams.length === 2);
  assert.equal(held().length, 2);
  streams[1].open();
  assert.deepEqual(held(), [streams[1]]);
  const [first, second] = streams.map((one) => new URL(one.url, "http://beatlens.test").searchParams.get("follower"));
  assert.match(first, /^[0-9a-f]{32}$/);
  assert.equal(first, second);
});

test("a job that ends is told and needs no other stream; the last one closes it", async () => {
  const {jobs, streams, ended, held} = page();
  jobs.watch(job(A, "one"));
  jobs.watch(job(B, "two"));
  await until(() => streams.length);
  streams[0].open();
  streams[0].tell({id: A, status: "done", result: {seconds: 1}});
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(ended, [[A, "done"]]);
  assert.equal(streams.length, 1);
  streams[0].tell({id: B, status: "failed", error: "no"});
  await until(() => !held().length);
  assert.deepEqual(ended, [[A, "done"], [B, "failed"]]);
});

test("what is left is dropped under this tab's name, unless another slot waits for it", async () => {
  const {jobs, asked, streams} = page();
  jobs.watch(job(A, "one"));
  jobs.watch(job(A, "two"));
  await jobs.leave("one");
  assert.deepEqual(asked, []);
  await jobs.leave("two");
  assert.match(asked[0], new RegExp(`^DELETE /api/tasks/trust/${A}\\?only=left&follower=[0-9a-f]{32}$`));
  assert.equal(jobs.leave("two"), null);
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(streams.length, 0);
});

test("every status is told to whoever asked for it", async () => {
  const {jobs, streams} = page(), told = [];
  jobs.watch(job(A, "one", {kind: "bulk"}), ({status, done}) => told.push([status, done]));
  await until(() => streams.length);
  for (const [status, done] of [["running", 1], ["running", 2], ["done", 3]]) streams[0].tell({id: A, status, done, cached: 0, failed: 0, total: 3, elapsed: done});
  assert.deepEqual(told, [["running", 1], ["running", 2], ["done", 3]]);
});

test("a refused stream is asked for anew", async () => {
  const {jobs, streams} = page();
  jobs.watch(job(A, "one"));
  await until(() => streams.length === 1);
  streams[0].refuse();
  await until(() => streams.length === 2);
  assert.deepEqual(followed(streams[1]), ["tasks/trust/" + A]);
});
