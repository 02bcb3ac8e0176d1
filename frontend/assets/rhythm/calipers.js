/* Calipers on the strip, a row of a rhythm or an enlarged beat: two legs and two levels, read as Δms, bpm and ΔmV; marching repeats the interval. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const MOST = 200; // marks of a march, to either side
  const NARROW = 4, EDGE = 2, BESIDE = 8; // px: a march of less is a smear; the reading's distance from the paper's edges, and from a leg
  const $ = (id) => document.getElementById(id);
  let on = false, marching = false;
  let name = "strip"; // of the paper that they lie on
  let legs = null; // {time: [s, s], mv: [mV, mV]}
  let held = null; // what the pointer moves: {id, part}

  const paper = () => B.caliperPapers.of(name);
  const number = (value, decimals) => value.toFixed(decimals).replace("-", "−");

  function words() {
    const ms = Math.abs(legs.time[1] - legs.time[0]) * 1000, mv = legs.mv[1] - legs.mv[0];
    const rate = (paper() || {}).rate ? `${ms >= 1 ? Math.round(60000 / ms) : "–"} bpm · ` : "";
    return `${Math.round(ms)} ms · ${rate}${number(mv, 2)} mV`;
  }

  function made(kind, style, attributes) {
    const part = document.createElement("div");
    part.className = "caliper " + kind;
    Object.assign(part.style, style);
    Object.entries(attributes || {}).forEach(([key, value]) => part.setAttribute(key, value));
    return part;
  }

  function draw() {
    const focus = document.activeElement && document.activeElement.dataset && document.activeElement.dataset.leg;
    document.querySelectorAll(".caliper").forEach((part) => part.remove());
    if ($("calipers")) $("calipers").setAttribute("aria-pressed", on);
    document.documentElement.toggleAttribute("data-measuring", on);
    const found = on && legs && paper();
    if (!found) return;
    const x = legs.time.map(found.x), y = legs.mv.map(found.y), tall = {top: found.top + "px", height: found.height + "px"};
    const left = Math.min(...x), right = Math.max(...x);
    const level = (i) => made("caliper-level", {left: left + "px", width: right - left + "px", top: y[i] + "px"}, {"data-level": i});
    const leg = (i) => {
      const said = {role: "slider", tabindex: "0", "data-leg": i, "aria-label": "Leg " + (i + 1) + " of the calipers", "aria-valuenow": legs.time[i].toFixed(3), "aria-valuetext": words()};
      return made("caliper-leg", {left: x[i] + "px", ...tall}, said);
    };
    found.layer.append(...(marching ? marks(found, x, tall) : []), level(0), level(1), leg(0), leg(1));
    found.holder.append(reading());
    follow();
    if (focus !== undefined && focus !== null) found.layer.querySelector(`[data-leg="${focus}"]`).focus();
  }

  function reading() {
    const read = made("caliper-read", {}, {role: "status"}), march = document.createElement("button");
    read.textContent = words();
    march.className = "caliper-march";
    march.textContent = marching ? "stop marching" : "march";
    march.onclick = () => { marching = !marching; draw(); };
    read.append(march);
    return read;
  }

  /* The reading stands in full on the paper, at its upper or lower edge, over the legs or beside them: where the trace is furthest away. */
  function follow() {
    const read = on && legs && document.querySelector(".caliper-read"), found = read && paper();
    if (!found) return;
    const {offsetWidth: wide, offsetHeight: tall} = read, [a, z] = legs.time.map((time) => found.x(time) + found.shift).sort((one, other) => one - other);
    const time = (px) => (px - found.shift - found.x(0)) / found.second, fits = (left) => Math.max((found.left || 0) + EDGE, Math.min(left, found.holder.clientWidth - wide - EDGE));
    const places = [(a + z - wide) / 2, z + BESIDE, a - BESIDE - wide].map(fits).flatMap((left) => {
      const trace = found.reach(time(left), time(left + wide)), far = (px) => Math.min(px, tall + 2 * EDGE); // more than enough is enough
      const above = trace ? far(found.y(trace[1]) - found.top) : Infinity, below = trace ? far(found.top + found.height - found.y(trace[0])) : 0;
      return [{left, top: found.top + EDGE, free: above}, {left, top: found.top + found.height - tall - EDGE, free: below}];
    });
    const best = places.reduce((one, other) => (other.free > one.free ? other : one));
    Object.assign(read.style, {left: best.left + "px", top: best.top + "px"});
  }

  /* The interval again and again, both ways, as far as the paper reaches. */
  function marks(found, x, tall) {
    const step = Math.abs(x[1] - x[0]), [first, last] = found.span.map(found.x), made_ = [];
    if (step < NARROW) return made_;
    for (let n = 1; n <= MOST; n++) {
      for (const at of [Math.max(...x) + n * step, Math.min(...x) - n * step]) {
        if (at >= first && at <= last) made_.push(made("caliper-mark", {left: at + "px", ...tall}));
      }
    }
    return made_;
  }

  function toggle() {
    const first = B.caliperPapers.first();
    if (!first) return;
    on = !on;
    marching = marching && on;
    if (!on) { draw(); return; }
    const [begin, end] = first.sight, seen = legs && name === first.name && legs.time.some((time) => time >= begin && time <= end);
    if (!seen) { name = first.name; legs = first.place(); }
    draw();
  }

  /* A press on a paper starts anew while the calipers are out. */
  function begin(event, found) {
    name = found.name;
    const at = found.under(event);
    legs = {time: [at.time, at.time], mv: [at.mv, at.mv]};
    hold(event, "new", found);
    return true;
  }

  B.calipers = {
    get on() { return on; },
    /* On the strip; whether they took the press. */
    begin: (event) => on && begin(event, B.caliperPapers.of("strip")),
    follow,
  };

  function hold(event, part, found) {
    held = {id: event.pointerId, part, at: found.under(event), from: {time: [...legs.time], mv: [...legs.mv]}};
    found.holder.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  document.addEventListener("pointerdown", (event) => {
    if (!on || event.button || event.target.closest("button")) return;
    const leg = event.target.closest(".caliper-leg"), level = event.target.closest(".caliper-level"), read = event.target.closest(".caliper-read");
    if (leg) { hold(event, "leg" + leg.dataset.leg, paper()); leg.focus(); } else if (level) hold(event, "level" + level.dataset.level, paper());
    else if (read) hold(event, "both", paper());
    else { const found = B.caliperPapers.below(event); if (found) begin(event, found); }
  }, true); // before what else a press on a beat begins
  document.addEventListener("pointermove", (event) => {
    const found = held && held.id === event.pointerId && paper();
    if (!found) return;
    const at = found.under(event), dt = at.time - held.at.time, dv = at.mv - held.at.mv, i = Number(held.part.slice(-1));
    if (held.part === "new") { legs.time[1] = at.time; legs.mv[1] = at.mv; }
    else if (held.part === "both") legs = {time: held.from.time.map((time) => time + dt), mv: held.from.mv.map((mv) => mv + dv)};
    else if (held.part.startsWith("leg")) legs.time[i] = held.from.time[i] + dt;
    else legs.mv[i] = held.from.mv[i] + dv;
    draw();
  });
  ["pointerup", "pointercancel"].forEach((kind) => document.addEventListener(kind, (event) => { if (held && held.id === event.pointerId) held = null; }));

  document.addEventListener("keydown", (event) => {
    if (!on) return;
    if (event.key === "Escape") { toggle(); return; }
    const leg = event.target.dataset && event.target.dataset.leg, way = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (leg === undefined || !way || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    legs.time[Number(leg)] += (way * (event.shiftKey ? 10 : 1)) / paper().second;
    draw();
  }, true);

  document.addEventListener("click", (event) => { if (event.target.closest("#calipers")) toggle(); });
  ["beatlens:strip", "beatlens:rows"].forEach((event) => document.addEventListener(event, draw));
  document.addEventListener("beatlens:moved", () => { if (name !== "strip") { legs = null; name = "strip"; draw(); } }); // a beat's measure is no other beat's

  (window.beatlensActions = window.beatlensActions || []).push(
    {id: "calipers", keys: ["m"], words: "calipers", pages: ["desk", "blind", "rhythm"], run: toggle},
    {id: "march", keys: ["shift+m"], words: "march the calipers", pages: ["desk", "blind", "rhythm"], run: () => { if (!on) toggle(); marching = !marching; draw(); }},
  );
})();
