/* Rows of tracks below maps: by themselves those that say something of the window; the reader shows or hides all of them, here and from now on. */
(function () {
  const STORE = "beatlens-tracks", root = document.documentElement;
  const kept = () => { try { return localStorage.getItem(STORE); } catch (error) { return null; } };
  const seen = (place) => Boolean(place && place.offsetParent);

  if (kept()) root.dataset.tracks = kept();
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".track-toggle");
    if (!button) return;
    const mine = button.closest(".map-place, .cell").querySelector(".tracks");
    root.dataset.tracks = seen(mine) ? "closed" : "open";
    try { localStorage.setItem(STORE, root.dataset.tracks); } catch (error) { /* private window: until the page is left */ }
  });
})();
