/* Cover a span of the beat and see what the model says without it. A drag reads from the table; at rest the exact ends are asked. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const SETTLE = 500, REST = 160, KEPT = 24; // ms on a beat before its table is asked; ms without a move; tables kept
  const LONG = 0.056, DRAG = 4; // s that is covered by key where nothing was; px
  const tables = new Map(); // JSON of what was asked → promise of the table, or the table
  let view = null, span = null, value = "zero", on = false, held = null, edge = "end", exact = null, timers = {}, asking = null;

  const byId = (id) => document.getElementById(id);
  const two = (number) => number.toFixed(2).replace("-", "−");
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
  const post = (path, body, signal) => B.api(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body), signal})
    .then((answer) => answer.json().then((found) => { if (!answer.ok) throw new Error(found.detail); return found; }));

  /* The table of the beat on the page: asked once, kept for the beats seen last. */
  function table() {
    const key = JSON.stringify([view.ask, value]);
    if (!tables.has(key)) {
      const mine = view;
      tables.set(key, post("/predictions/table", {...view.ask, value}).then(
        (found) => { tables.set(key, found); if (view === mine) show(); return found; },
        (error) => { tables.delete(key); if (view === mine && on) say(error.message || "The server does not answer."); }));
      while (tables.size > KEPT) tables.delete(tables.keys().next().value);
    }
    const found = tables.get(key);
    return found.edges ? found : null;
  }

  /* The exact ends, once they rest. */
  function confirm() {
    const wanted = {...span}, mine = view;
    if (asking) asking.abort();
    asking = new AbortController();
    post("/predictions", {...view.ask, covers: [wanted], value}, asking.signal).then(
      (answer) => { if (view === mine && span && span.start === wanted.start && span.end === wanted.end) { exact = answer.probabilities; B.coverPaper.saw(answer.input); show(); } },
      (error) => { if (error.name !== "AbortError" && view === mine) say(error.message || "The server does not answer."); });
  }

  function say(words) { const note = byId("cover-note"); if (note) note.textContent = words; }

  function row(entry, i, before, now, best) {
    const strong = i === best;
    return `<div class="row g8 bar-row ${strong ? "on" : ""}"><span class="chip" style="background:var(${entry.colour})">${escape(entry.symbol)}</span>
      <span class="bar-name">${escape(entry.name)}</span><div class="bar"><i style="width:${(now * 100).toFixed(1)}%;background:var(${entry.colour});opacity:${strong ? 1 : 0.55}"></i>
      <b class="tick" style="left:${(before * 100).toFixed(1)}%"></b></div><span class="f was">${two(before)}</span><span class="f">→</span><span class="b now">${two(now)}</span></div>`;
  }

  /* The side panel's head in place of the uncovered one. */
  function output(now) {
    const place = byId("cover-output"), best = B.covers.top(now), kind = view.classes[best], was = B.covers.top(view.uncovered), known = view.classes;
    const order = now.map((_, i) => i).sort((a, b) => now[b] - now[a]), margin = now[order[0]] - now[order[1]], sure = margin >= view.uncertain;
    const ms = Math.round(((span.end - span.start) * 1000) / view.fs);
    const agrees = !view.reference ? "" : known.every((c) => c.symbol !== view.reference) ? "" : kind.symbol === view.reference ? "agrees with the reference" : "disagrees with the reference";
    place.dataset.exact = exact ? "yes" : "no";
    place.innerHTML = `<section class="sec"><div class="row side-head"><span class="h">Model output</span><span class="tag w"><span class="icon icon-cover"></span>with ${ms} ms covered</span></div>
      <div class="row g12 verdict"><span class="chip lg" style="background:var(${kind.colour})">${escape(kind.symbol)}</span><div class="verdict-words"><div class="verdict-name">${escape(kind.name)}</div>
      <div class="s m">was ${escape(known[was].name)} ${two(view.uncovered[was])} before covering</div></div><div class="verdict-number">${two(now[best])}</div></div>
      <div class="bars">${known.map((entry, i) => row(entry, i, view.uncovered[i], now[i], best)).join("")}</div>
      <div class="row g8 margin"><span class="tag ${sure ? "" : "w"}">Margin ${two(margin)} over ${escape(known[order[1]].name)}</span><span class="s m">${sure ? agrees : "below " + view.uncertain + ": uncertain"}</span></div></section>`;
  }

  function range(found, now) {
    const best = B.covers.top(now), around = B.covers.range(found, span.start, span.end, view.fs);
    const all = B.covers.summary([...around.answers, now], best), others = all.tops.filter((k) => k !== best).map((k) => view.classes[k].name);
    byId("cover-reach").textContent = `Each edge ±${Math.round(around.ms)} ms`;
    byId("cover-range").textContent = `${view.classes[best].name} ${two(all.least)}–${two(all.most)}${others.length ? ", or " + others.join(", ") : ""}`;
  }

  /* Everything on the screen from the state. */
  function show() {
    const covering = on && view && span;
    document.documentElement.toggleAttribute("data-covering", Boolean(covering));
    document.documentElement.toggleAttribute("data-cover", Boolean(on && view));
    const section = byId("cover-section"), head = byId("cover-output");
    if (section) section.hidden = !(on && view);
    if (B.coverPaper) B.coverPaper.paint(view, covering ? span : null, value);
    if (!on || !view || !section) { if (head) head.hidden = true; return; }
    const found = table();
    if (!covering) { head.hidden = true; byId("cover-span").textContent = "drag over a map, or press P, Q or T"; byId("cover-range").textContent = "–"; return; }
    const wave = B.covers.wave(waves(), span.start, span.end, Math.round(0.012 * view.fs));
    byId("cover-span").textContent = B.covers.place(span.start, span.end, view.before, view.fs) + (wave ? ", " + wave : "");
    const now = exact || (found && B.covers.read(found, span.start, span.end));
    head.hidden = !now;
    document.documentElement.toggleAttribute("data-covering", Boolean(now));
    if (now) output(now);
    if (now && found) { range(found, now); say(found.note ? `${view.caption} ${found.note}.` : view.caption); }
  }

  /* Cover from start up to end (samples), in order and inside the window. */
  function cover(start, end) {
    const inside = (sample) => Math.max(0, Math.min(view.samples, Math.round(sample)));
    let [a, b] = [inside(start), inside(end)].sort((x, y) => x - y);
    if (a === b) { if (b < view.samples) b += 1; else a -= 1; }
    on = true;
    if (span && span.start === a && span.end === b) return;
    span = {start: a, end: b};
    exact = null;
    clearTimeout(timers.rest);
    if (asking) asking.abort();
    timers.rest = setTimeout(confirm, REST);
    show();
  }

  function uncover() {
    clearTimeout(timers.rest);
    if (asking) asking.abort();
    if (span && view) B.coverPaper.saw(view.input);
    on = false; span = null; exact = null; held = null;
    show();
  }

  /* Waves of this beat in samples, as the by-wave panel knows them. */
  const waves = () => (view && view.waves) || [];
  function take(name) {
    const found = waves().find((wave) => wave.name === name);
    if (found) cover(found.start, found.end);
    else say(waves().length ? `No ${name} wave was found in this beat.` : "No wave boundaries are known for this beat.");
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
    if (!view || event.button || !B.coverPaper) return;
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

  document.addEventListener("click", (event) => { if (event.target.closest("#cover-off")) uncover(); });
  window.addEventListener("resize", () => { clearTimeout(timers.size); timers.size = setTimeout(show, 400); });

  (window.beatlensParts = window.beatlensParts || []).push({
    name: "cover",
    shown: function (data) {
      if (!view || !data || !B.same(view.ask, data.ask)) { span = null; uncover(); } // the trace below is the new beat's already
      view = data || null;
      show();
      clearTimeout(timers.table);
      if (view) timers.table = setTimeout(() => view && table(), SETTLE);
    },
  });
  window.beatlensParts.push({name: "maps", shown: () => requestAnimationFrame(show)}); // a map has come or grown
  const covering = () => Boolean(on && view), far = () => Math.max(2, Math.round(view.fs / 90));
  const action = (id, key, words, run) => ({id: "cover-" + id, keys: [key], words, pages: ["/review"], group: "While covering", when: covering, run});
  (window.beatlensActions = window.beatlensActions || []).push(
    {id: "cover", keys: ["c"], words: "cover a span of the beat", pages: ["/review"], run: () => { if (on) uncover(); else if (view) { on = true; say(view.caption); show(); } }},
    action("off", "escape", "uncover", uncover),
    action("p", "p", "cover the P wave", () => take("P")),
    action("qrs", "q", "cover the QRS", () => take("QRS")),
    action("t", "t", "cover the T wave", () => take("T")),
    action("left", "arrowleft", "move the chosen edge back by a sample", () => nudge(-1)),
    action("right", "arrowright", "move the chosen edge on by a sample", () => nudge(1)),
    action("far-left", "shift+arrowleft", "move the chosen edge back by about 11 ms", () => nudge(-far())),
    action("far-right", "shift+arrowright", "move the chosen edge on by about 11 ms", () => nudge(far())),
  );

  B.cover = {
    take, uncover,
    span: (start, end) => view && cover(start, end),
    state: () => ({on, span: span && {...span}, value, exact: Boolean(exact), table: Boolean(view && (tables.get(JSON.stringify([view.ask, value])) || {}).edges)}),
  };
  C.cover = {
    value: function (chosen) {
      if (!chosen || chosen === value) return undefined;
      value = chosen;
      exact = null;
      if (on && span) { clearTimeout(timers.rest); timers.rest = setTimeout(confirm, REST); show(); }
      return undefined;
    },
  };
})();
