/* The rhythm page: rows of ten seconds, the beats that the map marks most, and the way to a beat on the desk.
   Rows are drawn once for each window; choosing a mark, or another window that is kept, needs no server. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const parts = (window.beatlensParts = window.beatlensParts || []);
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const element = (...parts) => B.element(...parts);
  const NEAR = 0.5; // s from a beat that a click may be

  let shown = null; // the rows in view: data and the view that they belong to
  let chosen = 0; // index of a mark
  let sofar = null; // the latest map of a running job: its id, values over the window

  const $ = (id) => document.getElementById(id);
  const here = () => B.page() === "rhythm";

  function draw(data) {
    if (!$("rhythm-rows") || !window.Plotly) return;
    B.rhythmRows.show(data);
    grow();
    mark();
    box();
    document.dispatchEvent(new CustomEvent("beatlens:rows"));
  }

  /* The map so far of the job that the rows wait for, behind the traces that stand. */
  document.addEventListener("beatlens:partial", ({detail: {job, leads}}) => {
    sofar = {id: job.id, values: leads[0]};
    grow();
  });
  function grow() {
    if (!shown || !$("rhythm-rows") || !window.Plotly) return;
    const {coming, span: [from, to], rows} = shown.data;
    if (!coming || !sofar || sofar.id !== coming.id) return;
    const step = (to - from) / sofar.values.length;
    [...$("rhythm-rows").children].forEach((place, i) => {
      if (!rows[i]) return;
      const [first, last] = [rows[i].start, rows[i].end].map((time) => Math.round((time - from) / step));
      behind(place.querySelector(".rhythm-plot"), rows[i].figure, coming, from + (first + 0.5) * step, step, sofar.values.slice(first, last));
    });
  }
  /* Values under a trace; where some lie there already, only they change: that takes half the time. */
  function behind(plot, figure, {full, signed, ramp}, x0, dx, values) {
    const z = [values.map((value) => (signed ? value : Math.abs(value)))];
    if (plot.data[0].name === "relevance") { window.Plotly.restyle(plot, {z: [z]}, [0]); return; }
    const map = {type: "heatmap", name: "relevance", hoverinfo: "skip", showscale: false, zsmooth: false, x0, dx, y0: 0, dy: 200, z, zmin: signed ? -full : 0, zmax: full, colorscale: ramp};
    window.Plotly.react(plot, [map, ...figure.data], figure.layout, B.rhythmRows.STILL);
  }

  const x = (row, time) => row.origin + (time - row.start) * row.second;

  /* Circles on the beats that count most, and a band over the chosen one. */
  function mark() {
    if (!shown || !$("rhythm-rows")) return;
    const {rows, marks} = shown.data;
    [...$("rhythm-rows").children].forEach((place, i) => {
      const row = rows[i], over = place.querySelector(".rhythm-over");
      if (!row) return;
      const band = marks[chosen] && bandOf(row, marks[chosen]);
      const circles = marks.filter((one) => one.time >= row.start && one.time < row.end).map((one) => circle(row, one));
      over.replaceChildren(...(band ? [band] : []), ...circles);
    });
    said(marks[chosen]);
  }

  function bandOf(row, one) {
    const a = Math.max(row.start, one.start), z = Math.min(row.end, one.end);
    if (z <= a) return null;
    const band = element("i", {className: "rhythm-band"});
    Object.assign(band.style, {left: x(row, a) + "px", width: (z - a) * row.second + "px"});
    return band;
  }

  function circle(row, one) {
    const on = shown.data.marks[chosen] === one;
    const made = element("button", {className: "rhythm-mark" + (on ? " on" : ""), textContent: one.rank, title: one.words});
    made.setAttribute("aria-label", `Most relevant beat ${one.rank}: ${one.words}`);
    made.setAttribute("aria-pressed", on);
    made.dataset.mark = one.rank;
    made.style.left = x(row, one.time) + "px";
    return made;
  }

  function said(one) {
    const place = $("rhythm-beat");
    if (!place) return;
    if (!one) { place.replaceChildren(); return; }
    const key = element("kbd", {className: "kbd", textContent: "↵"}), open = element("button", {className: "btn sm", id: "rhythm-open"}, "Its beat’s reason ", key);
    const share = `${Math.round(100 * one.share)}% of what raises the score lies around it`;
    place.replaceChildren(element("span", {className: "rhythm-mark on still", textContent: one.rank}), element("span", {className: "s", textContent: one.words, title: share}), ...(B.rhythm.beatModel() ? [open] : []));
  }

  function choose(step) {
    const count = shown ? shown.data.marks.length : 0;
    if (!count) { B.say("The map marks no beat"); return; }
    chosen = (chosen + step + count) % count;
    mark();
  }

  /* A beat on the desk; going back in the browser returns to the window. */
  function open(at) {
    const model = B.rhythm.beatModel(), state = B.read();
    if (!model) { B.say("No model here reads beats"); return; }
    B.go({record: state.record, at, lead: state.lead, model}, {page: "desk", push: true, fresh: true});
  }

  function nearest(time) {
    const beats = shown ? shown.data.beats : [];
    const best = beats.reduce((found, beat) => (!found || Math.abs(beat.time - time) < Math.abs(found.time - time) ? beat : found), null);
    return best && Math.abs(best.time - time) <= NEAR ? best : null;
  }

  document.addEventListener("click", (event) => {
    if (!here() || !shown) return;
    const circle_ = event.target.closest("[data-mark]"), over = event.target.closest(".rhythm-over"), whole = event.target.closest("#rhythm-overview-words");
    if (event.target.closest("#rhythm-open")) openChosen();
    else if (circle_) pressed(shown.data.marks.findIndex((one) => String(one.rank) === circle_.dataset.mark));
    else if (over) clicked(over, event);
    else if (whole) B.rhythm.at(((event.clientX - whole.getBoundingClientRect().left) / whole.clientWidth) * length());
  });

  /* A circle is chosen first; once it is chosen, a click opens its beat. */
  function pressed(i) {
    if (i === chosen) { openChosen(); return; }
    chosen = i;
    mark();
  }
  function clicked(over, event) {
    const i = [...$("rhythm-rows").children].indexOf(over.parentElement), row = shown.data.rows[i];
    const beat = row && nearest(row.start + (event.clientX - over.getBoundingClientRect().left - row.origin) / row.second);
    if (beat) open(beat.at); else B.say("No beat here");
  }
  function openChosen() { const one = shown && shown.data.marks[chosen]; if (one) open(one.at); else B.say("The map marks no beat"); }

  /* The overview's box over the window in view. */
  const length = () => (B.nav && B.nav.end && shown ? Math.max(B.nav.end[B.nav.end.length - 1] / shown.data.fs, shown.data.length || 0) : 1);
  function box() {
    const place = $("rhythm-box");
    if (!place || !shown) return;
    const [a, z] = shown.data.span, percent = (time) => (100 * time) / length() + "%"; // its width is not asked for: that would lay out the page
    place.hidden = false;
    Object.assign(place.style, {left: `calc(${percent(a)} - 1px)`, width: `calc(max(4px, ${percent(z - a)}) + 2px)`});
  }
  document.addEventListener("beatlens:nav", box);

  B.rhythm = {
    /* Rows on another page: {rows, beats, marks, span, fs}; a click there opens no beat. */
    draw(data) { shown = {data}; chosen = 0; draw(data); },
    /* The model of beats that the desk would open with. */
    beatModel: () => (document.querySelector("[data-view=desk]") || {dataset: {}}).dataset.viewModel || null,
    /* The window that holds a time. */
    at: (time) => { const i = B.beats.holding(time); if (i >= 0) B.go({at: B.nav.sample[i]}); },
    get shown() { return shown && shown.data; },
    get chosen() { return chosen; },
  };

  parts.push({name: "rows", shown(data, view) {
    const moved = !shown || !data || shown.at !== view.at || shown.record !== view.record;
    shown = data ? {data, at: view.at, record: view.record} : null;
    if (moved) chosen = 0;
    chosen = Math.min(chosen, Math.max(0, (data ? data.marks.length : 1) - 1));
    if (data && here()) draw(data);
  }});
  parts.push({name: "decision", shown(data) {
    const place = $("decision-plot");
    if (!place || !data || !data.figure || !window.Plotly) return;
    window.Plotly.react(place, data.figure.data, data.figure.layout, B.rhythmRows.STILL);
    place.setAttribute("aria-label", "Output over time: " + data.words);
  }});

  const PAGES = ["rhythm"], when = here;
  actions.push(
    {id: "mark-next", keys: ["]"], words: "next most relevant beat", pages: PAGES, run: () => choose(1)},
    {id: "mark-previous", keys: ["["], words: "previous most relevant beat", pages: PAGES, run: () => choose(-1)},
    {id: "mark-open", keys: ["enter"], words: "its beat on the desk", pages: PAGES, when: () => here() && !(document.activeElement && document.activeElement.closest("button, a, summary")), run: openChosen},
    {id: "rhythm-day", keys: ["d"], words: "day view", pages: PAGES, when, run: () => B.views.go("day")},
    {id: "rhythm-timing", keys: ["i"], words: "timing or shape", pages: PAGES, run: () => { const place = $("timing"); if (place) place.scrollIntoView({block: "center"}); }},
  );

  /* Labels whose keys no beat has: of rhythms, "other" and "too noisy". */
  const known = new Set(Object.values(B.labels).map(({key}) => key));
  const spoken = () => B.vocabularies[(B.nav && B.nav.vocabulary) || ""] || [];
  const withKey = (key) => spoken().find((one) => one.key === key || one.code === key);
  const keys = new Map(); // key → words
  ["cinc2017", "rhythm"].flatMap((name) => B.vocabularies[name] || []).forEach((one) => {
    [one.key, one.code.length === 1 && !/[a-z]/i.test(one.code) ? one.code : null].forEach((key) => { if (key && !known.has(key)) keys.set(key, one.short); });
  });
  keys.forEach((words, key) => actions.push({id: "rhythm-label-" + key, keys: [key], words: "read as " + words, group: "Your reading", pages: ["desk", "rhythm"], when: () => ["desk", "rhythm"].includes(B.page()) && !!withKey(key), run() {
    const button = document.querySelector(`#reading [data-label="${CSS.escape(withKey(key).code)}"]`);
    if (button) button.click();
  }}));
})();
