// Sends an exhibit's file and shows how far it has come. Without this script the form is sent as any other.
const form = document.querySelector("form[data-sending]");
const part = document.querySelector("[data-sending-progress]");

function wrong(errors) {
  document.querySelector(".govuk-error-summary")?.remove();
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
  }
  summary.append(title, list);
  document.querySelector("#main-content").prepend(summary);
  summary.focus();
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const sending = new XMLHttpRequest(), button = form.querySelector("button[type=submit]");
  const ended = () => { part.hidden = true; button.disabled = false; };
  part.hidden = false;
  button.disabled = true;
  sending.upload.addEventListener("progress", ({ loaded, total }) => {
    const share = total ? Math.round((100 * loaded) / total) : 0;
    part.querySelector("progress").value = share;
    part.querySelector("[data-sending-status]").textContent = share < 100 ? `${share} of 100 sent` : "Sent. It is being sealed.";
  });
  sending.addEventListener("load", () => {
    let answer = null;
    try { answer = JSON.parse(sending.responseText); } catch { /* a page: the session ended, or it was refused */ }
    ended();
    if (answer?.next) window.location.assign(answer.next);
    else if (answer?.errors) wrong(answer.errors);
    else wrong([["file", "This was refused, or your session ended. Nothing was sealed. Open the page again."]]);
  });
  sending.addEventListener("error", () => { ended(); wrong([["file", "The connection was lost. Nothing was sealed. Send it again."]]); });
  sending.open("POST", form.action);
  sending.setRequestHeader("accept", "application/json");
  sending.send(new FormData(form));
});
