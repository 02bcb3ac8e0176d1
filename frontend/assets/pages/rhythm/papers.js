/* The rows of a rhythm as papers for the calipers, and the scale at which they are asked for: that of the desk's strip. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const USUAL = {speed: 25, gain: 10, filter: "raw"};

  /* What differs from the usual goes into the question for a view. */
  (B.viewExtras = B.viewExtras || []).push((page) => {
    if (page !== "rhythm") return {};
    const asked = B.stripScale.prefs();
    return Object.fromEntries(Object.keys(USUAL).filter((name) => asked[name] !== USUAL[name]).map((name) => [name, asked[name]]));
  });

  const layers = () => [...document.querySelectorAll("#rhythm-rows .rhythm-calipers")];

  /* As assets/rhythm/caliper-papers.js describes a paper; px are those of its layer, which lies over the paper alone. */
  B.rhythmPapers = () => (["rhythm", "blind"].includes(B.page()) && B.rhythm.shown ? layers().map((layer, i) => paper(layer, B.rhythm.shown.rows[i], i)).filter(Boolean) : []);

  function paper(layer, row, i) {
    if (!row) return null;
    const height = row.paper[1], time = (px) => row.start + (px - row.origin) / row.second, mv = (px) => row.high - (px / height) * (row.high - row.low);
    const span = [time(0), row.end];
    return {
      name: "row " + i, rate: true, holder: layer, layer, top: 0, height, shift: 0, second: row.second, span, sight: span,
      x: (t) => row.origin + (t - row.start) * row.second, y: (value) => ((row.high - value) / (row.high - row.low)) * height,
      under: (event) => { const box = layer.getBoundingClientRect(); return {time: time(event.clientX - box.left), mv: mv(event.clientY - box.top)}; },
      reach: (from, to) => reach(row, from, to), place: () => usual(row),
    };
  }

  const ecg = (row) => (row.ecg = row.ecg || B.figure(row.figure).data.find((trace) => trace.name === "ecg"));
  function reach(row, from, to) {
    const {x0, dx, y} = ecg(row), inside = y.slice(Math.max(0, Math.floor((from - x0) / dx)), Math.ceil((to - x0) / dx) + 1).filter((value) => value !== null);
    return inside.length ? inside.reduce(([a, z], value) => [Math.min(a, value), Math.max(z, value)], [Infinity, -Infinity]) : null;
  }

  /* First over the row's first RR interval, else over a large box. */
  function usual(row) {
    const beats = B.rhythm.shown.beats.filter((beat) => beat.time >= row.start && beat.time < row.end), middle = (row.start + row.end) / 2;
    const time = beats.length > 1 ? [beats[0].time, beats[1].time] : [middle - 0.1, middle + 0.1], {x0, dx, y} = ecg(row);
    return {time, mv: time.map((t) => { const value = y[Math.round((t - x0) / dx)]; return typeof value === "number" ? value : (row.low + row.high) / 2; })};
  }

  C.rhythm = {header: function () { B.stripScale.controls(); return undefined; }};
})();
