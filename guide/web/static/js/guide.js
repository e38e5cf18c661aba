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
const touched = window.matchMedia("(pointer: coarse)");

for (const form of document.querySelectorAll("[data-conversation]")) {
  const log = form.querySelector("[role=log]");
  const waiting = form.querySelector("[role=status]");
  const box = form.elements.message;
  let busy = false;

  // The browser keeps the thread with this page of its history: the way back from a card finds it again, a new visit does not.
  const keep = () => history.replaceState({ thread: [...form.querySelectorAll("#suite input")].map((input) => [input.name, input.value]) }, "");

  const tell = (text, wrong = false) => {
    waiting.textContent = text;
    waiting.classList.toggle("field-error", wrong);
    if (wrong) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  };

  const show = (page, added) => {
    const next = page.querySelector("[data-conversation]");
    const turns = [...next.querySelector("[role=log]").children];
    if (turns.length - added !== log.children.length) log.replaceChildren();
    document.getElementById("reponse")?.removeAttribute("id");
    log.append(...turns.slice(log.children.length));
    log.children[log.children.length - 2]?.setAttribute("id", "reponse");
    form.setAttribute("action", next.getAttribute("action"));
    for (const id of ["avant", "suite", "encore"]) document.getElementById(id).replaceWith(page.getElementById(id));
    document.title = page.title;
    keep();
  };

  const ask = async (sent, added) => {
    busy = true;
    log.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => tell("Je cherche…"), 400);
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: sent });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const wrong = page.querySelector("#message-erreur");
      tell(wrong?.textContent ?? "", Boolean(wrong));
      if (wrong) return false;
      show(page, added);
      return true;
    } catch {
      tell("La réponse n’est pas arrivée : vos mots sont toujours là, envoyez-les de nouveau.", true);
      return false;
    } finally {
      clearTimeout(slow);
      busy = false;
      log.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const button = event.submitter, typed = box.value, pressed = Boolean(button?.name);
    const sent = new URLSearchParams(new FormData(form));
    if (pressed) sent.set(button.name, button.value);
    const done = await ask(sent, button?.name === "retirer" ? 0 : 2);
    if (done && !pressed && box.value === typed) box.value = "";
    if (!done && pressed) return button.focus();
    const said = document.getElementById("reponse");
    if (done && button?.name === "retirer") tell(document.getElementById("compris").textContent);
    else if (done) said.scrollIntoView({ block: "start" });
    if (done && touched.matches) {  // a keyboard on the screen would hide the answer
      said.nextElementSibling.tabIndex = -1;
      said.nextElementSibling.focus({ preventScroll: true });
    } else box.focus({ preventScroll: done });
  });

  // A new line stays a new line, as in every box where one tells a story.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const came = performance.getEntriesByType("navigation")[0]?.type;
  if (history.state?.thread && (came === "back_forward" || document.wasDiscarded)) {
    ask(new URLSearchParams(history.state.thread), 0).then(() => document.getElementById("reponse")?.scrollIntoView({ block: "start" }));
  }
}
