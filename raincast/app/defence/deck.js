// Shows the slides that Python sends: one at a time, by keys or buttons. The number in the address's hash survives a reload.
const FORWARD = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

function element(tag, name, parent) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  parent.appendChild(made);
  return made;
}

export default function (component) {
  const { data, parentElement } = component;
  const { slides, words } = data;
  const home = parentElement.querySelector(".home");
  home.replaceChildren();
  const deck = element("div", "deck", home);
  deck.tabIndex = 0;
  deck.setAttribute("role", "region");
  deck.setAttribute("aria-label", words.deck);
  const page = element("section", "", deck);
  const kicker = element("p", "kicker", page);
  const message = element("h2", "", page);
  const number = element("p", "number", page);
  const figure = element("div", "figure", page);
  const source = element("p", "source", page);
  const notes = element("div", "speaker", deck);
  notes.hidden = true;
  const bar = element("nav", "", deck);
  const button = (name, act) => {
    const made = element("button", name, bar);
    made.type = "button";
    made.textContent = words[name];
    made.onclick = act;
    return made;
  };

  const small = matchMedia("(max-width: 640px)");
  let at = Math.min(slides.length, Math.max(1, parseInt(location.hash.slice(1), 10) || 1)) - 1;
  const previous = button("previous", () => go(at - 1));
  const next = button("next", () => go(at + 1));
  button("notes", toggle);
  button("full", fill);
  const count = element("span", "count", bar);
  count.setAttribute("aria-live", "polite");

  function go(to) {
    at = Math.min(slides.length - 1, Math.max(0, to));
    const slide = slides[at];
    kicker.textContent = slide.title;
    message.textContent = slide.message;
    figure.innerHTML = small.matches ? slide.narrow : slide.svg;
    const drawn = figure.querySelector("svg");
    if (drawn) { drawn.setAttribute("role", "img"); drawn.setAttribute("aria-label", slide.message); }
    number.replaceChildren();
    if (slide.number) {
      element("strong", "", number).textContent = slide.number;
      element("span", "", number).textContent = slide.unit;
    }
    page.classList.toggle("opening", at === 0);
    source.textContent = slide.source;
    notes.textContent = slide.notes;
    count.textContent = `${at + 1} / ${slides.length}`;
    previous.disabled = at === 0;
    next.disabled = at === slides.length - 1;
    history.replaceState(history.state, "", `#${at + 1}`);
  }
  function toggle() { notes.hidden = !notes.hidden; }
  function fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (deck.requestFullscreen) deck.requestFullscreen();
  }
  function pressed(event) {
    const writing = event.composedPath()[0];
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(writing.tagName || "") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && /^(BUTTON|LABEL|A)$/.test(writing.tagName || "")) return;
    if (FORWARD.includes(event.key)) go(at + 1);
    else if (BACK.includes(event.key)) go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(slides.length - 1);
    else if (event.key.toLowerCase() === "n") toggle();
    else if (event.key.toLowerCase() === "f") fill();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const turned = () => go(at);
  document.addEventListener("keydown", pressed, true);
  small.addEventListener("change", turned);
  go(at);
  return () => {
    document.removeEventListener("keydown", pressed, true);
    small.removeEventListener("change", turned);
  };
}
