/* The overview in the browser: the box that marks the strip, dragged to move it; a click chooses the beat under it. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const LEAST = 6; // px of the box
  let shown = null, drag = null, width = 0;
  window.addEventListener("resize", () => { width = 0; });

  B.overview = {
    /* Mark `seconds` from `begin` on, of a recording of `length` s. */
    place: function (begin, seconds, length) {
      const box = document.getElementById("overview-window"), whole = document.getElementById("overview-words");
      if (!box || !whole) return;
      width = width || whole.clientWidth;
      const px = width / length, wide = Math.max(LEAST, Math.min(seconds, length) * px);
      box.style.transform = `translateX(${Math.min(begin * px, width - wide)}px)`;
      box.style.width = wide + "px";
      box.hidden = false;
      shown = {begin, seconds, length, px};
    },
  };

  const timeAt = (event) => (event.clientX - document.getElementById("overview-words").getBoundingClientRect().left) / shown.px;

  document.addEventListener("pointerdown", (event) => {
    const whole = event.target.closest("#overview-words");
    if (!whole || !shown || event.button) return;
    const time = timeAt(event), inside = time >= shown.begin && time <= shown.begin + Math.max(shown.seconds, LEAST / shown.px);
    drag = {id: event.pointerId, x: event.clientX, moved: false, off: inside ? time - shown.begin - shown.seconds / 2 : 0};
    whole.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    if (!drag.moved && Math.abs(event.clientX - drag.x) < 4) return;
    drag.moved = true;
    B.strip.centre(Math.max(shown.seconds / 2, Math.min(timeAt(event) - drag.off, shown.length - shown.seconds / 2)));
  });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    if (!drag.moved && name === "pointerup") B.beats.choose(timeAt(event));
    drag = null;
  }));
})();
