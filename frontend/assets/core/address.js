/* The address holds the state: reading it and changing it. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const known = JSON.parse(document.getElementById("beatlens-pages").textContent); // frontend/page.py: exported
  const PATIENCE = 300; // frames
  const DEFAULTS = known.defaults, KEYS = known.keys, RENAMED = known.renamed;

  B.vocabularies = known.vocabularies; // what a window is read as: name → [{code, name, short, colour, key}]
  B.labels = known.labels; // what can be read: code → {short, colour, key}

  B.uncertain = known.uncertain; // a margin below this

  /* What stands on a chip: the code, or its first letter where it is a word (frontend/vocabulary.py). */
  B.letters = (code) => (code.length > 2 ? code[0].toUpperCase() : code);
  /* `Learned mask` → `learned mask` inside a sentence; a name with capitals inside, LIME or DeepLIFT, stays (frontend/format.py). */
  B.uncapital = (name) => (name.slice(1) === name.slice(1).toLowerCase() ? name.toLowerCase() : name);
  B.colourOf = (code) => `var(${(B.labels[code] || {colour: "--cQ"}).colour})`;

  /* The pages that there are: {name, path, title, scope, tab, under, longer, keys, early}. */
  B.pages = known.pages;
  const same = (path, pathname) => path === ((pathname || "").replace(/\/+$/, "") || "/");
  const pageAt = (pathname) => B.pages.find((page) => (page.longer ? (pathname || "").startsWith(page.path + "/") : same(page.path, pathname)));
  B.page = () => (pageAt(location.pathname) || {name: null}).name;
  B.scope = () => (pageAt(location.pathname) || {scope: "none"}).scope;
  B.pagesAbout = (scope) => B.pages.filter((page) => page.scope === scope).map((page) => page.name);
  B.earlyPanels = () => (pageAt(location.pathname) || {early: []}).early;
  const pathOf = (name) => B.pages.find((page) => page.name === name).path;

  B.prefix = (document.querySelector('meta[name="beatlens-prefix"]') || {}).content || "/";

  /* `fetch`, but the answer is read whole: a body that nobody reads keeps one of the browser's six connections. */
  B.fetch = async function (address, options) {
    const answer = await fetch(address, options), {status, statusText, headers} = answer, body = await answer.arrayBuffer();
    return new Response(body.byteLength ? body : null, {status, statusText, headers});
  };
  B.api = (path, options) => B.fetch(B.prefix + "api" + path, options);

  /* Properties of a component; of one that is still being put into the page, as soon as it is there. */
  const waiting = new Map(); // id → {props, left: frames until it is given up}
  function laid(id) {
    try { return window.dash_component_api.getLayout(typeof id === "string" && id.startsWith("{") ? JSON.parse(id) : id) !== undefined; } catch (error) { return false; } // Dash throws where there is none
  }
  /* Whether they were taken: Dash throws as long as it has not put its callbacks together. */
  function give(id, props) {
    try { window.dash_clientside.set_props(id, props); return true; } catch (error) { return false; }
  }
  function deliver() {
    waiting.forEach((one, id) => {
      if (!(laid(id) && give(id, one.props)) && one.left--) return;
      waiting.delete(id);
    });
    if (waiting.size) requestAnimationFrame(deliver);
  }
  B.set = function (id, props) {
    if (!waiting.has(id) && laid(id) && give(id, props)) return;
    if (!waiting.size) requestAnimationFrame(deliver);
    waiting.set(id, {props: Object.assign((waiting.get(id) || {}).props || {}, props), left: PATIENCE});
  };
  B.same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  B.unique = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const encode = (text) => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3D/g, "=").replace(/%2F/g, "/").replace(/%3A/g, ":");

  B.read = function (search) {
    const found = new URLSearchParams(search === undefined ? location.search : search);
    const state = {};
    Object.entries(RENAMED).forEach(([old, key]) => { if (found.get(old)) state[key] = found.get(old); });
    KEYS.forEach((key) => { if (found.get(key)) state[key] = found.get(key); });
    if (state.at && !/^\d+$/.test(state.at)) delete state.at; // no address of anything
    return state;
  };

  /* An address kept from before names were changed is written anew: whoever copies it copies today's. */
  function renew() {
    const found = new URLSearchParams(location.search);
    if (!Object.keys(RENAMED).some((old) => found.has(old))) return;
    const today = [...found].map(([key, value]) => [RENAMED[key] || key, value]).filter(([key], i, all) => all.findIndex(([other]) => other === key) === i);
    history.replaceState(history.state, "", location.pathname + "?" + today.map(([key, value]) => key + "=" + encode(value)).join("&") + location.hash);
  }
  renew();
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, renew));

  /* What is the default is not written, but on a page that has none of it. */
  B.write = function (state, pathname) {
    const {no_defaults: own} = pageAt(pathname || location.pathname) || {no_defaults: []};
    const needed = (key) => state[key] !== undefined && state[key] !== null && state[key] !== "" && (state[key] !== DEFAULTS[key] || own.includes(key));
    const parts = KEYS.filter(needed);
    return parts.length ? "?" + parts.map((key) => key + "=" + encode(state[key])).join("&") : "";
  };

  /* Change the address: stepping replaces it, choosing a record pushes. */
  B.go = function (changes, how) {
    how = how || {};
    const state = how.fresh ? changes : Object.assign(B.read(), changes);
    const pathname = how.page ? pathOf(how.page) : location.pathname, search = B.write(state, pathname);
    if (search === location.search && pathname === location.pathname) return;
    history[how.push ? "pushState" : "replaceState"](null, "", pathname + search);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate")); // what dcc.Link sends: dcc.Location reads the address anew
  };

  /* What was open last: in this tab, else of this person in this browser. */
  const LAST = "beatlens-last", ours = () => LAST + ":" + B.who();
  function remember(search) {
    sessionStorage.setItem(LAST, search);
    try { if (B.who()) localStorage.setItem(ours(), search); } catch (error) { /* this tab knows */ }
  }
  document.addEventListener("beatlens:account", () => { const search = sessionStorage.getItem(LAST); if (search) remember(search); }); // whose it is, is known from now on
  B.last = () => { try { return sessionStorage.getItem(LAST) || (B.who() && localStorage.getItem(ours())); } catch (error) { return null; } };

  /* The tabs lead to the beat in view. They are told so when somebody is about to follow one, not at each step. */
  let linked = null;
  function linkTabs(event) {
    const search = sessionStorage.getItem("beatlens-last") || "";
    if (search === linked || !event.target.closest || !event.target.closest(".top nav")) return;
    linked = search;
    B.pages.filter((page) => page.tab && page.scope !== "none").forEach((page) => B.set(page.tab, {href: page.path + search}));
  }
  ["pointerover", "pointerdown", "focusin"].forEach((name) => document.addEventListener(name, linkTabs));

  C.address = {
    split: function (search, pathname, ...before) {
      const state = B.read(search || ""), no = C.no_update, current = () => B.same(B.read(), state);
      if (B.prepared(state)) return C.address.parts(search, pathname, ...before);
      return B.prepare(state).then(() => (current() ? C.address.parts(search, pathname, ...before) : [no, no, no]));
    },
    parts: function (search, pathname, record, beatBefore, slotsBefore) {
      const state = B.read(search || ""), no = C.no_update;
      const nextRecord = {record: state.record || null, lead: state.lead || null, model: state.model || null};
      const number = /^\d+$/.test(state.at || "") ? Number(state.at) : null;
      const nextBeat = Object.assign({}, nextRecord, {at: number, target: state.target || null});
      const nextSlots = {a: state.a || DEFAULTS.a || null, b: state.b || DEFAULTS.b || null};
      if (B.nav && number === null) setTimeout(() => B.firstBeat && B.firstBeat(), 0);
      return [
        B.same(record, nextRecord) ? no : nextRecord,
        B.same(beatBefore, nextBeat) ? no : nextBeat,
        B.same(slotsBefore, nextSlots) ? no : nextSlots,
      ];
    },
    frame: function (pathname, search) {
      const state = B.read(search || "");
      delete state.q;
      const page = pageAt(pathname) || {name: "", scope: "none"};
      const share = document.getElementById("share");
      if (share) share.hidden = !(page.scope === "window" && state.record && state.at);
      document.documentElement.dataset.page = page.name;
      B.pages.filter((one) => one.tab).forEach((one) => {
        const tab = document.getElementById(one.tab);
        if (tab) tab.classList.toggle("on", one.name === page.name || one.name === page.under);
      });
      if (document.getElementById("target") && B.shownTarget !== state.target) B.set("target", {value: state.target || ""});
      B.shownTarget = state.target;
      if (state.record) remember(B.write(state));
      return undefined;
    },
    /* Parameters were set in the drawer: the same ones again ask once more. */
    parameters: function (chosen) {
      if (!chosen) return undefined;
      const before = location.search;
      B.go({[chosen.slot]: chosen.method});
      if (location.search === before) B.askAgain(chosen.slot);
      return undefined;
    },
    /* Another page has appeared: scripts hear it as an event (Dash keeps one callback without output for each set of inputs). */
    mounted: function () { setTimeout(() => document.dispatchEvent(new CustomEvent("beatlens:page")), 0); return undefined; },
    viewport: function () { return {width: window.innerWidth}; },
    lead: function (value) { if (value) B.go({lead: value}); return undefined; },
    /* Another model may read other windows: what lies nearest is then in view (rhythm/strip.js). */
    model: function (value) {
      const before = location.search, at = B.nav && B.beats ? B.beats.current() : -1;
      if (value) B.go({model: value});
      if (location.search !== before) B.chosenModel = {model: value, time: at < 0 ? 0 : B.nav.time[at]};
      return undefined;
    },
    method: function (value, id) { if (value && B.methodOf(id.slice(-1)) !== value) B.go({[id.slice(-1)]: value}); return undefined; },
    target: function (value) { if (value !== undefined && (value || null) !== (B.read().target || null)) B.go({target: value || null}); return undefined; },
  };
  B.methodText = (slot) => B.read()[slot] || DEFAULTS[slot] || "";
  B.methodOf = (slot) => B.methodText(slot).split(",")[0];

  let resized = null;
  window.addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(() => B.set("viewport", {data: {width: window.innerWidth}}), 120);
  });
})();
