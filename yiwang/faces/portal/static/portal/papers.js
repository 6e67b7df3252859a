// Files of an application: each is sent as soon as it is chosen, and is kept with the form. Without this script, or
// when it does not get through, the file goes with the next sending of the form.
const form = document.querySelector("form[data-papers]");
const words = form.querySelector("[data-paper-words]").dataset;
const TRIES = 3;
let going = Promise.resolve(); // one after the other: a phone has one line

for (const hint of form.querySelectorAll("[data-without-script]")) hint.hidden = true;

for (const place of form.querySelectorAll("[data-material]")) {
  const input = place.querySelector("input[type=file]");
  if (!input) continue;
  const said = place.querySelector("[data-paper-said]");
  input.addEventListener("change", () => {
    for (const file of [...input.files]) going = going.then(() => send(place, input, said, file));
  });
}

form.addEventListener("click", async (event) => {
  const button = event.target.closest("[name=_unpaper]");
  const place = button?.closest("[data-material]");
  if (!place) return;
  event.preventDefault();
  const data = head(place.dataset.material);
  data.append("_unpaper", button.value);
  const answer = await ask(data);
  if (answer) {
    place.querySelector("[data-kept]").innerHTML = await answer.text();
    place.querySelector("input[type=file]").focus();
  }
});

// What a commitment stands for is not asked for: the material is put away as long as it is chosen.
for (const place of form.querySelectorAll("[data-unless]")) {
  const services = place.dataset.unless.split(" ");
  const parts = [...place.children].filter((one) => !one.matches("[data-instead]"));
  const show = () => {
    const made = services.every((one) => form.elements[`way_${one}`]?.value === "commitment");
    for (const one of parts) one.hidden = made;
  };
  form.addEventListener("change", show);
  show();
}

function head(slug) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "id"]) data.append(name, form.elements[name].value);
  for (const one of form.elements) if (one.name.startsWith("case_")) data.append(one.name, one.value);
  data.append("_paper", slug);
  return data;
}

async function ask(data) {
  for (let at = 1; at <= TRIES; at += 1) {
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (answer.status < 500) return answer;
    } catch {
      // no connection: tried again below
    }
    await new Promise((done) => setTimeout(done, at * 1500));
  }
  return null;
}

async function send(place, input, said, file) {
  said.textContent = words.going.replace("{name}", file.name);
  const data = head(place.dataset.material);
  data.append(`file_${place.dataset.material}`, file);
  const answer = await ask(data);
  if (!answer || !(answer.headers.get("content-type") ?? "").startsWith("text/html")) {
    said.textContent = words.failed.replace("{name}", file.name);
    return;
  }
  const kept = place.querySelector("[data-kept]");
  kept.innerHTML = await answer.text();
  const refused = kept.querySelector("[data-refused]");
  said.textContent = refused ? "" : words.kept.replace("{name}", file.name);
  const rest = new DataTransfer(); // what is not sent yet stays chosen
  for (const one of input.files) if (one !== file) rest.items.add(one);
  input.files = rest.files;
  const choice = place.querySelector("select");
  if (!refused && choice && [...choice.options].some((one) => one.value === "brought")) choice.value = "brought";
}
