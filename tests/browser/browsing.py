"""Looking at a page: what axe finds, what sticks out, what leaves this computer; and screenshots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SCREENSHOTS = Path(__file__).parents[2] / "out" / "screenshots"


def axe(page: Any, slight: bool = False) -> list[dict[str, Any]]:
    """What axe finds of serious or critical impact on a page; with ``slight`` whatever it finds."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [violation for violation in found if slight or violation["impact"] in ("serious", "critical")]


def outside(page: Any) -> list[str]:
    """From now on, every request of the page that goes to another computer."""
    asked: list[str] = []

    def note(request: Any) -> None:
        if request.url.startswith("http") and "127.0.0.1" not in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def cut_off(page: Any, root: str = ".cvh") -> list[str]:
    """Controls and words of ours that stick out of the page, are wider than their room, or tiny."""
    return list(page.evaluate(_CUT_OFF, root))


_CUT_OFF = """root => {
  const found = [];
  const parts = 'button, input, select, label, img, summary, th, p, legend';
  for (const part of document.querySelectorAll(`${root} :is(${parts})`)) {
    const box = part.getBoundingClientRect();
    if (!box.width || part.closest('.cvh-table, details:not([open]), .widget-hidden')) continue;
    const name = `${part.tagName} ${part.innerText || part.value || part.alt || ''}`.slice(0, 60);
    const room = part.closest('.jp-OutputArea-output, .cell-output, body').getBoundingClientRect();
    if (box.right > room.right + 1) found.push(`sticks out: ${name}`);
    if (['BUTTON', 'LABEL', 'LEGEND'].includes(part.tagName) && part.scrollWidth > part.clientWidth + 1) {
      found.push(`cut off: ${name}`);
    }
    if (part.innerText && parseFloat(getComputedStyle(part).fontSize) < 11) found.push(`tiny: ${name}`);
  }
  return found;
}"""


def shoot(page: Any, name: str, whole: bool = False) -> None:
    """Keep a screenshot under out/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=whole)
