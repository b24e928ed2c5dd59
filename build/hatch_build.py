"""The build hook: `pip install .`, an editable install and an sdist all get a built front end."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]  # the configuration's type is of no use here
    """Builds frontend/ into the static folder if a source is newer; TOKENDIAL_SKIP_FRONTEND=1 leaves it out."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before the files are collected."""
        del version, build_data
        root = Path(self.root)
        frontend = runpy.run_path(str(Path(__file__).with_name("frontend_build.py")))
        try:
            built = frontend["ensure_frontend"](root)
        except frontend["FrontendError"] as error:
            self.app.abort(f"front end: {error}")
        if built:
            self.app.display_info("front end built")
        elif not (frontend["static_folder"](root) / "index.html").is_file():
            self.app.display_warning("this build has no front end")
