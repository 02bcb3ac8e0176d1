/* Rows of a window: those in the page, and those of the window that is likely next, drawn out of sight while the page rests.
   document "beatlens:rows"   the rows of a window stand in the page. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const STILL = {displayModeBar: false, responsive: false, staticPlot: true, doubleClick: false};
  const PAUSE = 50; // ms, where the browser does not tell when it rests

  const whenIdle = window.requestIdleCallback ? (act) => window.requestIdleCallback(act) : (act) => setTimeout(act, PAUSE);
  let ahead = {data: null, rows: [], drawn: 0}; // rows out of sight, the window that they show, and how many of it are drawn

  const element = (...parts) => B.element(...parts);

  function empty() {
    const plot = element("div", {className: "rhythm-plot"}), over = element("div", {className: "rhythm-over"});
    plot.setAttribute("role", "img");
    return element("div", {className: "rhythm-row"}, element("div", {className: "rhythm-time"}), element("div", {className: "rhythm-rr", textContent: "RR ms"}), plot, over, element("div", {className: "rhythm-calipers"}));
  }

  /* As many rows as a window has; those that there are already are drawn anew, which is quicker than making them. */
  function resized(rows, count) {
    rows.slice(count).forEach((row) => window.Plotly.purge(row.querySelector(".rhythm-plot")));
    return Array.from({length: count}, (_, i) => rows[i] || empty());
  }

  function draw(row, one) {
    const plot = row.querySelector(".rhythm-plot"), over = row.querySelector(".rhythm-over");
    row.style.height = one.height + "px";
    row.querySelector(".rhythm-time").textContent = one.label;
    row.querySelector(".rhythm-time").style.top = one.paper[0] + "px";
    row.querySelector(".rhythm-rr").textContent = one.last;
    row.querySelector(".rhythm-rr").style.top = one.paper[0] + one.paper[1] + 3 + "px";
    plot.setAttribute("aria-label", one.words);
    [over, row.querySelector(".rhythm-calipers")].forEach((layer) => Object.assign(layer.style, {width: one.width + "px", top: one.paper[0] + "px", height: one.paper[1] + "px"}));
    over.replaceChildren();
    window.Plotly.react(plot, one.figure.data, one.figure.layout, STILL);
  }

  /* One row in each rest; another window that is likely next takes the place of one that was not yet drawn. */
  function drawAhead(mine) {
    if (ahead !== mine || mine.drawn === mine.rows.length) return;
    draw(mine.rows[mine.drawn], mine.data.rows[mine.drawn]);
    mine.drawn += 1;
    whenIdle(() => drawAhead(mine));
  }

  document.addEventListener("beatlens:ahead", ({detail: {view, lines}}) => {
    const line = lines.get("rows"), data = line && line.part.complete && line.part.data;
    if (!data || view.page !== "rhythm" || data === ahead.data || !window.Plotly) return;
    const mine = (ahead = {data, rows: resized(ahead.rows, data.rows.length), drawn: 0});
    whenIdle(() => drawAhead(mine));
  });

  B.rhythmRows = {
    STILL,
    /* A window's rows into the page: those drawn ahead change places with those that stand there. */
    show(data) {
      const place = document.getElementById("rhythm-rows"), standing = [...place.children];
      if (ahead.data === data && ahead.drawn === data.rows.length) {
        place.replaceChildren(...ahead.rows);
        ahead = {data: null, rows: standing, drawn: 0};
        return;
      }
      const rows = resized(standing, data.rows.length);
      if (rows.length !== standing.length) place.replaceChildren(...rows);
      rows.forEach((row, i) => draw(row, data.rows[i]));
    },
  };
})();
