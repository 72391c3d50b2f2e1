// What the team notes about a comment, sent as JSON; a failure leaves the form as it is.
for (const form of document.querySelectorAll("form[data-note]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = document.getElementById("team-said");
    const {note, address, lang} = form.dataset;
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({item: note, lang, ...Object.fromEntries(new FormData(form))}),
      });
      const told = await answer.json();
      if (answer.ok) { location.reload(); return; }
      said.textContent = told.message;
    } catch { said.textContent = said.dataset.failed; }
    said.scrollIntoView({block: "nearest"});
  });
}
