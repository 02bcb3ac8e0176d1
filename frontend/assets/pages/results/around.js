/* The strip in a row of the adjudication: drawn by the server (`_around`), put into the page as the row comes into sight.
   As part of the page it has the page's colours, light or dark. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const drawn = new WeakMap(); // a place → which beat stands in it
  const beat = (place) => ["record", "lead", "time"].map((name) => place.dataset[name]).join("|");

  async function draw(place) {
    const mine = beat(place);
    if (drawn.get(place) === mine) return;
    drawn.set(place, mine);
    const {record, lead, time} = place.dataset;
    const answer = await B.fetch(B.prefix + "_around?" + new URLSearchParams({record, lead, time})).catch(() => null);
    const words = answer ? await answer.text() : "The server does not answer.";
    if (drawn.get(place) !== mine) return;
    if (answer && answer.ok) place.innerHTML = words; else { place.textContent = words; drawn.delete(place); }
  }

  const seen = new IntersectionObserver((entries) => entries.filter((one) => one.isIntersecting).forEach((one) => draw(one.target)), {rootMargin: "300px"});
  function look() {
    document.querySelectorAll(".around").forEach((place) => { seen.unobserve(place); seen.observe(place); });
  }
  document.addEventListener("beatlens:page", look);
  new MutationObserver((changes) => { if (B.page && B.page() === "results" && changes.some((one) => !one.target.closest || !one.target.closest(".around svg"))) look(); })
    .observe(document.documentElement, {subtree: true, childList: true, attributeFilter: ["data-time", "data-record"]});
})();
