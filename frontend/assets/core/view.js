/* One view, one answer: everything on the page that depends on the chosen beat is fetched, kept, applied and fetched ahead here.

   A panel's script says (window.beatlensParts = window.beatlensParts || []).push({name, shown(data, view) {…}}):
   `shown` runs after the panel's properties have been set, with null where the panel has failed. A panel's place in the page carries data-part="<name>"; one more that has no room for an error data-beside.
   Jobs that a panel's data names (data.jobs) are watched; when one ends the view is asked for again.
   document "beatlens:moved"   another beat, lead, model or class is shown from this frame on: `detail` is its view. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const hooks = (window.beatlensParts = window.beatlensParts || []);
  const KEPT = 60; // answers
  const SETTLE = 250; // ms without a step before work is asked for
  const AGAIN = 2000; // ms between looks at what is fetched ahead
  const AHEAD = [1, -1, 2, 3]; // which neighbours are fetched ahead, in the direction of travel

  const kept = new Map(); // key of a view → {view, lines: name → {text, part}, complete}
  const ended = new Map(); // a method on a beat → its job that failed or was cancelled
  const fresh = new Set(); // explanations seen being computed
  const applied = new Map(); // name of a part → what stands in the page: its text, and of which beat
  const latest = new Map(); // name of a part → its data
  let shown = null, coming = null, wait = null, last = 0, direction = 1;

  function view(changes) {
    const state = Object.assign(B.read(), changes), page = B.scope() === "window" ? B.page() : null;
    if (!page || !state.record || !/^\d+$/.test(state.at || "")) return null;
    const known = {page, theme: document.documentElement.dataset.theme, width: window.innerWidth};
    if (B.desk.low()) known.low = "yes";
    if (B.desk.spare()) known.spare = B.desk.spare();
    if (B.ruler.measured()) known.mm = B.ruler.mm().toFixed(4);
    ["record", "at", "lead", "model", "target", "score", "a", "b"].forEach((name) => { if (state[name]) known[name] = state[name]; });
    return known;
  }
  const key = (v) => new URLSearchParams(v).toString();
  const of = (v) => ["record", "at", "lead", "model", "target"].map((name) => v[name]).join("|");

  /* Read an answer line by line; each line is one panel. */
  async function read(v, urgency, signal, take) {
    const query = new URLSearchParams(Object.assign({urgency}, v));
    ended.forEach((job) => { if (of(job.key) === of(v)) query.append("held", job.method + "~" + job.id); });
    if (fresh.size) query.set("fresh", [...fresh].slice(-8).join(","));
    const answer = await fetch(B.prefix + "_view?" + query, {signal});
    if (!answer.ok) throw new Error("view: " + answer.status);
    const entry = {view: v, lines: new Map(), complete: true};
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const {value, done} = await reader.read();
      const texts = (rest + (value || "")).split("\n");
      rest = texts.pop();
      texts.forEach((text) => {
        const part = JSON.parse(text);
        entry.lines.set(part.name, {text, part});
        if (!part.complete) entry.complete = false;
        if (take) take(part, text);
      });
      if (done) break;
    }
    keep(v, entry);
    return entry;
  }

  function keep(v, entry) {
    kept.delete(key(v));
    kept.set(key(v), entry);
    while (kept.size > KEPT) kept.delete(kept.keys().next().value);
  }

  const places = (name) => document.querySelectorAll(name ? `[data-part="${name}"]` : "[data-part]");

  /* One panel into the page: its properties, then its script. Two views may have equal texts: their scripts still hear of each. */
  function apply(v, part, text) {
    if (part.error) { fail(part, v); return; }
    const before = applied.get(part.name);
    if (before && before.text === text && before.of === of(v)) { ready(part.name); return; }
    applied.set(part.name, {text, of: of(v)});
    latest.set(part.name, part.data);
    Object.entries(part.props).forEach(([id, props]) => put(id, props));
    ready(part.name);
    if (part.data && part.data.jobs) watch(part.name, part.data.jobs);
    tellScripts(part.name, part.data, v);
  }
  const tellScripts = (name, data, v) => hooks.filter((hook) => hook.name === name).forEach((hook) => hook.shown(data, v));

  /* A property that has not changed is not set again: that would draw the component anew. */
  const standing = new Map(); // component → its properties as text
  function put(id, props) {
    const before = standing.get(id) || {}, now = {}, changed = {};
    Object.entries(props).forEach(([name, value]) => {
      now[name] = JSON.stringify(value);
      if (now[name] !== before[name]) changed[name] = value;
    });
    standing.set(id, Object.assign({}, before, now));
    if (changed.figure) changed.figure = B.figure(changed.figure);
    if (Object.keys(changed).length) B.set(id, changed);
  }

  function ready(name) {
    places(name).forEach((place) => { place.removeAttribute("aria-busy"); tell(place, null); });
  }

  /* What is the matter, in the panel's place; an error without a name is about the whole view and is told once. */
  function fail(part, v) {
    const all = [...places(part.name)], able = all.filter((place) => !("beside" in place.dataset));
    const first = B.earlyPanels().map((name) => able.find((place) => place.dataset.part === name)).find(Boolean) || able[0];
    all.forEach((place) => { place.removeAttribute("aria-busy"); tell(place, place === first ? part.error : {}); });
    (part.name ? [part.name] : [...applied.keys()]).forEach((name) => {
      applied.delete(name);
      latest.delete(name);
      tellScripts(name, null, v);
    });
  }

  /* In place of a page that needs a recording: that there is none, or what is the matter with it. */
  let broken = null;
  function instead() {
    const place = document.getElementById("instead"), state = B.read();
    const mine = broken && broken.error && ["record", "lead", "model"].every((name) => (broken.asked[name] || null) === (state[name] || null));
    const needs = B.scope() !== "none", last = needs && !state.record && B.last();
    if (last) { B.go(B.read(last)); return; }
    const none = {title: "No recording chosen", detail: "The worklist holds them all.", worklist: true};
    const error = !needs ? null : !state.record ? none : mine ? Object.assign({title: "This recording cannot be shown", worklist: true}, broken.error) : null;
    if (!place) return;
    place.replaceChildren(...(error ? [B.problem(error)] : []));
    place.hidden = !error;
    document.getElementById("page").hidden = !!error;
  }

  function tell(place, error) {
    const old = place.querySelector(":scope > .part-error");
    if (old) old.remove();
    place.classList.toggle("failed", !!error);
    if (error && error.detail) place.append(B.problem(error));
  }

  /* In the frame in which the beat changes, every panel that shows another one is hidden until its own has come. */
  function hideOthers(v) {
    places().forEach((place) => {
      const stands = applied.get(place.dataset.part);
      if (stands && stands.of === of(v)) place.removeAttribute("aria-busy");
      else place.setAttribute("aria-busy", "true");
    });
  }

  /* Show what the address says: at once what is kept, then what is missing. */
  function show(again) {
    instead(); // which may lead elsewhere
    const v = view();
    if (!v) { shown = null; stop(); return; }
    if (!again && shown && key(shown) === key(v)) return;
    const moved = !shown || of(shown) !== of(v);
    if (shown && shown.record === v.record && moved) direction = Number(v.at) < Number(shown.at) ? -1 : 1;
    shown = v;
    stop();
    if (moved) {
      if (B.strip) B.strip.show(v);
      hideOthers(v);
      document.dispatchEvent(new CustomEvent("beatlens:moved", {detail: v}));
    }
    const entry = kept.get(key(v));
    if (entry) {
      keep(v, entry);
      const parts = [...entry.lines.values()], first = B.earlyPanels(), early = ({part}) => first.includes(part.name);
      parts.filter(early).forEach(({part, text}) => apply(v, part, text));
      requestAnimationFrame(() => setTimeout(() => { if (shown === v) parts.filter((one) => !early(one)).forEach(({part, text}) => apply(v, part, text)); }, 0));
      if (entry.complete && !again) { ahead(); return; }
    }
    coming = {view: v, names: new Set(entry ? entry.lines.keys() : []), stop: new AbortController()};
    const now = Date.now(), pause = now - last > 1000 || again ? 0 : SETTLE;
    last = now;
    wait = setTimeout(() => ask(v), pause);
  }

  function stop() {
    clearTimeout(wait);
    if (coming) coming.stop.abort();
    coming = null;
    leave();
  }

  async function ask(v) {
    const mine = coming;
    asked.delete(key(v));
    await B.prepare(v);
    if (coming !== mine) return;
    try {
      await read(v, "interactive", mine.stop.signal, (part, text) => {
        if (coming !== mine) return;
        mine.names.add(part.name);
        apply(v, part, text);
      });
    } catch (error) {
      if (coming !== mine || error.name === "AbortError") return;
      const detail = "The server does not answer. It is asked again as soon as it does.";
      B.checkHealth();
      if (!mine.names.size) fail({name: "", error: {title: "Not loaded", detail, retry: true}}, v);
    }
    if (coming !== mine) return;
    coming = null;
    ahead();
  }

  /* Neighbours are fetched ahead one after the other, their maps computed when nobody waits; dropped when the reader moves on. */
  let round = null;
  const asked = new Map(); // key of a view fetched ahead whose maps are still to come → its explanations
  function neighbours() {
    if (!B.nav || !shown || B.nav.record !== shown.record) return [];
    const at = B.nav.sample.indexOf(Number(shown.at));
    if (at < 0) return [];
    const steps = AHEAD.map((step) => B.nav.sample[at + direction * step]).filter((sample) => sample !== undefined);
    return [...new Set([...steps, ...(B.view.wanted || [])])].map((beat) => view({at: String(beat)}));
  }

  async function ahead() {
    const mine = (round = {stop: new AbortController()}), tried = new Set();
    while (round === mine && navigator.onLine && !document.hidden) {
      for (const v of neighbours()) {
        const k = key(v), ids = asked.get(k);
        if ((kept.get(k) || {}).complete || (ids ? !(await over(ids)) : tried.has(k))) continue;
        tried.add(k);
        try {
          const entry = await read(v, "prefetch", mine.stop.signal);
          const jobs = [...entry.lines.values()].flatMap(({part}) => (part.data && part.data.jobs) || []);
          const waiting = jobs.filter((job) => ["queued", "running"].includes(job.status)).map((job) => job.id);
          if (waiting.length) asked.set(k, waiting);
          else asked.delete(k);
        } catch (error) { return; }
        if (round !== mine) return;
      }
      if (!asked.size) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  /* Whether none of these explanations is waited for any more. */
  async function over(ids) {
    for (const id of ids) {
      const answer = await B.api("/tasks/explanation/" + id).catch(() => null);
      if (!answer || (answer.ok && ["queued", "running"].includes((await answer.json()).status))) return false;
    }
    return true;
  }

  /* The reader moves on: what is no neighbour any more and still waits in the queue is not computed. */
  function leave() {
    if (round) round.stop.abort();
    round = null;
    const near = new Set([...neighbours(), ...(shown ? [shown] : [])].map(key));
    asked.forEach((ids, k) => {
      if (near.has(k)) return;
      asked.delete(k);
      ids.forEach((id) => B.api("/tasks/explanation/" + id + "?only=left", {method: "DELETE"}).catch(() => {}));
    });
  }

  B.view = {
    get current() { return shown; },
    data: (name) => latest.get(name) || null,
    keeps: (beat) => (kept.get(key(view({at: String(beat)}))) || {}).complete || false,
    refresh: () => show(true),
    wanted: [], // further beats to fetch ahead
    forget: () => { kept.clear(); show(true); },
  };

  /* Jobs of all panels: watched while they run, asked for again once they have ended. */
  const jobs = new Map(); // name of a part → its jobs
  function watch(name, found) {
    jobs.set(name, found);
    found.forEach((job) => B.jobs.watch(job));
  }

  /* Kept answers of the job's beat tell of it as it was. */
  const drop = (job) => kept.forEach((entry, k) => { if (of(entry.view) === of(job.key)) kept.delete(k); });

  document.addEventListener("beatlens:job", (event) => {
    const job = event.detail;
    if (!job.key) return;
    standing.delete(job.graph); // a partial map may be drawn there
    if (job.status === "done") fresh.add(job.id);
    else ended.set(of(job.key) + "|" + job.method, job);
    drop(job);
    if (shown && of(job.key) === of(shown)) show(true);
  });

  B.askAgain = function (slot) {
    const job = [...jobs.values()].flat().find((found) => found.slot === slot);
    if (job) {
      ended.delete(of(job.key) + "|" + job.method);
      drop(job);
    }
    show(true);
  };

  document.addEventListener("beatlens:page", () => { applied.clear(); latest.clear(); standing.clear(); jobs.clear(); shown = null; show(); }); // nothing stands in it yet
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => show()));
  ["beatlens:ruler", "beatlens:leads"].forEach((name) => document.addEventListener(name, () => show()));
  document.addEventListener("beatlens:online", () => show(true));
  new MutationObserver(() => show()).observe(document.documentElement, {attributeFilter: ["data-theme"]});
  let resized = null;
  window.addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(() => show(), 120); });

  document.addEventListener("beatlens:account", () => instead());

  C.view = {
    broken: function (found) { broken = found; instead(); return undefined; },
  };
})();
