// Says that scripts run, and wakes GOV.UK Frontend's components. Everything on the pages works without it.
import { initAll } from "/assets/govuk-frontend.min.js";

document.documentElement.classList.add("js-enabled");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
