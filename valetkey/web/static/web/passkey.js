// Shows what needs a passkey where the browser has them, and says in words when one did not work.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
});

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const said of document.querySelectorAll("[data-passkey-said]")) said.hidden = false;
});

// The Enter key in a form whose button asks the device first.
document.addEventListener("submit", (event) => {
  const credential = event.target.querySelector("input[name=credential]");
  if (!credential || credential.value) return;
  event.preventDefault();
  event.target.querySelector("button").click();
});
