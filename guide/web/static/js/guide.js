// Everything works without this file: it only adds comfort.

// Suggest communes while somebody types. Names are matched here: nothing typed leaves the browser.
const plain = (text) => text.toLowerCase().replace(/œ/g, "oe").normalize("NFD").replace(/[\u0300-\u036f]/g, "")
  .replace(/[^a-z0-9]+/g, " ").replace(/\bst(e?)\b/g, "saint$1").trim();

for (const box of document.querySelectorAll("[data-communes]")) {
  const list = document.createElement("datalist");
  list.id = `${box.id}-liste`;
  box.after(list);
  box.setAttribute("list", list.id);
  let communes;
  box.addEventListener("focus", async () => {
    if (communes) return;
    communes = [];
    try {
      const answer = await fetch(box.dataset.communes);
      if (answer.ok) communes = (await answer.json()).map(([name, postcodes]) => ({ name, postcodes, key: plain(name) }));
    } catch { /* no suggestion: the server resolves what is typed */ }
  }, { once: true });
  box.addEventListener("input", () => {
    const key = plain(box.value);
    const found = key.length < 2 ? [] : communes?.filter((c) => c.key.startsWith(key) || c.key.includes(` ${key}`) || c.postcodes.some((p) => p.startsWith(key))) ?? [];
    found.sort((a, b) => b.key.startsWith(key) - a.key.startsWith(key) || a.name.localeCompare(b.name, "fr"));
    list.replaceChildren(...found.slice(0, 10).map((c) => Object.assign(document.createElement("option"), { value: c.name, label: `${c.name} (${c.postcodes.join(", ")})` })));
  });
}

// "I do not know" and the other boxes exclude one another.
for (const unknown of document.querySelectorAll("[data-unknown]")) {
  const boxes = [...unknown.form.elements].filter((box) => box.type === "checkbox" && box.name === unknown.name && box !== unknown);
  unknown.addEventListener("change", () => { if (unknown.checked) boxes.forEach((box) => { box.checked = false; }); });
  boxes.forEach((box) => box.addEventListener("change", () => { if (box.checked) unknown.checked = false; }));
}

// Buttons that only a script can serve are shown by it, and always answer a click.
for (const button of document.querySelectorAll("[data-do]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (button.dataset.do === "print") return window.print();
    const said = document.getElementById(button.dataset.status);
    try {
      await navigator.clipboard.writeText(button.dataset.text ?? window.location.href);
      said.textContent = "Le lien est copié : collez-le où vous voulez.";
    } catch {
      said.textContent = "La copie n’a pas marché : copiez l’adresse en haut de l’écran.";
    }
  });
}

// The conversation goes on without leaving the page: the same answer from the same server, and only what is new is added.
for (const form of document.querySelectorAll("[data-conversation]")) {
  const log = form.querySelector("[role=log]");
  const waiting = form.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    const sent = new URLSearchParams(new FormData(form, button));
    waiting.textContent = "Je cherche…";
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-conversation]");
      if (!next) throw new Error("no conversation");
      const turns = [...next.querySelector("[role=log]").children];
      const known = button?.name === "retirer" ? turns.length : turns.length - 2;
      if (known < log.children.length) log.replaceChildren();
      for (const id of ["reponse"]) document.getElementById(id)?.removeAttribute("id");
      log.append(...turns.slice(log.children.length));
      form.action = next.action;
      form.querySelector("#suite").replaceWith(next.querySelector("#suite"));
      const box = form.elements.message;
      if (answer.ok) box.value = "";
      box.removeAttribute("aria-invalid");
      waiting.textContent = answer.ok ? "" : "Écrivez votre question ou votre projet, même en quelques mots.";
      box.focus({ preventScroll: true });
      document.getElementById("reponse")?.scrollIntoView({ block: "nearest" });
    } catch {
      waiting.textContent = "La réponse n’est pas arrivée : vos mots sont toujours là, envoyez-les de nouveau.";
    }
  });
}
