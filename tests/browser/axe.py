"""Violations of accessibility that axe-core finds on a page."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# CSS selectors and the nodes that meet a rule are left out: they take half of the time, and no test
# reads them.
_RUN = """async () => {
  const read = { iframes: false, selectors: false, resultTypes: ["violations"] };
  return (await axe.run(document, read)).violations;
}"""


def violations(page: Page) -> list[str]:
    """Return violations that axe-core calls serious or critical.

    Frames within the page are left out.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [
        f"{rule['id']}: {node['html'][:300]} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
