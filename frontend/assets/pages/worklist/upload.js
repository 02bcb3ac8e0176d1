/* Recordings sent by drag and drop or by choosing files: one request, all of them or none. */
(function () {
  const B = (window.beatlens = window.beatlens || {});
  const $ = (id) => document.getElementById(id);
  const KNOWN = 8; // files listed by name
  let chosen = [], sending = null;

  const may = () => Boolean($("upload-open"));
  const size = (bytes) => (bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " kB" : (bytes / 1e6).toFixed(1) + " MB");
  const hasCsv = () => chosen.some(({file}) => /\.csv$/i.test(file.name));
  const say = (words, bad) => { const place = $("upload-said"); place.textContent = words; place.classList.toggle("warn", Boolean(bad)); };

  function show() {
    const list = $("upload-list"), total = chosen.reduce((sum, {file}) => sum + file.size, 0);
    list.replaceChildren(...chosen.slice(0, KNOWN).map(({path, file}) => {
      const line = document.createElement("div"), name = document.createElement("span"), bytes = document.createElement("span");
      line.className = "row g8"; name.className = "cut grow"; bytes.className = "m";
      name.textContent = path; bytes.textContent = size(file.size);
      line.append(name, bytes);
      return line;
    }));
    if (chosen.length > KNOWN) list.append("and " + (chosen.length - KNOWN) + " more, " + size(total) + " in all");
    $("upload-csv").hidden = !hasCsv();
    $("upload-send").disabled = !chosen.length || Boolean(sending);
    $("upload-bar").hidden = !sending;
  }

  function take(files) {
    if (sending || !files.length) return;
    chosen = files;
    say("");
    B.set("upload-dialog", {opened: true});
    waitFor("upload-list", show);
  }

  function waitFor(id, act, tries = 40) {
    if ($(id)) act();
    else if (tries) setTimeout(() => waitFor(id, act, tries - 1), 50);
  }

  function choose() {
    const input = document.createElement("input");
    Object.assign(input, {type: "file", multiple: true, id: "upload-files"});
    input.addEventListener("change", () => take([...input.files].map((file) => ({path: file.name, file}))));
    input.click();
  }

  /* What was dropped, folders walked through. */
  async function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    if (!entries.some((entry) => entry && entry.isDirectory)) return [...transfer.files].map((file) => ({path: file.name, file}));
    const found = [];
    async function walk(entry, path) {
      if (entry.isFile) { found.push({path, file: await new Promise((done, fail) => entry.file(done, fail))}); return; }
      const reader = entry.createReader();
      for (let some = [null]; some.length;) {
        some = await new Promise((done, fail) => reader.readEntries(done, fail));
        for (const one of some) await walk(one, path + "/" + one.name);
      }
    }
    for (const entry of entries.filter(Boolean)) await walk(entry, entry.name);
    return found;
  }

  function send() {
    const form = new FormData();
    if (hasCsv()) {
      const fs = $("upload-fs").value.trim(), unit = $("upload-unit").value.trim();
      if (fs) form.append("fs", fs);
      if (unit) form.append("unit", unit);
    }
    chosen.forEach(({path, file}) => form.append("files", file, path));
    const request = (sending = new XMLHttpRequest());
    request.open("POST", "/api/uploads");
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      $("upload-bar").firstChild.style.width = (100 * event.loaded) / event.total + "%";
      say(event.loaded < event.total ? "Sending" : "Reading every recording");
    };
    request.onload = () => ended(request);
    request.onerror = () => ended(request);
    show();
    request.send(form);
  }

  function ended(request) {
    sending = null;
    const answer = request.response;
    if (request.status === 201) {
      const names = answer.recordings.map((one) => one.name);
      chosen = [];
      say("");
      B.set("upload-dialog", {opened: false});
      B.say(names.length === 1 ? names[0] + " is in the list: Enter opens it" : names.length + " recordings are in the list, the first is marked");
      B.arrived(answer.recordings.map((one) => one.id));
      ask();
    } else say((answer && answer.detail) || "The server does not answer. Nothing was kept.", true);
    show();
  }

  /* The table asks for its rows again. */
  const ask = () => B.set("worklist-ask", {disabled: false, n_intervals: Date.now()});

  /* Removing, and putting back: true where it was done. */
  async function change(upload, method, path) {
    const answer = await B.fetch("/api/uploads/" + upload + path, {method}).catch(() => null);
    if (!answer || !answer.ok) B.say((answer && (await answer.json()).detail) || "The server does not answer");
    ask();
    return Boolean(answer && answer.ok);
  }
  async function remove(upload) {
    if (await change(upload, "DELETE", "")) B.say("Removed", {words: "Undo", run: () => restore(upload)});
  }
  async function restore(upload) {
    if (await change(upload, "POST", "/restore")) B.say("Restored");
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#upload-open")) { chosen = []; B.set("upload-dialog", {opened: true}); waitFor("upload-list", () => { say(""); show(); }); }
    else if (event.target.closest("#upload-choose")) choose();
    else if (event.target.closest("#upload-send")) send();
    else {
      const button = event.target.closest(".upload-remove, .upload-restore");
      if (!button) return;
      button.disabled = true; // the list comes anew
      (button.matches(".upload-remove") ? remove : restore)(button.dataset.upload);
    }
  });

  const files = (event) => may() && event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const mark = (on) => document.body.classList.toggle("dropping", on);
  document.addEventListener("dragover", (event) => { if (files(event)) { event.preventDefault(); mark(true); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  document.addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    mark(false);
    dropped(event.dataTransfer).then(take, () => B.say("The dropped files cannot be read"));
  });
})();
