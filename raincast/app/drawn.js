// Shows what Python drew. On a map a click or Enter chooses a station, and buttons zoom towards the one that is chosen.
const MOST = 8;

export default function ({ data, parentElement, setTriggerValue }) {
  const home = parentElement.querySelector(".home");
  if (home.drawn !== data.drawn) {
    const held = home.contains(document.activeElement) ? document.activeElement.dataset.place : undefined;
    if (home.part !== data.part) home.zoom = 1;
    home.drawn = data.drawn;
    home.part = data.part;
    home.innerHTML = data.drawn;
    if (held) home.querySelector(`[data-place="${held}"]`)?.focus({ preventScroll: true });
  }
  const scaled = () => home.firstElementChild.style.setProperty("--zoom", home.zoom);
  scaled();
  const choose = (target) => {
    const mark = target.closest("[data-place]");
    if (mark) setTriggerValue("chosen", mark.dataset.place);
    return Boolean(mark);
  };
  home.onclick = (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return choose(event.target);
    const factor = { in: 1.5, out: 1 / 1.5, whole: 0 }[button.dataset.zoom];
    home.zoom = Math.min(MOST, Math.max(1, home.zoom * factor));
    scaled();
  };
  home.onkeydown = (event) => {
    if ((event.key === "Enter" || event.key === " ") && choose(event.target)) event.preventDefault();
  };
}
