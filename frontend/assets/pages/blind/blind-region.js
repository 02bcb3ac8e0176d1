/* The region that decided a beat for its reader, dragged over the beat. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const LEAST = 5; // ms
  const $ = (id) => document.getElementById(id);
  let frame = null; // ms of the paper's edges, px of its place: {first, last, left, top, height}
  let region = null; // {start, end} in ms from R
  let onChange = null; // hears of every change, and of the one before it once the drag ends; null where nothing can be dragged
  let drag = null;

  B.region = {
    /* Show a region; `staged`: it can still be taken away. */
    draw: function (place, shown, staged, changed) {
      [frame, region, onChange] = [place, shown || null, place && changed];
      const layer = $("blind-region");
      layer.classList.toggle("live", !!onChange);
      layer.replaceChildren();
      $("blind-region-words").hidden = !frame;
      $("blind-region-off").hidden = !staged || !onChange;
      $("blind-region-words").textContent = region ? `Your region: ${Math.round(region.start)} to ${Math.round(region.end)} ms from R.`.replace(/-(\d)/g, "\u2212$1") : onChange ? "Drag over what decided it for you, if anything did." : "";
      if (frame && region) layer.append(box(frame, region));
    },
    /* The same region on a map that its reader rates; nothing where there is none. */
    over: function (layer, place, shown) {
      layer.replaceChildren(...(place && shown ? [box(place, shown)] : []));
    },
  };

  function box({first, last, left, top, height}, {start, end}) {
    const made = document.createElement("i");
    const share = (value) => `${left}px + (100% - ${left}px) * ${((value - first) / (last - first)).toFixed(5)}`;
    Object.assign(made.style, {left: `calc(${share(start)})`, right: `calc(100% - (${share(end)}))`, top: top + "px", height: height + "px"});
    made.title = "Your region";
    return made;
  }

  function ms(event) {
    const box = $("blind-region").getBoundingClientRect(), part = (event.clientX - box.left - frame.left) / (box.width - frame.left);
    return frame.first + Math.max(0, Math.min(1, part)) * (frame.last - frame.first);
  }
  document.addEventListener("pointerdown", (event) => {
    const place = event.target.closest("#blind-region.live");
    if (!place || event.button || B.calipers.on) return;
    event.preventDefault();
    drag = {from: ms(event), id: event.pointerId, before: region, onChange};
    place.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    const to = ms(event), [start, end] = [Math.min(drag.from, to), Math.max(drag.from, to)].map(Math.round);
    if (end - start >= LEAST && onChange) onChange({start, end});
  });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    const {before} = drag, after = region;
    drag = null;
    if (onChange && before !== after) onChange(after, before);
  }));
})();
