/* Every action has a key: shown by `?`, chosen anew by the reader, kept in this browser. And undo.

   (window.beatlensActions = window.beatlensActions || []).push({id: "cover", keys: ["c"], words: "cover a span", pages: ["desk"], run(event) {…}})
   Keys: a character, a name in lower case ("arrowright", "enter", "escape", "space"), before it "mod+" (⌘ or Ctrl), then "shift+".
   `when()` limits an action to a mode: while it holds, the action goes before those without. `group` heads the list; `hidden` leaves it out.
   `needs`: the role below which it is not offered.
   `repeats`: a key that is held acts again, at most once in a frame and not after it is let go; all others act once. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const C = (window.dash_clientside = window.dash_clientside || {});
  const actions = (window.beatlensActions = window.beatlensActions || []);
  const STORE = "beatlens-keys", DEPTH = 100; // steps that can be undone
  const NAMES = {arrowright: "→", arrowleft: "←", arrowup: "↑", arrowdown: "↓", enter: "Enter", escape: "Esc", space: "Space", home: "Home", end: "End"};
  const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

  const stored = () => { try { return JSON.parse(localStorage.getItem(STORE)) || {}; } catch (error) { return {}; } };
  let chosen = stored(); // id of an action → its keys
  const keysOf = (action) => chosen[action.id] || action.keys;
  const offered = (action) => !action.needs || B.may(action.needs);
  const applies = (action) => offered(action) && (!action.pages || action.pages.includes(B.page()));

  /* `shift+j`, `mod+z`, `?`, `shift+3`: an event as it is written in an action. */
  function chord(event) {
    const digit = /^Digit(\d)$/.exec(event.code || "");
    const name = digit ? digit[1] : event.key === " " ? "space" : event.key.toLowerCase();
    const shifted = event.shiftKey && (digit || name.length > 1 || name.toUpperCase() !== name); // `?` says by itself that shift was held
    return (event.metaKey || event.ctrlKey ? "mod+" : "") + (shifted ? "shift+" : "") + name;
  }

  function written(key) {
    const parts = key === "+" ? ["+"] : key.split("+"), name = parts.pop();
    const marks = parts.map((part) => (part === "mod" ? (MAC ? "⌘" : "Ctrl") : "⇧"));
    return [...marks, NAMES[name] || (name.length === 1 ? name.toUpperCase() : name)].join(" ");
  }

  const typing = (target) => target.closest && target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=listbox]");

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.defaultPrevented || capturing) return;
    const key = chord(event);
    if (typing(event.target)) return;
    const fitting = actions.filter((action) => applies(action) && keysOf(action).includes(key) && (!action.when || action.when()));
    const action = fitting.find((found) => found.when) || fitting[0];
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) action.run(event);
    else if (action.repeats) again(action, event);
  });

  /* A busy page hears many repeats at once: they are one. */
  let held = null;
  function again(action, event) {
    if (!held) requestAnimationFrame(() => { const {run} = held; held = null; run(); });
    held = {run: () => action.run(event)};
  }
  document.addEventListener("keyup", () => { if (held) held.run = () => {}; });

  /* Undo and redo. */
  const done = [], undone = [];
  B.pushUndo = function (step) {
    done.push(step);
    if (done.length > DEPTH) done.shift();
    undone.length = 0;
  };
  function move(from, to, how) {
    const step = from.pop();
    if (!step) { B.say(how === "undo" ? "Nothing to undo" : "Nothing to redo"); return; }
    const refused = step[how]();
    to.push(step);
    B.say(refused || (how === "undo" ? "Undone: " : "Done again: ") + step.words);
  }
  B.undo = () => move(done, undone, "undo");
  B.redo = () => move(undone, done, "redo");

  /* A sentence that passes: what has just been done; with `offer`, {words, run}, a button that stays a little longer. */
  let gone = null;
  B.say = function (words, offer) {
    const place = document.getElementById("said"), away = () => { place.classList.remove("on"); place.querySelectorAll("button").forEach((button) => button.remove()); };
    if (!place) return;
    place.textContent = words;
    if (offer) place.append(element("button", {textContent: offer.words, onclick: () => { away(); offer.run(); }}));
    place.classList.add("on");
    clearTimeout(gone);
    gone = setTimeout(away, offer ? 8000 : 2500);
  };

  /* The list of keys: every action with its keys, each of which can be chosen anew. */
  let capturing = null;

  /* Actions that the same key would start on the same page and in the same mode. */
  function clashes(action) {
    const mine = keysOf(action);
    return actions.filter((other) => other !== action && !other.when === !action.when && mine.some((key) => keysOf(other).includes(key))
      && (!action.pages || !other.pages || action.pages.some((page) => other.pages.includes(page))) && !(action.when && other.when));
  }

  /* The keys named on the page are those that hold: a foot says `J` until the reader chooses another. */
  function name() {
    document.querySelectorAll("#page .kbd").forEach((place) => {
      const usual = (place.dataset.usual = place.dataset.usual || place.textContent);
      const fits = (key) => written(key) === usual.replace("⌘", MAC ? "⌘" : "Ctrl");
      const action = actions.find((found) => applies(found) && found.keys.some(fits));
      if (action) place.textContent = written(keysOf(action)[action.keys.findIndex(fits)] || keysOf(action)[0]);
    });
  }

  function save(action, keys) {
    const same = keys.length === action.keys.length && keys.every((key, i) => key === action.keys[i]);
    if (same) delete chosen[action.id];
    else chosen[action.id] = keys;
    try { localStorage.setItem(STORE, JSON.stringify(chosen)); } catch (error) { B.say("This browser keeps no keys: they last until the page is closed"); }
    list();
    name();
  }

  const element = (...parts) => B.element(...parts);

  function capture(action, button) {
    if (capturing) capturing.stop();
    const hear = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (["Shift", "Control", "Meta", "Alt"].includes(event.key)) return;
      stop();
      if (event.key !== "Escape") save(action, [chord(event)]);
      else list();
    };
    const stop = () => { window.removeEventListener("keydown", hear, true); capturing = null; };
    capturing = {stop};
    window.addEventListener("keydown", hear, true);
    button.replaceChildren("Press a key");
  }

  function row(action) {
    const clash = clashes(action), changed = chosen[action.id];
    const keys = keysOf(action).map((key) => element("kbd", {className: "kbd", textContent: written(key)}));
    const button = element("button", {className: "keys-change", title: "Choose another key for “" + action.words + "”", onclick: () => capture(action, button)}, ...keys);
    button.setAttribute("aria-label", action.words + ": " + keysOf(action).map(written).join(" or ") + ". Choose another key");
    const reset = changed ? element("button", {className: "btn sm gh", textContent: "Reset", onclick: () => save(action, action.keys)}) : null;
    const warn = clash.length ? element("span", {className: "warn s", textContent: "also: " + clash.map((other) => other.words).join(", ")}) : null;
    return element("div", {className: "keys-row row g8"}, element("span", {className: "keys-keys"}, button), element("span", {className: "keys-words"}, action.words), warn, reset);
  }

  function list() {
    const place = document.getElementById("keys-list");
    if (!place) return;
    const shown = actions.filter((action) => action.words && !action.hidden && offered(action)), groups = new Map();
    const title = (action) => action.group || (action.pages ? action.pages.map((page) => (B.pages.find((one) => one.name === page) || {title: page}).title).join(", ") : "Everywhere");
    shown.forEach((action) => groups.set(title(action), [...(groups.get(title(action)) || []), action]));
    const mine = (members) => (members[0].pages ? (members[0].pages.includes(B.page()) ? 0 : 2) : 1); // this page's keys first
    const blocks = [...groups].sort(([, one], [, other]) => mine(one) - mine(other)).map(([name, members]) => element("section", {}, element("h3", {className: "h", textContent: name}), ...members.map(row)));
    const all = Object.keys(chosen).length
      ? element("button", {className: "btn sm", textContent: "Reset all keys", onclick: () => { chosen = {}; localStorage.removeItem(STORE); list(); name(); }}) : null;
    place.replaceChildren(...blocks, ...(all ? [all] : []));
  }

  B.showKeys = function () {
    B.set("keys-dialog", {opened: true});
    const wait = () => (document.getElementById("keys-list") ? list() : requestAnimationFrame(wait));
    wait();
  };
  C.keys = {list: function (clicks) { if (clicks) B.showKeys(); return undefined; }};
  document.addEventListener("beatlens:page", name);

  actions.push(
    {id: "undo", keys: ["mod+z"], words: "undo", run: B.undo},
    {id: "redo", keys: ["mod+shift+z"], words: "redo", run: B.redo},
    {id: "keys", keys: ["?"], words: "all keys", run: B.showKeys},
  );
})();
