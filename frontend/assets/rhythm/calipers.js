/* Calipers on the strip: two legs and two levels, read as Δms, bpm and ΔmV; marching repeats the interval over the strip. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const MOST = 400; // marks of a march
  const $ = (id) => document.getElementById(id);
  let on = false, marching = false;
  let legs = null; // {time: [s, s], mv: [mV, mV]}
  let held = null; // what the pointer moves: {id, part}

  const number = (value, decimals) => value.toFixed(decimals).replace("-", "−");

  function words() {
    const ms = Math.abs(legs.time[1] - legs.time[0]) * 1000, mv = legs.mv[1] - legs.mv[0];
    return `${Math.round(ms)} ms · ${ms >= 1 ? Math.round(60000 / ms) : "–"} bpm · ${number(mv, 2)} mV`;
  }

  function made(name, style, attributes) {
    const part = document.createElement("div");
    part.className = "caliper " + name;
    Object.assign(part.style, style);
    Object.entries(attributes || {}).forEach(([key, value]) => part.setAttribute(key, value));
    return part;
  }

  function draw() {
    const over = $("strip-over"), strip = B.strip.drawn;
    if (!over) return;
    const focus = document.activeElement && document.activeElement.dataset && document.activeElement.dataset.leg;
    over.querySelectorAll(":scope > .caliper").forEach((part) => part.remove());
    const button = $("calipers");
    if (button) button.setAttribute("aria-pressed", on);
    if ($("strip")) $("strip").classList.toggle("measuring", on);
    if (!on || !legs || !strip) return;
    const x = legs.time.map(B.strip.px), y = legs.mv.map((mv) => (1 - (mv - strip.low) / strip.tall) * strip.paper);
    const left = Math.min(...x), right = Math.max(...x), top = "var(--rows)";
    const level = (i) => made("caliper-level", {left: left + "px", width: right - left + "px", top: `calc(${top} + ${y[i]}px)`}, {"data-level": i});
    const leg = (i) => {
      const said = {role: "slider", tabindex: "0", "data-leg": i, "aria-label": "Leg " + (i + 1) + " of the calipers", "aria-valuenow": legs.time[i].toFixed(3), "aria-valuetext": words()};
      return made("caliper-leg", {left: x[i] + "px"}, said);
    };
    const read = made("caliper-read", {left: (left + right) / 2 + "px"}, {role: "status"});
    read.textContent = words();
    const march = document.createElement("button");
    march.className = "caliper-march";
    march.textContent = marching ? "stop marching" : "march";
    march.onclick = () => { marching = !marching; draw(); };
    read.append(march);
    over.append(...(marching ? marks(right - left) : []), level(0), level(1), leg(0), leg(1), read);
    if (focus !== undefined && focus !== null) over.querySelector(`[data-leg="${focus}"]`).focus();
  }

  /* The interval again and again, both ways. */
  function marks(step) {
    const strip = B.strip.drawn, width = (strip.length - strip.start) * strip.second, found = [];
    if (step < 4) return found;
    for (const [from, by] of [[Math.max(...legs.time.map(B.strip.px)), step], [Math.min(...legs.time.map(B.strip.px)), -step]]) {
      for (let x = from + by; x >= 0 && x <= width && found.length < MOST; x += by) found.push(made("caliper-mark", {left: x + "px"}));
    }
    return found;
  }

  /* First over the RR interval that ends at the chosen beat, else over a large box in the middle. */
  function place() {
    const {beats, begin, screen, low, tall} = B.strip.drawn, at = beats.sample.indexOf(Number(B.read().beat));
    const middle = begin + screen / 2;
    const time = at > 0 && beats.time[at - 1] >= begin && beats.time[at] <= begin + screen ? [beats.time[at - 1], beats.time[at]] : [middle - 0.1, middle + 0.1];
    const mv = time.map((t) => B.strip.value(t));
    legs = {time, mv: mv.map((value) => (value === null ? low + tall / 2 : value))};
  }

  function toggle() {
    if (!B.strip.drawn) return;
    on = !on;
    marching = marching && on;
    const {begin, screen} = B.strip.drawn;
    if (on && (!legs || !legs.time.some((time) => time >= begin && time <= begin + screen))) place();
    draw();
  }

  B.calipers = {
    /* A press on the paper starts anew while the calipers are out; whether they took it. */
    begin: function (event) {
      if (!on) return false;
      const at = B.strip.under(event);
      legs = {time: [at.time, at.time], mv: [at.mv, at.mv]};
      hold(event, "new");
      return true;
    },
  };

  function hold(event, part) {
    const at = B.strip.under(event);
    held = {id: event.pointerId, part, at, from: {time: [...legs.time], mv: [...legs.mv]}};
    $("strip").setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  document.addEventListener("pointerdown", (event) => {
    if (!on || event.button || event.target.closest("button")) return;
    const leg = event.target.closest(".caliper-leg"), level = event.target.closest(".caliper-level"), read = event.target.closest(".caliper-read");
    if (leg) { hold(event, "leg" + leg.dataset.leg); leg.focus(); } else if (level) hold(event, "level" + level.dataset.level);
    else if (read) hold(event, "both");
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || held.id !== event.pointerId) return;
    const at = B.strip.under(event), dt = at.time - held.at.time, dv = at.mv - held.at.mv, i = Number(held.part.slice(-1));
    if (held.part === "new") { legs.time[1] = at.time; legs.mv[1] = at.mv; }
    else if (held.part === "both") legs = {time: held.from.time.map((time) => time + dt), mv: held.from.mv.map((mv) => mv + dv)};
    else if (held.part.startsWith("leg")) legs.time[i] = held.from.time[i] + dt;
    else legs.mv[i] = held.from.mv[i] + dv;
    draw();
  });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, (event) => { if (held && held.id === event.pointerId) held = null; }));

  document.addEventListener("keydown", (event) => {
    if (!on) return;
    if (event.key === "Escape") { toggle(); return; }
    const leg = event.target.dataset && event.target.dataset.leg, way = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (leg === undefined || !way || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    legs.time[Number(leg)] += (way * (event.shiftKey ? 10 : 1)) / B.strip.drawn.second;
    draw();
  }, true);

  document.addEventListener("click", (event) => { if (event.target.closest("#calipers")) toggle(); });
  document.addEventListener("beatlens:strip", draw);

  (window.beatlensActions = window.beatlensActions || []).push(
    {id: "calipers", keys: ["m"], words: "calipers", pages: ["desk", "blind"], run: toggle},
    {id: "march", keys: ["shift+m"], words: "march the calipers", pages: ["desk", "blind"], run: () => { if (!on) toggle(); marching = !marching; draw(); }},
  );
})();
