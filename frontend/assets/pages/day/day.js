/* The day view: a window is chosen by pointer or key, shown as a compressed strip, and opened at true scale. No key asks the server for more than the strip. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const STILL = {displayModeBar: false, responsive: false, staticPlot: true, doubleClick: false};
  const LENGTHS = ["10", "30", "60"], POINTS = 1900, STRIP = 86, REST = 80; // s, values, px, ms

  let day = null; // what is shown
  let at = 0; // the chosen window
  let timer = null, coming = null;

  const $ = (id) => document.getElementById(id);
  const onPage = () => B.page() === "day";
  const px = () => (day.width - day.gutter) / day.length;

  const element = (...parts) => B.element(...parts);
  function chip(one) {
    const made = element("span", {className: "chip wide sm", textContent: one.letters});
    made.style.background = `var(${one.colour})`;
    return made;
  }

  function draw() {
    if (!day || !$("day-plot") || !window.Plotly) return;
    window.Plotly.react($("day-plot"), day.figure.data, day.figure.layout, STILL);
    $("day-plot").setAttribute("aria-label", day.words);
    $("day-below").hidden = !day.moments.length;
    choose(Math.min(at, day.moments.length - 1));
  }

  function choose(i) {
    if (!day || !day.moments.length) return;
    at = Math.max(0, Math.min(day.moments.length - 1, i));
    const one = day.moments[at], box = $("day-box");
    box.hidden = false;
    Object.assign(box.style, {left: day.gutter + one.start * px() - 1 + "px", width: Math.max(3, (one.end - one.start) * px()) + 2 + "px"});
    const scale = `${(((day.width - day.gutter) / (one.end - one.start)) * 25.4 / 96).toFixed(1)} mm/s · 5 mm/mV: not standard`;
    $("day-window").replaceChildren(element("b", {textContent: one.span}), chip(one), element("b", {textContent: one.best}), element("span", {className: "tag w", textContent: scale}));
    clearTimeout(timer);
    timer = setTimeout(strip, REST);
  }

  /* The chosen window, as much of it as there are pixels. */
  async function strip() {
    const one = day.moments[at], mine = (coming = new AbortController());
    const query = new URLSearchParams({start: one.start, seconds: one.end - one.start, points: POINTS});
    if (day.lead) query.set("lead", day.lead);
    try {
      const answer = await B.api(`/recordings/${encodeURIComponent(day.record)}/signal?${query}`, {signal: mine.signal});
      const signal = await answer.json();
      if (coming === mine && $("day-strip")) paint(signal, one);
    } catch (error) { /* the next window asks again */ }
  }

  function paint(signal, one) {
    const known = signal.value.filter((value) => value !== null).sort((a, b) => a - b), middle = known.length ? known[known.length >> 1] : 0;
    const css = getComputedStyle(document.documentElement), ink = (name) => css.getPropertyValue(name).trim();
    const tall = (STRIP * 25.4) / 96 / 5, axis = {fixedrange: true, zeroline: false, showticklabels: false, ticks: ""};
    const layout = {width: day.width, height: STRIP, margin: {l: day.gutter, r: 0, t: 0, b: 0}, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: ink("--paper"), showlegend: false,
      xaxis: Object.assign({range: [one.start, one.end], dtick: 1, tick0: one.start, gridcolor: ink("--g2")}, axis),
      yaxis: Object.assign({range: [middle - 0.45 * tall, middle + 0.55 * tall], dtick: 1, gridcolor: ink("--g2")}, axis)};
    const trace = {x: signal.time, y: signal.value, mode: "lines", connectgaps: false, line: {color: ink("--trace"), width: 1, simplify: false}};
    window.Plotly.react($("day-strip"), [trace], layout, STILL);
    $("day-strip").setAttribute("aria-label", `${one.span}: output ${one.output}; reference ${one.reference}; RR ${one.rr}.`);
  }

  /* What the pointer is over. */
  function under(event) {
    const place = $("day-lanes");
    if (!day || !place || !place.contains(event.target)) return -1;
    const time = (event.clientX - place.getBoundingClientRect().left - day.gutter) / px();
    return time < 0 ? -1 : day.moments.findIndex((one) => time >= one.start && time < one.end);
  }
  function tip(i, event) {
    const place = $("day-tip");
    if (!place) return;
    place.hidden = i < 0;
    if (i < 0) return;
    const one = day.moments[i], row = (name, value) => element("div", {className: "row s"}, element("span", {className: "m", textContent: name}), element("span", {className: "sp"}), element("b", {textContent: value}));
    place.replaceChildren(element("div", {className: "row"}, element("b", {textContent: one.span}), element("span", {className: "sp"}), chip(one)), row("Output", one.output), row("Reference", one.reference), row("RR, mean ± SD", one.rr));
    const left = day.gutter + one.start * px(), wide = 244, box = $("day-lanes").getBoundingClientRect();
    place.style.left = (left > day.width / 2 ? left - wide - 12 : left + (one.end - one.start) * px() + 12) + "px";
    place.style.top = Math.max(60, Math.min(event.clientY - box.top - 40, day.height - 130)) + "px";
  }
  document.addEventListener("pointermove", (event) => { if (onPage() && day) tip(under(event), event); });

  function open(i = at) {
    const one = day && day.moments[i];
    if (one) B.views.go("rhythm", {time: (one.start + one.end) / 2});
  }

  document.addEventListener("click", (event) => {
    if (!onPage() || !day) return;
    const near = (selector) => event.target.closest(selector), i = under(event);
    if (i >= 0) { if (i === at && event.detail > 1) open(); else choose(i); if (event.detail > 1) open(i); }
    else if (near("#day-before")) choose(at - 1);
    else if (near("#day-after")) choose(at + 1);
    else if (near("#day-open")) open();
    else if (near("[data-day-at]")) { choose(Number(near("[data-day-at]").dataset.dayAt)); near("[data-day-at]").blur(); } // Enter opens it
    else if (near("[data-day-queue]")) next(day.queues[near("[data-day-queue]").dataset.dayQueue]);
  });

  /* The next of a queue after the one in view. */
  function next(queue) {
    if (!queue.length) { B.say("No such window"); return; }
    choose(queue[(queue.indexOf(at) + 1) % queue.length]);
  }
  function step(direction, fits, none) {
    for (let i = at + direction; day && i >= 0 && i < day.moments.length; i += direction) if (fits(day.moments[i])) { choose(i); return; }
    B.say(none);
  }
  const differs = (one) => one.differs, alike = (one) => one.symbol === day.moments[at].symbol;

  function longer(by) {
    const i = LENGTHS.indexOf(String(day ? day.seconds : 30)) + by;
    if (LENGTHS[i]) { at = 0; B.set("day-seconds", {value: LENGTHS[i]}); } else B.say(by > 0 ? "These are the longest windows" : "These are the shortest windows");
  }

  document.addEventListener("beatlens:job", ({detail: job}) => { if (job.slot === "day" && onPage()) B.set("day-again", {data: Date.now()}); });
  document.addEventListener("beatlens:page", () => { if (!onPage()) { day = null; at = 0; } });
  new MutationObserver(() => { if (onPage() && day) strip(); }).observe(document.documentElement, {attributeFilter: ["data-theme"]});

  C.day = {
    job: function (job) { if (job && ["queued", "running"].includes(job.status)) B.jobs.watch(job); return undefined; },
    shown: function (found) {
      const same = day && found && day.record === found.record && day.seconds === found.seconds;
      day = found || null;
      if (!same) at = 0;
      draw();
      return undefined;
    },
  };

  const pages = ["day"], free = () => onPage() && !(document.activeElement && document.activeElement.closest("button, a, summary, input"));
  actions.push(
    {id: "day-next", repeats: true, keys: ["arrowright"], words: "next window", pages, run: () => choose(at + 1)},
    {id: "day-previous", repeats: true, keys: ["arrowleft"], words: "previous window", pages, run: () => choose(at - 1)},
    {id: "day-open-window", keys: ["enter"], words: "open the window", pages, when: free, run: () => open()},
    {id: "day-differs", keys: ["j"], words: "next window that differs", pages, run: () => step(1, differs, "No later window differs")},
    {id: "day-differs-back", keys: ["k"], words: "previous window that differs", pages, run: () => step(-1, differs, "No earlier window differs")},
    {id: "day-alike", keys: ["shift+j"], words: "next window of this class", pages, run: () => step(1, alike, "No later window of this class")},
    {id: "day-longer", keys: ["+"], words: "longer windows", pages, run: () => longer(1)},
    {id: "day-shorter", keys: ["-"], words: "shorter windows", pages, run: () => longer(-1)},
  );
})();
