// What became of a hand-in, by its code; and taking it back.
(() => {
  const form = document.getElementById("yours-form");
  const said = document.getElementById("yours-said");
  const withdraw = document.getElementById("yours-withdraw");
  const {base, lang} = form.dataset;

  function show(...texts) {
    said.replaceChildren(...texts.filter(Boolean).map((text) => {
      const line = document.createElement("p");
      line.className = "shell-written";
      line.textContent = text;
      return line;
    }));
  }

  async function ask(path) {
    const code = document.getElementById("yours-code").value;
    withdraw.hidden = true;
    try {
      const answer = await fetch(base + path, {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({code, lang}),
      });
      const told = await answer.json();
      if (answer.ok) return told;
      show(told.message);
    } catch { show(said.dataset.failed); }
    return null;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = await ask("answers");
    if (!told) return;
    const what = said.dataset[told.kind === "feedback" ? told.state : told.kind];
    const first = what.replace("{received}", told.received).replace("{due}", told.due);
    show(first, told.answer, told.changed && `${said.dataset.changed} ${told.changed}`);
    withdraw.hidden = false;
  });

  withdraw.addEventListener("click", async () => {
    if (await ask("withdrawals")) {
      show(said.dataset.withdrawn);
      document.getElementById("yours-code").value = "";
    }
  });
})();
