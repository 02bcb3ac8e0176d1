/* The reader's screen, drawn: what stands there in each phase of a beat, what is chosen, and what can be decided. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const ORDER = ["first", "reveal", "final", "done"];
  const STEPS = {open: "first", waiting: "reveal"}; // a phase → its step in the row of steps, where that is called otherwise
  const TITLES = {first: "What is this beat?", open: "What is this beat?", reveal: "The model is sealed", waiting: "Committed", done: "Decided"};
  const HINTS = {
    first: "Read it before you see the model. Reference, model and other readers stay hidden until you commit.",
    open: "The model's output is shown. What you commit stays; corrections are new entries.",
    reveal: "Your reading is committed.",
  };
  const COMMITS = {open: "Commit", reveal: "Reveal the model", done: "Next beat"};
  const OFFLINE = "Offline: your reading is kept in this browser. The model is shown once the server has it.";
  const $ = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const show = (shown) => Object.entries(shown).forEach(([id, visible]) => { $(id).hidden = !visible; });
  const write = (texts) => Object.entries(texts).forEach(([id, text]) => { $(id).textContent = text; });

  /* `sealed`: another session keeps the model from this reader, so that step is never taken. */
  function drawSteps(phase, sealed) {
    const step = STEPS[phase] || phase, now = step === "final" ? (sealed ? 2 : 1) : ORDER.indexOf(step);
    all(".blind-steps li").forEach((item) => {
      const order = ORDER.indexOf(item.dataset.step), never = sealed && item.dataset.step === "reveal";
      if (item.dataset.step === "reveal") item.querySelector(".blind-step-words").textContent = never ? "Model stays sealed" : "Model revealed";
      item.classList.toggle("on", order === now || (step === "final" && order === 2));
      item.classList.toggle("past", order < now && !never);
      if (order === now) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
    });
  }

  function title(phase, body) {
    if (phase !== "final") return TITLES[phase].replace("beat", body.noun);
    if (!body.item.output) return "Your reading is committed";
    const read = B.blindSteps.all(body).find((entry) => entry.label);
    return read && read.label !== body.item.output.label ? "You and the model differ" : "You and the model agree";
  }

  function drawWords(phase, body, corrects) {
    const {item, session, noun} = body;
    write({
      "blind-title": title(phase, body),
      "blind-hint": phase === "done" ? (session.blind ? "Both readings, their times and the reveal are logged." : "Your reading and its time are logged.") : HINTS[phase] || "",
      "blind-commit-words": (COMMITS[phase] || "Commit and reveal the model").replace("beat", noun),
      "blind-more-words": corrects ? "Correct your reading" : "Change to another class",
      "blind-next-words": phase === "waiting" ? `Read the next ${noun} meanwhile` : item.next === null ? "To the end" : "Next " + noun,
      "blind-wait": phase !== "waiting" ? "" : navigator.onLine ? "Your reading is being sent; then the model is shown." : OFFLINE,
      "blind-hidden-reference": {final: "Hidden until you keep or change", open: "Hidden until you commit"}[phase] || "Hidden until you commit your reading",
      "blind-hidden-model": "Hidden until you commit your reading",
    });
  }

  function drawControls(phase, item, corrects) {
    const reads = phase !== "reveal", sealed = ["first", "reveal", "waiting"].includes(phase);
    show({
      "blind-reading": ["first", "open", "reveal"].includes(phase),
      "blind-labels": reads, "blind-sure": reads, "blind-note": reads,
      "blind-decision": ["final", "done", "open"].includes(phase),
      "blind-decide": phase === "final",
      "blind-more": phase === "final" || corrects,
      "blind-plausible": item.output && (phase === "final" || phase === "open"),
      "blind-next": phase === "done" || phase === "waiting",
      "blind-wait": phase === "waiting",
      "blind-alone": !item.output || sealed || phase === "open",
      "blind-maps": !sealed && item.output, "blind-said": !sealed && item.output,
    });
    if ($("blind-maps-hidden")) $("blind-maps-hidden").hidden = !sealed;
    $("blind-before").disabled = item.previous === null;
    $("blind-after").disabled = item.next === null;
  }

  function pressed(selector, value, name) {
    all(selector).forEach((button) => button.setAttribute("aria-pressed", String(button.dataset[name]) === String(value)));
  }

  /* Keep, or change to the model's output, or to another class. */
  const button = (label) => document.querySelector(`#blind-others [data-label="${CSS.escape(label)}"]`);
  function choice(element, words, label, key) {
    const known = button(label), chip = known && known.querySelector(".chip"), text = document.createElement("span"), space = document.createElement("span"), kbd = document.createElement("kbd");
    text.textContent = words + (known ? known.dataset.name : label);
    space.className = "sp";
    kbd.className = "kbd";
    kbd.textContent = key;
    element.replaceChildren(...(chip ? [chip.cloneNode(true)] : []), text, space, ...(key ? [kbd] : []));
    element.dataset.choose = label;
  }
  function drawChoices(own, output) {
    choice($("blind-keep"), "Keep ", own, "Enter");
    const other = output && output.label !== own && button(output.label);
    $("blind-change").hidden = !other;
    if (other) choice($("blind-change"), "Change to ", output.label, other.dataset.key.replace("shift+", "⇧").toUpperCase());
  }

  /* An answer of `_blind`, and what its reader has chosen and not yet committed. */
  B.blindDraw = function (body, staged) {
    const phase = B.blindSteps.phase(body), {item, session} = body, corrects = phase === "done" && item.expects === "correction" && !session.closed;
    Object.assign($("blind").dataset, {phase, kind: session.blind ? "blind" : "open"});
    drawSteps(phase, body.sealed);
    drawWords(phase, body, corrects);
    drawControls(phase, item, corrects);
    pressed("#blind-labels .blind-label", staged.label, "label");
    pressed("#blind-sure [data-score]", staged.confidence, "score");
    pressed("#blind-plausible [data-score]", staged.plausibility, "score");
    if (phase === "final") drawChoices(B.blindSteps.label(body), item.output);
  };
})();
