/* What has room on a desk that does not scroll: how tall a second lead's paper may be, and whether the queue's cards are whole,
   low, or folded into their header; the queue stands below the maps where not even that has room. How tall the paper is hangs
   on the recording: only measuring tells. document "beatlens:room": a second lead has more or less of it. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const FOOT = 28, CARDS = 90, LOW = 54; // px: the keys at the foot; a row of cards, and of low ones
  const WIDE = 1100, TALL = 960; // px: below the first the page scrolls; below the second a lead more has room only beside lower paper and maps
  const AROUND = 1260, STEP = 20, SPARE = 240; // px of a window in which maps of the usual height leave nothing empty; in such steps they grow, by so many at most
  const BARS = "#health-bar, #plugin-bar"; // come and go above the page, and move all of it
  const root = document.documentElement;
  let room = null; // px between the maps and the queue's header, were there no second lead; null: nothing is measured

  function measured(maps, queue) {
    const header = queue.firstElementChild.offsetHeight + parseFloat(getComputedStyle(queue).paddingBottom), second = document.getElementById("second-row");
    const taken = second && !second.hidden ? second.getBoundingClientRect().height + parseFloat(getComputedStyle(second).marginTop) : 0;
    return {left: window.innerHeight - FOOT - header - (maps.getBoundingClientRect().bottom + window.scrollY), taken};
  }
  const folded = (left) => (window.innerWidth < WIDE || left < 0 ? "below" : left < LOW ? "folded" : left < CARDS ? "low" : "open");
  function fold() {
    const maps = document.querySelector(".main.desk .maps"), queue = document.getElementById("queue");
    if (!maps || !queue || maps.offsetParent === null) return;
    const {left, taken} = measured(maps, queue), before = room;
    root.dataset.folded = folded(left);
    root.style.setProperty("--spare", B.desk.spare() + "px"); // what stands beside the maps is as tall as they are
    room = Math.floor(left + taken);
    if (before === null || Math.abs(room - before) > 1) document.dispatchEvent(new CustomEvent("beatlens:room"));
  }

  B.desk = {
    /* px by which maps are taller than usual; none where twelve leads have taken the room. */
    spare: () => (B.page() !== "desk" || window.innerWidth < WIDE || B.leads.sheet() ? 0 : Math.max(0, Math.min(SPARE, Math.floor((window.innerHeight - AROUND) / STEP) * STEP))),
    low: () => B.page() === "desk" && window.innerWidth >= WIDE && window.innerHeight < TALL,
    /* px that a second lead has beside a row of low cards, or where they are folded; as much as it likes where the page scrolls. */
    room: (without) => (window.innerWidth < WIDE ? Infinity : room === null ? 0 : room - (without ? 0 : LOW)),
  };

  let watched = null;
  const sizes = new ResizeObserver(fold);
  function watch() {
    const rhythm = document.querySelector(".main.desk .rhythm");
    if (rhythm && rhythm !== watched) {
      sizes.disconnect();
      watched = rhythm;
      [rhythm, document.querySelector(".main.desk .maps"), ...document.querySelectorAll(BARS)].forEach((part) => part && sizes.observe(part));
    }
    fold();
  }
  root.dataset.folded = "low"; // until there is something to measure
  document.addEventListener("beatlens:strip", watch);
  window.addEventListener("resize", fold);
})();
