"""The build hook: `pip install .`, an editable install and an sdist get a built front end, and the compiled reader."""

from __future__ import annotations

import runpy
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TokendialHook(BuildHookInterface):  # type: ignore[type-arg]  # the configuration's type is of no use here
    """Builds frontend/ into the static folder if a source is newer (TOKENDIAL_SKIP_FRONTEND=1 leaves it out), and the
    C sources where there is a compiler; a wheel that holds their result is for this platform only.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before the files are collected."""
        del version
        root = Path(self.root)
        self._build_frontend(root)
        if self.target_name == "wheel":
            self._build_native(root, build_data)

    def _build_native(self, root: Path, build_data: dict[str, Any]) -> None:
        native = runpy.run_path(str(Path(__file__).with_name("native_build.py")))
        for source in native["build"](root):
            self.app.display_warning(f"{source.name} was not compiled: reading takes longer")
        if any(native["library"](root / name).is_file() for name in native["SOURCES"]):
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["pure_python"], build_data["tag"] = False, f"py3-none-{platform}"

    def _build_frontend(self, root: Path) -> None:
        frontend = runpy.run_path(str(Path(__file__).with_name("frontend_build.py")))
        try:
            built = frontend["ensure_frontend"](root)
        except frontend["FrontendError"] as error:
            self.app.abort(f"front end: {error}")
        if built:
            self.app.display_info("front end built")
        elif not (frontend["static_folder"](root) / "index.html").is_file():
            self.app.display_warning("this build has no front end")
