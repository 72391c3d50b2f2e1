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
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  region.shown = markup;
  region.innerHTML = markup;
  if (focused) document.getElementById(focused)?.focus();
}

function syncControls(root, fields) {
  for (const control of root.querySelectorAll("[data-field]")) {
    const value = fields[control.dataset.field];
    if (value === undefined) continue;
    if (control.type === "radio") control.checked = control.value === value;
    else if (control.value !== value) control.value = value;
  }
}

function show(root, state) {
  for (const [id, attributes] of Object.entries(state.marks ?? {})) {
    const element = document.getElementById(id);
    if (element) setAttributes(element, attributes);
  }
  for (const [name, markup] of Object.entries(state.regions ?? {})) fillRegion(root, name, markup);
  syncControls(root, state.fields ?? {});
  const link = location.pathname + (state.query ? `?${state.query}` : "");
  if (link !== location.pathname + location.search) history.replaceState(null, "", link);
  for (const anchor of document.querySelectorAll("[data-view-link]")) anchor.href = link;
  root.dataset.views = String(Number(root.dataset.views ?? 0) + 1);
}

function moveFocus(root, from, step) {
  const marks = [...root.querySelectorAll("[role=option][data-area]")];
  const next = step === "first" ? 0 : step === "last" ? marks.length - 1
    : (marks.indexOf(from) + step + marks.length) % marks.length;
  for (const mark of marks) mark.setAttribute("tabindex", mark === marks[next] ? "0" : "-1");
  marks[next].focus();
}

const STEPS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: "first", End: "last"};

function attach(root, send) {
  const tip = root.querySelector("[data-tip-box]");
  const area = (event) => event.target.closest?.("[data-area]");
  const told = (event) => event.target.closest?.("[data-tip],[data-area]");
  const hide = () => tip?.classList.remove("on");
  const explain = (mark, x, y) => {
    const said = mark.dataset.tip
      || document.getElementById(`u-${mark.dataset.area}`)?.getAttribute("aria-label");
    if (!tip || !said) return;
    tip.textContent = said;
    tip.classList.add("on");
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 4))}px`;
    tip.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - box.height - 4))}px`;
  };
  const choose = (mark) => {
    const outline = document.getElementById(`u-${mark.dataset.area}`)?.getAttribute("d");
    if (outline) document.getElementById("ring")?.setAttribute("d", outline);
    send("country", mark.dataset.area);
  };
  const on = (name, listen) => root.addEventListener(name, listen);
  on("change", (event) => {
    const control = event.target.closest("[data-field]");
    if (control) send(control.dataset.field, control.value);
  });
  on("click", (event) => {
    const button = event.target.closest("[data-set]");
    if (button) {
      const [field, ...rest] = button.dataset.set.split("=");
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
    if (mark) explain(mark, event.clientX, event.clientY); else hide();
  });
  on("pointerleave", hide);
  on("focusin", (event) => {
    const mark = area(event);
    if (!mark) { hide(); return; }
    const box = mark.getBoundingClientRect();
    explain(mark, box.x + box.width / 2, box.y + box.height / 2);
  });
  on("focusout", hide);
  on("submit", (event) => event.preventDefault());
  const drawer = root.querySelector("[data-drawer]");
  const narrow = matchMedia("(max-width: 45rem)");
  const fold = () => { if (drawer) drawer.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();
}

function render({model, el}) {
  let root = document.getElementById("canheal-screen");
  if (!root) {
    el.innerHTML = model.get("markup");
    root = el.querySelector("#canheal-screen");
  }
  if (!root) return;
  attach(root, (field, value) => model.send({field, value}));
  model.on("change:state", () => show(root, model.get("state")));
  show(root, model.get("state"));
  root.dataset.live = "true";
}

export default {render};
