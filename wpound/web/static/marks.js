// Saves each mark as it is written, one request of a form after the other, through the address its button uses.
const FAILED = "Not saved. Check your connection, then press Save.";
const EXPIRED = "Not saved: this page was open for too long. Copy what you wrote, then load the page again.";

async function send(form) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
  });
  if (!(response.headers.get("Content-Type") ?? "").startsWith("application/json")) return { message: EXPIRED };
  return response.json();
}

function show(form, answer) {
  form.querySelector("[data-state]").textContent = answer.message;
  if (answer.version === undefined) return;
  form.elements.version.value = answer.version;
  for (const count of document.querySelectorAll("[data-missing]")) count.textContent = answer.missing;
}

function written(form) {
  const data = new FormData(form);
  return JSON.stringify([data.get("mark"), data.get("reason")]);
}

// As the page came: what was written before this script was there is not saved yet.
function came(form) {
  const value = (name) => {
    const fields = [...form.elements].filter((field) => field.name === name);
    if (fields.some((field) => field.type === "radio")) return fields.find((field) => field.defaultChecked)?.value ?? null;
    return fields[0]?.defaultValue ?? null;
  };
  return JSON.stringify([value("mark"), value("reason")]);
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  let queue = Promise.resolve();
  let saved = came(form);
  const save = () => {
    queue = queue.then(async () => {
      const now = written(form);
      if (now === saved) return;
      try {
        const answer = await send(form);
        if (answer.version !== undefined) saved = now;
        show(form, answer);
      } catch {
        show(form, { message: FAILED });
      }
    });
  };
  form.addEventListener("change", save);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (written(form) === saved) show(form, { message: "Nothing has changed since the last save." });
    save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (written(form) !== saved) event.preventDefault();
  });
  save();
}
