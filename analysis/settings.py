"""What a user chooses for a run, and the fingerprint of the choices behind a score."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib.metadata import version

import msgspec

from calltone.analysis.roles import AgentChannel
from calltone.analysis.rubric import Rubric
from calltone.audio.transcribe import Engine


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that change what is heard or how it is judged.

    Attributes:
        language: Whisper's code of the language; None lets the recogniser find out.
        agent_channel: Which channel is the agent's; "auto" tells it from the words.
        rubric: The house's view of a good call.
    """

    language: str | None = None
    agent_channel: AgentChannel = "auto"
    rubric: Rubric = field(default_factory=Rubric)


def fingerprint(settings: Settings, engine: Engine) -> str:
    """Return 16 hex digits that stand for calltone, recogniser, weights and settings."""
    stated = msgspec.to_builtins(
        [version("calltone"), engine, settings], enc_hook=dict, order="deterministic"
    )
    content = msgspec.json.encode(stated, order="deterministic")
    return hashlib.sha256(content).hexdigest()[:16]
