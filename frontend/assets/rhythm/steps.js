/* The beats of the open recording, in order: choosing one by time, and stepping through them. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  /* Index of what is nearest to a value in a list in order. */
  function nearest(all, value) {
    let low = 0, high = all.length - 1;
    while (low < high) { const between = (low + high) >> 1; if (all[between] < value) low = between + 1; else high = between; }
    return low > 0 && value - all[low - 1] < all[low] - value ? low - 1 : low;
  }
  /* Index of the window that holds a time: of beats, which last no time, the nearest. −1 while none is known. */
  const lasting = () => !!(B.nav && B.nav.end && B.nav.end.length && B.nav.end[0] - B.nav.start[0] > 1);
  function holding(time) {
    if (!B.nav || !B.nav.time.length) return -1;
    const i = nearest(B.nav.time, time);
    return lasting() && i > 0 && B.nav.time[i] > time ? i - 1 : i;
  }
  /* The beat nearest to a time, or the window that holds it. */
  function choose(time) {
    if (holding(time) >= 0 && ["desk", "rhythm"].includes(B.page())) B.go({at: B.nav.sample[holding(time)]});
  }
  /* Index of the open beat; −1 while the beats are not known. */
  const current = () => (B.nav && B.nav.sample.length ? nearest(B.nav.sample, Number(B.read().at)) : -1);
  /* Whether the address names a beat that there is. */
  const known = () => { const at = current(); return at >= 0 && B.nav.sample[at] === Number(B.read().at); };
  const label = (i) => B.nav.symbol[i] || (B.nav.prediction && B.nav.prediction[i]);

  /* Next (1) or previous (−1) beat; the next of the same class where asked. */
  B.step = function (direction, same) {
    const from = current();
    if (from < 0) return;
    const like = label(from);
    for (let i = from + direction; i >= 0 && i < B.nav.sample.length; i += direction) {
      if (!same || label(i) === like) { B.go({at: B.nav.sample[i]}); return; }
    }
  };

  /* Without a beat in the address: the first that has a second of signal before it; where nobody has called the beats,
     the first of which the model is uncertain, once its outputs are there or cannot be had. */
  B.firstBeat = function () {
    if (!B.nav || !B.nav.sample.length || B.read().at || B.scope() !== "window") return;
    const called = B.nav.symbol.some(Boolean), unsure = B.nav.prediction ? B.nav.margin.findIndex((margin) => margin !== null && margin < B.uncertain) : -1;
    if (!called && !B.nav.prediction && !B.nav.without && B.page() === "desk") return;
    const found = lasting() ? 0 : !called && unsure >= 0 ? unsure : B.nav.time.findIndex((time) => time >= 1);
    B.go({at: B.nav.sample[Math.max(0, found)]});
  };

  /* Go to what was typed: a beat's number, or a time as `1:02:03.5`, `12:30` or `75 s`. */
  function parsed(text) {
    const words = text.trim().replace(/,/g, "");
    if (/^\d+$/.test(words)) return {number: Number(words)};
    const seconds = /^(\d+(?:\.\d+)?)\s*s$/.exec(words), clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(words);
    if (seconds) return {time: Number(seconds[1])};
    return clock ? {time: Number(clock[1] || 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3])} : null;
  }
  function goTo(text) {
    const wanted = parsed(text), {sample, time} = B.nav, last = time[time.length - 1];
    if (!wanted) return `“${text}” is no beat's number and no time: 128, 12:30, 1:02:03.5 or 75 s`;
    if (wanted.number !== undefined && !(wanted.number >= 1 && wanted.number <= sample.length)) return `There are beats 1 to ${sample.length.toLocaleString("en")}`;
    if (wanted.time > last + 10) return `The last beat is at ${B.queues.clock(last)}`;
    B.go({at: sample[wanted.number !== undefined ? wanted.number - 1 : nearest(time, wanted.time)]});
    return "";
  }
  const end = (i) => { if (B.nav && B.nav.sample.length) B.go({at: B.nav.sample.at(i)}); };

  function ask() {
    const place = document.getElementById("position");
    if (!place || !B.nav || document.getElementById("go-to")) return;
    const field = Object.assign(document.createElement("input"), {id: "go-to", type: "text", autocomplete: "off", placeholder: "128, 12:30"});
    field.setAttribute("aria-label", "Beat's number or time, then Enter");
    place.after(field);
    field.focus();
  }
  document.addEventListener("click", (event) => { if (event.target.closest("#position")) ask(); });
  document.addEventListener("focusout", (event) => { if (event.target.id === "go-to") event.target.remove(); });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "go-to" || !["Enter", "Escape"].includes(event.key)) return;
    const wrong = event.key === "Enter" && event.target.value.trim() ? goTo(event.target.value) : "";
    if (wrong) { B.say(wrong); event.target.setAttribute("aria-invalid", "true"); event.target.select(); } else event.target.blur();
  });

  const pages = ["desk"];
  (window.beatlensActions = window.beatlensActions || []).push(
    {id: "first", keys: ["home"], words: "first beat", pages, run: () => end(0)},
    {id: "last", keys: ["end"], words: "last beat", pages, run: () => end(-1)},
    {id: "go-to", keys: ["shift+g"], words: "go to a beat's number or a time", pages, run: ask},
  );

  B.beats = {nearest, holding, current, known, choose};
})();
