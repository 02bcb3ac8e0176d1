/* Your reading, the panel: labels with their keys, agreement with the model, a note. What is said goes through B.readings. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const parts = (window.beatlensParts = window.beatlensParts || []);
  const PAGES = ["desk", "rhythm"]; // where one window is in view, and can be labelled
  const NEEDS = "annotator"; // the role that labels
  const {BEATS, state, offered, vocabulary, named} = B.readings;

  let output = null; // what the model says of the beat in view: {record, at, symbol}
  let agreeing = null; // beat on whose output the reader agreed before it was there
  /* The beat in view; none while the address names what is no beat of this record. */
  function beat() {
    const address = B.read(), sample = /^\d+$/.test(address.at || "") ? Number(address.at) : null;
    const known = B.nav && B.nav.record === address.record && B.nav.sample;
    return known && !known.includes(sample) ? null : sample;
  }
  const hidden = () => document.documentElement.hasAttribute("data-hidden");

  /* Labels of the vocabulary in which the windows in view are read; beats' stand in the page as it comes. */
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
  const choice = ({code, name, colour, key}) => `<button class="reading-key" title="${escape(name)}" data-label="${escape(code)}" aria-pressed="false" aria-label="Read as ${escape(name)}">
    <span class="chip" style="background:var(${colour})">${escape(B.letters(code))}</span><span class="xs f">${key ? escape(key.toUpperCase()) : ""}</span></button>`;
  let ofBeats = null;
  function choices(row) {
    const name = vocabulary();
    if ((row.dataset.vocabulary || BEATS) === name) return;
    if (!row.dataset.vocabulary) ofBeats = row.innerHTML;
    row.innerHTML = name === BEATS ? ofBeats : offered().map(choice).join("");
    row.dataset.vocabulary = name;
  }
  function press(key, code) {
    const always = code && document.querySelector(`#reading .btn[data-label="${code}"]`); // what can be said of any window
    const found = vocabulary() === BEATS || always ? {code} : offered().find((one) => one.key === key);
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
    if (!output || output.at !== sample || output.record !== B.readings.record) { agreeing = sample; B.say("Read as soon as the model's output is there"); return; }
    if (output.symbol === null) { B.say("There is no model output to agree with"); return; }
    label(output.symbol);
  }

  function note(open) {
    const box = document.getElementById("reading-note-place"), button = document.getElementById("reading-note-open");
    const text = document.getElementById("reading-note");
    box.hidden = !open;
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

  /* A key of beats' labels is one action; a key that only another vocabulary has is one while windows are read in it. */
  const action = (key, words, run, when) => actions.push({id: "label-" + key, keys: [key], words, group: "Your reading", needs: NEEDS, pages: PAGES, when, run});
  const keyed = new Map(Object.entries(B.labels).filter(([, {key}]) => key).map(([code, {key}]) => [key, code]));
  keyed.forEach((code, key) => action(key, named(code), () => press(key, code)));
  const others = new Map(Object.values(B.vocabularies).flat().filter(({key}) => key && !keyed.has(key)).map((one) => [one.key, one]));
  others.forEach(({short}, key) => action(key, "read as " + short, () => press(key, null), () => offered().some((one) => one.key === key)));
  const free = () => !(document.activeElement && document.activeElement.closest("button, a, summary, [role=tab], [role=option]"));
  actions.push(
    {id: "agree", keys: ["space"], words: "agree with the model output", group: "Your reading", needs: NEEDS, pages: PAGES, when: free, run: agree},
    {id: "withdraw", keys: ["backspace"], words: "withdraw the reading", group: "Your reading", needs: NEEDS, pages: PAGES, run: () => label(null)},
  );

  function shown(data, view) {
    output = data && {record: view.record, at: data.at, symbol: data.output};
    look();
    if (agreeing === null || agreeing !== beat()) { agreeing = null; return; }
    if (output && agreeing === output.at) { agreeing = null; agree(); }
  }
  parts.push({name: "reading", shown});

  /* The address says which record and beat. */
  let drawnAt = null, drawnIn = null;
  function look() {
    const record = B.read().record || null, panel = document.getElementById("reading");
    const moved = drawnAt !== location.search || panel !== drawnIn, open = document.getElementById("reading-note-place");
    if (moved && open && !open.hidden) { commit(document.getElementById("reading-note")); open.hidden = true; }
    if (record !== B.readings.record) B.readings.load(record);
    if (!moved) return;
    drawnAt = location.search;
    drawnIn = panel;
    draw();
    B.outbox.showSaved();
  }
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => { look(); setTimeout(look, 0); })); // with the strip; and again where a page has come
  ["beatlens:nav", "beatlens:readings"].forEach((name) => document.addEventListener(name, draw)); // the windows that are now known may be read in other words
  window.addEventListener("load", look);
  document.addEventListener("beatlens:account", () => { B.readings.load(B.read().record || null); look(); });
})();
