/* Readings: what the person at the desk calls a beat. Every act is first kept in this browser, then sent, and sent again until the server has it.

   B.readings.label(samples, label)   one act on one or many beats of the record in view; undone as one. null withdraws.
   B.readings.of(sample)              {label, comment}, or null for a beat without a label
   document "beatlens:readings"       what is held has changed */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const parts = (window.beatlensParts = window.beatlensParts || []);
  const PAGES = ["desk", "rhythm"]; // where one window is in view, and can be labelled
  const PREFIX = "beatlens-readings:", REFUSED = "beatlens-refused:";
  const mine = () => PREFIX + B.who() + ":"; // what another person did in this browser waits for that person
  const NEEDS = "annotator"; // the role that labels
  const BATCH = 1000; // acts in one request
  const AGAIN = 5000; // ms until a failed request is sent again
  const BEATS = "mitbih"; // the vocabulary of beats, and of readings that name none
  const SMALL = 60000; // bytes that a browser sends on even when the tab closes

  let record = null; // whose readings are held
  let held = new Map(); // window → {label, comment, vocabulary}: windows of two models may begin at one sample
  let unsent = []; // batches where this browser keeps nothing
  let last = 0, trouble = null;

  /* The queue: one item of the browser's storage for each batch, in the order of the acts. */
  const names = () => { try { return Object.keys(localStorage).filter((name) => name.startsWith(mine())).sort(); } catch (error) { return []; } };
  const get = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch (error) { return null; } };
  const pending = () => [...names().map((name) => ({name, entries: get(name)})).filter((batch) => batch.entries), ...unsent];

  function keep(entries) {
    last = Math.max(last + 1, Date.now()); // two acts of one moment stay in their order
    const name = mine() + String(last).padStart(15, "0") + "-" + entries[0].client_id.slice(0, 8);
    try { localStorage.setItem(name, JSON.stringify(entries)); } catch (error) { unsent.push({name, entries}); }
  }

  function drop(name) {
    unsent = unsent.filter((batch) => batch.name !== name);
    try { localStorage.removeItem(name); } catch (error) { /* it was never there */ }
  }

  const unique = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /* Sending: one tab at a time, the earliest first. */
  let sending = false, again = null;
  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(again);
    try {
      await (navigator.locks ? navigator.locks.request("beatlens-readings", sendAll) : sendAll());
    } finally { sending = false; tell(); }
    if (pending().length) again = setTimeout(send, AGAIN);
  }

  async function sendAll() {
    for (let batch = pending()[0]; batch; batch = pending()[0]) {
      const answer = await post(batch.entries);
      if (answer === "later") return;
      if (answer === "taken") drop(batch.name);
      else if (batch.entries.length > 1) split(batch); // so that one bad act holds up no other
      else refuse(batch, answer);
      tell();
    }
  }

  /* The columns of the windows in view; a page without the strip brings its own, {page, record, sample, start, end, vocabulary}. */
  const columns = () => (B.readings.places && B.readings.places.page === B.page() ? B.readings.places : B.nav);

  /* Windows that are longer than a beat's mark are read as what they are: from the columns of the record in view. */
  function located(sample) {
    const known = columns(), nav = known && known.record === record ? known : null, i = nav && nav.end ? rows(nav).get(sample) : undefined;
    return i === undefined ? {at: sample} : {at: sample, start: nav.start[i], end: nav.end[i], vocabulary: nav.vocabulary};
  }
  let numbered = {of: null, rows: null};
  function rows(nav) {
    if (numbered.of !== nav.sample) numbered = {of: nav.sample, rows: new Map(nav.sample.map((sample, i) => [sample, i]))};
    return numbered.rows;
  }
  const windowOf = ({at, start, end}) => [at, start === undefined ? at : start, end === undefined ? at + 1 : end].join(" ");
  /* What was kept by a page of version 0.1 and is still to be sent names the address otherwise. */
  const today = ({sample, ...entry}) => (sample === undefined ? entry : {at: sample, ...entry});

  async function post(entries) {
    const body = JSON.stringify({entries: entries.map(today)});
    try {
      const answer = await B.api("/readings", {method: "POST", headers: {"Content-Type": "application/json"}, body, keepalive: body.length < SMALL});
      if (answer.ok) {
        await answer.arrayBuffer(); // an answer left unread counts against the 64 KiB that a browser keeps alive: the next act would fail
        trouble = null;
        return "taken";
      }
      const problem = await answer.json().catch(() => ({}));
      trouble = problem.detail || "The server answered " + answer.status;
      return answer.status >= 500 || answer.status === 401 || answer.status === 408 || answer.status === 429 ? "later" : trouble;
    } catch (error) {
      trouble = null;
      return "later";
    }
  }

  function split(batch) {
    batch.entries.forEach((entry, i) => {
      const name = batch.name + "-" + String(i).padStart(6, "0");
      try { localStorage.setItem(name, JSON.stringify([entry])); } catch (error) { unsent.push({name, entries: [entry]}); }
    });
    drop(batch.name);
  }

  /* What the server never takes is kept aside and told, not thrown away. */
  function refuse(batch, reason) {
    try { localStorage.setItem(REFUSED + batch.name, JSON.stringify({entry: batch.entries[0], reason})); } catch (error) { /* told all the same */ }
    B.say("Not taken by the server: " + reason);
    drop(batch.name);
    if (batch.entries[0].recording === record) load(record);
  }

  function tell() {
    const place = document.getElementById("saved");
    if (!place) return;
    const waiting = pending().reduce((sum, batch) => sum + batch.entries.length, 0);
    place.textContent = waiting ? waiting.toLocaleString("en") + (waiting === 1 ? " change" : " changes") + " waiting" + (navigator.onLine ? "" : ", offline") : "All changes saved";
    place.classList.toggle("warn", !!waiting && (!navigator.onLine || !!trouble));
    place.title = waiting ? trouble || "Kept in this browser until the server has them" : "";
  }

  /* What holds: the server's word, and over it what it has not heard yet. */
  function take(entries) {
    entries.map(today).filter((entry) => entry.recording === record).forEach((entry) => {
      if (entry.label === null && !entry.comment) held.delete(windowOf(entry));
      else held.set(windowOf(entry), said(entry));
    });
  }
  const said = ({label, comment, vocabulary}) => ({label, comment: comment || "", vocabulary: vocabulary || BEATS});
  const changed = () => { draw(); document.dispatchEvent(new CustomEvent("beatlens:readings", {detail: {record}})); };

  async function load(wanted) {
    if (wanted !== record) { record = wanted; held = new Map(); }
    if (!wanted) return;
    try {
      const answer = await B.api("/readings?recording=" + encodeURIComponent(wanted));
      if (!answer.ok || wanted !== record) return;
      const {readings} = await answer.json();
      if (wanted !== record) return;
      held = new Map(readings.map((one) => [windowOf(one), said(one)]));
    } catch (error) { /* the queue is still shown */ }
    pending().forEach((batch) => take(batch.entries));
    changed();
  }

  /* What holds of a window, in its own words: `place` says which, else the one of the record in view. */
  function state(sample, place = located(sample)) {
    const found = held.get(windowOf(place));
    return found && found.vocabulary === (place.vocabulary || BEATS) ? {label: found.label, comment: found.comment} : {label: null, comment: ""};
  }

  /* Acts: [[sample, {label, comment}], …] of one record, kept, shown and sent. */
  function act(where, acts) {
    const made = new Date().toISOString();
    const entries = acts.map(([sample, {label, comment}]) => ({client_id: unique(), recording: where.record, lead: where.lead, ...where.places.get(sample), label, comment, made}));
    for (let i = 0; i < entries.length; i += BATCH) keep(entries.slice(i, i + BATCH));
    take(entries);
    changed();
    tell();
    send();
  }

  function change(acts, words, places = new Map(acts.map(([sample]) => [sample, located(sample)]))) {
    const where = {record, lead: B.read().lead || null, places};
    const before = acts.map(([sample]) => [sample, state(sample, places.get(sample))]);
    const real = acts.filter(([sample, next], i) => next.label !== before[i][1].label || next.comment !== before[i][1].comment);
    if (!where.record || !real.length) return;
    const touched = new Set(real.map(([sample]) => sample)), old = before.filter(([sample]) => touched.has(sample));
    /* Undone is what still stands as this act has left it: another tab may have read the beat since. */
    const back = (from, to) => {
      const left = to.filter(([sample], i) => B.same(state(sample, where.places.get(sample)), from[i][1]));
      if (left.length) act(where, left);
      show();
      return left.length ? "" : "Not undone: it was read anew since";
    };
    const show = () => { if (real.length === 1 && B.read().record === where.record && B.page() === "desk") B.go({at: real[0][0]}); };
    act(where, real);
    B.pushUndo({words, undo: () => back(real, old), redo: () => back(old, real)});
  }

  const named = (label) => (label === null ? "reading withdrawn" : "read as " + (offered().find((one) => one.code === label) || B.labels[label] || {short: label}).short);
  const counted = (n) => (n === 1 ? "" : n.toLocaleString("en") + " beats ");

  B.readings = {
    places: null,
    label: (samples, label) => change(samples.map((sample) => [sample, {label, comment: state(sample).comment}]), counted(samples.length) + named(label)),
    /* The same on intervals that are no windows: [[{at, start, end, vocabulary}, label], …]. */
    intervals: (acts, words) => change(acts.map(([place_, label]) => [place_, {label, comment: state(null, place_).comment}]), words, new Map(acts.map(([{at, start, end, vocabulary}], i) => [acts[i][0], {at, start, end, vocabulary}]))),
    /* Every interval that holds a reading: [{at, start, end, label, comment, vocabulary}, …]. */
    held: () => [...held].map(([key, said_]) => { const [at, start, end] = key.split(" ").map(Number); return Object.assign({at, start, end}, said_); }),
    note: (sample, comment) => change([[sample, {label: state(sample).label, comment}]], comment ? "note" : "note removed"),
    of: (sample) => { const found = state(sample); return found.label !== null ? found : null; },
  };

  /* The panel. */
  let output = null; // what the model says of the beat in view: {record, at, symbol}
  let wish = null; // beat on whose output the reader agreed before it was there
  /* The beat in view; none while the address names what is no beat of this record. */
  function beat() {
    const state_ = B.read(), sample = /^\d+$/.test(state_.at || "") ? Number(state_.at) : null;
    const known = B.nav && B.nav.record === state_.record && B.nav.sample;
    return known && !known.includes(sample) ? null : sample;
  }
  const hidden = () => document.documentElement.hasAttribute("data-hidden");

  /* Labels of the vocabulary in which the windows in view are read; beats' stand in the page as it comes. */
  const KEYS = new Set(Object.values(B.labels).map(({key}) => key).filter(Boolean));
  const spoken = () => (columns() && columns().vocabulary) || BEATS;
  const offered = () => B.vocabularies[spoken()] || [];
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
  const choice = ({code, name, colour, key}) => `<button class="reading-key" title="${escape(name)}" data-label="${escape(code)}" aria-pressed="false" aria-label="Read as ${escape(name)}">
    <span class="chip" style="background:var(${colour})">${escape(B.letters(code))}</span><span class="xs f">${key ? escape(key.toUpperCase()) : ""}</span></button>`;
  let ofBeats = null;
  function choices(row) {
    const name = spoken();
    if ((row.dataset.vocabulary || BEATS) === name) return;
    if (!row.dataset.vocabulary) ofBeats = row.innerHTML;
    row.innerHTML = name === BEATS ? ofBeats : offered().map(choice).join("");
    row.dataset.vocabulary = name;
  }
  function press(key, code) {
    const always = document.querySelector(`#reading .btn[data-label="${code}"]`); // what can be said of any window
    const found = spoken() === BEATS || always ? {code} : offered().find((one) => one.key === key);
    if (found) label(found.code); else B.say("No label of these windows has this key");
  }

  function draw() {
    const panel = document.getElementById("reading"), sample = beat();
    if (!panel) return;
    choices(panel.querySelector(".reading-keys"));
    const {label, comment} = sample === null ? {label: null, comment: ""} : state(sample);
    panel.querySelectorAll("[data-label]").forEach((button) => {
      button.setAttribute("aria-pressed", button.dataset.label === label);
      button.disabled = sample === null;
    });
    document.getElementById("reading-status").textContent = label === null ? "not yet read" : named(label);
    const open = document.getElementById("reading-note-open");
    open.textContent = comment ? "Edit note" : "Add note";
    open.title = comment;
  }

  /* A beat out of sight is not labelled: it is shown, and asked for again. */
  function inSight(sample) {
    if (B.page() !== "desk" || B.strip.sees(sample)) return true;
    B.strip.show(B.view.current || B.read());
    B.say("The beat was out of sight: press again to label it");
    return false;
  }

  function label(value) {
    if (B.stretches && B.stretches.label(value)) return;
    const sample = beat();
    if (sample === null || !inSight(sample)) return;
    if (state(sample).label === value) { B.say(value === null ? "Not read yet" : "Already " + named(value)); return; }
    const {comment} = state(sample);
    B.readings.label([sample], value);
    B.say(value === null ? "Reading withdrawn" + (comment ? "; its note stays" : "") : named(value)[0].toUpperCase() + named(value).slice(1), {words: "Undo", run: B.undo});
    if (value !== null) B.goOn(sample);
  }

  function agree() {
    const sample = beat();
    if (sample === null) return;
    if (hidden()) { B.say("The model is hidden: choose a label"); return; }
    if (!output || output.at !== sample || output.record !== record) { wish = sample; B.say("Read as soon as the model's output is there"); return; }
    if (output.symbol === null) { B.say("There is no model output to agree with"); return; }
    label(output.symbol);
  }

  function note(open) {
    const place = document.getElementById("reading-note-place"), button = document.getElementById("reading-note-open");
    const text = document.getElementById("reading-note");
    place.hidden = !open;
    button.setAttribute("aria-expanded", open);
    if (open) { text.value = state(beat()).comment; text.dataset.beat = beat(); text.focus(); } else button.focus();
  }

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("#reading [data-label]");
    if (chosen) label(chosen.dataset.label);
    else if (event.target.closest("#reading-note-open") && beat() !== null) note(document.getElementById("reading-note-place").hidden);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "reading-note") return;
    if (event.key === "Escape") discard(event.target);
    else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); commit(event.target); note(false); }
  });
  /* Escape drops what was typed, and says so. */
  function discard(text) {
    const sample = Number(text.dataset.beat), words = text.value.trim();
    note(false);
    if (state(sample).comment !== words) B.say("The note was not kept", {words: "Keep it", run: () => B.readings.note(sample, words)});
  }
  document.addEventListener("focusout", (event) => { if (event.target.id === "reading-note" && !event.target.closest("[hidden]")) commit(event.target); });
  function commit(text) {
    const sample = Number(text.dataset.beat), words = text.value.trim();
    if (state(sample).comment !== words) B.readings.note(sample, words);
  }

  Object.entries(B.labels).filter(([, {key}]) => key).forEach(([value, {key}]) => actions.push({id: "label-" + key, keys: [key], words: named(value), group: "Your reading", needs: NEEDS, pages: PAGES, run: () => press(key, value)}));
  const free = () => !(document.activeElement && document.activeElement.closest("button, a, summary, [role=tab], [role=option]"));
  actions.push(
    {id: "agree", keys: ["space"], words: "agree with the model output", group: "Your reading", needs: NEEDS, pages: PAGES, when: free, run: agree},
    {id: "withdraw", keys: ["backspace"], words: "withdraw the reading", group: "Your reading", needs: NEEDS, pages: PAGES, run: () => label(null)},
  );

  function shown(data, view) {
    output = data && {record: view.record, at: data.at, symbol: data.output};
    look();
    if (wish === null || wish !== beat()) { wish = null; return; }
    if (output && wish === output.at) { wish = null; agree(); }
  }
  parts.push({name: "reading", shown});

  /* The address says which record and beat; another tab may read as well. */
  let place = null, panelBefore = null;
  function look() {
    const wanted = B.read().record || null, panel = document.getElementById("reading");
    const moved = place !== location.search || panel !== panelBefore, open = document.getElementById("reading-note-place");
    if (moved && open && !open.hidden) { commit(document.getElementById("reading-note")); open.hidden = true; }
    if (wanted !== record) load(wanted);
    if (moved) {
      place = location.search;
      panelBefore = panel;
      draw();
      tell();
    }
  }
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => { look(); setTimeout(look, 0); })); // with the strip; and again where a page has come
  document.addEventListener("beatlens:nav", draw); // the windows that are now known may be read in other words
  window.addEventListener("load", () => { look(); send(); });
  window.addEventListener("storage", (event) => {
    if (!event.key || !event.key.startsWith(mine())) return;
    if (event.newValue) { take(JSON.parse(event.newValue)); changed(); }
    tell();
  });
  ["online", "offline"].forEach((name) => window.addEventListener(name, () => { tell(); if (name === "online") send(); }));
  document.addEventListener("beatlens:online", send);
  document.addEventListener("beatlens:account", () => { load(B.read().record || null); look(); send(); }); // what waited in this person's name is now known
})();
