// Links within the app, followed without a new document: the address is all that a run of the script needs. A menu
// that closes on a telephone once a page was chosen from it, and keeps the focus where it was. Charts whose marks the
// pointer and the arrow keys make speak; the address, to share.
(() => {
  const SMALL = 768; // pixels up to which Streamlit lays its sidebar over the page
  const refocus = (link) => {
    const menu = document.querySelector('[data-testid="stSidebar"]'), href = link.getAttribute("href");
    new MutationObserver((_, observer) => {
      const again = menu.querySelector(`nav.pages a[href="${CSS.escape(href)}"]`);
      if (link.isConnected || !again) return;
      observer.disconnect();
      if (document.activeElement === document.body) again.focus({ preventScroll: true });
    }).observe(menu, { childList: true, subtree: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("nav.pages a, a.switch");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const isOfMenu = link.className !== "switch";
    const address = new URL(isOfMenu ? link.href : location.href);
    if (isOfMenu) refocus(link);
    else address.searchParams.set("lang", link.hreflang);
    history.pushState({}, "", address);
    dispatchEvent(new PopStateEvent("popstate")); // Streamlit follows the browser's own way back, and so this
    if (isOfMenu && window.innerWidth <= SMALL)
      setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click(), 150);
  });
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("aria-hidden", "true"); // a screen reader has the mark's own name
  const hush = () => tip.remove();
  const tell = (mark) => {
    tip.textContent = mark.dataset.tip;
    document.querySelector('[data-testid="stApp"]').append(tip);
    const of = mark.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const above = of.top - own.height - 8;
    const left = of.left + of.width / 2 - own.width / 2;
    tip.style.top = `${above > 0 ? above : of.bottom + 8}px`;
    tip.style.left = `${Math.max(4, Math.min(left, window.innerWidth - own.width - 4))}px`;
  };
  const over = (event) => {
    const mark = event.target.closest?.("[data-tip]");
    if (mark) tell(mark);
    else hush();
  };
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", over);
  document.addEventListener("scroll", hush, true);
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hush();
    const chart = event.target.closest?.(".chart, .map");
    if (!chart || event.target.closest("button") || !STEPS[event.key]) return;
    const placed = [...chart.querySelectorAll(".mark")].map((mark) => [mark.getBoundingClientRect(), mark]);
    const marks = placed.sort(([a], [b]) => a.left - b.left || a.top - b.top).map(([, mark]) => mark);
    const at = marks.indexOf(event.target), step = STEPS[event.key];
    marks.at(at < 0 && step < 0 ? -1 : (at + step) % marks.length)?.focus({ preventScroll: true });
    event.preventDefault();
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.share");
    if (!button) return;
    const text = document.querySelector("p.told")?.textContent;
    if (navigator.share) return navigator.share({ title: document.title, text, url: location.href }).catch(() => {});
    await navigator.clipboard.writeText(location.href);
    button.textContent = button.dataset.done;
  });
})();
