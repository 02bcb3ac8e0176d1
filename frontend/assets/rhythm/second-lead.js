/* Another lead below the strip: the same stretch, filter and scale, without labels, moved together with the strip. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const TALL = 30, SPARE = 2, HEAD = 10; // mm of the paper that is shown at least, above what the lead needs, and of the calibration pulse
  const BEAT = [0.35, 0.55]; // s of a beat before and after its address
  const FOOT = 20, REST = 160, LATE = 600; // px of the RR row; ms without a movement after which what is missing is fetched, and after which it is said that it is on its way
  const STILL = {displayModeBar: false, responsive: false, staticPlot: true, doubleClick: false};
  const $ = (id) => document.getElementById(id);

  let mine = null; // the stretch that is drawn
  let wanted = null; // what was asked for last
  let coming = null; // the same while its answer is on the way
  let preferred = null; // the lead that the reader chose
  let resting = null, followed = null;

  const others = () => { const several = $("second-lead"), one = document.querySelector("#second-name [data-lead]"); return several ? [...several.options].map((option) => option.value) : one && one.dataset.lead ? [one.dataset.lead] : []; };

  const timeless = (asked) => { const query = new URLSearchParams(asked || ""); query.delete("time"); return query.toString(); };
  const covers = ({begin, screen, length}) => begin >= mine.start - 0.01 && Math.min(begin + screen, length) <= mine.start + mine.seconds + 0.01;

  /* Draw what is wanted, unless it is drawn. While the strip moves over what is drawn, the next stretch waits until it rests. */
  async function update(rested) {
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
    if (asked === coming) return;
    if (asked === wanted && $("second-plot").firstChild) { if (mine) settle(); return; }
    if (!rested && mine && timeless(asked) === timeless(wanted) && covers(strip)) { move(); return; }
    wanted = coming = asked;
    const late = setTimeout(() => { if (asked === wanted && !mine && $("second-said")) $("second-said").textContent = lead + " is being read."; }, LATE);
    try {
      const answer = await B.fetch(B.prefix + "_strip?" + asked), found = await answer.json();
      if (asked !== wanted || !$("second-row")) return;
      draw(answer.ok ? Object.assign(found, {lead, stretch: B.figure(found.stretch)}) : null, found.detail);
    } catch (error) {
      if (asked === wanted && $("second-row")) { wanted = null; draw(null, "Not loaded: the server does not answer."); }
    } finally {
      clearTimeout(late);
      if (coming === asked) coming = null;
    }
  }

  /* px of the paper of a stretch. */
  const tallOf = (found) => {
    const [most, usual] = [Math.max(TALL, found.needed + SPARE), found.usual + SPARE].map((mm) => Math.min(found.paper, mm * B.ruler.mm()));
    return B.leads.tall(B.desk.spare() ? found.paper : most, usual);
  };

  let drawn = {}; // {tall: px of the paper, low: mV at the foot of its stretch}
  function draw(found, detail) {
    mine = found;
    $("second-said").textContent = found ? "" : detail;
    $("second").classList.toggle("waiting", !found);
    if (!found) { $("second-warning").textContent = ""; return; }
    const tall = tallOf(found), top = found.height - FOOT - found.paper + (found.paper - tall) / 2, low = settled(found, tall);
    drawn = {tall, low};
    [["second-plot", found.stretch], ["second-head", found.head]].forEach(([id, figure]) => {
      const yaxis = Object.assign({}, figure.layout.yaxis, {range: [low, low + found.tall]});
      window.Plotly.react($(id), figure.data, Object.assign({}, figure.layout, {yaxis}), STILL);
    });
    const style = $("second").style;
    style.setProperty("--tall", tall + "px");
    style.setProperty("--head", Math.round(HEAD * B.ruler.mm()) + "px");
    style.setProperty("--above", -top + "px");
    $("second").setAttribute("aria-label", `The same in lead ${found.lead}`);
    warn();
    place();
  }

  const onScreen = (found) => { const {begin, screen} = B.strip.drawn; return B.strip.reachOf(found.stretch, begin, begin + screen); };
  const millivolts = (found, tall) => (found.tall * tall) / found.paper;

  /* Millivolts at the stretch's foot so that all of the screen stands in the paper's middle; where that is too tall, the chosen beat. */
  function settled(found, tall) {
    const {chosen} = B.strip.drawn, all = onScreen(found), fits = all && all[1] - all[0] <= millivolts(found, tall);
    const extent = (!fits && chosen !== null && B.strip.reachOf(found.stretch, chosen - BEAT[0], chosen + BEAT[1])) || all || [0, 0];
    return (extent[0] + extent[1] - found.tall) / 2;
  }
  /* Whether a trace leaves the paper as it is drawn; said beside it. */
  function leaves() {
    const all = onScreen(mine), middle = drawn.low + mine.tall / 2, half = millivolts(mine, drawn.tall) / 2;
    return !!all && (all[0] < middle - half || all[1] > middle + half);
  }
  const warn = () => { $("second-warning").textContent = leaves() ? "leaves the paper" : ""; };

  /* At rest what is drawn stands where it is seen best. */
  function settle() {
    const tall = tallOf(mine), better = settled(mine, tall);
    if (tall !== drawn.tall || (leaves() && Math.abs(better - drawn.low) > millivolts(mine, B.ruler.mm()))) draw(mine);
    else { warn(); place(); }
  }

  function place() {
    const strip = B.strip.drawn;
    if (mine && strip && $("second-layer")) $("second-layer").style.transform = `translateX(${-Math.round((strip.begin - mine.start) * mine.second)}px)`;
  }
  function move() {
    place();
    clearTimeout(resting);
    resting = setTimeout(() => update(true), REST);
  }

  document.addEventListener("beatlens:strip", () => {
    const layer = $("second-row") && $("strip-plot").parentElement;
    if (!layer) return;
    if (followed !== layer) {
      new MutationObserver(move).observe(layer, {attributeFilter: ["style"]});
      followed = layer;
      mine = wanted = coming = null;
    }
    update();
  });
  document.addEventListener("change", (event) => { if (event.target.id === "second-lead") { preferred = event.target.value; update(); } });
  document.addEventListener("beatlens:online", () => update());
})();
