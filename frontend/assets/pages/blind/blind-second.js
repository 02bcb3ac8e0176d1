/* Another lead below the strip of a blind read: the same stretch, filter and scale, without labels, moved together with the strip. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const TALL = 30, SPARE = 2, HEAD = 10; // mm of the paper that is shown at least, above what the lead needs, and of the calibration pulse
  const FOOT = 20, REST = 160; // px of the RR row; ms without a movement after which what is missing is fetched
  const STILL = {displayModeBar: false, responsive: false, staticPlot: true, doubleClick: false};
  const $ = (id) => document.getElementById(id);

  let mine = null; // the stretch that is drawn
  let wanted = null; // what was asked for last
  let preferred = null; // the lead that the reader chose
  let resting = null, followed = null;

  const others = () => { const several = $("second-lead"), one = document.querySelector("#second-name [data-lead]"); return several ? [...several.options].map((option) => option.value) : one && one.dataset.lead ? [one.dataset.lead] : []; };

  async function update() {
    const row = $("second-row"), strip = B.strip.drawn, leads = others();
    if (!row) return;
    row.hidden = !leads.length || !strip || !B.leads.second();
    if (row.hidden) return;
    const lead = leads.includes(preferred) ? preferred : leads[0], query = new URLSearchParams(B.strip.asked), unit = Number(query.get("screen"));
    if ($("second-lead")) $("second-lead").value = lead;
    ["predicted", "steps"].forEach((name) => query.delete(name));
    query.set("labels", "none");
    query.set("lead", lead);
    query.delete("at"); // not the beat but the stretch is asked for
    query.set("time", (Math.floor((strip.begin + strip.screen / 2) / unit) + 0.5) * unit);
    const asked = query.toString();
    if (asked === wanted && $("second-plot").firstChild) { place(); return; }
    wanted = asked;
    try {
      const answer = await fetch(B.prefix + "_strip?" + asked), found = await answer.json();
      if (asked !== wanted || !$("second-row")) return;
      draw(answer.ok ? Object.assign(found, {lead, stretch: B.figure(found.stretch)}) : null, found.detail);
    } catch (error) {
      if (asked === wanted && $("second-row")) { wanted = null; draw(null, "Not loaded: the server does not answer."); }
    }
  }

  function draw(found, detail) {
    mine = found;
    $("second-said").textContent = found ? "" : detail;
    $("second").classList.toggle("waiting", !found);
    if (!found) return;
    const mm = B.ruler.mm(), [low, leaves] = centred(found), tall = Math.min(found.paper, Math.max(TALL, found.needed + SPARE) * mm);
    const top = found.height - FOOT - found.paper + (found.paper - tall) / 2;
    $("second-said").textContent = leaves(found.tall * tall / found.paper) ? "the trace leaves the paper" : "";
    [["second-plot", found.stretch], ["second-head", found.head]].forEach(([id, figure]) => {
      const yaxis = Object.assign({}, figure.layout.yaxis, {range: [low, low + found.tall]});
      window.Plotly.react($(id), figure.data, Object.assign({}, figure.layout, {yaxis}), STILL);
    });
    const style = $("second").style;
    style.setProperty("--tall", tall + "px");
    style.setProperty("--head", Math.round(HEAD * mm) + "px");
    style.setProperty("--above", -top + "px");
    $("second").setAttribute("aria-label", `The same in lead ${found.lead}`);
    place();
  }

  /* Millivolts at the foot of the paper, so that what is on the screen stands in its middle; and whether it is more than so many. */
  function centred(found) {
    const ecg = found.stretch.data.find((trace) => trace.name === "ecg"), strip = B.strip.drawn, end = strip.begin + strip.screen;
    let least = Infinity, most = -Infinity;
    ecg.y.forEach((value, i) => {
      const time = ecg.x ? ecg.x[i] : ecg.x0 + i * ecg.dx;
      if (value === null || time < strip.begin || time > end) return;
      least = Math.min(least, value);
      most = Math.max(most, value);
    });
    return [(least <= most ? (least + most) / 2 : 0) - found.tall / 2, (tall) => most - least > tall];
  }

  function place() {
    const strip = B.strip.drawn;
    if (mine && strip && $("second-layer")) $("second-layer").style.transform = `translateX(${-Math.round((strip.begin - mine.start) * mine.second)}px)`;
  }
  function move() {
    place();
    clearTimeout(resting);
    resting = setTimeout(update, REST);
  }

  document.addEventListener("beatlens:strip", () => {
    const layer = $("second-row") && $("strip-plot").parentElement;
    if (!layer) return;
    if (followed !== layer) {
      new MutationObserver(move).observe(layer, {attributeFilter: ["style"]});
      followed = layer;
      mine = wanted = null;
    }
    update();
  });
  document.addEventListener("change", (event) => { if (event.target.id === "second-lead") { preferred = event.target.value; update(); } });
  document.addEventListener("beatlens:online", update);
})();
