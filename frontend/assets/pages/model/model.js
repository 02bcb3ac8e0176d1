/* The model page: small traces, the map of last states, and what is asked for again once it is there. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const SIDE = 420, INSET = 14, DOT = 2.6; // px
  const SLOT = "model-";
  let timer = null, points = null;

  const $ = (id) => document.getElementById(id);
  const onPage = () => B.page() === "model";
  const again = () => { if (onPage()) B.set("model-again", {data: Date.now()}); };

  /* A trace from 0 to 100 across, drawn at any width. */
  function path(values, low, high) {
    const step = 100 / Math.max(1, values.length - 1);
    return values.map((value, i) => `${i ? "L" : "M"}${(i * step).toFixed(2)} ${(96 - (92 * (value - low)) / (high - low)).toFixed(2)}`).join("");
  }
  function traced(place) {
    const {lines, low, high, origin} = JSON.parse(place.dataset.traces);
    const mark = origin === null ? "" : `<path class="at" d="M${(100 * origin).toFixed(2)} 0V100"/>`;
    const drawn = lines.slice().reverse().map(([kind, values]) => `<path class="${kind}" d="${path(values, low, high)}"/>`).join("");
    place.innerHTML = `<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${mark}${drawn}</svg>`;
  }
  const traces = () => document.querySelectorAll(".model-page .traces").forEach(traced);

  /* Where the map's values lie in px; the nearest and the open window on top. */
  function map(here) {
    const place = $("model-map");
    if (!place) return;
    place.hidden = !points;
    if (!points) { place.replaceChildren(); return; }
    const scale = scaled(points.x.concat(here ? here.x : []), points.y.concat(here ? here.y : []));
    const near = new Set(here ? here.rows : []);
    const dots = points.x.map((x, i) => dot(i, scale.x(x), scale.y(points.y[i]), near.has(i))).join("");
    const open = here ? `<circle class="open" cx="${scale.x(here.x)}" cy="${scale.y(here.y)}" r="6"/>` : "";
    const lines = here ? here.rows.map((i) => `<path class="near" d="M${scale.x(here.x)} ${scale.y(here.y)}L${scale.x(points.x[i])} ${scale.y(points.y[i])}"/>`).join("") : "";
    place.innerHTML = `<svg viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true">${dots}${lines}${open}</svg>`;
  }
  function scaled(xs, ys) {
    const ends = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const [left, right] = ends(xs), [low, high] = ends(ys), inner = SIDE - 2 * INSET;
    const one = (value, from, to) => (INSET + (inner * (value - from)) / (to - from || 1)).toFixed(1);
    return {x: (value) => one(value, left, right), y: (value) => one(high + low - value, low, high)};
  }
  function dot(i, x, y, near) {
    const kind = points.kinds[points.kind[i]], paint = `var(${kind.colour})`;
    const look = kind.own ? `fill="${paint}" fill-opacity=".55"` : `fill="none" stroke="${paint}" stroke-opacity=".7"`;
    return `<circle data-row="${i}" cx="${x}" cy="${y}" r="${near ? 2 * DOT : DOT}" ${look}${near ? ' class="chosen"' : ""}/>`;
  }

  document.addEventListener("click", (event) => {
    if (!onPage()) return;
    const near = (selector) => event.target.closest(selector);
    if (near("[data-modes]")) show(near("[data-modes]").dataset.modes);
    else if (near("[data-unit]")) choose(near("[data-unit]").dataset.unit);
    else if (points && near("#model-map [data-row]")) open(Number(near("[data-row]").dataset.row));
  });
  document.addEventListener("pointerover", (event) => {
    const row = onPage() && points && event.target.closest("#model-map [data-row]");
    if (!row || row.firstChild) return;
    const i = Number(row.dataset.row), record = points.recordings[points.recording[i]];
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = `${record.name}: ${points.kinds[points.kind[i]].words}, output ${points.output[i] || "none"}`;
    row.append(title);
  });
  function open(i) {
    B.go({record: points.recordings[points.recording[i]].id, at: String(points.at[i]), lead: null, model: points.model}, {page: "desk", push: true});
  }

  /* The units in the order of their rows; one is shown closer. */
  const tiles = () => [...document.querySelectorAll("#model-units [data-unit]")];
  function choose(unit) {
    tiles().forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.unit === unit)));
    document.querySelectorAll("#model-units [data-unit-close]").forEach((one) => { one.hidden = one.dataset.unitClose !== unit; });
  }
  function step(by) {
    const all = tiles();
    if (!all.length) return;
    const at = all.findIndex((one) => one === document.activeElement), from = at < 0 ? all.findIndex((one) => one.getAttribute("aria-pressed") === "true") : at;
    const next = all[(from + by + all.length) % all.length];
    choose(next.dataset.unit);
    next.focus();
  }

  function show(which) {
    const place = $("model-modes-all");
    if (!place) return;
    place.dataset.shown = which;
    place.querySelectorAll("[data-modes]").forEach((one) => {
      const on = one.dataset.modes === which;
      one.classList.toggle("on", on);
      one.setAttribute("aria-pressed", String(on));
    });
  }

  document.addEventListener("beatlens:job", ({detail: job}) => { if ((job.slot || "").startsWith(SLOT)) again(); });
  document.addEventListener("beatlens:page", () => {
    if (onPage()) return;
    clearTimeout(timer);
    points = null;
    ["modes", "units"].forEach((name) => B.jobs.leave(SLOT + name));
  });

  C.model = {
    follow: function (found) {
      clearTimeout(timer);
      if (!found) return undefined;
      found.jobs.forEach((job) => B.jobs.watch(job));
      if (found.again) timer = setTimeout(again, 1000 * found.again);
      return undefined;
    },
    points: function (found, here) { points = found || null; map(here); return undefined; },
    traces: function () { setTimeout(traces, 0); return undefined; },
  };

  const pages = ["model"];
  actions.push({id: "model-unit-next", keys: ["arrowright"], words: "next unit", pages, run: () => step(1)},
    {id: "model-unit-previous", keys: ["arrowleft"], words: "unit before", pages, run: () => step(-1)},
    {id: "model-modes", keys: ["t"], words: "modes from noise, or with a prior", pages,
    run: () => show($("model-modes-all") && $("model-modes-all").dataset.shown === "noise" ? "prior" : "noise")});
})();
