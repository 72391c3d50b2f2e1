// The team's page is fetched with the token behind the # of its address. The token is kept for this
// tab and this server alone (sessionStorage knows the port, cookies do not).
const kept = "canheal-team-token";
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem(kept, given);
  history.replaceState(null, "", location.pathname + location.search);
}
const headers = () => ({"X-Team-Token": sessionStorage.getItem(kept) || ""});

async function show() {
  const waits = document.getElementById("team-waits");
  const closed = document.getElementById("team-closed");
  waits.hidden = false;
  closed.hidden = true;
  try {
    const answer = await fetch(location.pathname + location.search, {headers: headers()});
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 403) { closed.hidden = false; sessionStorage.removeItem(kept); } else {
      document.getElementById("main").replaceChildren(...page.getElementById("main").children);
      listen();
    }
  } catch {
    closed.textContent = document.getElementById("team-entrance").dataset.failed;
    closed.hidden = false;
  }
  waits.hidden = true;
}

// What the team notes about a comment, sent as JSON; a failure leaves the form as it is.
function listen() {
  for (const form of document.querySelectorAll("form[data-note]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = document.getElementById("team-said");
      const {note, address, lang} = form.dataset;
      try {
        const answer = await fetch(address, {
          method: "POST",
          headers: {"Content-Type": "application/json", ...headers()},
          body: JSON.stringify({item: note, lang, ...Object.fromEntries(new FormData(form))}),
        });
        const told = await answer.json();
        if (answer.ok) { location.reload(); return; }
        said.textContent = told.message;
      } catch { said.textContent = said.dataset.failed; }
      said.scrollIntoView({block: "nearest"});
    });
  }
}

if (sessionStorage.getItem(kept)) show();
