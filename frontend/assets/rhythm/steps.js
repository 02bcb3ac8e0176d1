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

  /* Without a beat in the address: the first that has a second of signal before it. */
  B.firstBeat = function () {
    if (!B.nav || !B.nav.sample.length || B.read().at || B.scope() !== "window") return;
    const found = lasting() ? 0 : B.nav.time.findIndex((time) => time >= 1);
    B.go({at: B.nav.sample[found < 0 ? 0 : found]});
  };

  B.beats = {nearest, holding, current, choose};
})();
