/* The model's output with a span covered, in the uncovered one's place: tick and first number are before, bar and second after. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const byId = (id) => document.getElementById(id);
  const two = (number) => number.toFixed(2).replace("-", "−");
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
  const chip = (entry, kind) => `<span class="chip ${kind}" style="background:var(${entry.colour})">${escape(entry.symbol)}</span>`;

  const row = (entry, before) => `<div class="row g8 bar-row">${chip(entry, "")}<span class="bar-name">${escape(entry.name)}</span>
    <div class="bar"><i style="background:var(${entry.colour})"></i><b class="tick" style="left:${(before * 100).toFixed(1)}%"></b></div>
    <span class="f was">${two(before)}</span><span class="f">→</span><span class="b now"></span></div>`;

  /* Made once for a beat; afterwards only what moves is set, so that bars glide. */
  function make(place, view) {
    const key = JSON.stringify(view.ask), was = B.coverTable.top(view.uncovered);
    if (place.dataset.of === key && place.firstChild) return;
    place.dataset.of = key;
    place.innerHTML = `<section class="sec"><div class="row side-head"><span class="h">Model output</span><span class="tag w"><span class="icon icon-cover"></span><span class="length"></span></span></div>
      <div class="row g12 verdict"><span class="chip lg best"></span><div class="verdict-words"><div class="verdict-name"></div>
      <div class="s m">was ${escape(view.classes[was].name)} ${two(view.uncovered[was])} before covering</div></div><div class="verdict-number"></div></div>
      <div class="bars">${view.classes.map((entry, i) => row(entry, view.uncovered[i])).join("")}</div>
      <div class="row g8 margin"><span class="tag"></span><span class="s m"></span></div></section>`;
  }

  /* Show probabilities `now` of a beat with a span covered. */
  function fill(view, span, now, exact) {
    const place = byId("cover-output"), best = B.coverTable.top(now), kind = view.classes[best];
    make(place, view);
    const find = (selector) => place.querySelector(selector), order = now.map((_, i) => i).sort((a, b) => now[b] - now[a]);
    const margin = now[order[0]] - now[order[1]], sure = margin >= view.uncertain;
    place.dataset.exact = exact ? "yes" : "no";
    find(".length").textContent = `with ${Math.round(((span.end - span.start) * 1000) / view.fs)} ms covered`;
    find(".best").textContent = kind.symbol;
    find(".best").style.background = `var(${kind.colour})`;
    find(".verdict-name").textContent = kind.name;
    find(".verdict-number").textContent = two(now[best]);
    place.querySelectorAll(".bar-row").forEach((line, i) => {
      line.classList.toggle("on", i === best);
      line.querySelector(".bar i").style.width = (now[i] * 100).toFixed(1) + "%";
      line.querySelector(".bar i").style.opacity = i === best ? 1 : 0.55;
      line.querySelector(".now").textContent = two(now[i]);
    });
    find(".margin .tag").textContent = `Margin ${two(margin)} over ${view.classes[order[1]].name}`;
    find(".margin .tag").classList.toggle("w", !sure);
    find(".margin .s").textContent = sure ? "" : `below ${view.uncertain}: uncertain`;
    place.hidden = false;
    agreement(view, kind);
  }

  /* Beside the reference stands whether the covered output agrees. */
  function agreement(view, kind) {
    const place = byId("agreement");
    if (place && view.classes.some((entry) => entry.symbol === view.reference)) place.dataset.covered = kind.symbol === view.reference ? "agrees" : "disagrees";
  }

  function clear() {
    const place = byId("cover-output"), words = byId("agreement");
    if (place) place.hidden = true;
    if (words) delete words.dataset.covered;
  }

  B.coverOutput = {fill, clear, two};
})();
