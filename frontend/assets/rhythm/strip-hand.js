/* The strip under hand: drag and wheel move the paper, Ctrl with the wheel zooms, a click chooses the nearest beat. */
(function () {
  const B = (window.beatlens = window.beatlens || {});

  let drag = null;
  document.addEventListener("pointerdown", (event) => {
    const place = event.target.closest("#strip"), drawn = B.strip.drawn;
    if (!place || !drawn || event.button || event.target.closest(".caliper") || (B.calipers && B.calipers.begin(event))) return;
    drag = {x: event.clientX, from: drawn.begin + drawn.screen / 2, moved: false, id: event.pointerId};
    place.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    const by = event.clientX - drag.x;
    if (!drag.moved && Math.abs(by) < 4) return;
    drag.moved = true;
    document.getElementById("strip").classList.add("panning");
    const {second, screen, length} = B.strip.drawn, furthest = Math.max(screen / 2, length - screen / 2);
    B.strip.centre(Math.max(screen / 2, Math.min(furthest, drag.from - by / second)));
  });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    const {moved} = drag;
    drag = null;
    const place = document.getElementById("strip");
    if (place) place.classList.remove("panning");
    if (!moved && name === "pointerup") B.beats.choose(B.strip.under(event).time);
  }));
  document.addEventListener("wheel", (event) => {
    const place = event.target.closest("#strip");
    if (!place || !B.strip.drawn) return;
    event.preventDefault();
    if (event.ctrlKey) wheelZoom(event.deltaY);
    else B.strip.pan((Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY) / place.clientWidth);
  }, {passive: false});

  let turned = 0, turnedAt = 0;
  function wheelZoom(delta) {
    if (Date.now() - turnedAt > 400) turned = 0;
    turnedAt = Date.now();
    turned += delta;
    if (Math.abs(turned) < 60) return;
    B.stripScale.zoom("speed", turned < 0 ? 1 : -1);
    turned = 0;
  }
})();
