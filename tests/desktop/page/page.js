"use strict";

window.pushed = [];
window.keys = [];
window.violations = [];
window.tokendialEvent = (name, payload) => window.pushed.push([name, payload]);

document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "r") {
    event.preventDefault();
    window.keys.push("ctrl+r");
  }
});

window.addEventListener("pywebviewready", () => {
  document.getElementById("state").textContent = "ready";
});
