/* The relevance so far of a running job, into the figure that already stands in the page. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  /* Drawing takes time: only the latest partial map is drawn, and at most a sixth of the time goes into it. */
  let free = 0;
  function later(entry, leads, isWatched) {
    const wanted = JSON.stringify(leads);
    if (entry.drawn === wanted) return;
    const waiting = entry.partial !== undefined;
    entry.partial = leads;
    if (waiting) return;
    setTimeout(() => {
      const latest = entry.partial, begun = performance.now();
      entry.partial = undefined;
      if (!isWatched(entry)) return;
      entry.drawn = JSON.stringify(latest);
      partial(entry.job, latest);
      free = performance.now() + Math.max(300, 5 * (performance.now() - begun));
    }, Math.max(0, free - performance.now()));
  }

  /* The relevance so far, into the figure that already stands there: as many cells of it as that has. */
  function partial(job, leads) {
    document.dispatchEvent(new CustomEvent("beatlens:partial", {detail: {job, leads}}));
    if (job.roles && !job.roles.includes("relevance")) return;
    const place = document.getElementById(typeof job.graph === "string" ? job.graph : domId(job.graph));
    const drawn = place && place.querySelector(".js-plotly-plot");
    if (!drawn || !drawn.data || !window.Plotly) return;
    const map = (lead) => drawn.data.find((trace) => trace.name === "relevance " + lead);
    const profile = drawn.data.find((trace) => trace.name === "profile");
    leads.forEach((row, lead) => {
      if (!map(lead)) return;
      const cells = B.cells(row, map(lead).z[0].length);
      map(lead).z = [cells, cells];
    });
    if (profile && map(0)) { profile.y = map(0).z[0]; profile.x = profile.y.map((_, i) => map(0).x0 + (i - 0.5) * map(0).dx); }
    window.Plotly.redraw(drawn);
  }
  const domId = (id) => JSON.stringify(Object.keys(id).sort().reduce((found, key) => Object.assign(found, {[key]: id[key]}), {}));

  B.partialMap = later;
})();
