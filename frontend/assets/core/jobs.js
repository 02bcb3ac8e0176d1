/* Jobs: progress by server-sent events, polling as the fallback, cancel, and signs of life. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const QUIET = 3000, DEAD = 10000; // ms without news: then ask; then say so
  const STREAMS = 3; // jobs heard of by events: each holds one of the six connections that a browser has for all its tabs
  const ENDED = ["done", "failed", "cancelled"];
  const LOST = {status: "failed", error: "The queue no longer knows this job. Start it again."};
  const LINGER = 4000; // ms that a finished job stays in sight
  const KEPT = "beatlens-bulk"; // of the browser's storage
  const finished = new Map(); // as watched, of jobs just done
  const watched = new Map(); // slot → what is known of its job
  const house = new Map(); // bulk job → as the service lists it
  const titled = ({job}) => (house.has(job.id) ? house.get(job.id).name + " · " : "") + job.title;

  /* Follow {slot, id, status, title[, kind, position, steps, graph, key, method]} until it ends: then the document
     hears "beatlens:job", whose detail is the job as it ended. A slot has one job; `kind` is its place in the API
     ("tasks/explanation", "tasks/trust", "bulk"), `graph` gets partial maps. A bulk job is followed through reloads. */
  function watch(job) {
    const key = job.slot, before = watched.get(key);
    if (job.key && job.id) remember(job);
    if (before && before.job.id === job.id && !ENDED.includes(job.status)) return;
    if (before && before.job.id !== job.id && before.job.kind !== "bulk") leave(key);
    else unwatch(key);
    if (job.status === "queued" || job.status === "running") {
      const entry = {job, key, status: {status: job.status, position: job.position}, born: Date.now(), news: Date.now(), asked: 0};
      watched.set(key, entry);
      listen(entry);
    }
    keep();
    render();
  }

  /* Look away; the job itself goes on. */
  function unwatch(slot) {
    const entry = watched.get(slot);
    if (entry) { hush(entry); watched.delete(slot); keep(); render(); }
  }

  /* Nobody here waits for it any more: it is dropped unless others follow it. Its events end after the service knows;
     null where it is not watched. */
  function leave(slot) {
    const entry = watched.get(slot);
    if (!entry) return null;
    watched.delete(slot);
    keep();
    render();
    return B.api(path(entry.job) + `?only=left&following=${!!entry.source}`, {method: "DELETE"}).catch(() => {}).finally(() => hush(entry));
  }

  function keep() {
    const jobs = [...watched.values()].map((entry) => entry.job).filter((job) => job.kind === "bulk");
    try { jobs.length ? localStorage.setItem(KEPT, JSON.stringify(jobs)) : localStorage.removeItem(KEPT); } catch (error) { /* private window */ }
  }
  function recall() {
    try { JSON.parse(localStorage.getItem(KEPT) || "[]").forEach(watch); } catch (error) { localStorage.removeItem(KEPT); }
  }

  const path = (job) => "/" + (job.kind || "tasks/explanation") + "/" + job.id;

  /* By events where a connection is left for them; else it is asked for each second. */
  function listen(entry) {
    if ([...watched.values()].filter((one) => one.source).length >= STREAMS) return;
    const source = (entry.source = new EventSource(B.prefix + "api" + path(entry.job) + "/events"));
    source.addEventListener("status", (event) => hear(entry, JSON.parse(event.data)));
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      entry.asked = 0;
      if (entry.job.kind === "bulk") unwatch(entry.key); // the queue has forgotten it
    };
  }

  const hush = (entry) => { if (entry.source) entry.source.close(); entry.source = null; };

  function hear(entry, status) {
    if (watched.get(entry.key) !== entry) return;
    if (status.total !== undefined) {
      const got = status.cached + status.done + status.failed;
      status.progress = {fraction: status.total ? got / status.total : 1, elapsed: status.elapsed};
    }
    const moved = !B.same([status.status, status.position, status.progress && status.progress.fraction, status.progress && status.progress.elapsed], entry.seen);
    entry.seen = [status.status, status.position, status.progress && status.progress.fraction, status.progress && status.progress.elapsed];
    if (moved || status.status === "queued") entry.news = Date.now();
    entry.status = status;
    if (ENDED.includes(status.status)) { end(entry, status); return; }
    if (status.progress && status.progress.partial) later(entry, status.progress.partial);
    render();
  }

  function end(entry, status) {
    hush(entry);
    watched.delete(entry.key);
    keep();
    const job = Object.assign({}, entry.job, {status: status.status, error: status.error || null, cached: false});
    if (job.key) remember(job);
    document.dispatchEvent(new CustomEvent("beatlens:job", {detail: job}));
    if (status.status === "done") linger(entry, status);
    render();
  }

  function linger(entry, status) {
    finished.set(entry.key, Object.assign(entry, {seconds: status.result ? status.result.seconds : status.elapsed || (Date.now() - entry.born) / 1000}));
    setTimeout(() => { if (finished.get(entry.key) === entry) { finished.delete(entry.key); render(); } }, LINGER);
  }

  /* How much of it that is: maps of a bulk job, steps where the method has some. */
  function amount(entry, fraction) {
    const {total, cached, done, failed} = entry.status, steps = entry.job.steps;
    if (total !== undefined) return `${count(cached + done)} of ${count(total)} maps` + (failed ? `, ${count(failed)} failed` : "");
    return steps ? `${Math.round(fraction * steps)} of ${steps} steps` : `${Math.round(fraction * 100)}%`;
  }
  const count = (number) => number.toLocaleString("en-GB");
  const left = (remaining, mark = " · ") => (remaining === null || remaining === undefined ? ""
    : mark + (remaining < 60 ? `${Math.ceil(remaining)} s left` : `${Math.ceil(remaining / 60)} min left`));

  const finishedParts = (entry) => ({
    kind: "done",
    head: `<span class="b">${escape(titled(entry))}</span><span class="sp"></span><span class="s m">${seconds(entry.seconds)}</span>`,
    said: `<span class="m">${amount(entry, 1)} · done</span>`, buttons: "", rest: '<div class="bar thin"><i style="width:100%"></i></div>',
  });

  /* Drawing takes time: only the latest partial map is drawn, and at most a sixth of the time goes into it. */
  let free = 0;
  function later(entry, leads) {
    const wanted = JSON.stringify(leads);
    if (entry.drawn === wanted) return;
    const waiting = entry.partial !== undefined;
    entry.partial = leads;
    if (waiting) return;
    setTimeout(() => {
      const latest = entry.partial, begun = performance.now();
      entry.partial = undefined;
      if (watched.get(entry.key) !== entry) return;
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

  const seconds = (value) => (value < 60 ? value.toFixed(1) + " s" : Math.floor(value / 60) + " min " + Math.floor(value % 60) + " s");
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);

  function curve(loss, fraction) {
    if (!loss || loss.length < 2) return "";
    const w = 339, h = 40, low = Math.min(...loss), high = Math.max(...loss), end = Math.max(0.02, fraction) * w;
    const points = loss.map((v, i) => [(i / (loss.length - 1)) * end, 3 + ((high - v) / (high - low || 1)) * (h - 8)]);
    const path = points.map(([x, y]) => x.toFixed(1) + " " + y.toFixed(1)).join("L"), [x, y] = points[points.length - 1];
    return `<svg viewBox="0 0 ${w} ${h}" height="${h}" width="100%" preserveAspectRatio="none" role="img" aria-label="Loss so far">
      <path d="M0 ${h - 0.5}H${w}" stroke="var(--line2)" fill="none"/><path d="M${path}" stroke="var(--rel)" stroke-width="1.5" fill="none"/>
      <circle cx="${x}" cy="${y}" r="2.6" fill="var(--rel)"/></svg>`;
  }

  function runningParts(entry, first) {
    const status = entry.status, progress = status.progress || {fraction: 0, elapsed: 0, loss: []};
    const running = status.status === "running", silent = Date.now() - entry.news, dead = running && silent > DEAD;
    const elapsed = running ? progress.elapsed : (Date.now() - entry.born) / 1000;
    const done = amount(entry, progress.fraction) + left(status.remaining_seconds);
    const loss = progress.loss && progress.loss.length ? ` · loss ${progress.loss[progress.loss.length - 1].toFixed(2).replace("-", "−")}` : "";
    const place = status.position ? ` · ${status.position} ahead` : "";
    const said = entry.stopping ? "Cancelling" : dead ? `No sign of life for ${Math.round(silent / 1000)} s` : running ? done + loss : "Waiting for a worker" + place;
    const wait = running || !first ? "" : '<div class="s m w">You can close this tab. The job goes on, and its result is kept for everyone who asks for the same.</div>';
    return {
      kind: dead ? "dead" : status.status,
      head: `<span class="b">${escape(titled(entry))}</span><span class="sp"></span><span class="s m">${seconds(elapsed)}</span>`,
      said: `<span class="${dead ? "warn b" : "m"}">${said}</span>`,
      buttons: (dead ? `<button class="btn sm" data-retry='${escape(entry.key)}'>Retry</button>` : "") +
        `<button class="btn sm" ${first ? 'id="job-cancel"' : ""} data-cancel='${escape(entry.key)}' ${entry.stopping ? "disabled" : ""}>Cancel</button>`,
      rest: `${running ? curve(progress.loss, progress.fraction) : ""}<div class="bar thin"><i style="width:${(progress.fraction * 100).toFixed(1)}%"></i></div>
        ${wait}${progress.partial ? '<div class="s m">Partial map is shown</div>' : ""}`,
    };
  }

  /* A job's block in the page. Only what has changed is written: a button that were replaced could lose its focus, or its click. */
  function draw(entry, {kind, ...parts}) {
    if (!entry.block) {
      entry.block = document.createElement("div");
      entry.block.innerHTML = '<div class="row" data-of="head"></div><div class="row g8 job-said"><span class="s cut" data-of="said"></span><span class="sp"></span><span class="row g8" data-of="buttons"></span></div><div data-of="rest"></div>';
      entry.written = {};
    }
    entry.block.className = "job " + kind;
    Object.entries(parts).forEach(([name, html]) => {
      if (entry.written[name] === html) return;
      entry.written[name] = html;
      entry.block.querySelector(`[data-of=${name}]`).innerHTML = html;
    });
    return entry.block;
  }

  function render() {
    const place = document.getElementById("job"), section = document.getElementById("job-section"), mark = document.getElementById("job-tag");
    const entries = [...watched.values()];
    const over = [...finished.values()].filter((entry) => !watched.has(entry.key));
    if (section) section.hidden = !entries.length && !over.length;
    const blocks = entries.map((entry, i) => draw(entry, runningParts(entry, i === 0)))
      .concat(over.map((entry) => draw(entry, finishedParts(entry))));
    if (place) {
      [...place.children].filter((block) => !blocks.includes(block)).forEach((block) => block.remove());
      blocks.forEach((block, i) => { if (place.children[i] !== block) place.insertBefore(block, place.children[i] || null); });
    }
    if (mark) {
      const mine = new Set(entries.map((entry) => entry.job.id)), others = [...house.values()].filter((job) => !mine.has(job.progress.id));
      const count = entries.length + others.length;
      const parts = entries.map((entry) => (entry.status.progress || {fraction: 0}).fraction)
        .concat(others.map(({progress: {cached, done, failed, total}}) => (total ? (cached + done + failed) / total : 1)));
      mark.hidden = !count;
      mark.innerHTML = '<i class="ring"></i>' + count + (count === 1 ? " job · " : " jobs · ") + Math.round(Math.max(0, ...parts) * 100) + "%";
    }
    document.querySelectorAll(".map").forEach((map) => map.classList.remove("partial"));
    entries.forEach((entry) => {
      const slot = document.getElementById("map-" + entry.job.slot);
      if (slot && entry.status.progress && entry.status.progress.partial) slot.classList.add("partial");
    });
  }

  /* Once a second: elapsed time; after silence ask by GET, in case events do not come through. */
  setInterval(() => {
    if (!watched.size) return;
    watched.forEach((entry) => {
      const now = Date.now();
      if (!entry.source) listen(entry);
      if (entry.asking || (entry.source && (now - entry.news < QUIET || now - entry.asked < QUIET))) return;
      entry.asked = now;
      entry.asking = true;
      B.api(path(entry.job))
        .then((answer) => (answer.ok ? answer.json() : answer.status === 404 ? LOST : null))
        .then((status) => status && hear(entry, status)).catch(() => {}).finally(() => { entry.asking = false; });
    });
    render();
  }, 1000);

  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("[data-cancel]"), retry = event.target.closest("[data-retry]");
    const entry = watched.get((cancel || retry || {dataset: {}}).dataset[cancel ? "cancel" : "retry"]);
    if (!entry) return;
    entry.stopping = Boolean(cancel);
    render();
    const stop = B.api(path(entry.job), {method: "DELETE"}).catch(() => {});
    if (cancel) stop.then((answer) => (answer && answer.ok ? answer.json() : null)).then((status) => hear(entry, status && ENDED.includes(status.status) ? status : {status: "cancelled"}));
    else stop.then(() => { watched.delete(entry.key); hush(entry); B.askAgain(entry.job.slot); });
  });

  /* What a link can hold: the latest explanation of each slot. */
  const known = new Map();
  function remember(job) {
    known.set(job.slot, job);
    B.set("shareable", {data: [...known.values()].map(({slot, id, key, status, title, method}) => ({slot, id, key, status, title, method}))});
  }

  /* Bulk jobs of the house, as the service lists them: those of others count in the bar, and each has its recording's name. */
  function everybody(jobs) { house.clear(); jobs.forEach((job) => house.set(job.progress.id, job)); render(); }

  B.jobs = {watch, unwatch, leave, left, everybody};

  window.addEventListener("beforeunload", () => watched.forEach(hush));

  document.addEventListener("DOMContentLoaded", recall);

  C.jobs = {
    /* A control that belongs to a choice is shown only with that choice. */
    controls: function () {
      setTimeout(() => {
        const place = document.getElementById("parameters");
        if (!place) return;
        const update = () => place.querySelectorAll("[data-shown-when]").forEach((row) => {
          row.hidden = row.dataset.shownWhen.split(",").some((pair) => {
            const [field, wanted] = pair.split("="), input = place.querySelector(`[data-field="${field}"] input:not([type=hidden])`);
            return input && input.value.replace(/ /g, "_") !== wanted;
          });
        });
        update();
        if (!place.dataset.watching) { place.dataset.watching = "yes"; ["click", "change", "focusout", "keyup"].forEach((name) => document.addEventListener(name, () => setTimeout(update, 60))); }
      }, 50);
      return undefined;
    },
  };
})();
