/* Cover a span of the beat and see what the model says without it. A drag reads from the table; at rest the exact ends are asked. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const SETTLE = 500, REST = 160; // ms on a beat before its table is asked; ms without a move
  const LONG = 0.056, DRAG = 4; // s that is covered by key where nothing was; px
  const WAVES = {p: "P wave", qrs: "QRS", t: "T wave"}, NAMED = ["p", "qrs", "st", "t"];
  let view = null; // the beat, as frontend/pages/cover.py describes it
  let on = false, span = null, value = "zero"; // covering; {start, end} in samples; what stands in
  let exact = null, input = null, wanted = null, asking = null, timers = {}; // confirmed probabilities, and what was read for them; wave to take once it is known
  let about = ""; // which beat, as what, the address names
  let held = null, edge = "end"; // what the pointer holds; the edge that arrows move

  const beatOf = ({record, at, lead, model, target}) => JSON.stringify([record, at, lead, model, target]);
  const covering = () => Boolean(on && view);
  const byId = (id) => document.getElementById(id);
  const write = (id, words) => { const place = byId(id); if (place && place.textContent !== words) place.textContent = words; };
  const say = (words) => write("cover-note", words);
  const failed = (error) => say(error.message || "The server does not answer.");

  /* A callback that forgets itself once the reader is on another beat. */
  const ifCurrent = (then) => { const mine = view; return (error) => { if (view === mine) { if (error && on) failed(error); then(); } }; };
  const table = () => B.coverAsk.table(ifCurrent(show), view.ask, value);
  const regions = () => B.coverAsk.regions(ifCurrent(() => { if (on) show(); if (wanted) take(wanted); }), view.ask);
  const waves = () => (regions() || []).filter((region) => NAMED.includes(region.key));

  /* The exact ends, once they rest. */
  function confirm() {
    const mine = view, asked = span;
    asking = new AbortController();
    B.coverAsk.exact(view.ask, span, value, asking.signal).then(
      (answer) => { if (view === mine && span === asked) { exact = answer.probabilities; input = answer.input; B.coverPaper.saw(input); show(); } },
      (error) => { if (view === mine && error.name !== "AbortError") failed(error); });
  }

  /* The numbers of the table stand until the ends have rested. */
  function settle() {
    exact = null;
    clearTimeout(timers.rest);
    if (asking) asking.abort();
    if (span) timers.rest = setTimeout(confirm, REST);
  }

  /* How far the answer goes when each edge is moved a little. */
  function range(found, now) {
    const two = B.coverOutput.two, best = B.coverTable.top(now), around = B.coverTable.range(found, span.start, span.end, view.fs);
    const all = B.coverTable.summary([...around.answers, now], best), others = all.tops.filter((k) => k !== best).map((k) => view.classes[k].name);
    write("cover-reach", `Each edge ±${Math.round(around.ms)} ms`);
    write("cover-range", `${view.classes[best].name} ${two(all.least)}–${two(all.most)}${others.length ? ", or " + others.join(", ") : ""}`);
  }

  /* Everything on the screen from the state. */
  function show() {
    const mode = covering(), found = mode ? table() : null, now = mode && span ? exact || (found && B.coverTable.read(found, span.start, span.end)) : null;
    const root = document.documentElement, section = byId("cover-section");
    root.toggleAttribute("data-cover", mode);
    root.toggleAttribute("data-covering", Boolean(now));
    if (section) section.hidden = !mode;
    B.coverPaper.paint(view, mode ? span : null, value);
    if (now) B.coverOutput.fill(view, span, now, Boolean(exact));
    else B.coverOutput.clear();
    if (!mode || !section) return;
    const wave = span && B.coverTable.wave(waves(), span.start, span.end, Math.round(0.012 * view.fs));
    write("cover-span", span ? B.coverTable.place(span.start, span.end, view.before, view.fs) + (wave ? ", " + wave : "") : "drag over a map, or press P, Q or T");
    if (now && found) range(found, now);
    else write("cover-range", "–");
    if (now) say(found && found.note ? `${view.caption} ${found.note}.` : view.caption);
    if (exact) write("cover-said", `${view.classes[B.coverTable.top(exact)].name} ${B.coverOutput.two(Math.max(...exact))} with ${byId("cover-span").textContent} covered`);
  }

  /* Cover from start up to end (samples), in order and inside the window. */
  function cover(start, end) {
    const inside = (sample) => Math.max(0, Math.min(view.samples, Math.round(sample)));
    let [a, b] = [inside(start), inside(end)].sort((x, y) => x - y);
    if (a === b) { if (b < view.samples) b += 1; else a -= 1; }
    on = true;
    if (span && span.start === a && span.end === b) return;
    span = {start: a, end: b};
    settle();
    show();
  }

  function uncover() {
    if (span && view) B.coverPaper.saw(view.input);
    on = false; span = null; input = null; held = null; wanted = null;
    settle();
    show();
  }

  /* Cover a wave; as soon as the boundaries are known. */
  function take(key) {
    const found = regions(), region = found && found.find((entry) => entry.key === key);
    on = true;
    wanted = found ? null : key;
    if (region) { cover(region.start, region.end); return; }
    show();
    if (!found) return;
    const words = found.length ? `No ${WAVES[key] || key} was found in this beat.` : "No wave boundaries were found in this beat.";
    say(words);
    B.say(words);
  }

  /* An arrow key moves the edge that was touched last; the first one covers from R on. */
  function nudge(samples) {
    if (!span) { cover(view.before, view.before + LONG * view.fs); return; }
    const other = edge === "start" ? span.end : span.start, moved = span[edge] + samples;
    if (edge === "start" ? moved < other : moved > other) cover(moved, other);
  }

  document.addEventListener("focusin", (event) => { const grip = event.target.closest(".cover-edge"); if (grip) edge = grip.dataset.edge; });

  /* Pointer: a drag over a map covers; an edge can be taken hold of. */
  document.addEventListener("pointerdown", (event) => {
    if (!view || event.button || B.calipers.on) return;
    const at = B.coverPaper.under(event), grip = event.target.closest && event.target.closest(".cover-edge");
    if (!at || !(at.inside || grip)) return;
    const sample = (at.ms * view.fs) / 1000 + view.before;
    held = {slot: at.slot, x: event.clientX, from: sample, pointer: event.pointerId, grip: grip && grip.dataset.edge, moved: Boolean(grip)};
    if (grip) { edge = held.grip; held.from = span[edge === "start" ? "end" : "start"]; }
    if (on) event.preventDefault();
  }, true);
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    if (!held.moved && Math.abs(event.clientX - held.x) < DRAG) return;
    held.moved = true;
    const at = B.coverPaper.under(event, held.slot);
    if (!at) return;
    const sample = (at.ms * view.fs) / 1000 + view.before;
    edge = sample < held.from ? "start" : "end";
    cover(held.from, sample);
    event.preventDefault();
  }, true);
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const slot = held.slot, moved = held.moved;
    held = null;
    const grip = moved && document.querySelector(`#cover-${slot} [data-edge=${edge}]`);
    if (grip) grip.focus({preventScroll: true, focusVisible: false});
  }, true));

  document.addEventListener("click", (event) => {
    const region = event.target.closest("[data-region]");
    if (event.target.closest("#cover-off")) uncover();
    else if (region && view) take(region.dataset.region);
  });
  window.addEventListener("resize", () => { clearTimeout(timers.size); timers.size = setTimeout(show, 400); });

  (window.beatlensParts = window.beatlensParts || []).push({
    name: "cover",
    shown: function (data, shown) {
      about = beatOf(shown);
      if (!view || !data || !B.same(view.ask, data.ask)) { span = null; uncover(); } // the trace below is the new beat's already
      view = data && Object.assign({}, data, {millivolts: B.unpacked(data.millivolts), input: B.unpacked(data.input)});
      show();
      clearTimeout(timers.table);
      if (view) timers.table = setTimeout(() => { if (view) { table(); regions(); } }, SETTLE);
    },
  });
  document.addEventListener("beatlens:moved", ({detail}) => { if (view && about !== beatOf(detail)) { view = null; uncover(); } }); // an answer is of one beat
  /* The trace below the maps is drawn anew, in other colours or another width: the covered one again. */
  window.beatlensParts.push({name: "model_input", shown: (data, shown) => { if (input && about === beatOf(shown)) B.coverPaper.sawNext(() => input); }});
  window.beatlensParts.push({name: "maps", shown: () => requestAnimationFrame(show)}); // a map has come or grown
  const far = () => Math.max(2, Math.round(view.fs / 90));
  const action = (id, key, words, run) => ({repeats: key.includes("arrow"), id: "cover-" + id, keys: [key], words, pages: ["desk"], group: "While covering", when: covering, run});
  (window.beatlensActions = window.beatlensActions || []).push(
    {id: "cover", keys: ["c"], words: "cover a span of the beat", pages: ["desk"], run: () => { if (on) uncover(); else if (view) { on = true; say(view.caption); show(); } }},
    action("off", "escape", "uncover", uncover),
    action("p", "p", "cover the P wave", () => take("p")),
    action("qrs", "q", "cover the QRS", () => take("qrs")),
    action("t", "t", "cover the T wave", () => take("t")),
    action("left", "arrowleft", "move the chosen edge back by a sample", () => nudge(-1)),
    action("right", "arrowright", "move the chosen edge on by a sample", () => nudge(1)),
    action("far-left", "shift+arrowleft", "move the chosen edge back by about 11 ms", () => nudge(-far())),
    action("far-right", "shift+arrowright", "move the chosen edge on by about 11 ms", () => nudge(far())),
  );

  B.cover = {
    take, uncover,
    span: (start, end) => view && cover(start, end),
    state: () => ({on, span: span && {...span}, value, exact: Boolean(exact), table: Boolean(view && B.coverAsk.table.known(view.ask, value))}),
  };
  C.cover = {
    value: function (chosen) {
      if (!chosen || chosen === value) return undefined;
      value = chosen;
      settle();
      show();
      return undefined;
    },
  };
})();
