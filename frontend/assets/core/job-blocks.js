/* Jobs in sight: a block for each at the foot of the side, and how many there are in the bar. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const DEAD = 10000; // ms without news of a running job: then it is said
  const house = new Map(); // bulk job → as the service lists it
  const titled = ({job}) => (house.has(job.id) ? house.get(job.id).name + " · " : "") + job.title;

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

  /* Those that are followed, and those just done. */
  function render(entries, over) {
    const place = document.getElementById("job"), section = document.getElementById("job-section"), mark = document.getElementById("job-tag");
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

  /* Bulk jobs of the house, as the service lists them: those of others count in the bar, and each has its recording's name. */
  const everybody = (jobs) => { house.clear(); jobs.forEach((job) => house.set(job.progress.id, job)); };

  B.jobBlocks = {render, everybody, left};
})();
