// The live screen: attaches itself to the markup that is on the page already, sends what a person
// does to Python, and sets only what changed. No text is made here; every word comes from Python.

function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

function fillRegion(root, name, markup) {
  const region = root.querySelector(`[data-region="${name}"]`);
  if (!region || region.shown === markup) return;
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const [focused, typed] = [active?.id ?? "", active?.type === "text" ? active.value : null];
  const unfolded = [...region.querySelectorAll("details[open][id]")].map((part) => part.id);
  region.shown = markup;
  region.innerHTML = markup;
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  const again = focused && document.getElementById(focused);
  if (!again) return;
  if (typed !== null) again.value = typed;
  again.focus();
}

function syncControls(root, fields) {
  for (const control of root.querySelectorAll("[data-field]")) {
    let value = fields[control.dataset.field];
    if (value === undefined || control === root.moved || control.typing) continue;
    // Where nothing is said the control shows what the answer took, which the markup holds.
    if (value === "") value = root.querySelector(`[data-taken="${control.dataset.field}"]`)?.value ?? "";
    // What is being typed is not sent yet, so it is newer than any answer.
    const typing = control === document.activeElement && control.type === "text";
    if (control.dataset.part && typing) continue;
    if (control.dataset.part) {
      const part = named(value)[control.dataset.part] ?? "";
      if (control.value !== part) control.value = part;
    } else if (control.type === "radio") control.checked = control.value === value;
    else if (control.type === "checkbox") control.checked = value.split(",").includes(control.value);
    else if (control.dataset.place) control.value = value.split(",")[control.dataset.place] ?? "";
    else if (control.value !== value) control.value = value;
  }
}

// A field of named parts: "name:value,name:value". A control with data-part holds one of them. A
// comma in a value is written as another sign, since 1,900 and 1.900 must not become the same.
const COMMA = "\u066b";
function named(text) {
  return Object.fromEntries(text.split(",").filter(Boolean).map((one) => {
    const cut = one.indexOf(":");
    return [one.slice(0, cut), one.slice(cut + 1).replaceAll(COMMA, ",")];
  }));
}

function spelled(parts) {
  return Object.entries(parts).filter(([, one]) => one)
    .map(([name, one]) => [name, /^\d+,\d{1,2}$/.test(one) ? one.replace(",", ".") : one])
    .map(([name, one]) => `${name}:${one.replaceAll(":", ".").replaceAll(",", COMMA)}`).join(",");
}

// The cells of a CSV, whatever it is parted by: spreadsheets write commas, semicolons or tabs.
function cellsOf(text) {
  const by = [",", ";", "\t"].map((one) => [text.split("\n", 1)[0].split(one).length, one])
    .sort((a, b) => b[0] - a[0])[0][1];
  const lines = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const [sign, line] = [text[i], lines.at(-1)];
    if (quoted && sign === '"' && text[i + 1] === '"') { line[line.length - 1] += sign; i += 1; }
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === by) line.push("");
    else if (!quoted && sign === "\n") lines.push([""]);
    else if (quoted || sign !== "\r") line[line.length - 1] += sign;
  }
  return lines;
}

// The answers with those of a CSV that was filled in: data-draft-code and data-draft-value are the
// heads of its columns. Lines about nothing on the screen are passed over, a blank takes an answer
// away, and one value that cannot be chosen refuses the file and is named. Where a line holds
// several answers, data-draft-columns says which column is which: {head: what follows the code}.
function filled(root, input, text, before) {
  const [head, ...lines] = cellsOf(text);
  const columns = Object.entries(JSON.parse(input.dataset.draftColumns ?? "null") ?? {[input.dataset.draftValue]: ""});
  const at = [input.dataset.draftCode, ...columns.map(([one]) => one)].map((one) => head.indexOf(one));
  const controls = new Map([...root.querySelectorAll("[data-part]")]
    .map((one) => [one.dataset.part.slice(one.dataset.part.indexOf(".") + 1), one]));
  const answers = named(before);
  let found = 0;
  // A part that is not on the screen yet, as the owner of a step that the sheet makes, is kept too.
  const parts = (line) => columns.map(([, end], i) => {
    const [code, cell] = [(line[at[0]] ?? "").trim().toLowerCase(), line[at[i + 1]]];
    const own = end && cell?.trim() ? controls.get(code)?.dataset.part : "";
    return [line, controls.get(code + end) ?? (own && {dataset: {part: own + end}}), cell];
  });
  for (const [line, control, cell] of at.includes(-1) ? [] : lines.flatMap(parts)) {
    if (!control) continue;
    const [options, said] = [[...(control.options ?? [])], (cell ?? "").trim()];
    const value = said === options[0]?.text ? "" : said.replaceAll(":", ".");
    if (value.length > 60 || (value && options.length && !options.some((one) => one.value === value))) {
      throw new Error(`${line[at[0]]}: ${said}`);
    }
    answers[control.dataset.part] = value;
    found += 1;
  }
  if (!found) throw new Error();
  return spelled(answers);
}

// A draft: a screen with data-draft="name" keeps the fields of data-draft-fields in this browser at
// every change, before they are sent, and brings them back when the page is opened again. A draft
// is saved as a file and opened from one. What is said about it stands in data-draft-said.
function attachDraft(root, send) {
  const name = root.dataset.draft;
  if (!name) return;
  const place = `canheal-draft-${name}`;
  const wanted = root.dataset.draftFields.split(" ");
  const spot = root.querySelector("[data-draft-said]");
  const say = (what, more = "") => {
    if (spot) spot.textContent = what ? [spot.dataset[what], more].join(" ").trim() : "";
  };
  // Files of other screens (data-draft-from="screen:field") open as one field each; the rest stays.
  const from = named((root.dataset.draftFrom ?? "").replaceAll(" ", ","));
  const kept = (text) => {
    const read = JSON.parse(text);
    if (Object.hasOwn(from, String(read?.draft))) {
      if (typeof read.fields?.answers !== "string") throw new Error();
      const fields = {...shownNow(), ...root.draft.fields, [from[read.draft]]: read.fields.answers};
      return {fields, key: root.draft.key};
    }
    const fields = wanted.map((one) => [one, read?.fields?.[one] ?? ""]);
    if (read?.draft !== name || !fields.every(([, one]) => typeof one === "string")) throw new Error();
    return {fields: Object.fromEntries(fields), key: String(read.key ?? "")};
  };
  const shownNow = () => Object.fromEntries(wanted.map((one) => [one, root.fields?.[one] ?? ""]));
  // A file that is a text for one field (data-draft-text) opens as that field, all else afresh.
  const opened = (content) => {
    const field = root.dataset.draftText;
    if (!field) return kept(content);
    if (!content.trim()) throw new Error();
    const blank = Object.fromEntries(wanted.map((one) => [one, ""]));
    return {fields: {...blank, [field]: content, scenario: "own"}, key: ""};
  };
  const text = () => JSON.stringify({draft: name, fields: root.draft.fields, key: root.draft.key});
  const keep = () => {
    try { localStorage.setItem(place, text()); } catch { say("full"); }
  };
  const bring = ({fields, key}, what) => {
    Object.assign(root.draft, {fields, key});
    for (const [field, value] of Object.entries(fields)) {
      if (value !== (root.fields?.[field] ?? "") && (value || field !== "method")) send(field, value);
    }
    say(what);
  };
  root.draft = {fields: {}, key: "", keep, take: (fields) => {
    // The answers of a spreadsheet, which Python has read: they are shown already.
    const held = {...root.fields, ...root.draft.fields, ...fields};
    root.draft.fields = Object.fromEntries(wanted.map((one) => [one, held[one] ?? ""]));
    keep();
    say("filled");
  }, refuse: (why) => { if (spot) spot.textContent = why; }, set: (field, value) => {
    if (!wanted.includes(field)) return;
    const shown = wanted.map((one) => [one, root.fields?.[one] ?? ""]);
    root.draft.fields = {...Object.fromEntries(shown), ...root.draft.fields, [field]: value};
    keep();
  }};
  let before = null;
  try { before = localStorage.getItem(place); } catch { say("full"); }
  // Where the link says what is shown (data-draft-linked), only what links never hold is brought.
  const linked = root.dataset.draftLinked !== undefined && location.search.length > 1;
  const only = ({fields, key}) => ({fields: {...shownNow(), [root.dataset.draftText]: fields[root.dataset.draftText]}, key});
  try { if (before) bring(linked ? only(kept(before)) : kept(before), "restored"); } catch { say("wrong"); }
  root.addEventListener("click", (event) => {
    const saving = event.target.closest("[data-draft-save]");
    if (saving) save({save: saving.dataset.draftSave, type: "application/json"}, [text()]);
    if (event.target.closest("[data-draft-take]")) {
      try {
        const own = Object.keys(from).map((one) => localStorage.getItem(`canheal-draft-${one}`)).filter(Boolean);
        say("none");
        for (const one of own) bring(kept(one), "taken");
        if (own.length) keep();
      } catch { say("wrong"); }
    }
    if (!event.target.closest("[data-draft-clear]")) return;
    try { localStorage.removeItem(place); } catch { say("full"); }
    const gone = Object.fromEntries(wanted.map((one) => [one, ""]));
    bring({fields: {...gone, method: root.fields?.method ?? ""}, key: ""}, "cleared");
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-hand-in]");
    if (button && !button.disabled) handIn(root, button);
  });
  root.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches("[data-draft-open]") || !input.files[0]) return;
    for (const file of [...input.files]) {
      if (input.dataset.draftBook && /\.xlsx$/i.test(file.name)) {
        say("");
        const read = new FileReader();
        read.onload = () => send(input.dataset.draftBook, String(read.result).split(",")[1] ?? "");
        read.readAsDataURL(file);
        continue;
      }
      const held = {...root.fields, ...root.draft.fields};
      const sheet = input.dataset.draftCode && /\.csv$/i.test(file.name);
      try {
        const read = await file.text();
        if (sheet) {
          const answers = filled(root, input, read, held.answers ?? "");
          const fields = Object.fromEntries(wanted.map((one) => [one, held[one] ?? ""]));
          bring({fields: {...fields, answers}, key: root.draft.key}, "filled");
        } else bring(opened(read), "restored");
        keep();
      } catch (error) { say("wrong", sheet ? error.message : ""); }
    }
    input.value = "";
  });
}

// A draft is handed in to the server with a key that stays with the draft, so that neither a second
// click nor a retry makes a second hand-in. data-hand-in is its kind; the words for what happens
// stand in data-hand-in-said. Without consent or a group nothing is sent; whatever fails, the
// draft stays.
async function handIn(root, button) {
  const spot = root.querySelector("[data-hand-in-said]");
  const say = (what, more = "") => { spot.textContent = [spot.dataset[what], more].join(" ").trim(); };
  const consent = root.querySelector("input[data-consent]");
  const fields = {...root.fields, ...root.draft.fields};
  const before = `${fields.method}.`;
  const answers = Object.entries(named(fields.answers ?? ""))
    .filter(([key]) => key.startsWith(before)).map(([key, one]) => [key.slice(before.length), one]);
  if (!fields.group) { say("group"); return; }
  if (!answers.length) { say("empty"); return; }
  if (!consent.checked) { say("consent"); return; }
  root.draft.key ||= crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))]
    .map((one) => one.toString(16).padStart(2, "0")).join("");
  root.draft.keep();
  button.disabled = true;
  say("waiting");
  const base = (document.body.dataset.baseUrl ?? "/voila/").replace(/voila\/$/, "");
  const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
  try {
    const answer = await fetch(`${base}canheal/submissions`, {
      method: "POST",
      headers: {"Content-Type": "application/json", "X-XSRFToken": token},
      body: JSON.stringify({
        kind: button.dataset.handIn, key: root.draft.key, group: fields.group,
        country: fields.country ?? "", method: fields.method, answers: Object.fromEntries(answers),
        consent: consent.value, lang: fields.lang ?? "en",
      }),
    });
    const said = await answer.json();
    // What was taken back stays so; a second click hands it in anew, with a key of its own.
    if (said.code === "withdrawn") { root.draft.key = ""; root.draft.keep(); say("withdrawn"); return; }
    if (!answer.ok) { say("failed", said.message ?? ""); return; }
    say("done", said.code);
  } catch { say("failed"); } finally { button.disabled = false; }
}

// The value of a control. Checkboxes of one field together make a list, in the order of choosing;
// a control with data-place sets that place of a list, and what stood there changes places with it.
function chosen(root, control) {
  const field = control.dataset.field;
  const held = String(root.draft?.fields[field] ?? root.fields?.[field] ?? "").split(",").filter(Boolean);
  if (control.dataset.part) {
    return spelled({...named(held.join(",")), [control.dataset.part]: control.value.trim()});
  }
  if (control.dataset.place) {
    const next = [...held];
    if (held.includes(control.value)) next[held.indexOf(control.value)] = held[control.dataset.place];
    next[control.dataset.place] = control.value;
    return next.filter(Boolean).join(",");
  }
  if (control.type !== "checkbox") return control.value;
  const boxes = [...root.querySelectorAll(`[data-field="${field}"]:checked`)];
  const checked = boxes.map((one) => one.value);
  const kept = held.filter((one) => checked.includes(one));
  return [...kept, ...checked.filter((one) => !kept.includes(one))].join(",");
}

// Whoever chose with a button that leads somewhere (data-go) is taken there.
function go(root) {
  const region = root.querySelector(`[data-region="${root.going}"]`);
  root.going = "";
  region?.scrollIntoView({block: "nearest"});
  region?.querySelector("h2")?.focus({preventScroll: true});
}

function show(root, state) {
  for (const [id, attributes] of Object.entries(state.marks ?? {})) {
    const element = document.getElementById(id);
    if (element) setAttributes(element, attributes);
  }
  showCells(root, state.canvas);
  for (const [name, markup] of Object.entries(state.regions ?? {})) fillRegion(root, name, markup);
  root.fields = state.fields ?? {};
  if (state.taken) root.draft?.take(state.taken);
  if (state.refused) root.draft?.refuse(state.refused);
  // What a draft holds is newer than an answer that is still on its way.
  syncControls(root, {...root.fields, ...root.draft?.fields});
  root.zooms?.forEach((draw) => draw());
  if (root.going) go(root);
  const link = location.pathname + (state.query ? `?${state.query}` : "");
  if (link !== location.pathname + location.search) history.replaceState(null, "", link);
  for (const anchor of document.querySelectorAll("[data-view-link]")) anchor.href = link;
  root.dataset.views = String(Number(root.dataset.views ?? 0) + 1);
  root.asking = false;
  root.again?.();
}

function moveFocus(root, from, step) {
  const marks = [...root.querySelectorAll("[role=option][data-area]")];
  const next = step === "first" ? 0 : step === "last" ? marks.length - 1
    : (marks.indexOf(from) + step + marks.length) % marks.length;
  for (const mark of marks) mark.setAttribute("tabindex", mark === marks[next] ? "0" : "-1");
  marks[next].focus();
}

const STEPS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: "first", End: "last"};

function ask(root, send) {
  const control = root.moved;
  if (!control) return;
  root.moved = null;
  root.asking = true;
  send(control.dataset.field, control.value);
}

function attach(root, send) {
  const tip = root.querySelector("[data-tip-box]");
  const area = (event) => event.target.closest?.("[data-area]");
  const told = (event) => event.target.closest?.("[data-tip],[data-area]");
  const hide = () => tip?.classList.remove("on");
  const explain = (mark, x, y, cell = "") => {
    const said = mark.dataset.tip || cell
      || document.getElementById(`u-${mark.dataset.area}`)?.getAttribute("aria-label");
    if (!tip || !said) return;
    tip.textContent = said;
    tip.classList.add("on");
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 4))}px`;
    tip.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - box.height - 4))}px`;
  };
  const choose = (mark) => {
    const list = root.dataset.chooses; // the field that a click on an area adds it to
    if (list) {
      const held = String(root.fields?.[list] ?? "").split(",").filter(Boolean);
      const left = held.filter((one) => one !== mark.dataset.area);
      send(list, (left.length < held.length ? left : [...held, mark.dataset.area]).join(","));
      return;
    }
    const outline = document.getElementById(`u-${mark.dataset.area}`)?.getAttribute("d");
    if (outline) document.getElementById("ring")?.setAttribute("d", outline);
    send("country", mark.dataset.area);
  };
  const on = (name, listen) => root.addEventListener(name, listen);
  // What a person is typing is not put back by an answer that is on its way.
  on("input", (event) => { event.target.typing = event.target.type === "text"; });
  on("focusout", (event) => { event.target.typing = false; });
  on("change", (event) => {
    const control = event.target.closest("[data-field]");
    if (control) control.typing = false;
    if (control?.dataset.live !== undefined) return; // said already while it moved
    if (control) send(control.dataset.field, chosen(root, control));
  });
  // A control with data-live asks while it is moved: one question at a time, the last one wins.
  on("input", (event) => {
    const control = event.target.closest("[data-live]");
    if (!control) return;
    root.moved = control;
    if (!root.asking) ask(root, send);
  });
  root.again = () => ask(root, send);
  on("click", (event) => {
    if (event.target.closest("[data-print]")) { print(); return; }
    const button = event.target.closest("[data-set]");
    if (button) {
      const [field, ...rest] = button.dataset.set.split("=");
      root.going = button.dataset.go ?? "";
      send(field, rest.join("="));
      return;
    }
    const mark = area(event);
    if (mark) choose(mark);
  });
  on("keydown", (event) => {
    const mark = area(event);
    if (event.key === "Escape") hide();
    if (!mark) return;
    if (event.key in STEPS) moveFocus(root, mark, STEPS[event.key]);
    else if (event.key === "Enter" || event.key === " ") choose(mark);
    else return;
    event.preventDefault();
  });
  on("pointermove", (event) => {
    const mark = told(event);
    const [x, y] = [event.clientX, event.clientY];
    if (mark) explain(mark, x, y, cellWords(root, x, y)); else hide();
  });
  on("pointerleave", hide);
  const surround = (mark) => {
    const seen = mark?.matches("[role=option]:focus-visible");
    document.getElementById("halo")?.setAttribute("d", seen ? mark.getAttribute("d") : "");
  };
  on("focusin", (event) => {
    const mark = area(event);
    surround(mark);
    if (!mark) { hide(); return; }
    const box = mark.getBoundingClientRect();
    explain(mark, box.x + box.width / 2, box.y + box.height / 2);
  });
  on("focusout", () => { hide(); surround(null); });
  on("submit", (event) => event.preventDefault());
  const drawer = root.querySelector("[data-drawer]");
  const narrow = matchMedia("(max-width: 45rem)");
  const fold = () => { if (drawer) drawer.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();
}

async function drawn(svg) {
  const picture = new Image();
  picture.src = URL.createObjectURL(svg);
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2000;
  canvas.height = Math.round(2000 * picture.naturalHeight / picture.naturalWidth);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(picture.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

async function save(said, buffers) {
  if (!said?.save) return;
  const content = new Blob([buffers[0]], {type: said.type});
  const blob = said.save.endsWith(".png") ? await drawn(content) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = said.save;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// Cells under a map. A frame with data-canvas="name" holds one map; beneath it a canvas is drawn:
// the land of the map's areas, and on it the cells in the colours of their classes. `sent` are the
// shapes, which come once; `shown` says each cell's class, the colours, and the words.
function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

function unpackCells(sent) {
  const corners = new Int32Array(bytes(sent.corners).buffer);
  const sizes = bytes(sent.sizes);
  const starts = new Uint32Array(sizes.length + 1);
  sizes.forEach((size, i) => { starts[i + 1] = starts[i] + size; });
  return {...sent, corners, starts, names: sent.names.split("\n")};
}

function layer(width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width, height});
  return canvas;
}

function outline(frame, canvas, scale, colour) {
  const land = layer(canvas.width, canvas.height);
  const pen = land.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = colour;
  for (const area of frame.querySelectorAll("path.u")) pen.fill(new Path2D(area.getAttribute("d")));
  return land;
}

// Which cell each pixel belongs to (NONE: none). Made once for a size; a change of classes then is
// one look-up for each pixel. Cells are made wider by a third of a pixel, so that no seam shows.
const NONE = 0xffff;

function pixelCells({corners, starts, fine}, [start, count], width, height, scale) {
  const owner = new Uint16Array(width * height).fill(NONE);
  const unit = scale / fine;
  for (let i = start; i < start + count; i++) {
    const first = starts[i], end = starts[i + 1];
    let top = Infinity, bottom = -Infinity;
    for (let at = first; at < end; at++) {
      top = Math.min(top, corners[2 * at + 1] * unit);
      bottom = Math.max(bottom, corners[2 * at + 1] * unit);
    }
    for (let row = Math.max(0, Math.ceil(top - 0.8)); row < Math.min(height, bottom + 0.3); row++) {
      const y = Math.max(top, Math.min(bottom, row + 0.5));
      let left = Infinity, right = -Infinity;
      for (let at = first; at < end; at++) {
        const next = at + 1 < end ? at + 1 : first;
        const y1 = corners[2 * at + 1] * unit, y2 = corners[2 * next + 1] * unit;
        if (y < Math.min(y1, y2) || y > Math.max(y1, y2)) continue;
        const x1 = corners[2 * at] * unit, x2 = corners[2 * next] * unit;
        const x = y1 === y2 ? x2 : x1 + (x2 - x1) * (y - y1) / (y2 - y1);
        left = Math.min(left, x, y1 === y2 ? x1 : x);
        right = Math.max(right, x, y1 === y2 ? x1 : x);
      }
      const from = Math.max(0, Math.ceil(left - 0.8)), to = Math.min(width - 1, right - 0.2);
      for (let column = from; column <= to; column++) owner[row * width + column] = i;
    }
  }
  return owner;
}

function fillCells(pen, owner, shown, width, height) {
  const picture = pen.createImageData(width, height);
  const ink = new Uint32Array(256); // transparent, unless the class has a colour
  shown.colours.forEach((colour, klass) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    ink[klass] = (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  });
  const pixels = new Uint32Array(picture.data.buffer);
  const {bytes: classes} = shown;
  for (let at = 0; at < owner.length; at++) {
    if (owner[at] !== NONE) pixels[at] = ink[classes[owner[at]]];
  }
  pen.putImageData(picture, 0, 0);
}

function paint(root, frame) {
  const cells = root.cells, shown = root.shown;
  const place = cells?.frames[frame.dataset.canvas];
  const box = frame.querySelector("svg").getBoundingClientRect();
  const on = Boolean(place && shown?.bytes && box.width);
  frame.classList.toggle("painted", on);
  if (!on) { frame.canvas?.remove(); frame.canvas = null; return; }
  const dense = Math.min(devicePixelRatio || 1, 2);
  const [width, height] = [Math.round(box.width * dense), Math.round(box.height * dense)];
  const scale = width / place[2];
  if (frame.canvas?.width !== width || frame.canvas.height !== height) {
    frame.canvas?.remove();
    frame.canvas = layer(width, height);
    frame.canvas.setAttribute("aria-hidden", "true");
    const blank = getComputedStyle(frame).getPropertyValue("--blank") || "#fff";
    frame.land = outline(frame, frame.canvas, scale, blank);
    frame.owner = pixelCells(cells, place, width, height, scale);
    frame.prepend(frame.canvas);
  }
  const pen = frame.canvas.getContext("2d");
  fillCells(pen, frame.owner, shown, width, height);
  pen.globalCompositeOperation = "destination-in";
  pen.drawImage(frame.land, 0, 0);
  pen.globalCompositeOperation = "destination-over";
  pen.drawImage(frame.land, 0, 0);
}

// Cells that were painted reach the screen before the rest of an answer is set. A page that is
// not looked at has no frames: it does not wait for one.
function onScreen() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done, 0));
    setTimeout(done, 50);
  });
}

function showCells(root, canvas) {
  if (!canvas) return;
  const before = root.shown;
  if (before?.classes === canvas.classes && String(before.colours) === String(canvas.colours)) return;
  root.shown = {...canvas, bytes: canvas.classes ? bytes(canvas.classes) : null};
  for (const frame of root.querySelectorAll("[data-canvas]")) paint(root, frame);
  root.dataset.paints = String(Number(root.dataset.paints ?? 0) + 1);
  root.fresh = onScreen();
}

// What is said of the cell under a point: the nearest one, not farther than a cell is wide.
function cellWords(root, x, y) {
  const frame = document.elementFromPoint(x, y)?.closest?.("[data-canvas].painted");
  if (!frame) return "";
  const {frames, corners, starts, fine, names} = root.cells;
  const [start, count, wide] = frames[frame.dataset.canvas];
  const box = frame.querySelector("svg").getBoundingClientRect();
  const unit = wide * fine / box.width;
  const [px, py] = [(x - box.x) * unit, (y - box.y) * unit];
  let best = -1, near = Infinity, reach = 0;
  for (let i = start; i < start + count; i++) {
    const at = starts[i], across = starts[i] + 3;
    const cx = (corners[2 * at] + corners[2 * across]) / 2;
    const cy = (corners[2 * at + 1] + corners[2 * across + 1]) / 2;
    const far = (cx - px) ** 2 + (cy - py) ** 2;
    if (far < near) {
      [best, near] = [i, far];
      reach = (corners[2 * at] - cx) ** 2 + (corners[2 * at + 1] - cy) ** 2;
    }
  }
  const text = root.shown.texts[root.shown.bytes[best]];
  if (!text || near > reach) return "";
  return root.shown.said.replace("{place}", names[best]).replace("{time}", text);
}

// A name stands beside its symbol, on the side given, or over it. Where the map's edge would cut it
// it goes to the other side; where neither side has room, under its symbol and as far in as needed.
function keepInside(mark, view, scale) {
  const name = mark.querySelector(":scope > text:not(.count)");
  if (!name) return;
  const given = name.given ??= {
    x: Number(name.getAttribute("x") ?? 0), y: Number(name.getAttribute("y")),
    anchor: name.getAttribute("text-anchor"), long: name.getComputedTextLength(),
  };
  const at = (axis) => parseFloat(mark.style.getPropertyValue(`--${axis}`)) - view[axis];
  const [x, y, wide, long] = [at("x") / scale, at("y") / scale, view.width / scale, given.long];
  if (x < 0 || x > wide) return;
  const left = (to) => x + to.x - {start: 0, middle: long / 2, end: long}[to.anchor];
  const fits = (to) => left(to) > 2 && left(to) + long < wide - 2 && y + to.y > 14;
  const other = {...given, x: -given.x, anchor: given.anchor === "end" ? "start" : "end"};
  const inside = Math.max(2 - x, Math.min(-long / 2, wide - 2 - long - x));
  const to = [given, other].find(fits) ?? {x: inside, y: 22, anchor: "start"};
  setAttributes(name, {x: String(to.x), y: String(to.y), "text-anchor": to.anchor});
}

// A frame with data-zoom holds one map and keeps its shape. data-zoom is the nearest view, in map
// units per pixel, which is also what --k says to symbols that keep their size. Marks with
// data-scales="low high" are shown between these; data-zoom-at="x y width" goes to a place, and
// data-zoom-near="x y scale" to where that scale is just passed. When the frame's own data-frame
// ("x y width") changes, the view goes there.
function attachZoom(root, frame) {
  const svg = frame.querySelector("svg");
  const {width, height} = svg.viewBox.baseVal;
  const view = {x: 0, y: 0, width};
  const across = () => svg.getBoundingClientRect().width || 1;
  const nearest = () => Math.min(width, Number(frame.dataset.zoom) * across());
  const between = (value, low, high) => Math.max(low, Math.min(value, Math.max(low, high)));

  const draw = () => {
    const tall = view.width * height / width;
    view.x = between(view.x, 0, width - view.width);
    view.y = between(view.y, 0, height - tall);
    svg.setAttribute("viewBox", [view.x, view.y, view.width, tall].join(" "));
    const scale = view.width / across();
    svg.style.setProperty("--k", scale);
    for (const mark of svg.querySelectorAll("[data-scales]")) {
      const [low, high] = mark.dataset.scales.split(" ").map(Number);
      mark.classList.toggle("off", scale < low || scale >= high);
    }
    for (const mark of svg.querySelectorAll(".sym:not(.off)")) keepInside(mark, view, scale);
    frame.classList.toggle("zoomed", view.width < width);
    for (const button of root.querySelectorAll("[data-zoom-by]")) {
      const near = Number(button.dataset.zoomBy) > 1;
      button.disabled = near ? view.width <= nearest() * 1.001 : view.width >= width;
    }
  };
  // Zoom by a factor (0: the whole map) about a point of the frame; tell whether that did anything.
  const zoom = (factor, place = {x: 0.5, y: 0.5}) => {
    const before = view.width;
    const after = factor ? between(before / factor, nearest(), width) : width;
    view.x += (before - after) * place.x;
    view.y += (before - after) * place.y * height / width;
    view.width = after;
    draw();
    return after !== before;
  };
  const move = (dx, dy) => { view.x += dx * view.width; view.y += dy * view.width; draw(); };
  const goTo = (x, y, wide) => {
    view.width = between(wide, nearest(), width);
    view.x = x - view.width / 2;
    view.y = y - view.width * height / width / 2;
    draw();
  };
  const place = (x, y) => {
    const box = svg.getBoundingClientRect();
    return {x: (x - box.x) / box.width, y: (y - box.y) / box.height};
  };

  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !frame.contains(document.activeElement)) return;
    const step = event.deltaY * (event.deltaMode ? 20 : 1) * (event.ctrlKey ? 4 : 1);
    if (zoom(2 ** between(-step / 300, -1, 1), place(event.clientX, event.clientY))) {
      event.preventDefault();
    }
  }, {passive: false});
  const keys = {"+": 1.5, "=": 1.5, "-": 1 / 1.5, "0": 0};
  const arrows = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  frame.addEventListener("keydown", (event) => {
    if (event.target !== frame || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in keys) zoom(keys[event.key]);
    else if (event.key in arrows && view.width < width) {
      move(...arrows[event.key].map((way) => way * 0.15));
    } else return;
    event.preventDefault();
  });

  const held = new Map();
  let dragged = false;
  const middle = () => {
    const all = [...held.values()];
    const mean = (of) => all.reduce((sum, one) => sum + one[of], 0) / all.length;
    const [a, b] = [all[0], all.at(-1)];
    return {x: mean("x"), y: mean("y"), apart: Math.hypot(a.x - b.x, a.y - b.y)};
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held.set(event.pointerId, {x: event.clientX, y: event.clientY, start: [event.clientX, event.clientY]});
    if (held.size === 1) dragged = false;
  });
  svg.addEventListener("pointermove", (event) => {
    const pointer = held.get(event.pointerId);
    if (!pointer) return;
    const before = middle();
    const far = Math.hypot(event.clientX - pointer.start[0], event.clientY - pointer.start[1]);
    Object.assign(pointer, {x: event.clientX, y: event.clientY});
    if (far > 4 && !dragged) { dragged = true; svg.setPointerCapture(event.pointerId); }
    if (!dragged) return;
    const after = middle();
    move((before.x - after.x) / across(), (before.y - after.y) / across());
    if (held.size > 1 && before.apart) zoom(after.apart / before.apart, place(after.x, after.y));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    svg.addEventListener(name, (event) => held.delete(event.pointerId));
  }
  svg.addEventListener("pointerleave", (event) => { if (!dragged) held.delete(event.pointerId); });
  svg.addEventListener("touchmove", (event) => {
    if (event.touches.length > 1) event.preventDefault();
  }, {passive: false});
  frame.addEventListener("click", (event) => {
    if (dragged) event.stopPropagation();
    dragged = false;
  }, true);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom-by],[data-zoom-at],[data-zoom-near]");
    if (!button) return;
    const {zoomBy, zoomAt, zoomNear} = button.dataset;
    if (zoomBy) { zoom(Number(zoomBy)); return; }
    const [x, y, size] = (zoomAt ?? zoomNear).split(" ").map(Number);
    goTo(x, y, zoomAt ? size : size * across() * 0.98);
    if (!frame.contains(button)) frame.scrollIntoView({block: "nearest"});
  });
  new ResizeObserver(draw).observe(svg);
  let framed = "";
  const follow = () => {
    const wanted = frame.dataset.frame ?? "";
    if (wanted === framed) { draw(); return; }
    framed = wanted;
    if (wanted) goTo(...wanted.split(" ").map(Number)); else zoom(0);
  };
  root.zooms = [...(root.zooms ?? []), follow];
}

function render({model, el}) {
  let root = document.getElementById("canheal-screen");
  if (!root) {
    el.innerHTML = model.get("markup");
    root = el.querySelector("#canheal-screen");
  }
  if (!root) return;
  // A kernel that is gone takes nothing: the page says so, and a draft holds what was chosen.
  const send = (field, value) => {
    try { model.send({field, value}); } catch (error) { console.warn(error.message); }
  };
  attach(root, (field, value) => { root.draft?.set(field, value); send(field, value); });
  for (const frame of root.querySelectorAll("[data-zoom]")) attachZoom(root, frame);
  if (model.get("cells")?.corners) {
    root.cells = unpackCells(model.get("cells"));
    const again = new ResizeObserver((seen) => seen.forEach((one) => paint(root, one.target)));
    for (const frame of root.querySelectorAll("[data-canvas]")) again.observe(frame);
  }
  model.on("msg:custom", save);
  model.on("msg:custom", (said) => showCells(root, said?.canvas));
  // What was worked out behind the screen: only regions change, nothing that a person may be typing.
  model.on("msg:custom", (said) => {
    const parts = Object.entries(said?.regions ?? {});
    if (!parts.length) return;
    root.turn = (root.turn ?? Promise.resolve())
      .then(() => parts.forEach(([name, markup]) => fillRegion(root, name, markup))).catch(reportError);
  });
  model.on("change:state", () => {
    const state = model.get("state");
    root.turn = (root.turn ?? Promise.resolve()).then(() => root.fresh)
      .then(() => show(root, state)).catch(reportError);
  });
  show(root, model.get("state"));
  attachDraft(root, send);
  if (root.dataset.works !== undefined) send("work", "go"); // what a screen does while it is read
  root.dataset.live = "true";
}

export default {render};
