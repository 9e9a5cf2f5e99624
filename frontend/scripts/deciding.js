// Shows of a decision's form what the decision that was chosen needs. Without this script all of it is there.
const form = document.querySelector("form[data-decision]");

function show() {
  const chosen = form.querySelector("input[name=decision]:checked")?.value ?? "";
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(chosen);
}

form.addEventListener("change", show);
show();
