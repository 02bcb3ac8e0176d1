/* The strip in the browser. A stretch of several screens is drawn once and then only moved: panning, stepping and choosing a
   beat need neither the server nor another drawing. What lies ahead is fetched while the reader looks. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const BEAT = [0.35, 0.55]; // s of a beat before and after its address
  const REST = 140, CHOICE = 350; // ms without a movement after which what is missing is drawn, and after which the beat in sight is chosen
  const LATE = 150; // ms after which a stretch that has not come leaves flat paper
  const HEAD_MM = 10; // of the calibration pulse
  const STILL = {displayModeBar: false, responsive: false, staticPlot: true, doubleClick: false};

  let wanted = null; // the view that is to be shown
  let drawn = null; // the stretch that is drawn
  let middle = null; // s in the middle of the screen; null: not yet known
  let low = 0; // mV at the lower edge of the paper
  let resting = null, choosing = null, late = null, staying = null; // staying: the beat that was chosen because it is in sight

  const $ = (id) => document.getElementById(id);
  const clamp = (value, least, most) => Math.max(least, Math.min(value, Math.max(least, most)));
  const {prefs} = B.stripScale;
  const mm = () => (B.ruler ? B.ruler.mm() : 96 / 25.4);

  /* Sizes: seconds of signal on the screen; a page is that in whole seconds, so that a few pixels more ask for nothing new. */
  let width = 0; // px of the paper: asking the page for it at every step would lay the page out anew
  function measure() {
    const window_ = window.innerWidth, beside = window_ < 1100 ? 104 : window_ < 1440 ? 444 : 495;
    width = $("strip") ? $("strip").clientWidth : window_ - beside;
  }
  const screen = () => (width - HEAD_MM * mm()) / (prefs().speed * mm());
  const unit = () => Math.max(1, Math.ceil(screen()));
  const begin = () => (middle === null ? 0 : clamp(middle - screen() / 2, 0, drawn.length - screen()));
  const pageAt = (time) => Math.floor(time / unit());
  const leftEdge = () => -Math.round((begin() - drawn.start) * drawn.second);

  function query(view) {
    const shown = view || wanted, blind = shown.blind; // of somebody who reads blind: what may be drawn of the model and the reference
    const said = blind ? blind.model : B.nav && B.nav.record === shown.record && B.nav.prediction;
    const {speed, gain, filter} = prefs();
    const all = {record: shown.record, lead: shown.lead, model: shown.model, predicted: said ? "true" : null, labels: blind && !blind.reference ? "none" : null, steps: blind && blind.steps, filter: filter === "raw" ? null : filter,
      low: B.desk.low() ? "yes" : null, speed, gain, mm: mm().toFixed(4), screen: unit(), theme: document.documentElement.dataset.theme};
    Object.keys(all).forEach((name) => { if (all[name] === null || all[name] === undefined) delete all[name]; });
    return new URLSearchParams(all).toString();
  }

  /* A stretch by its page; by the chosen beat as long as no time is known. */
  const get = (asked, page, beat) => B.stripStretches.get(asked, page === null ? {at: beat || wanted.at} : {page}, unit());

  const fits = (view) => drawn && drawn.record === view.record && drawn.lead === (view.lead || null);
  const covers = () => begin() >= drawn.start - 0.01 && begin() + Math.min(screen(), drawn.length) <= drawn.start + drawn.seconds + 0.01;

  /* Which page is wanted: the first where there is no beat yet, null where only its sample is known. */
  const pageOf = () => (middle !== null ? pageAt(fits(wanted) ? begin() + screen() / 2 : middle) : wanted.at ? null : 0);

  /* Whether what was asked for is still wanted. The first stretch is without the model's row, known meanwhile: it follows. */
  const serves = (asked) => asked === query() || (!fits(wanted) && asked === query().replace("predicted=true&", ""));

  /* Draw what is wanted, unless it is drawn. */
  async function update() {
    if (!wanted || !$("strip")) return;
    const asked = query(), page = pageOf();
    if (drawn && drawn.asked === asked && drawn.page === page && $("strip-plot").firstChild) return;
    if (!fits(wanted)) { clearTimeout(late); late = setTimeout(() => $("strip") && $("strip").classList.add("waiting"), LATE); }
    try {
      const found = await get(asked, page);
      if (!wanted || !$("strip") || !serves(asked)) return;
      if (middle === null && wanted.at) middle = Number(wanted.at) / found.fs;
      draw(found);
    } catch (error) {
      if (wanted && $("strip") && asked === query() && !fits(wanted)) tell(error.message === "Failed to fetch" ? "The server does not answer." : error.message);
    }
  }

  function tell(words) {
    clearTimeout(late);
    $("strip").classList.add("waiting");
    $("strip-said").textContent = words;
    $("strip-said").hidden = false;
  }

  function draw(found) {
    const other = !drawn || ["record", "lead", "scale", "facts"].some((name) => drawn[name] !== found[name]);
    drawn = found;
    const place = $("strip");
    if (other) low = settled(fitting());
    [["strip-plot", found.stretch], ["strip-head", found.head]].forEach(([id, figure]) => {
      const yaxis = Object.assign({}, figure.layout.yaxis, {range: [low, low + found.tall]});
      window.Plotly.react($(id), figure.data, Object.assign({}, figure.layout, {yaxis}), STILL);
    });
    place.style.setProperty("--tall", found.paper.toFixed(2) + "px");
    place.style.setProperty("--head", Math.round(HEAD_MM * mm()) + "px");
    clearTimeout(late);
    const last = document.querySelector(".strip-row .gutter-last");
    if (last) last.hidden = found.kind !== "beat"; // RR is known of beats alone
    place.classList.remove("waiting");
    $("strip-said").hidden = true;
    $("strip-scale").textContent = found.scale + (B.ruler && B.ruler.measured() ? "" : " approx.") + (found.standard ? "" : ", not standard") + " · " + found.facts;
    $("strip-scale").classList.toggle("warned", !found.standard);
    marks();
    move();
    document.dispatchEvent(new CustomEvent("beatlens:strip"));
  }

  const reach = (from = begin(), to = begin() + screen()) => B.stripStretches.reach(drawn, from, to);
  /* What is to lie on the paper: all that is on the screen; where that is too tall, what is around the chosen beat. */
  function fitting() {
    const all = reach(), time = Number(wanted.at) / drawn.fs;
    if (!all || all[1] - all[0] <= drawn.tall - 1 / prefs().gain || !wanted.at || time < begin() || time > begin() + screen()) return all;
    return reach(time - BEAT[0], time + BEAT[1]) || all;
  }
  const settled = (extent) => (extent ? Math.round(((extent[0] + extent[1] - drawn.tall) / 2) * prefs().gain) / prefs().gain : -drawn.tall / 2);

  /* Everything that moves moves by one number. */
  function move() {
    const place = $("strip");
    if (!place || !drawn) return;
    const by = `translateX(${leftEdge()}px)`;
    place.querySelectorAll(":scope > .strip-layer").forEach((layer) => { layer.style.transform = by; });
    B.stripNumbers(px(begin()), px(begin() + screen()));
    $("strip-time").textContent = clock(begin());
    if (B.overview) B.overview.place(begin(), screen(), drawn.length);
    if (B.calipers) B.calipers.follow();
    clearTimeout(resting);
    clearTimeout(choosing);
    resting = setTimeout(rest, covers() ? REST : 0);
  }

  function rest() {
    if (!$("strip") || !wanted || !fits(wanted)) return;
    update();
    if (!covers()) return;
    choosing = setTimeout(chooseInSight, CHOICE - REST);
    const extent = fitting(), edge = 1 / prefs().gain;
    const off = extent && (extent[0] < low + edge || extent[1] > low + drawn.tall - edge), better = settled(extent);
    if (off && Math.abs(better - low) > edge / 2) {
      low = better;
      ["strip-plot", "strip-head"].forEach((id) => window.Plotly.relayout($(id), {"yaxis.range": [low, low + drawn.tall]}));
      B.stripNumbers(px(begin()), px(begin() + screen()));
      document.dispatchEvent(new CustomEvent("beatlens:strip"));
    }
    const whole = reach(), leaves = whole && (whole[0] < low || whole[1] > low + drawn.tall);
    const warning = [drawn.synthetic ? "SYNTHETIC" : "", leaves ? "the trace leaves the paper" : ""].filter(Boolean).join(" · ");
    $("strip-warning").textContent = warning;
    $("strip-warning").hidden = !warning;
    $("strip-plot").setAttribute("aria-label", sentence());
    const asked = query(), page = pageAt(begin() + screen() / 2), last = pageAt(drawn.length);
    [page, page + 1, page - 1].filter((p) => p >= 0 && p <= last).forEach((p) => get(asked, p).catch(() => {}));
  }

  /* The strip was moved away from the chosen beat: the one in the middle is chosen, so that keys, output and maps are of what is seen. */
  function chooseInSight() {
    const beat = B.read().at, nav = B.nav;
    if (B.page() !== "desk" || !beat || !nav || nav.record !== drawn.record || !nav.sample.length || sees(Number(beat))) return;
    const next = nav.sample[B.beats.nearest(nav.time, begin() + screen() / 2)];
    if (!sees(next)) return;
    staying = String(next);
    B.go({at: next});
  }

  /* Whether a beat, or a part of a longer window, is on the screen. */
  function sees(beat) {
    if (!drawn || !$("strip") || $("strip").classList.contains("waiting") || !wanted || !fits(wanted)) return false;
    const i = B.nav && B.nav.record === drawn.record ? B.nav.sample.indexOf(beat) : -1;
    const [start, end] = i >= 0 ? [B.nav.start[i], B.nav.end[i]] : [beat, beat + 1];
    return end / drawn.fs >= begin() && start / drawn.fs <= begin() + screen();
  }

  function sentence() {
    if ("hidden" in document.documentElement.dataset) return `Rhythm strip of lead ${drawn.facts.split(" · ")[0]} from ${clock(begin())}.`;
    const inside = drawn.beats.time.map((time, i) => [time, drawn.beats.symbol[i] || "unlabelled"]).filter(([time]) => time >= begin() && time <= begin() + screen());
    return `Rhythm strip of lead ${drawn.facts.split(" · ")[0]} from ${clock(begin())}; beats: ${inside.map(([, symbol]) => symbol).join(", ") || "none"}.`;
  }

  const two = (n) => String(n).padStart(2, "0");
  function clock(time) {
    const ms = Math.round(time * 1000);
    return `${two(Math.floor(ms / 3600000))}:${two(Math.floor(ms / 60000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
  }

  const px = (time) => (time - drawn.start) * drawn.second;
  const marks = () => { if (drawn && wanted) B.stripMarks(drawn, wanted, px); };

  B.strip = {
    /* The beat that the address names, in the middle of the strip. */
    show: function (view) {
      if (wanted && wanted.record !== view.record) middle = null;
      const stays = staying !== null && staying === String(view.at) && middle !== null;
      staying = null;
      wanted = view;
      const known = !stays && view.at && B.nav && B.nav.record === view.record && B.nav.sample.length;
      if (known) middle = B.nav.time[B.beats.nearest(B.nav.sample, Number(view.at))];
      else if (!stays && view.at && fits(view)) middle = Number(view.at) / drawn.fs;
      if (!$("strip")) return;
      C.strip.position();
      const stands = fits(view) && $("strip-plot").firstChild;
      if (stands) { marks(); move(); }
      if (!stands || !covers() || drawn.asked !== query()) update();
    },
    /* What will soon be shown is fetched ahead. */
    ahead: function (view) { get(query(view), null, view.at).catch(() => {}); },
    sees,
    left: (beat) => !!drawn && !!wanted && fits(wanted) && !sees(beat), // drawn, and moved away from this beat
    centre: function (time) { if (drawn) { middle = time; move(); } },
    pan: function (part) { if (drawn) { middle = clamp(begin() + screen() * (0.5 + part), screen() / 2, drawn.length - screen() / 2); move(); } },
    get asked() { return drawn && drawn.asked; },
    get drawn() { return drawn && {start: drawn.start, begin: begin(), screen: screen(), length: drawn.length, second: drawn.second, tall: drawn.tall, paper: drawn.paper, low, beats: drawn.beats, end: drawn.start + drawn.seconds, chosen: wanted && wanted.at ? Number(wanted.at) / drawn.fs : null}; },
    px,
    /* Where a time lies in the strip, in px from its left edge; what stays covers the first of them. */
    x: (time) => HEAD_MM * mm() + leftEdge() + px(time),
    reach,
    reachOf: (stretch, from, to) => B.stripStretches.reach({stretch}, from, to),
    /* Time and mV under a pointer. */
    under: function (event) {
      const box = $("strip-over").getBoundingClientRect(), paper = $("strip-paper").getBoundingClientRect();
      return {time: drawn.start + (event.clientX - box.left) / drawn.second, mv: low + ((paper.bottom - event.clientY) / drawn.paper) * drawn.tall};
    },
    value: function (time) { const found = B.stripStretches.values(drawn, time, time).find((value) => value !== null); return found === undefined ? null : found; },
  };

  new MutationObserver(() => { update(); move(); }).observe(document.documentElement, {attributeFilter: ["data-theme", "data-hidden"]});
  ["beatlens:readings", "beatlens:nav"].forEach((name) => document.addEventListener(name, () => { marks(); update(); }));
  ["beatlens:ruler", "beatlens:scale"].forEach((name) => document.addEventListener(name, () => update()));
  document.addEventListener("beatlens:online", () => update());
  let resized = null;
  window.addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(() => { measure(); update(); move(); }, 120); });

  /* The recording that the address names is fetched while the page is still being put together. */
  function early() {
    measure();
    if (B.page() !== "desk" || !B.read().record) return;
    B.strip.show(B.read());
    if (!$("strip")) get(query(), pageOf()).catch(() => {});
  }
  ["popstate", "_dashprivate_pushstate"].forEach((name) => window.addEventListener(name, () => { if (!B.read().at) early(); }));
  early();

  C.strip = Object.assign(C.strip || {}, {
    mounted: function () { early(); return undefined; },
    position: function () {
      B.stripScale.controls();
      const words = $("position"), at = B.beats.current();
      if (!words || at < 0) return undefined;
      const all = B.nav.sample.length.toLocaleString("en"), which = B.beats.known() ? "beat\u00a0" + (at + 1).toLocaleString("en") : "no\u00a0beat";
      words.textContent = which + " of\u00a0" + all;
      return undefined;
    },
  });
})();
