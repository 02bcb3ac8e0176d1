/* A page in which scripts of frontend/assets run as in a browser, without one. */
import {readFileSync} from "node:fs";
import {JSDOM} from "jsdom";

const ASSETS = new URL("../../frontend/assets/", import.meta.url);
const KNOWN = {
  pages: [
    {name: "worklist", path: "/", scope: "none", keys: [], no_defaults: [], early: []},
    {name: "desk", path: "/review", scope: "window", keys: [], no_defaults: [], early: []},
    {name: "rhythm", path: "/rhythm", scope: "window", keys: [], no_defaults: ["a"], early: []},
  ],
  keys: ["record", "at", "lead", "model", "target", "a", "b"],
  renamed: {beat: "at"},
  defaults: {a: "input_derivative", b: "learned_mask"},
  vocabularies: {mitbih: [{code: "V", name: "PVC", short: "PVC", key: "v"}]},
  labels: {V: {short: "PVC", colour: "--cV"}},
  uncertain: 0.2,
};

/* The page at an address after `scripts` have run in it; `answer(url, options)` is what the network says. */
export function opened(scripts, {address = "/review", answer = () => { throw new TypeError("Failed to fetch"); }, store = {}} = {}) {
  const body = `<script type="application/json" id="beatlens-pages">${JSON.stringify(KNOWN)}</script><span id="saved"></span>`;
  const {window} = new JSDOM(`<!doctype html><html><body>${body}</body></html>`, {url: "http://beatlens.test" + address, runScripts: "outside-only"});
  Object.entries(store).forEach(([name, value]) => window.localStorage.setItem(name, value));
  Object.assign(window, {fetch: async (...what) => answer(...what), Response, TextDecoderStream});
  window.beatlens = {who: () => "ada", said: [], say(words) { this.said.push(words); }, undone: [], pushUndo(act) { this.undone.push(act); }};
  scripts.forEach((name) => read(window, name));
  return window;
}

/* One more script. */
export const read = (window, name) => window.eval(readFileSync(new URL(name, ASSETS), "utf8"));

/* An answer of the network. */
export const json = (body, status = 200) => new Response(JSON.stringify(body), {status});

/* As soon as it holds; a test that waits for ever is ended by its runner. */
export async function until(holds) {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}
