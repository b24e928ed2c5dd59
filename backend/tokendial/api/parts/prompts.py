"""Prompts, read from the logs when they are asked for, unless the settings say that they are not to be shown."""

from __future__ import annotations

from tokendial.api.parts.core import Core
from tokendial.services import demo_prompts
from tokendial.services import prompts as service
from tokendial.services.contract.common import Filter
from tokendial.services.contract.prompts import Prompt, PromptRequest, PromptsPage, PromptsRequest


class PromptsPart(Core):
    """Shows what was asked."""

    def prompts(self, request: PromptsRequest, /) -> PromptsPage:
        """A page of prompts. The ledger's transaction has ended before a log is read."""
        if not self.own.settings.current.show_prompts:
            return PromptsPage(False, [], None)
        with self.view(request) as view:
            found = service.find(view, request)
        if self.sample is not None:
            return service.page(found, lambda row: demo_prompts.text_of(row, service.EXCERPT_LENGTH))
        return service.page(found)

    def prompt(self, request: PromptRequest, /) -> Prompt:
        """One prompt in full."""
        if not self.own.settings.current.show_prompts:
            return service.off()
        with self.view(Filter()) as view:
            row = service.find_one(view, request)
        if self.sample is not None:
            return service.full(row, lambda one: demo_prompts.text_of(one, service.FULL_LENGTH))
        return service.full(row)
