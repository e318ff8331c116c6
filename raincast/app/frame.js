// The page's language; a menu that closes on a telephone once a page was chosen from it; charts that the tabulator
// reaches, so that their names are read out; the address, to share.
(() => {
  document.documentElement.lang = "LANGUAGE";
  if (window.raincastMenu) return;
  window.raincastMenu = true;
  document.addEventListener("click", (event) => {
    if (window.innerWidth > 768 || !event.target.closest('[data-testid="stSidebarNavLink"]')) return;
    const close = () => document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    setTimeout(() => close()?.click(), 150);
  });
  const reached = () => document.querySelectorAll('[data-testid="stPlotlyChart"]:not([tabindex])').forEach((chart) => { chart.tabIndex = 0; });
  new MutationObserver(reached).observe(document.body, { childList: true, subtree: true });
  reached();
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.share");
    if (!button) return;
    const text = document.querySelector("p.told")?.textContent;
    if (navigator.share) return navigator.share({ title: document.title, text, url: location.href }).catch(() => {});
    await navigator.clipboard.writeText(location.href);
    button.textContent = button.dataset.done;
  });
})();
