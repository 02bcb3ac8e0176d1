/* The covered span on the paper of each map: what was there faint, what stands in for it, and two edges to take hold of. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const SLOTS = ["a", "b"], GRIP = 20; // px high
  const graph = (slot) => document.querySelector(`#graph-${slot} .js-plotly-plot`);

  /* The axes of a map that shows a beat, or of a beat alone: px from ms and from mV, and back; null where there is none. */
  function axes(slot) {
    const drawn = graph(slot), full = drawn && drawn._fullLayout;
    if (!full || !full.xaxis || !(drawn.data || []).some((trace) => trace.name === "ecg")) return null;
    const x = full.xaxis, y = (lead) => full["yaxis" + (lead ? lead + 10 : "")];
    const scale = x._length / (x.range[1] - x.range[0]);
    return {
      drawn, width: full.width, height: full.height, left: x._offset,
      x: (ms) => x._offset + (ms - x.range[0]) * scale,
      ms: (px) => x.range[0] + (px - x._offset) / scale,
      band: (lead) => ({top: y(lead)._offset, height: y(lead)._length}),
      mv: (lead, px) => y(lead).range[0] + (1 - (px - y(lead)._offset) / y(lead)._length) * (y(lead).range[1] - y(lead).range[0]),
      y: (lead, mv) => y(lead)._offset + y(lead)._length * (1 - (mv - y(lead).range[0]) / (y(lead).range[1] - y(lead).range[0])),
    };
  }

  /* mV of a value of the network's input: the straight line that fits the window's millivolts best. */
  function level(input, millivolts, value) {
    const pairs = input.map((v, i) => [v, millivolts[i]]).filter((p) => p[1] !== null), n = pairs.length;
    const mean = (k) => pairs.reduce((sum, p) => sum + p[k], 0) / n, mx = mean(0), my = mean(1);
    const across = pairs.reduce((sum, p) => sum + (p[0] - mx) * (p[1] - my), 0);
    const own = pairs.reduce((sum, p) => sum + (p[0] - mx) ** 2, 0);
    return my + (own ? across / own : 0) * (value - mx);
  }

  /* First and last mV of what stands in for the hidden samples of one lead. */
  function filling(view, lead, span, value) {
    const input = view.input[lead], mv = view.millivolts[lead], last = view.samples;
    if (value === "line" && span.end - span.start < last) {
      const left = span.start > 0 ? mv[span.start - 1] : mv[span.end], right = span.end < last ? mv[span.end] : left;
      return [left, right];
    }
    const average = input.reduce((sum, v) => sum + v, 0) / input.length;
    const flat = level(input, mv, value === "mean" ? average : 0);
    return [flat, flat];
  }

  function picture(view, span, value, on) {
    const time = (sample) => on.x(((sample - view.before) * 1000) / view.fs), a = time(span.start), b = time(span.end);
    const bands = view.millivolts.map((mv, lead) => {
      const {top, height} = on.band(lead), [from, to] = filling(view, lead, span, value);
      const points = [];
      for (let i = span.start; i <= Math.min(span.end, view.samples - 1); i++) points.push(`${time(i).toFixed(1)},${on.y(lead, mv[i]).toFixed(1)}`);
      const box = `x="${a.toFixed(1)}" y="${top}" width="${(b - a).toFixed(1)}" height="${height}"`;
      return `<svg x="0" y="${top}" width="${on.width}" height="${height}" viewBox="0 ${top} ${on.width} ${height}"><rect ${box} class="cover-veil"/>
        <polyline points="${points.join(" ")}" class="cover-gone"/><rect ${box} fill="url(#cover-hatch)"/>
        <path d="M${a.toFixed(1)} ${on.y(lead, from).toFixed(1)}L${b.toFixed(1)} ${on.y(lead, to).toFixed(1)}" class="cover-filling"/></svg>`;
    });
    return bands.join("");
  }

  const HATCH = '<defs><pattern id="cover-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6"/></pattern></defs>';
  const edge = (name, words) => `<g class="cover-edge" data-edge="${name}" role="slider" tabindex="0" aria-label="${words}" aria-orientation="horizontal">
    <rect class="cover-reach" width="16" x="-8"/><path/><rect class="cover-grip" x="-3" width="6" height="${GRIP}" rx="3"/></g>`;

  /* Draw the span in both maps; nothing where there is none. */
  function paint(view, span, value) {
    SLOTS.forEach((slot) => {
      const layer = document.getElementById("cover-" + slot), on = layer && view && axes(slot);
      if (!layer) return;
      if (!on || !span) { layer.textContent = ""; return; }
      if (!layer.firstChild) layer.innerHTML = `<svg>${HATCH}<g class="cover-bands"></g>${edge("start", "Cover from")}${edge("end", "Cover to")}</svg>`;
      const svg = layer.firstChild, last = on.band(view.millivolts.length - 1), top = on.band(0).top, tall = last.top + last.height - top;
      svg.setAttribute("width", on.width);
      svg.setAttribute("height", on.height);
      svg.querySelector(".cover-bands").innerHTML = picture(view, span, value, on);
      svg.querySelectorAll(".cover-edge").forEach((handle) => {
        const sample = span[handle.dataset.edge], ms = Math.round(((sample - view.before) * 1000) / view.fs);
        handle.setAttribute("transform", `translate(${on.x(((sample - view.before) * 1000) / view.fs).toFixed(1)} ${top})`);
        handle.querySelector("path").setAttribute("d", `M0 0v${tall}`);
        handle.querySelector(".cover-reach").setAttribute("height", tall);
        handle.querySelector(".cover-grip").setAttribute("y", tall / 2 - GRIP / 2);
        const limits = {valuemin: Math.round((-view.before * 1000) / view.fs), valuemax: Math.round(((view.samples - view.before) * 1000) / view.fs)};
        Object.entries({...limits, valuenow: ms, valuetext: `${Math.abs(ms)} ms ${ms < 0 ? "before" : "after"} R`}).forEach(([k, v]) => handle.setAttribute("aria-" + k, v));
      });
    });
  }

  /* What the model is shown, in the trace below the maps: input [leads][samples]. */
  function saw(input) {
    const drawn = document.querySelector("#saw-graph .js-plotly-plot");
    if (!drawn || !window.Plotly || (drawn.data || []).length !== input.length) return;
    const {x} = drawn.data[0], samples = input[0].length; // a long input is drawn with fewer points, from its first to its last
    const times = input[0].map((_, i) => x[0] + ((x[x.length - 1] - x[0]) * i) / (samples - 1));
    window.Plotly.restyle(drawn, x.length === samples ? {y: input} : {x: input.map(() => times), y: input}, input.map((_, lead) => lead));
  }

  /* The same once that trace has been drawn anew; nothing where `input()` says so. */
  function sawNext(input) {
    const drawn = document.querySelector("#saw-graph .js-plotly-plot");
    if (drawn && drawn.once) drawn.once("plotly_afterplot", () => { if (input()) saw(input()); });
  }

  /* The map and the sample (not rounded) below a pointer; null outside the paper. */
  function under(event, slot) {
    const found = slot || SLOTS.find((name) => event.target.closest && event.target.closest("#map-" + name));
    const on = found && axes(found);
    if (!on) return null;
    const box = on.drawn.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const inside = x >= on.left && x <= on.width && y >= on.band(0).top && y <= on.height;
    return {slot: found, inside, ms: on.ms(x)};
  }

  B.coverPaper = {axes, paint, saw, sawNext, under};
})();
