/* Dots over the axes of a plot, on a canvas: all pale, the chosen dark, one ringed; hover, click and lasso. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const NEAR = 9, MOVED = 5; // px: reach of the pointer; a drag beyond this is a lasso
  const REST = {x: NaN, y: NaN};

  /* Colours of classes in the present theme: `known` has the variable of those that are no beats'. */
  function palette(symbols, known) {
    const probe = document.createElement("i"), found = new Map();
    document.body.append(probe);
    new Set(symbols).forEach((symbol) => {
      probe.dataset.symbol = symbol || "Q";
      found.set(symbol, getComputedStyle(probe).getPropertyValue((known || {})[symbol] || "--mark").trim());
    });
    probe.remove();
    return found;
  }

  /* `told`: {hover(i or null, event), click(i), lasso([i…]), radius: [pale, dark], pale: alpha}. */
  B.dots = function (id, told) {
    const canvas = document.getElementById(id + "-dots"), holder = document.getElementById(id + "-words");
    const plot = () => holder.querySelector(".js-plotly-plot");
    let points = {x: [], y: [], symbol: []}, at = [], chosen = new Set(), open = -1, pale = null, lassoing = false, path = null, line = false, thin = 1;

    function place() {
      const layout = plot() && plot()._fullLayout;
      if (!layout || !layout.xaxis || !layout.xaxis._length || !points.x.length) return false;
      const {xaxis: x, yaxis: y} = layout, keep = (part) => Math.max(0, Math.min(1, part)); // what lies outside stands at the edge
      at = points.x.map((value, i) => (value === null || points.y[i] === null ? REST : {
        x: x._offset + keep((value - x.range[0]) / (x.range[1] - x.range[0])) * x._length,
        y: y._offset + (1 - keep((points.y[i] - y.range[0]) / (y.range[1] - y.range[0]))) * y._length,
      }));
      return true;
    }

    function dots(pen, indices, radius, alpha, colours) {
      if (thin < 1) { squares(pen, indices, radius, alpha, colours); return; }
      const paths = new Map();
      indices.forEach((i) => {
        const {x, y} = at[i] || REST;
        if (Number.isNaN(x)) return;
        if (!paths.has(points.symbol[i])) paths.set(points.symbol[i], new Path2D());
        const path = paths.get(points.symbol[i]);
        path.moveTo(x + radius, y);
        path.arc(x, y, radius, 0, 2 * Math.PI);
      });
      pen.globalAlpha = alpha;
      paths.forEach((path, symbol) => { pen.fillStyle = colours.get(symbol); pen.fill(path); });
      pen.globalAlpha = 1;
    }

    /* Many dots lie over each other: each darkens those below it, so that it is seen where most of them are. */
    function squares(pen, indices, radius, alpha, colours) {
      pen.globalAlpha = alpha;
      let before = null;
      indices.forEach((i) => {
        const {x, y} = at[i] || REST;
        if (Number.isNaN(x)) return;
        if (points.symbol[i] !== before) pen.fillStyle = colours.get((before = points.symbol[i]));
        pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      });
      pen.globalAlpha = 1;
    }

    function sized(target) {
      const ratio = window.devicePixelRatio || 1, layout = plot()._fullLayout;
      target.width = Math.round(layout.width * ratio);
      target.height = Math.round(layout.height * ratio);
      const pen = target.getContext("2d");
      pen.scale(ratio, ratio);
      return pen;
    }

    /* Everything anew: the data, the axes or the theme have changed. */
    function redraw() {
      if (!place()) { pale = null; canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height); return; }
      pale = document.createElement("canvas");
      const colours = palette(points.symbol, points.colours);
      dots(sized(pale), points.x.map((_, i) => i), told.radius[0] * Math.max(0.5, thin), told.pale * Math.max(0.4, thin), colours);
      sized(canvas);
      canvas.style.width = plot()._fullLayout.width + "px";
      canvas.style.height = plot()._fullLayout.height + "px";
      front();
    }

    /* The pale dots are kept as a picture; what changes is drawn over it. */
    function front() {
      if (!pale || !plot() || !plot()._fullLayout) return; // left, or not drawn again yet
      const pen = canvas.getContext("2d"), ratio = window.devicePixelRatio || 1, ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
      pen.clearRect(0, 0, canvas.width / ratio, canvas.height / ratio);
      pen.drawImage(pale, 0, 0, canvas.width / ratio, canvas.height / ratio);
      dots(pen, [...chosen], told.radius[1] * Math.max(0.5, thin), 0.8 * Math.max(0.3, thin), palette([...chosen].map((i) => points.symbol[i]), points.colours));
      pen.strokeStyle = ink;
      if (at[open] && !Number.isNaN(at[open].x)) ring(pen, at[open]);
      if (path) {
        pen.lineWidth = 1.2;
        pen.setLineDash([4, 3]);
        pen.stroke(new Path2D("M" + path.map(({x, y}) => x + " " + y).join("L") + "Z"));
        pen.setLineDash([]);
      }
    }

    function ring(pen, {x, y}) {
      pen.lineWidth = line ? 1.6 : 2;
      pen.beginPath();
      if (line) { const axis = plot()._fullLayout.yaxis; pen.moveTo(x, axis._offset); pen.lineTo(x, axis._offset + axis._length); }
      else pen.arc(x, y, 6, 0, 2 * Math.PI);
      pen.stroke();
    }

    const where = (event) => { const box = canvas.getBoundingClientRect(); return {x: event.clientX - box.left, y: event.clientY - box.top}; };

    function nearest(point) {
      let best = -1, least = NEAR * NEAR;
      at.forEach(({x, y}, i) => {
        const far = (x - point.x) ** 2 + (y - point.y) ** 2;
        if (far < least || (far === least && chosen.has(i))) { best = i; least = far; }
      });
      return best;
    }

    function inside({x, y}) {
      let odd = false;
      for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
        const a = path[i], b = path[j];
        if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
      }
      return odd;
    }

    let begun = null;
    canvas.addEventListener("pointerdown", (event) => { begun = where(event); canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointermove", (event) => {
      const point = where(event);
      if (begun && !path && Math.hypot(point.x - begun.x, point.y - begun.y) > MOVED) path = [begun];
      if (path) { path.push(point); front(); return; }
      const found = nearest(point);
      canvas.style.cursor = found >= 0 ? "pointer" : lassoing ? "crosshair" : "default";
      told.hover(found >= 0 ? found : null, event);
    });
    canvas.addEventListener("pointerup", (event) => {
      const point = where(event), drawn = path;
      begun = null;
      if (!drawn) { const found = nearest(point); if (found >= 0) told.click(found); return; }
      const held = at.map((_, i) => i).filter((i) => !Number.isNaN(at[i].x) && inside(at[i]));
      path = null;
      front();
      told.lasso(held);
    });
    canvas.addEventListener("pointercancel", () => { begun = path = null; front(); });
    canvas.addEventListener("pointerleave", () => told.hover(null));

    const follow = () => {
      const drawn = plot();
      if (drawn && drawn.on && !drawn.followed) { drawn.followed = true; drawn.on("plotly_afterplot", redraw); }
    };
    return {
      canvas,
      show: function (next, openIndex, asLine) { points = next; open = openIndex; line = asLine; follow(); redraw(); },
      thin: function (part) { thin = part; }, // of many dots each is smaller and paler
      choose: function (indices) { chosen = new Set(indices); front(); },
      lasso: function (on) { lassoing = on; canvas.style.cursor = on ? "crosshair" : "default"; },
    };
  };
})();
