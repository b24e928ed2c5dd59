"""Prompts."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.prompts import Prompt, PromptRequest, PromptsPage, PromptsRequest


@registry.command("prompts.list")
def prompts(app: Application, request: PromptsRequest) -> PromptsPage:
    """A page of prompts, newest first."""
    return app.prompts(request)


@registry.command("prompts.get")
def prompt(app: Application, request: PromptRequest) -> Prompt:
    """One prompt in full."""
    return app.prompt(request)
