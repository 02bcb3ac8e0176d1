/* Rhythms with ends of their own: a stretch is dragged over the rows or begun by a key, its ends are moved, and a label names it.
   One that is named is an interval among the readings; to move its end is to withdraw it and name another, undone as one. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const LEAST = 0.2, USUAL = 5; // s: the shortest stretch, that of the key
  const DRAGGED = 6; // px from which a press is a drag
  const SMALL = 0.04, LARGE = 1; // s that an arrow key moves an end: a millimetre at 25 mm/s
  const REST = 700; // ms after the last key until a moved end is kept
  const $ = (id) => document.getElementById(id);
  const here = () => B.page() === "rhythm" && B.rhythm && B.rhythm.shown;

  let chosen = null; // {record, start, end: s, of: the interval that it was, null for one without a name}
  let drag = null, timer = null;

  const rows = () => [...document.querySelectorAll("#rhythm-rows .rhythm-row")];
  const fs = () => B.rhythm.shown.fs;
  const length = () => { const {nav} = B, ends = nav && nav.record === B.read().record && nav.end; return Math.max(B.rhythm.shown.length || 0, ends && ends.length ? ends[ends.length - 1] / fs() : 0, B.rhythm.shown.span[1]); };
  const place = ({start, end}) => ({at: Math.round(start * fs()), start: Math.round(start * fs()), end: Math.round(end * fs()), vocabulary: B.nav.vocabulary});
  const named = () => B.readings.held().filter(({label}) => label !== null);
  const same = (one, other) => !!one && !!other && one.start === other.start && one.end === other.end;
  const shortOf = (code) => ((B.vocabularies[B.nav.vocabulary] || []).find((one) => one.code === code) || B.labels[code] || {short: code}).short;
  const lettersOf = (code) => (shortOf(code).length <= 2 ? shortOf(code) : B.letters(code));
  const colourOf = (code) => ((B.vocabularies[B.nav.vocabulary] || []).find((one) => one.code === code) || {colour: "--ink2"}).colour;
  const clock = (s) => { const whole = Math.floor(s / 60), rest = (s - 60 * whole).toFixed(1).padStart(4, "0"); return `${String(whole).padStart(2, "0")}:${rest}`; };
  const words = ({start, end}) => `${clock(start)} to ${clock(end)}, ${(end - start).toFixed(1)} s`;

  function made(kind, attributes, ...children) {
    const part = Object.assign(document.createElement(kind), attributes);
    part.append(...children);
    return part;
  }

  function choose(start, end, of = null) {
    const last = length(), a = Math.max(0, Math.min(start, end)), z = Math.min(last, Math.max(start, end));
    chosen = {record: B.read().record, start: Math.min(a, last - LEAST), end: Math.max(z, a + LEAST), of};
    draw();
  }
  function forget() { chosen = null; draw(); }

  /* Drawing: each row shows its part of every stretch; whole windows are read in the panel beside, and have no line here. */
  function draw() {
    if (!here()) return;
    if (chosen && chosen.record !== B.read().record) chosen = null;
    const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.stretchEnd : undefined;
    const [from, to] = B.rhythm.shown.span, window_ = {start: Math.round(from * fs()), end: Math.round(to * fs())};
    const all = named().filter((one) => !same(one, window_) && one.end > window_.start && one.start < window_.end);
    rows().forEach((place_, i) => layer(place_).replaceChildren(...parts(B.rhythm.shown.rows[i], all)));
    if (focus !== undefined) { const found = document.querySelector(`[data-stretch-end="${focus}"]`); if (found) found.focus(); }
    list();
  }

  function layer(row) {
    let found = row.querySelector(".rhythm-stretches");
    if (!found) row.insertBefore(found = made("div", {className: "rhythm-stretches"}), row.querySelector(".rhythm-calipers"));
    const over = row.querySelector(".rhythm-over");
    Object.assign(found.style, {width: over.style.width, top: over.style.top, height: over.style.height});
    return found;
  }

  const x = (row, time) => row.origin + (time - row.start) * row.second;
  function parts(row, all) {
    if (!row) return [];
    const found = all.map((one) => line(row, one)).filter(Boolean);
    if (!chosen || chosen.start >= row.end || chosen.end <= row.start) return found;
    const a = Math.max(row.start, chosen.start), z = Math.min(row.end, chosen.end), area = made("i", {className: "stretch-area"});
    Object.assign(area.style, {left: x(row, a) + "px", width: (z - a) * row.second + "px"});
    const ends = ["start", "end"].filter((name) => chosen[name] >= row.start && (chosen[name] < row.end || (name === "end" && chosen[name] <= row.end)));
    return [...found, area, ...ends.map((name) => handle(row, name))];
  }

  function line(row, one) {
    const a = Math.max(row.start, one.start / fs()), z = Math.min(row.end, one.end / fs());
    if (z <= a) return null;
    const made_ = made("button", {className: "stretch-line", title: `${shortOf(one.label)}, ${words({start: one.start / fs(), end: one.end / fs()})}`}, made("span", {className: "chip sm", textContent: lettersOf(one.label)}));
    made_.style.cssText = `left:${x(row, a)}px;width:${(z - a) * row.second}px;--stretch:var(${colourOf(one.label)})`;
    made_.firstChild.style.background = `var(${colourOf(one.label)})`;
    made_.setAttribute("aria-label", "Your rhythm " + made_.title);
    made_.dataset.stretch = one.start + " " + one.end;
    return made_;
  }

  function handle(row, name) {
    const part = made("div", {className: "stretch-end"});
    part.style.left = x(row, chosen[name]) + "px";
    Object.entries({role: "slider", tabindex: "0", "data-stretch-end": name, "aria-label": (name === "start" ? "Start" : "End") + " of the stretch", "aria-valuemin": "0", "aria-valuemax": length().toFixed(1), "aria-valuenow": chosen[name].toFixed(2), "aria-valuetext": clock(chosen[name])})
      .forEach(([key, value]) => part.setAttribute(key, value));
    return part;
  }

  /* The list beside the rows. */
  function list() {
    const place_ = $("stretch-list"), said = $("stretch-chosen"), out = $("stretch-export");
    if (!place_ || !B.nav) return;
    const all = named().filter(({end, start}) => end - start > 1).sort((one, other) => one.start - other.start);
    place_.replaceChildren(...(all.length ? all.map(entry) : [made("p", {className: "s m w", textContent: "None yet: drag over the rows, or label the window."})]));
    said.hidden = !chosen;
    if (chosen) said.replaceChildren(made("span", {className: "s", textContent: "Stretch " + words(chosen) + (chosen.of ? "" : ": press a label")}), made("span", {className: "sp"}), made("button", {className: "btn sm gh", id: "stretch-forget", textContent: "Leave it"}));
    out.hidden = !all.length;
    out.href = B.prefix + "api/readings/rhythms?recording=" + encodeURIComponent(B.read().record);
  }
  function entry(one) {
    const found = made("button", {className: "stretch-entry" + (chosen && same(place(chosen), one) ? " on" : "")}, made("span", {className: "chip sm", textContent: lettersOf(one.label)}), made("span", {className: "s", textContent: words({start: one.start / fs(), end: one.end / fs()})}));
    found.firstChild.style.background = `var(${colourOf(one.label)})`;
    found.dataset.stretch = one.start + " " + one.end;
    return found;
  }

  /* A click on one that is named: it is chosen, and comes into sight. */
  function pick(key) {
    const one = named().find(({start, end}) => start + " " + end === key);
    if (!one) return;
    choose(one.start / fs(), one.end / fs(), one);
    const [from, to] = B.rhythm.shown.span, at = one.start / fs();
    if (at < from || at >= to) B.rhythm.at(at);
  }

  /* A moved end of one that is named is kept once it rests. */
  function settle() {
    clearTimeout(timer);
    if (!chosen || !chosen.of || same(place(chosen), chosen.of)) return;
    const of = chosen.of, next = Object.assign({}, place(chosen), {vocabulary: of.vocabulary});
    chosen.of = Object.assign({}, of, next);
    B.readings.intervals([[of, null], [next, of.label]], "rhythm moved");
  }

  function move(name, time) {
    const other = name === "start" ? chosen.end - LEAST : chosen.start + LEAST;
    chosen[name] = name === "start" ? Math.max(0, Math.min(time, other)) : Math.min(length(), Math.max(time, other));
    draw();
  }

  /* Where the pointer is: the row that it is in, or the nearest. */
  function under(event) {
    const all = rows(), near = all.reduce((best, row) => { const box = row.getBoundingClientRect(), far = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom); return !best || far < best.far ? {row, far} : best; }, null);
    const row = B.rhythm.shown.rows[all.indexOf(near.row)], left = near.row.querySelector(".rhythm-over").getBoundingClientRect().left;
    return Math.max(row.start, Math.min(row.end, row.start + (event.clientX - left - row.origin) / row.second));
  }

  document.addEventListener("pointerdown", (event) => {
    if (!here() || event.button || (B.calipers && B.calipers.on)) return;
    const end = event.target.closest(".stretch-end"), over = event.target.closest(".rhythm-over");
    if (end) drag = {id: event.pointerId, name: end.dataset.stretchEnd, on: true};
    else if (over && !event.target.closest("button")) drag = {id: event.pointerId, from: under(event), x: event.clientX, y: event.clientY, on: false};
    else return;
    if (end) { event.preventDefault(); end.focus(); }
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || drag.id !== event.pointerId || !here()) return;
    if (!drag.on && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < DRAGGED) return;
    drag.on = true;
    if (drag.name) move(drag.name, under(event)); else choose(drag.from, under(event));
  });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    const {on} = drag;
    drag = null;
    if (on) { swallow(); settle(); }
  }));
  /* The click that ends a drag opens no beat. */
  function swallow() {
    const stop = (event) => { event.stopPropagation(); event.preventDefault(); };
    window.addEventListener("click", stop, {capture: true, once: true});
    setTimeout(() => window.removeEventListener("click", stop, {capture: true}), 0);
  }

  document.addEventListener("click", (event) => {
    if (!here()) return;
    const one = event.target.closest("[data-stretch]");
    if (one) pick(one.dataset.stretch);
    else if (event.target.closest("#stretch-new")) begin();
    else if (event.target.closest("#stretch-forget")) forget();
  });
  window.addEventListener("click", (event) => {
    if (!here() || !event.shiftKey || !chosen || !event.target.closest(".rhythm-over")) return;
    event.stopPropagation();
    const time = under(event);
    move(Math.abs(time - chosen.start) < Math.abs(time - chosen.end) ? "start" : "end", time);
    settle();
  }, true);

  document.addEventListener("keydown", (event) => {
    const name = event.target.dataset && event.target.dataset.stretchEnd, way = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!name || !way || !chosen || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    move(name, chosen[name] + way * (event.shiftKey ? LARGE : SMALL));
    clearTimeout(timer);
    timer = setTimeout(settle, REST);
  }, true);

  /* By the key: around the beat that is marked, else in the middle of the window. */
  function begin() {
    const {marks, span} = B.rhythm.shown, at = marks[B.rhythm.chosen] ? marks[B.rhythm.chosen].time : (span[0] + span[1]) / 2;
    settle();
    choose(Math.max(span[0], at - USUAL / 2), Math.min(span[1], at + USUAL / 2));
    const first = document.querySelector("[data-stretch-end=start]");
    if (first) first.focus();
  }
  /* A stretch goes on into the window in view: its nearer end is put to the window's. */
  function reach() {
    if (!chosen) { begin(); return; }
    const [from, to] = B.rhythm.shown.span;
    if (to > chosen.end) move("end", to); else move("start", from);
    settle();
  }

  /* Whether some of the stretch is on the page: a label never goes to one that is not. */
  const inSight = () => { const [from, to] = B.rhythm.shown.span; return chosen.start < to && chosen.end > from; };

  B.stretches = {
    /* Whether a label went to a stretch. */
    label(value) {
      if (!here() || !chosen || !inSight()) return false;
      const target = chosen.of || place(chosen), before = chosen.of && chosen.of.label;
      if (value === null && !chosen.of) { forget(); return true; }
      if (value === before) { B.say("Already read as " + shortOf(value)); return true; }
      const said = value === null ? "Rhythm withdrawn" : `${words(chosen)}: ${shortOf(value)}`;
      chosen = value === null ? null : Object.assign(chosen, {of: Object.assign({}, target, {label: value})});
      B.readings.intervals([[target, value]], value === null ? "rhythm withdrawn" : "rhythm read as " + shortOf(value));
      B.say(said, {words: "Undo", run: B.undo});
      return true;
    },
    get chosen() { return chosen; },
  };

  /* Undone or read elsewhere: what is chosen follows what holds. */
  document.addEventListener("beatlens:readings", () => {
    if (!here()) return;
    if (chosen && chosen.of) chosen.of = named().find((one) => same(one, chosen.of)) || null;
    draw();
  });
  document.addEventListener("beatlens:rows", draw);
  document.addEventListener("beatlens:nav", draw);

  actions.push(
    {id: "stretch-new", keys: ["s"], words: "mark a stretch", group: "Your reading", pages: ["rhythm"], when: here, run: begin},
    {id: "stretch-reach", keys: ["shift+s"], words: "the stretch up to this window's end", group: "Your reading", pages: ["rhythm"], when: here, run: reach},
    {id: "stretch-forget", keys: ["escape"], words: "leave the stretch", group: "Your reading", pages: ["rhythm"], when: () => here() && !!chosen && !(B.calipers && B.calipers.on), run: forget},
  );
})();
