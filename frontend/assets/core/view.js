/* What is on the page: everything on it that depends on the chosen beat is one view, with one answer.
   The cycle: the address changes → show() → what is kept (core/answers.js) goes into the page (core/panels.js), what is missing is asked for →
   neighbours are fetched ahead (core/prefetch.js); a job that ends has the view asked for again.

   A panel's script says (window.beatlensParts = window.beatlensParts || []).push({name, shown(data, view) {…}}):
   `shown` runs after the panel's properties have been set, with null where the panel has failed. A panel's place in the page carries data-part="<name>"; one more that has no room for an error data-beside.
   Jobs that a panel's data names (data.jobs) are watched.
   document "beatlens:moved"   another beat, lead, model or class is shown from this frame on: `detail` is its view. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const SETTLE = 250; // ms without a step before work is asked for

  let shown = null, coming = null, wait = null, last = 0; // last: ms of the step before
  let put = null; // the page that has been put in; what comes for another one is kept until that one is

  function view(changes) {
    const state = Object.assign(B.read(), changes), page = B.scope() === "window" ? B.page() : null;
    if (page === "desk" && put !== page) return null; // its strip is asked for first
    if (!page || !state.record || !/^\d+$/.test(state.at || "") || document.readyState === "loading") return null; // not all scripts are there yet
    const known = {page, theme: document.documentElement.dataset.theme, width: window.innerWidth};
    if (B.desk.low()) known.low = "yes";
    if (B.desk.spare()) known.spare = B.desk.spare();
    (B.viewExtras || []).forEach((more) => Object.assign(known, more(page)));
    if (B.ruler.measured()) known.mm = B.ruler.mm().toFixed(4);
    B.pages.find((one) => one.name === page).keys.forEach((name) => { if (state[name]) known[name] = state[name]; });
    return known;
  }
  const sameBeat = (one, other) => !!one && B.answers.beat(one) === B.answers.beat(other);

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

  /* Show what the address says: at once what is kept, then what is missing. */
  function show(again) {
    instead(); // which may lead elsewhere
    const next = view();
    if (!next) { shown = null; stop(); return; }
    if (!again && shown && B.answers.key(shown) === B.answers.key(next)) return;
    const moved = !sameBeat(shown, next);
    if (shown && shown.record === next.record && moved) B.prefetch.travelled(Number(shown.at), Number(next.at));
    shown = next;
    stop();
    if (moved) announce(next);
    const entry = B.answers.get(next);
    if (entry) applyKept(next, entry);
    if (entry && entry.complete && !again) { B.prefetch.start(); return; }
    coming = {names: new Set(entry ? entry.lines.keys() : []), early: [], stop: new AbortController()};
    const now = Date.now(), pause = now - last > 1000 || again ? 0 : SETTLE;
    last = now;
    wait = setTimeout(() => ask(next), pause);
  }

  function announce(next) {
    if (B.strip) B.strip.show(next);
    B.panels.hideOthers(next);
    document.dispatchEvent(new CustomEvent("beatlens:moved", {detail: next}));
  }

  /* What is seen first is drawn in this frame, the rest in the next. */
  function applyKept(next, entry) {
    const lines = [...entry.lines.values()], early = ({part}) => B.earlyPanels().includes(part.name);
    const apply = ({part, text}) => B.panels.apply(next, part, text);
    lines.filter(early).forEach(apply);
    requestAnimationFrame(() => setTimeout(() => { if (shown === next) lines.filter((line) => !early(line)).forEach(apply); }, 0));
  }

  function stop() {
    clearTimeout(wait);
    if (coming) coming.stop.abort();
    coming = null;
    B.prefetch.stop();
  }

  async function ask(next) {
    const mine = coming;
    B.prefetch.arrived(next);
    await B.prepare(next);
    if (coming !== mine) return;
    try {
      await B.answers.read(next, "interactive", mine.stop.signal, (part, text) => {
        if (coming !== mine) return;
        mine.names.add(part.name);
        if (put === B.page()) B.panels.apply(next, part, text); else mine.early.push({part, text});
      });
    } catch (error) {
      if (coming !== mine || error.name === "AbortError") return;
      const detail = "The server does not answer. It is asked again as soon as it does.";
      B.checkHealth();
      if (!mine.names.size) B.panels.fail(next, {name: "", error: {title: "Not loaded", detail, retry: true}});
    }
    if (coming !== mine) return;
    coming = null;
    B.prefetch.start();
  }

  B.view = {
    get current() { return shown; },
    of: view,
    data: (name) => B.panels.data(name),
    keeps: (beat) => B.answers.complete(view({at: String(beat)})),
    refresh: () => show(true),
    wanted: [], // further beats to fetch ahead
    forget: () => { B.answers.clear(); show(true); },
  };

  document.addEventListener("beatlens:job", ({detail: job}) => {
    if (!job.key) return;
    B.panels.redrawn(job.graph); // a partial map may be drawn there
    B.answers.jobEnded(job);
    if (sameBeat(shown, job.key)) show(true);
  });

  B.askAgain = function (slot) {
    const job = B.panels.job(slot);
    if (job) B.answers.jobAskedAgain(job);
    show(true);
  };

  /* Another page has been put in. What has been asked for in the meantime goes on, if it still is what is wanted. */
  document.addEventListener("beatlens:page", () => {
    put = B.page();
    const next = view();
    B.panels.clear();
    if (!coming || !next || !shown || B.answers.key(shown) !== B.answers.key(next)) { shown = null; show(); return; }
    announce(next);
    coming.early.splice(0).forEach(({part, text}) => B.panels.apply(next, part, text));
  });
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => show()));
  ["beatlens:ruler", "beatlens:leads", "beatlens:scale"].forEach((name) => document.addEventListener(name, () => show()));
  document.addEventListener("beatlens:online", () => show(true));
  new MutationObserver(() => show()).observe(document.documentElement, {attributeFilter: ["data-theme"]});
  let resized = null;
  window.addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(() => show(), 120); });

  document.addEventListener("beatlens:account", () => instead());

  C.view = {
    broken: function (found) { broken = found; instead(); return undefined; },
  };
})();
