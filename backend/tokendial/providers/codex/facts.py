"""What a rollout says about its session: identity, family, model, effort, tier, place (R1, R9, R10, R12)."""

from __future__ import annotations

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.domain.records import SUBAGENT
from tokendial.providers.codex.lines import Meta, ThreadSettings, ThreadSpawn, TurnContext
from tokendial.providers.codex.state import CodexState

_STANDARD_TIERS = frozenset({"default", "auto", "standard", ""})


class _Subagent(msgspec.Struct):
    thread_spawn: ThreadSpawn | None = None
    other: str | None = None


class _Source(msgspec.Struct):
    subagent: str | _Subagent | None = None


_decode_source = msgspec.json.Decoder(str | _Source | None).decode


def take_meta(state: CodexState, meta: Meta) -> None:
    """The first `session_meta` is the thread's own; one with another id begins copied history (R6)."""
    identity = meta.id.lower() if meta.id else None
    if state.metas == 0 and identity and not state.named:
        state.facts.id, state.named = identity, True
    state.metas += 1
    if identity and identity != state.facts.id:
        _relate(state, identity)
        if not state.by_reference:
            state.copied = True
        return
    _own_meta(state, meta)


def take_turn(state: CodexState, context: TurnContext) -> None:
    """`turn_context` names model, effort and place of the turn; an effort that is missing is unknown."""
    effort = str(context.effort) if context.effort is not None else None
    if effort is None and context.collaboration_mode is not None and context.collaboration_mode.settings is not None:
        effort = context.collaboration_mode.settings.reasoning_effort
    _set_model(state, context.model)
    state.effort = effort
    if context.cwd:
        state.cwd = context.cwd
    if not state.copied:
        state.facts.effort = effort
        state.facts.cwd = state.facts.cwd or context.cwd


def take_settings(state: CodexState, settings: ThreadSettings) -> None:
    """`thread_settings_applied`: a model switch between turns, and the only record of the tier (R10)."""
    _set_model(state, settings.model)
    if settings.reasoning_effort is not None:
        state.effort = settings.reasoning_effort
    tier = settings.service_tier
    state.tier = None if tier is None or tier in _STANDARD_TIERS else tier


def _set_model(state: CodexState, model: str | None) -> None:
    if not model:
        return
    state.model = model
    if state.copied:
        return
    state.facts.model = model
    if model not in state.models:
        state.models.append(model)


def _own_meta(state: CodexState, meta: Meta) -> None:
    known = state.facts
    known.cwd = meta.cwd or known.cwd
    state.cwd = state.cwd or meta.cwd
    known.originator = meta.originator or known.originator
    known.client_version = meta.cli_version or known.client_version
    if meta.git is not None and meta.git.branch:
        known.branch = meta.git.branch
    if known.started_ms is None and meta.timestamp:
        known.started_ms = parse_utc_ms(meta.timestamp)
    spawn = _take_source(state, meta.source)
    base = meta.history_base.thread_id if meta.history_base is not None else None
    state.by_reference = state.by_reference or base is not None
    parents = (meta.parent_thread_id, spawn, meta.forked_from_id, base)
    parent = next((one for one in parents if one), None)
    if parent is not None:
        known.parent = parent.lower()
        if known.kind == "main":
            known.kind = "fork"
    known.root = meta.session_id.lower() if meta.session_id else known.root
    known.agent = meta.agent_nickname or meta.agent_role or known.agent
    for relative in (meta.session_id, *parents):
        _relate(state, relative)


def _take_source(state: CodexState, raw: msgspec.Raw) -> str | None:
    """The kind of thread; the id of its parent where the source names it."""
    try:
        source = _decode_source(raw)
    except msgspec.DecodeError:
        return None
    if not isinstance(source, _Source) or source.subagent is None:
        return None
    if isinstance(source.subagent, str):
        state.facts.kind = source.subagent
        return None
    state.facts.kind = source.subagent.other or SUBAGENT
    spawn = source.subagent.thread_spawn
    if spawn is None:
        return None
    state.facts.agent = spawn.agent_nickname or spawn.agent_role or state.facts.agent
    return spawn.parent_thread_id


def _relate(state: CodexState, relative: str | None) -> None:
    if relative and relative.lower() not in (state.facts.id, *state.facts.relatives):
        state.facts.relatives.append(relative.lower())
