// The shell's three tasks: say that the page is opening, say in plain words when something
// went wrong, and hand out the address of the view. Runs before anything else on the page.
window.shell = (() => {
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById("shell-words").textContent);
  const FIRST_OUTPUT_MS = 60000, CONNECTED_MS = 30000, RECONNECTED_MS = 5000;
  const TAKEN_OVER_MS = 20000, LOOK_MS = 100;
  const byId = (id) => document.getElementById(id);
  let waiting = setTimeout(() => fail("too-slow"), FIRST_OUTPUT_MS);
  let failed = null;

  // Who waited came in with a ticket, which is no part of the view.
  const came = new URL(location.href);
  if (came.searchParams.has("ticket")) {
    came.searchParams.delete("ticket");
    history.replaceState(history.state, "", came.href);
  }

  function become(state) {
    root.dataset.state = state;
  }

  function show() {
    if (root.dataset.state !== "opening" && failed !== "too-slow") return;
    clearTimeout(waiting);
    recover();
    become("shown");
    byId("shell-opening").hidden = true;
  }

  function fail(code) {
    if (failed) return;
    failed = code;
    clearTimeout(waiting);
    become("failed");
    byId("shell-opening").hidden = true;
    const box = byId("shell-trouble");
    box.replaceChildren(...trouble(code, words.trouble[code]));
    box.hidden = false;
    box.focus();
  }

  function recover() {
    failed = null;
    byId("shell-trouble").hidden = true;
  }

  function trouble(code, said) {
    const isFirst = !document.querySelector("h1");
    const title = element(isFirst ? "h1" : "h2", said.title);
    title.id = "shell-trouble-title";
    const again = element("button", words.again);
    again.type = "button";
    again.addEventListener("click", () => location.reload());
    const help = element("p", words.code.replace("{code}", [code, kernel().slice(0, 8)].join(" ").trim()));
    help.className = "shell-code";
    return [title, element("p", said.means), element("p", said.next), again, help];
  }

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function kernel() {
    const config = byId("jupyter-config-data");
    return config ? JSON.parse(config.textContent).kernelId : "";
  }

  // Voilà announces its application in `window.jupyterapp`, once it has started.
  function connect(app) {
    clearTimeout(waiting);
    app.shell.id = "jupyter-shell";
    const link = app.widgetManager && app.widgetManager.kernel;
    if (!link) return fail("kernel-lost");
    link.statusChanged.connect((_, status) => {
      if (status === "dead" || status.endsWith("restarting")) fail("kernel-lost");
    });
    link.connectionStatusChanged.connect((_, status) => follow(status));
    follow(link.connectionStatus);
  }

  function follow(status) {
    clearTimeout(waiting);
    if (status !== "connected") {
      waiting = setTimeout(() => fail("connection-lost"), RECONNECTED_MS);
      return;
    }
    if (failed === "connection-lost") recover();
    takeOver(Date.now() + TAKEN_OVER_MS);
  }

  // "live" means that every widget of the page stands in its place.
  function takeOver(deadline) {
    if (failed) return;
    const places = [...document.querySelectorAll(".shell-widget")];
    if (places.every((place) => place.querySelector(".lm-Widget > *"))) return become("live");
    if (Date.now() > deadline) return fail("widget-lost");
    waiting = setTimeout(() => takeOver(deadline), LOOK_MS);
  }

  Object.defineProperty(window, "jupyterapp", {
    configurable: true,
    set(app) {
      Object.defineProperty(window, "jupyterapp", { value: app, writable: true });
      connect(app);
    },
  });

  async function copyLink(event) {
    event.preventDefault();
    let said = words.copied;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      said = words.uncopied;
    }
    byId("shell-said").textContent = said;
    byId("shell-link").textContent = said;
    setTimeout(() => { byId("shell-link").textContent = words.link; }, 4000);
  }

  function otherLanguage(event) {
    const address = new URL(location.href);
    address.searchParams.set("lang", event.currentTarget.dataset.shellLanguage);
    event.currentTarget.href = address.href;
  }

  document.addEventListener("DOMContentLoaded", () => {
    byId("shell-link").addEventListener("click", copyLink);
    for (const other of document.querySelectorAll("[data-shell-language]")) {
      other.addEventListener("click", otherLanguage);
    }
  });
  window.addEventListener("load", () => {
    if (root.dataset.state === "opening") fail("cell-error");
    clearTimeout(waiting);
    waiting = setTimeout(() => fail("connection-lost"), CONNECTED_MS);
  });

  // Voilà ends the kernel on "beforeunload", which a download fires too; the page is gone
  // only on "pagehide".
  window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  window.addEventListener("pagehide", () => {
    if (kernel()) navigator.sendBeacon(`${document.body.dataset.baseUrl}api/shutdown/${kernel()}`);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.voila_heartbeat = () => {};

  return { show, fail };
})();
