"""The notifications of the window in a process of their own, driven by lines of JSON: [method, arguments...].

Run as a program. In pytest's process `packaging`, which the library needs, is the folder of tests of that name.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.services.support import program_of

from tokendial.desktop.notices import DesktopNotices
from tokendial.services.contract.common import Empty
from tokendial.services.contract.settings import SettingsPatch
from tokendial.services.contract.system import RefreshRequest


class Client:
    """Answers the lines; with a home also the program over it."""

    def __init__(self) -> None:
        self.clicks = 0
        self.notices = DesktopNotices(self._click)

    def _click(self) -> None:
        self.clicks += 1

    def why_not(self) -> object:
        return self.notices.why_not()

    def show(self, title: str, message: str) -> object:
        return self.notices.show(title, message)

    def clicked(self) -> object:
        return self.clicks

    def run(self, data: str, home: str) -> object:
        """The program, until `stop`: `scan`, `private` and `test` in between."""
        with program_of(Path(data), Path(home)) as program:
            program.notices = self.notices
            self.say(program.system_notices(Empty()).possible)
            for line in sys.stdin:
                (name,) = json.loads(line)
                if name == "stop":
                    break
                if name == "scan":
                    program.refresh(RefreshRequest(wait=True))
                    self.say(None)
                elif name == "private":
                    self.say(program.change_settings(SettingsPatch(values={"privacy": True})).privacy)
                else:
                    self.say(program.test_notice(Empty()).why)
        return None

    def say(self, answer: object) -> None:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def main() -> None:
    client = Client()
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        client.say(getattr(client, name)(*arguments))
    client.notices.close()
    client.notices.close()


if __name__ == "__main__":
    main()
