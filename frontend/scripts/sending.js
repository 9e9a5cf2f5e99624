// Sends an exhibit's file in parts and shows how far it has come. A lost connection is waited for, and sending goes on
// where it stopped; so it does when the page was closed and the same file is chosen again. Without this script the form
// is sent as any other.
const form = document.querySelector("form[data-sending]");
const part = document.querySelector("[data-sending-progress]");
const PLACE = "/exhibits/sendings";
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

class Refused extends Error {
  constructor(errors) { super("refused"); this.errors = errors; }
}

class Led extends Error {
  constructor(place) { super("led elsewhere"); this.place = place; }
}

// GOV.UK's error summary, and each message beside its field, as the page has them when it comes from the server.
function clear() {
  document.querySelector(".govuk-error-summary")?.remove();
  for (const message of form.querySelectorAll(".govuk-error-message")) message.remove();
  for (const group of form.querySelectorAll(".govuk-form-group--error")) group.classList.remove("govuk-form-group--error");
}

function wrong(errors) {
  clear();
  const summary = document.createElement("div");
  summary.className = "govuk-error-summary";
  summary.tabIndex = -1;
  summary.setAttribute("role", "alert");
  const title = document.createElement("h2");
  title.className = "govuk-error-summary__title";
  title.textContent = "There is a problem";
  const list = document.createElement("ul");
  list.className = "govuk-list govuk-error-summary__list";
  for (const [field, message] of errors) {
    const link = document.createElement("a");
    link.href = `#${field}`;
    link.textContent = message;
    list.append(document.createElement("li"));
    list.lastChild.append(link);
    beside(field, message);
  }
  summary.append(title, list);
  document.querySelector("#main-content").prepend(summary);
  summary.focus();
}

function beside(field, message) {
  const control = document.getElementById(field), group = control?.closest(".govuk-form-group");
  if (!group) return;
  const said = document.createElement("p"), hidden = document.createElement("span");
  said.className = "govuk-error-message";
  said.id = `${field}-error`;
  hidden.className = "govuk-visually-hidden";
  hidden.textContent = "Error: ";
  said.append(hidden, message);
  group.classList.add("govuk-form-group--error");
  const before = group.querySelector(".govuk-radios, .govuk-input, .govuk-file-upload, .govuk-drop-zone, .govuk-textarea");
  if (before) before.before(said); else group.append(said);
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
}

// -- what is kept in this tab so that a file goes on: which sending it was, by size and date of the file, not its name

const mark = (file) => `sending ${file.size} ${file.lastModified}`;

function fields(more) {
  const given = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") given.append(name, value);
  for (const [name, value] of Object.entries(more)) given.append(name, value);
  return given;
}

const ASKED = { accept: "application/json" };

async function answer(response) {
  if (response.redirected || !response.headers.get("content-type")?.startsWith("application/json")) {
    throw new Refused([["file", "This was refused, or your session ended. Nothing was sealed. Open the page again."]]);
  }
  const told = await response.json();
  if (told.next) throw new Led(told.next);
  if (told.errors && response.status !== 409) throw new Refused(told.errors);
  return told;
}

const tell = (text) => { part.querySelector("[data-sending-status]").textContent = text; };
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); window.addEventListener("online", done, { once: true }); });

// Does something until the connection carries it; what the server refuses is thrown at once.
async function patiently(step) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await step();
    } catch (reason) {
      if (reason instanceof Refused || reason instanceof Led) throw reason;
      tell("The connection was lost. Sending goes on by itself where it stopped, once it is back.");
      await pause(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
    }
  }
}

function show(received, size) {
  const share = Math.floor((100 * received) / size);
  part.querySelector("progress").value = share;
  tell(received < size ? `${share} of 100 sent` : "Sent. It is being sealed.");
}

async function goOn(file) {
  const known = sessionStorage.getItem(mark(file));
  if (!known) return null;
  const told = await patiently(async () => answer(await fetch(`${PLACE}/${known}`, { headers: ASKED })));
  return told.errors ? null : told;
}

const begin = async (file) => answer(await fetch(PLACE, { method: "POST", headers: ASKED, body: fields({ size: file.size }) }));

async function send(file) {
  let at = (await goOn(file)) ?? await patiently(() => begin(file));
  sessionStorage.setItem(mark(file), at.sending);
  while (at.received < file.size) {
    show(at.received, file.size);
    const data = file.slice(at.received, at.received + at.part), place = at;
    const told = await patiently(async () => answer(await fetch(`${PLACE}/${place.sending}?at=${place.received}`, {
      method: "PUT", headers: { ...ASKED, "x-csrf": form.elements.csrf.value, "content-type": "application/octet-stream" }, body: data,
    })));
    // The part may have come although its answer was lost: then it is refused, and what has come is asked for.
    at = told.errors ? await goOn(file) : told;
    if (!at) throw new Refused([["file", "The file is not on its way any more. Send it again."]]);
  }
  show(file.size, file.size);
  return patiently(async () => answer(await fetch(`${PLACE}/${at.sending}/seal`, { method: "POST", headers: ASKED, body: fields({}) })));
}

form?.addEventListener("submit", async (event) => {
  const file = form.elements.file.files[0], button = form.querySelector("button[type=submit]");
  event.preventDefault();
  clear();
  part.hidden = !file;
  button.disabled = true;
  try {
    await (file ? send(file) : begin({ size: "" }));
  } catch (reason) {
    if (reason instanceof Refused) wrong(reason.errors);
    else if (!(reason instanceof Led)) throw reason;
    else {
      if (reason.place.startsWith("/exhibits/")) sessionStorage.removeItem(mark(file));
      window.location.assign(reason.place);
    }
  } finally {
    part.hidden = true;
    button.disabled = false;
  }
});
