// Everything works without this file. It copies a code and tells the desk so, and asks before a button that cannot be undone.
"use strict";

// On a phone the navigation is one line; where one is should be in sight.
const here = document.querySelector(".top .nav [aria-current]");
if (here && here.offsetLeft + here.offsetWidth > here.parentElement.clientWidth) here.parentElement.scrollLeft = here.offsetLeft - 16;

// What is wrong in a form may stand far below what is in sight.
document.querySelector(".errorlist")?.scrollIntoView({ block: "center" });

// What a link points at may lie folded up, and not every browser opens it.
function unfold() {
  const folded = document.getElementById(location.hash.slice(1))?.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  folded.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  event.preventDefault();
  const source = document.getElementById(button.dataset.copy);
  const said = document.getElementById(button.dataset.said);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    if (said) said.textContent = button.dataset.copied || "Copied.";
    if (button.form) {
      // Whoever takes the code with them stands in the record, as whoever looks at it does.
      await fetch(button.form.action, { method: "POST", body: new FormData(button.form), credentials: "same-origin" });
    }
  } catch {
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    if (said) said.textContent = button.dataset.notCopied || "It could not be copied by itself. It is selected: copy it with your keyboard or by a long press.";
  }
});
