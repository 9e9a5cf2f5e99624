// Looks every two seconds how far a scan has come; without this script a link does.
const part = document.querySelector("[data-scanning]");

async function look() {
  try {
    const answer = await fetch(window.location.pathname, { headers: { accept: "application/json" }, redirect: "error" });
    const { over, share, said } = await answer.json();
    if (over) return window.location.reload();
    part.querySelector("progress").value = share;
    const line = part.querySelector("[data-scanning-said]");
    if (line.textContent !== said) line.textContent = said;
  } catch { /* the session ended, or the server is away: the link tells */ return null; }
  return window.setTimeout(look, 2000);
}

if (part) window.setTimeout(look, 2000);
