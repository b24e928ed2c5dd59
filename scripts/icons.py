"""Draws the icons of the packaged program from build/icons/tokendial.svg: PNG, .ico for Windows, .icns for macOS.

Chromium draws every size by itself, so that small ones are sharp; Pillow only puts them together. Run it after the
drawing was changed, and commit what it writes.
"""

from __future__ import annotations

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "icons"
DRAWING = FOLDER / "tokendial.svg"
WINDOW_ICON = ROOT / "backend" / "tokendial" / "desktop" / "icon.png"
PNG_SIZES = (16, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)
WINDOW_SIZE = 128


def main() -> int:
    """Draws all sizes and writes the files."""
    chromium = os.environ.get("TOKENDIAL_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page()
        images = {size: draw(page, size) for size in sorted({*PNG_SIZES, *ICO_SIZES, *ICNS_SIZES})}
        browser.close()
    for size in PNG_SIZES:
        images[size].save(FOLDER / f"tokendial-{size}.png", optimize=True)
    images[WINDOW_SIZE].save(WINDOW_ICON, optimize=True)
    save([images[size] for size in ICO_SIZES], FOLDER / "tokendial.ico")
    save([images[size] for size in ICNS_SIZES], FOLDER / "tokendial.icns")
    for path in sorted([*FOLDER.iterdir(), WINDOW_ICON]):
        print(f"{path}: {path.stat().st_size:,} bytes")
    return 0


def draw(page: Page, size: int) -> Image.Image:
    """The drawing at one size, on a transparent ground."""
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{DRAWING.read_text()}")
    page.eval_on_selector("svg", "(svg, size) => { svg.setAttribute('width', size); }", size)
    return Image.open(BytesIO(page.screenshot(omit_background=True))).convert("RGBA")


def save(images: list[Image.Image], path: Path) -> None:
    """One file with all these sizes, each as it was drawn."""
    *rest, largest = images
    largest.save(path, append_images=rest, sizes=[image.size for image in images])


if __name__ == "__main__":
    sys.exit(main())
