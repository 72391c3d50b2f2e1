// "Tell us": sends what a reader writes as JSON. The key is made here and stays with the text until
// the server has taken it, so a second click or a retry is no second hand-in. Whatever fails, the
// text stays in the form, and over a reload in this tab.
(() => {
  const form = document.getElementById("tell-form");
  const box = document.getElementById("tell");
  const said = document.getElementById("tell-said");
  const button = form.querySelector("button");
  const field = (name) => document.getElementById(`tell-${name}`);
  const NAMES = ["sort", "topic", "part", "fact", "proposed", "source", "text"];
  const PLACE = `canheal-tell-${form.dataset.screen}`;
  const PARTS = "main h2, main h3, main figcaption, main caption";
  const LONGEST_PART = 120, WAIT_MS = 30000;
  let key = "";

  const say = (what, more = "") => { said.textContent = `${said.dataset[what]} ${more}`.trim(); };

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    return bytes.map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  function keep() {
    const fields = Object.fromEntries(NAMES.map((name) => [name, field(name).value]));
    try { sessionStorage.setItem(PLACE, JSON.stringify({fields, key})); } catch { /* it stays here */ }
  }

  function bring() {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(PLACE)); } catch { /* nothing was kept */ }
    if (!kept?.fields?.text) return;
    key = kept.key;
    box.open = true;
    listParts(kept.fields.part);
    for (const name of NAMES) field(name).value = kept.fields[name] ?? "";
  }

  // What can be meant: the headings and captions that are seen now.
  function listParts(chosen = field("part").value) {
    const seen = [...document.querySelectorAll(PARTS)].filter((one) => one.offsetParent);
    const texts = seen.map((one) => one.textContent.trim().replace(/\s+/g, " ").slice(0, LONGEST_PART));
    const all = [...new Set([...texts, chosen].filter(Boolean))];
    field("part").replaceChildren(field("part").options[0], ...all.map((text) => new Option(text, text)));
    field("part").value = chosen;
  }

  // A link with data-tell in the page opens the form about what it names.
  function mean(event) {
    const link = event.target.closest("[data-tell]");
    if (!link) return;
    event.preventDefault();
    box.open = true;
    field("sort").value = "error";
    field("fact").value = link.dataset.tell;
    showWrong();
    keep();
    box.scrollIntoView({block: "start"});
    field("text").focus({preventScroll: true});
  }

  const showWrong = () => { field("wrong").hidden = field("sort").value !== "error"; };

  async function send(event) {
    event.preventDefault();
    if (button.disabled) return;
    if (!field("text").value.trim()) { say("empty"); field("text").focus(); return; }
    key ||= newKey();
    keep();
    button.disabled = true;
    say("waiting");
    const fields = Object.fromEntries(NAMES.map((name) => [name, field(name).value]));
    if (fields.sort !== "error") fields.fact = fields.proposed = fields.source = "";
    const link = field("link").checked ? `${location.pathname}${location.search}` : "";
    const about = {screen: form.dataset.screen, link: link.length > 2000 ? location.pathname : link};
    const {consent, lang} = form.dataset;
    try {
      const answer = await fetch(form.dataset.address, {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({kind: "feedback", key, consent, lang, ...about, ...fields}),
        signal: AbortSignal.timeout(WAIT_MS),
      });
      const told = await answer.json();
      if (told.code === "withdrawn") { key = ""; keep(); }
      if (!answer.ok) { say("failed", told.message ?? ""); return; }
      key = "";
      for (const name of ["part", "fact", "proposed", "source", "text"]) field(name).value = "";
      try { sessionStorage.removeItem(PLACE); } catch { /* nothing was kept */ }
      say("done", told.code);
    } catch { say("failed"); } finally { button.disabled = false; }
  }

  document.addEventListener("click", mean);
  form.addEventListener("submit", send);
  form.addEventListener("input", () => { showWrong(); keep(); });
  box.addEventListener("toggle", () => { if (box.open) listParts(); });
  bring();
  showWrong();
})();
