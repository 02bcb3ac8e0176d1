/* The page of a stay: which hour of which variable the pointer or the arrow keys are on, how many rows are shown, which method's map. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const parts = (window.beatlensParts = window.beatlensParts || []);
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const HOURS = 48;
  let shown = null, at = null; // at: {row, hour}

  const $ = (id) => document.getElementById(id);
  const here = () => B.page() === "stay";
  const number = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString());
  const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toPrecision(2);

  parts.push({name: "chart", shown(data) {
    shown = data && data.rows && data.rows.length ? data : null;
    if (shown) document.querySelector(".stay").style.setProperty("--stay-hours", HOURS * shown.hour + "px");
    if (!shown || (at && at.row >= shown.rows.length)) at = null;
    mark();
  }});

  function words(row, hour) {
    const value = row.values[hour], how = row.measured[hour] ? "measured" : value === null ? "not measured yet" : "carried forward";
    const said = [`${row.name}, hour ${hour + 1}`, value === null ? how : `${number(value)} ${row.unit}`.trim() + `, ${how}`];
    if (row.relevance.length) said.push(`${signed(row.relevance[hour])} ${shown.gives} to the score`);
    return said.join(" · ");
  }

  function mark() {
    const box = $("stay-box"), tip = $("stay-tip");
    if (!box || !tip) return;
    box.hidden = tip.hidden = !shown || !at;
    if (box.hidden) return;
    const left = at.hour * shown.hour, top = at.row * shown.row;
    Object.assign(box.style, {left: left + "px", top: top + "px", width: shown.hour + "px", height: shown.row + "px"});
    tip.textContent = words(shown.rows[at.row], at.hour);
    const right = at.hour > HOURS / 2;
    Object.assign(tip.style, {top: (at.row ? top - 24 : top + shown.row + 4) + "px", left: right ? "auto" : left + "px", right: right ? (HOURS - at.hour - 1) * shown.hour + "px" : "auto"});
  }

  document.addEventListener("mousemove", (event) => {
    const place = here() && shown && event.target.closest && event.target.closest("#stay-drawn");
    if (!place) return;
    const frame = place.getBoundingClientRect();
    const hour = Math.floor((event.clientX - frame.left) / shown.hour), row = Math.floor((event.clientY - frame.top) / shown.row);
    if (hour < 0 || hour >= HOURS || row < 0 || row >= shown.rows.length || (at && at.hour === hour && at.row === row)) return;
    at = {hour, row};
    mark();
  });

  function step(hours, rows) {
    if (!shown) return;
    const from = at || {hour: HOURS - 1 - hours, row: -rows};
    at = {hour: Math.min(HOURS - 1, Math.max(0, from.hour + hours)), row: Math.min(shown.rows.length - 1, Math.max(0, from.row + rows))};
    mark();
    B.say(words(shown.rows[at.row], at.hour));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stay-open]");
    if (button && here()) B.go({open: button.dataset.stayOpen || null});
  });
  const toggle = () => B.go({open: B.read().open === "all" ? null : "all"});

  /* The stays of the same set, in the worklist's order. */
  let all = null;
  async function next(by) {
    all = all || B.api("/recordings").then((answer) => answer.json()).then((found) => found.recordings.filter((one) => one.kind === "series").map((one) => one.id));
    const ids = await all.catch(() => { all = null; return []; }), i = ids.indexOf(B.read().record);
    const found = ids[i + by];
    if (i < 0 || !found) B.say(by > 0 ? "This is the last stay" : "This is the first stay");
    else B.go({record: found, at: "0", lead: null}, {push: true});
  }

  /* A stay is one window; an address without one is completed. */
  function complete() {
    const state = B.read();
    if (here() && state.record && !state.at) B.go({at: "0"});
  }
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, complete));
  document.addEventListener("beatlens:page", complete);

  const PAGES = ["stay"], when = here, group = "Stay";
  actions.push(
    {id: "stay-later", keys: ["arrowright"], words: "next hour", group, pages: PAGES, when, run: () => step(1, 0)},
    {id: "stay-earlier", keys: ["arrowleft"], words: "hour before", group, pages: PAGES, when, run: () => step(-1, 0)},
    {id: "stay-down", keys: ["arrowdown"], words: "next variable", group, pages: PAGES, when, run: () => step(0, 1)},
    {id: "stay-up", keys: ["arrowup"], words: "variable before", group, pages: PAGES, when, run: () => step(0, -1)},
    {id: "stay-all", keys: ["y"], words: "all variables, or the most relevant", group, pages: PAGES, when, run: toggle},
    {id: "stay-next", keys: ["j"], words: "next stay", group, pages: PAGES, when, run: () => next(1)},
    {id: "stay-before", keys: ["k"], words: "stay before", group, pages: PAGES, when, run: () => next(-1)}
  );

  C.stay = {choose(method) {
    if (method && here() && shown && method !== shown.method) B.go({a: method});
    return undefined;
  }};
})();
