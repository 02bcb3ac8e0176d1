/* The strip in the browser: stepping, choosing a beat by a click, and the box that marks the strip on the overview. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});

  const plot = (id) => document.querySelector("#" + id + " .js-plotly-plot");

  function nearest(values, wanted) {
    let low = 0, high = values.length - 1;
    while (low < high) { const middle = (low + high) >> 1; if (values[middle] < wanted) low = middle + 1; else high = middle; }
    return low > 0 && wanted - values[low - 1] < values[low] - wanted ? low - 1 : low;
  }

  const current = () => { const beat = Number(B.read().beat); return B.nav && B.nav.sample.length ? nearest(B.nav.sample, beat) : -1; };
  const label = (i) => B.nav.symbol[i] || (B.nav.prediction && B.nav.prediction[i]);

  /* Next (1) or previous (−1) beat; the next of the same class where asked. */
  B.step = function (direction, same) {
    const from = current();
    if (from < 0) return;
    const wanted = label(from);
    for (let i = from + direction; i >= 0 && i < B.nav.sample.length; i += direction) {
      if (!same || label(i) === wanted) { B.go({beat: B.nav.sample[i]}); return; }
    }
  };

  /* Without a beat in the address: the first that has a second of signal before it. */
  B.firstBeat = function () {
    if (!B.nav || !B.nav.sample.length || B.read().beat || !["/review", "/compare"].includes(location.pathname)) return;
    const found = B.nav.time.findIndex((time) => time >= 1);
    B.go({beat: B.nav.sample[found < 0 ? 0 : found]});
  };

  function choose(event, id) {
    const drawn = plot(id);
    if (!drawn || !B.nav || !B.nav.time.length) return;
    const range = drawn._fullLayout.xaxis.range, box = drawn.getBoundingClientRect();
    const time = range[0] + ((event.clientX - box.left) / box.width) * (range[1] - range[0]);
    B.go({beat: B.nav.sample[nearest(B.nav.time, time)]});
  }

  document.addEventListener("click", (event) => {
    ["strip", "overview"].forEach((id) => { if (event.target.closest("#" + id)) choose(event, id); });
  });

  C.strip = {
    navigation: function (nav, predicted) {
      if (!nav) return undefined;
      const state = B.read(), mine = nav.record === (state.record || null) && nav.lead === (state.lead || null);
      if (!mine) return undefined;
      const said = predicted && predicted.record === nav.record && predicted.lead === nav.lead ? predicted.prediction : null;
      B.nav = Object.assign({}, nav, {prediction: said});
      B.firstBeat();
      C.strip.position();
      return undefined;
    },
    predicted: function (late) { if (late) B.set("predicted", {data: late}); return undefined; },
    overview: function (strip) {
      const drawn = plot("overview"), range = strip && strip.layout.xaxis && strip.layout.xaxis.range;
      const box = document.getElementById("overview-window");
      if (!drawn || !drawn._fullLayout || !range || !box || !drawn.data.length) return undefined;
      const whole = drawn._fullLayout.xaxis.range, px = drawn.clientWidth / (whole[1] - whole[0]);
      const begin = Math.max(0, range[0] + 0.4), wide = Math.max(6, (Math.min(range[1], whole[1]) - begin) * px);
      Object.assign(box.style, {left: begin * px + "px", width: wide + "px"});
      box.hidden = false;
      return undefined;
    },
    position: function () {
      const place = document.getElementById("position"), at = current();
      if (!place || at < 0) return undefined;
      const words = "beat " + (at + 1).toLocaleString("en") + " of " + B.nav.sample.length.toLocaleString("en");
      B.set("position", {children: words});
      return undefined;
    },
  };
})();
