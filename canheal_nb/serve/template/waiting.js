// A page that waits: asks how many are before it, and opens itself when it is its turn.
(() => {
  const box = document.getElementById("waiting");
  const words = JSON.parse(document.getElementById("waiting-words").textContent);
  const said = document.getElementById("waiting-said");
  let ticket = box.dataset.ticket;

  function say(text) {
    if (said.textContent !== text) said.textContent = text;
  }

  function open() {
    say(words.enter);
    const address = new URL(location.href);
    address.searchParams.set("ticket", ticket);
    location.replace(address.href);
  }

  async function ask() {
    try {
      const answer = await fetch(`${box.dataset.ask}?ticket=${encodeURIComponent(ticket)}`, { cache: "no-store" });
      const told = await answer.json();
      if (told.ticket) ticket = told.ticket;
      if (told.enter) return open();
      if (told.before === 0) say(words.none);
      else if (told.before === 1) say(words.one);
      else if (told.before) say(words.many.replace("{count}", told.before));
    } catch {
      say(words.lost);
    }
    setTimeout(ask, 1000 * box.dataset.seconds);
  }

  setTimeout(ask, 1000 * box.dataset.seconds);
})();
