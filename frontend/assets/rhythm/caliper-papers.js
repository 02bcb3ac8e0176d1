/* What calipers can lie on: the strip, every row of a rhythm, and every enlarged beat. A paper knows its own scales; times are in s, levels in mV.

   {name, rate: whether bpm mean something, holder, layer, top, height: of the paper in the layer, x(time), y(mv): px in the layer, shift: px from layer to holder,
    second: px, span: [first, last] in s, sight: what of it is in view, left: px of the layer where it begins, if not its own, under(event): {time, mv} of the point of it that is nearest to a pointer, reach(from, to): [least, most] in mV or null, place(): legs to begin with} */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const $ = (id) => document.getElementById(id);

  function strip() {
    const drawn = B.strip.drawn, holder = $("strip"), layer = $("strip-over");
    if (!drawn || !layer) return null;
    const top = $("strip-paper").offsetTop;
    return {
      name: "strip", rate: true, holder, layer, top, height: drawn.paper, shift: B.strip.x(0) - B.strip.px(0), second: drawn.second, span: [drawn.start, drawn.end], sight: [drawn.begin, drawn.begin + drawn.screen],
      x: B.strip.px, y: (mv) => top + (1 - (mv - drawn.low) / drawn.tall) * drawn.paper,
      under: B.strip.under, reach: B.strip.reach, place: () => onStrip(drawn),
    };
  }

  /* First over the RR interval that ends at the chosen beat, else over a large box in the middle. */
  function onStrip({beats, begin, screen, low, tall}) {
    const at = beats.sample.indexOf(Number(B.read().at)), middle = begin + screen / 2;
    const time = at > 0 && beats.time[at - 1] >= begin && beats.time[at] <= begin + screen ? [beats.time[at - 1], beats.time[at]] : [middle - 0.1, middle + 0.1];
    const mv = time.map((t) => B.strip.value(t));
    return {time, mv: mv.map((value) => (value === null ? low + tall / 2 : value))};
  }

  /* An enlarged beat: its first lead's axes, ms from R. */
  function beat(slot) {
    const layer = $("calipers-" + slot), on = layer && layer.offsetParent && B.coverPaper.axes(slot);
    if (!on) return null;
    const {top, height} = on.band(0), ecg = on.drawn.data.find((trace) => trace.name === "ecg");
    const time = (px) => on.ms(px) / 1000, second = on.x(1000) - on.x(0);
    return {
      name: slot, holder: layer, layer, top, height, left: on.left, shift: 0, second, span: [time(on.left), time(on.width)],
      x: (t) => on.x(t * 1000), y: (mv) => on.y(0, mv),
      under: (event) => { const box = layer.getBoundingClientRect(); return {time: time(event.clientX - box.left), mv: on.mv(0, event.clientY - box.top)}; },
      reach: (from, to) => {
        const inside = ecg.y.filter((value, i) => value !== null && ecg.x[i] >= from * 1000 && ecg.x[i] <= to * 1000);
        return inside.length ? [Math.min(...inside), Math.max(...inside)] : null;
      },
    };
  }

  /* A row of the rhythm page; assets/pages/rhythm/papers.js knows them. */
  const rows = () => (B.rhythmPapers ? B.rhythmPapers() : []);

  const slots = () => [...document.querySelectorAll(".caliper-layer")].map((layer) => layer.id.slice("calipers-".length));

  /* Legs and levels stay where there is something to read, wherever a pointer goes. */
  function kept(paper) {
    if (!paper) return null;
    const between = (value, [least, most]) => Math.max(least, Math.min(value, most));
    const under = (event) => {
      const box = paper.layer.getBoundingClientRect(), wide = (paper.sight || paper.span).map((time) => box.left + paper.x(time));
      return paper.under({clientX: between(event.clientX, wide), clientY: between(event.clientY, [box.top + paper.top, box.top + paper.top + paper.height])});
    };
    return {...paper, under};
  }

  B.caliperPapers = {
    of: (name) => kept(name === "strip" ? strip() : rows().find((row) => row.name === name) || beat(name)),
    /* That on which they first lie. */
    first: () => strip() || rows()[0] || null,
    /* The paper of an enlarged beat below the pointer. */
    below: (event) => kept([...rows(), ...slots().map(beat)].find((paper) => {
      if (!paper || !paper.holder.contains(event.target)) return false;
      const at = paper.under(event), y = event.clientY - paper.layer.getBoundingClientRect().top;
      return at.time >= paper.span[0] && at.time <= paper.span[1] && y >= paper.top && y <= paper.top + paper.height;
    })),
  };
})();
