/* Mean maps of the gallery: at once what is in the cache; what is missing is computed in bulk when the reader asks for it, after whoever waits for one beat. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const FULL = 32; // beats of a mean map
  let data = null, maps = null, changed = null, job = null;

  const by = (id) => document.getElementById(id);
  const isCurrent = (mine) => mine === data && B.page() === "gallery";
  const number = (value) => value.toLocaleString("en");

  const about = () => Object.assign({explainer: data.explainer}, data.lead ? {lead: data.lead} : {}, data.model ? {model: data.model} : {});

  /* What is known by now, into the tiles; whether it is everything. */
  async function known(mine) {
    const groups = mine.groups.map((group) => group.mapped);
    const answer = await B.bulk.ask("/recordings/" + encodeURIComponent(mine.record) + "/maps", Object.assign(about(), {groups}));
    if (!isCurrent(mine)) return true;
    maps = answer;
    document.querySelectorAll("#gallery-tiles .tile").forEach((tile, i) => ramp(i, tile));
    scale();
    changed(maps);
    return maps.maps.every(({n}, i) => n === groups[i].length);
  }

  function scale() {
    const full = String(+maps.full.toPrecision(2));
    by("gallery-full").textContent = full + " " + maps.unit + (maps.full_is_fixed ? "" : ", its own");
    by("gallery-zero").textContent = data.signed ? "−" + full : "0";
    by("gallery-ramp").classList.toggle("signed", data.signed);
    by("gallery-maps").textContent = maps.maps.some(({n}) => n) ? `Mean map of at most ${FULL} ${data.noun}s.` : "";
  }

  const row = (map) => map.relevance[data.leadIndex] || map.relevance[0];

  /* The mean relevance into the figure that stands there, as soon as it does. */
  function ramp(index, tile) {
    const drawn = tile.querySelector(".js-plotly-plot"), map = maps.maps[index];
    if (!drawn || !drawn._fullLayout) { setTimeout(() => { if (maps && maps.maps[index] === map) ramp(index, tile); }, 60); return; }
    tile.querySelector(".tile-n").textContent = map.n && map.n < FULL ? "mean map of " + number(map.n) + (map.n === 1 ? " " + data.noun : " " + data.noun + "s") : "";
    if (!map.relevance) return;
    const values = row(map), full = maps.full, x = values.map((_, i) => (i + 0.5) * maps.step - maps.before);
    window.Plotly.restyle(drawn, {x: [x], z: [[values, values]], zmin: data.signed ? -full : 0, zmax: full}, [0]);
  }

  async function compute(mine) {
    const which = [...new Set(mine.groups.flatMap((group) => group.mapped))];
    await B.bulk.start(Object.assign(about(), {recording: mine.record, which}), "bulk", "Mean maps", (status) => hear(mine, status));
  }

  /* What is said of the job, and what maps there are by now. */
  async function hear(mine, status) {
    if (!isCurrent(mine)) return;
    const ended = B.jobStream.ended(status);
    job = ended ? null : status.id;
    if (!ended) progress(status);
    try { if (status.done || ended) await known(mine); } catch (error) { say(error.message); return; }
    if (!isCurrent(mine) || !ended) return;
    if (status.status === "cancelled") offer();
    else say(status.failed ? "Some maps failed: " + number(status.failed) : status.error || "");
  }

  function progress(status) {
    const place = by("gallery-job");
    const words = `${number(status.done + status.cached)} of ${number(status.total)} maps${B.jobs.left(status.remaining_seconds, ", ")}`;
    if (place) place.innerHTML = `<i class="ring"></i>${words}<button class="btn sm" id="gallery-cancel">Cancel</button>`;
  }
  function say(words) { const place = by("gallery-job"); if (place) place.textContent = words; }
  function offer() {
    const place = by("gallery-job"), missing = maps ? maps.maps.reduce((sum, {n}, i) => sum + data.groups[i].mapped.length - n, 0) : 0;
    if (place) place.innerHTML = `<button class="btn sm" id="gallery-compute" title="A job of ${number(missing)} maps; it goes behind whoever waits for one">Compute mean maps</button>`;
  }

  async function start(mine, asked) {
    maps = null;
    say("");
    try {
      const whole = await known(mine);
      if (!isCurrent(mine) || whole || !mine.queued) return;
      if (asked) await compute(mine);
      else offer();
    } catch (error) { if (isCurrent(mine)) say(error.message); }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#gallery-cancel") && job) B.bulk.cancel(job).catch((error) => say(error.message));
    if (event.target.closest("#gallery-compute")) start(data, true);
  });

  /* `then(maps)` whenever more of them is known. */
  B.means = {show: function (next, then) { data = next; changed = then; start(next); }, row};
})();
