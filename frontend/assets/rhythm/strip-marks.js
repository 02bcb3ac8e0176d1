/* What lies on a stretch of the strip: the chosen beat's band and RR, and what readers said. `px(time)` is a place on it. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  function piece(kind, style, words) {
    const made = document.createElement(kind === "chip" ? "span" : "div");
    made.className = kind;
    Object.assign(made.style, style);
    if (words) made.textContent = words;
    return made;
  }
  B.stripMarks = function (drawn, wanted, px) {
    const under = document.getElementById("strip-under"), over = document.getElementById("strip-over");
    if (!under) return;
    const {sample, time, window: reads, rr} = drawn.beats, at = sample.indexOf(Number(wanted.at)), made = [];
    under.replaceChildren();
    if (at >= 0) {
      const [a, z] = reads[at];
      under.append(piece("strip-band", {left: px(a) + "px", width: px(z) - px(a) + "px"}));
      made.push(piece("strip-edges", {left: px(a) + "px", width: px(z) - px(a) + "px"}));
      if (at > 0 && rr[at] !== null) made.push(piece("strip-rr", {left: px((time[at] + time[at - 1]) / 2) + "px"}, Math.round(rr[at])));
    }
    if (wanted.blind || B.readings) {
      sample.forEach((beat, i) => {
        const said = wanted.blind ? wanted.blind.mine[beat] : B.readings.of(beat), label = said && typeof said === "object" ? said.label : said;
        if (!label) return;
        const letter = {artefact: "X", "cannot say": "?"}[label] || label, chip = piece("chip sm strip-reading", {left: px(time[i]) + "px"}, letter);
        chip.dataset.symbol = label;
        chip.title = "Reading: " + label;
        made.push(chip);
      });
    }
    over.querySelectorAll(":scope > :not(.caliper)").forEach((old) => old.remove());
    over.prepend(...made);
    numbers = null;
  };

  function noted(node) {
    const {left, width} = node.getBoundingClientRect();
    return {node, at: left + width / 2 - document.getElementById("strip-plot").getBoundingClientRect().left, half: width / 2};
  }
  let numbers = null; // RR intervals and words in gaps: {node, at: px of its middle, half: px of half its width}; null: not yet measured
  /* A number of which the strip's edge would leave a part reads as another one: it is seen whole or not at all. */
  B.stripNumbers = function (from, to) {
    if (numbers && numbers.some(({node}) => !node.isConnected)) numbers = null; // drawn anew
    numbers = numbers || [
      ...[...document.querySelectorAll("#strip-plot .x3y3 .textpoint text")].map((node) => ({node, at: Number(node.getAttribute("x")), half: node.getBBox().width / 2})),
      ...[...document.querySelectorAll("#strip-plot .annotation")].map(noted),
      ...[...document.querySelectorAll("#strip-over .strip-rr")].map((node) => ({node, at: parseFloat(node.style.left), half: node.offsetWidth / 2})),
    ];
    numbers.forEach(({node, at, half}) => { node.style.visibility = at - half < from || at + half > to ? "hidden" : ""; });
  };
})();
