/* How many pixels this screen gives a millimetre. Kept as the screen's own pixels, so that the browser's zoom does not spoil it. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const STORE = "beatlens-px-per-mm", USUAL = 96 / 25.4, CARD = [85.6, 53.98], LINE = 100; // mm; a card is ISO/IEC 7810 ID-1
  const $ = (id) => document.getElementById(id);
  const read = () => { try { return Number(localStorage.getItem(STORE)) || null; } catch (error) { return null; } };
  let device = read(); // pixels of the screen in a mm; null: not measured

  B.ruler = {
    mm: () => (device ? device / window.devicePixelRatio : USUAL),
    measured: () => device !== null,
    keep: function (mm) {
      device = mm === null ? null : mm * window.devicePixelRatio;
      try { if (device) localStorage.setItem(STORE, String(device)); else localStorage.removeItem(STORE); } catch (error) { /* kept until the page is closed */ }
      document.dispatchEvent(new CustomEvent("beatlens:ruler"));
    },
  };

  function draw(mm) {
    const card = $("ruler-card"), line = $("ruler-line"), words = $("ruler-words");
    if (!card) return;
    Object.assign(card.style, {width: CARD[0] * mm + "px", height: CARD[1] * mm + "px"});
    line.style.width = LINE * mm + "px";
    words.textContent = mm.toFixed(3) + " px in a mm" + (B.ruler.measured() ? ", measured" : ", not yet measured: " + USUAL.toFixed(3) + " is assumed");
  }

  C.ruler = {
    shown: function (mm, opened) {
      if (opened) requestAnimationFrame(() => draw(mm));
      return undefined;
    },
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#ruler-open")) {
      B.set("ruler-mm", {value: B.ruler.mm()});
      B.set("ruler-dialog", {opened: true});
    } else if (event.target.closest("#ruler-save") || event.target.closest("#ruler-forget")) {
      B.ruler.keep(event.target.closest("#ruler-save") ? parseFloat($("ruler-words").textContent) : null);
      B.set("ruler-dialog", {opened: false});
    }
  });
})();
