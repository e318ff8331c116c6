// A form that Python wrote. What is typed is sent when a button is pressed, or at once where the form is live.
// It stays until Python fills the form anew, though Streamlit may take the form away and put it back.
const typed = new Map();
const fields = (form) => [...form.elements].filter((field) => field.name && field.tagName !== "BUTTON");
const value = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value);
const given = (form) => Object.fromEntries(fields(form).map((field) => [field.name, value(field)]));

function tell(field) {
  const output = field.closest(".field")?.querySelector("output");
  if (field.type === "range") {
    output.textContent = JSON.parse(field.dataset.said)[field.value];
    field.setAttribute("aria-valuetext", output.textContent);
  }
  if (field.type === "date") {
    const long = new Intl.DateTimeFormat(field.dataset.language, { dateStyle: "long", timeZone: "UTC" });
    output.textContent = field.value && long.format(new Date(field.value));
  }
}

function fill(form, values) {
  for (const field of fields(form)) {
    if (field.type === "checkbox") field.checked = Boolean(values[field.name]);
    else if (field.tagName !== "SELECT" || field.querySelector(`option[value="${CSS.escape(values[field.name])}"]`))
      field.value = values[field.name];
    tell(field);
  }
}

function keep(form, { key, filled }) {
  const values = given(form);
  for (const field of fields(form)) if (field.type === "password") values[field.name] = "";
  typed.set(key, { filled, values });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const home = parentElement.querySelector(".home");
  const isNew = home.drawn !== data.drawn;
  if (isNew || home.filled !== data.filled) {
    const held = home.contains(document.activeElement) ? document.activeElement.id : "";
    if (isNew) home.innerHTML = data.drawn;
    const before = typed.get(data.key);
    fill(home.querySelector("form"), before?.filled === data.filled ? before.values : data.values);
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
  }
  home.drawn = data.drawn;
  home.filled = data.filled;
  const form = home.querySelector("form"), isLive = "live" in form.dataset;
  const press = (button) => setTriggerValue("pressed", { button, values: given(form) });
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!isLive) press(event.submitter?.name ?? "");
  };
  form.onclick = (event) => {
    const button = event.target.closest("button[type=button]");
    if (button && form.reportValidity()) press(button.name);
  };
  form.oninput = (event) => {
    tell(event.target);
    if (!isLive) keep(form, data);
  };
  form.onchange = () => {
    if (isLive) press("");
  };
}
