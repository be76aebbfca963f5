// A review works without this file. With it, keys and radios decide a line and save it at once, one after the other.
"use strict";

const form = document.getElementById("lines");
const said = document.getElementById("said");
const lines = form ? [...form.querySelectorAll("fieldset")] : [];
const letters = "kecnl";

let saving = Promise.resolve();

function tell(text) {
  said.textContent = text;
}

// The heading is far above; beside the button it is always in sight.
function howFar() {
  const far = document.getElementById("far");
  far.hidden = false;
  far.textContent = document.getElementById("how-far").textContent;
}

function decided(line) {
  return line.querySelector("input[type=radio]:checked");
}

function noteOf(line) {
  return line.querySelector("input:not([type=radio])");
}

function makeNote(line) {
  const note = document.createElement("input");
  note.name = "n" + line.id.slice(1);
  note.maxLength = 300;
  note.placeholder = "What is to be different";
  note.setAttribute("aria-label", "Note: what is to be different");
  line.append(note);
  return note;
}

function go(line) {
  (line || document.querySelector("#after button")).focus();
  (line || document.getElementById("after")).scrollIntoView({ block: "center" });
}

function beside(line, by) {
  return lines[lines.indexOf(line) + by];
}

// One at a time, so that of two keys on one line the later one holds.
function save(line) {
  const choice = decided(line);
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("decision", { k: "keep", e: "end", c: "change", n: "not_mine", l: "let_it_end" }[choice.value]);
  body.set("note", noteOf(line)?.value || "");
  line.dataset.state = "saving";
  saving = saving.then(() => send(line, body));
}

async function send(line, body) {
  let fault = "It could not be saved: the desk did not answer. Choose it once more.";
  try {
    const answer = await fetch(line.id.slice(1) + "/", {
      method: "POST", body, credentials: "same-origin", keepalive: true, headers: { "HX-Request": "true" },
    });
    const text = await answer.text();
    if (answer.ok && !answer.redirected) {
      document.getElementById("progress").outerHTML = text;
      howFar();
      tell("");
      line.querySelector(".errorlist")?.remove();
      line.dataset.state = "saved";
      return;
    }
    if (answer.status === 422) fault = text;
    else if (answer.redirected) fault = "You are signed out. Sign in, and go on here.";
    else if (answer.status < 500) fault = "It could not be saved. Load the page anew.";
  } catch {
    // No answer: said below.
  }
  line.dataset.state = "failed";
  const told = line.querySelector(".errorlist") || line.appendChild(document.createElement("p"));
  told.className = "errorlist";
  told.textContent = fault;
  tell(`Line ${line.id.slice(1)}: ${fault}`);
}

function choose(line, letter) {
  const choice = line.querySelector(`input[value=${letter}]`);
  if (!choice) return tell("This one has no end that is known: it cannot be left to it.");
  choice.checked = true;
  if (letter === "c") return (noteOf(line) || makeNote(line)).focus();
  save(line);
  go(beside(line, 1));
}

if (form) {
  document.getElementById("keys").hidden = false;
  howFar();
  for (const line of lines) line.tabIndex = -1;
  const first = lines.find((line) => location.hash === "#" + line.id) || lines.find((line) => !decided(line));
  if (first) go(first);

  // Only while one is on a line: elsewhere the letters are nobody's.
  form.addEventListener("keydown", (event) => {
    const line = event.target.closest("fieldset");
    if (!line || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === noteOf(line)) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!event.target.value.trim() && decided(line)?.value === "c") return tell("Say in a few words what is to be different.");
      if (decided(line)) save(line);
      return go(beside(line, 1));
    }
    const key = event.key.toLowerCase();
    const letter = "12345".includes(key) ? letters["12345".indexOf(key)] : key;
    if (event.key === "ArrowDown" || key === "j") go(beside(line, 1) || line);
    else if (event.key === "ArrowUp" || key === "u") go(beside(line, -1) || line);
    else if (letters.includes(letter)) choose(line, letter);
    else return;
    event.preventDefault();
  });

  form.addEventListener("change", (event) => {
    const line = event.target.closest("fieldset");
    if (!line || !decided(line)) return;
    const isChange = decided(line).value === "c";
    if (isChange && !noteOf(line)) makeNote(line).focus();
    else if (!isChange || noteOf(line).value.trim()) save(line);
  });
}
