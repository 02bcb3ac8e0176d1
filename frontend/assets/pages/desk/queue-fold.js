/* Whether the queue at the foot of the desk has room for its cards: it folds to its header before it lies over a map, and
   stands below the maps where not even that has room. How tall the paper is hangs on the recording: only measuring tells. */
(function () {
  const FOOT = 28, CARDS = 90, FULL = 900; // px: the keys at the foot; a row of cards; the height for which the desk is made
  const WIDE = 1100; // px: below it the page scrolls
  const root = document.documentElement;

  function room(bottom, queue) {
    if (window.innerWidth < WIDE) return "below";
    const header = queue.firstElementChild.offsetHeight + parseFloat(getComputedStyle(queue).paddingBottom);
    const left = window.innerHeight - FOOT - header - bottom;
    return left < 0 ? "below" : left < CARDS || window.innerHeight < FULL ? "folded" : "open";
  }
  function fold() {
    const maps = document.querySelector(".main.desk .maps"), queue = document.getElementById("queue");
    if (maps && queue) root.dataset.folded = room(maps.getBoundingClientRect().bottom + window.scrollY, queue);
  }

  let watched = null;
  const sizes = new ResizeObserver(fold);
  function watch() {
    const rhythm = document.querySelector(".main.desk .rhythm");
    if (rhythm && rhythm !== watched) { sizes.disconnect(); [(watched = rhythm), document.querySelector(".main.desk .maps")].forEach((part) => part && sizes.observe(part)); }
    fold();
  }
  root.dataset.folded = window.innerHeight < FULL ? "folded" : "open"; // until there is something to measure
  document.addEventListener("beatlens:strip", watch);
  window.addEventListener("resize", fold);
})();
