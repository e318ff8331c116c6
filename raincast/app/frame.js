// The page's language, and a menu that closes on a telephone once a page was chosen from it.
(() => {
  document.documentElement.lang = "LANGUAGE";
  if (window.raincastMenu) return;
  window.raincastMenu = true;
  document.addEventListener("click", (event) => {
    if (window.innerWidth > 768 || !event.target.closest('[data-testid="stSidebarNavLink"]')) return;
    const close = () => document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    setTimeout(() => close()?.click(), 150);
  });
})();
