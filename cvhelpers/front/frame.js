// What all controls share in a notebook: see Frame in widgets/front.py.
import { acknowledge, copyText, element, save } from "./shared.js";

const OUT_OF_SIGHT = 160; // pixels of the result that must be on the screen

function render({ model, el }) {
  let root = null;
  const gone = element("p", { className: "cvh-message cvh-gone", hidden: true });
  gone.textContent = "The kernel was restarted, so these controls are no longer connected. Run this cell again.";
  gone.setAttribute("role", "alert");
  el.classList.add("cvh-frame");

  const keys = (event) => {
    const saving = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (!saving) event.stopPropagation(); // else the notebook would take the key for a command of its own
  };
  const clicks = (event) => {
    if (!gone.hidden) return gone.scrollIntoView({ block: "center" }); // whoever tries a dead control reads why
    const button = event.target.closest("[data-copy], [data-save]");
    if (!button) return;
    const text = button.closest(".cvh-code").querySelector("pre").textContent;
    acknowledge(button, () => ("copy" in button.dataset ? copyText(text) : save(button.dataset.save, text)));
  };
  const connection = () => {
    gone.hidden = !root?.classList.contains("jupyter-widgets-disconnected");
  };
  const watcher = new MutationObserver(connection);
  const scroll = () => {
    const result = root?.querySelector(".cvh-result");
    if (!result) return;
    const { top } = result.getBoundingClientRect();
    if (top >= 0 && top < window.innerHeight - OUT_OF_SIGHT) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    result.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  };
  let timer = 0;
  const attach = () => {
    root = el.closest(".cvh");
    if (!root) {
      timer = setTimeout(attach, 30); // a view is made before it is put into the page
      return;
    }
    root.prepend(gone); // at the top of the whole control
    root.addEventListener("keydown", keys);
    root.addEventListener("click", clicks);
    watcher.observe(root, { attributes: true, attributeFilter: ["class"] });
    connection();
    model.send({ appeared: true });
  };
  model.on("change:scrolls", scroll);
  attach();
  return () => {
    clearTimeout(timer);
    watcher.disconnect();
    model.off("change:scrolls", scroll);
    gone.remove();
    root?.removeEventListener("keydown", keys);
    root?.removeEventListener("click", clicks);
  };
}

export default { render };
