"""Greedy decoding of many windows at once: the tokens of ``whisper.decode`` in less time.

A step reads far more memory than it computes: all keys and values of the sound and the whole
vocabulary for one new token a window. So both are kept in bfloat16 where the processor multiplies
that itself, the likeliest tokens are scored again in full precision, and windows that have ended
are no longer read. torch is imported here at once: import this module where it is used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable

# Tokens a step that are scored in full precision. bfloat16 moves a logit by a tenth or so; the
# right token was never below the second place in 56 windows of calls.
SCORED_AGAIN = 16


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one window says.

    Attributes:
        tokens: Text tokens, without prompt, start and end.
        no_speech_probability: Of Whisper's "no speech" token at the start, 0 to 1.
        log_probability: Mean over the tokens and the end, natural logarithm.
    """

    tokens: tuple[int, ...]
    no_speech_probability: float
    log_probability: float


def decode(
    model: Any, audio_features: Tensor, tokenizer: Any, prompt: Sequence[int] = ()
) -> list[Decoded]:
    """Decode windows as ``whisper.decode`` does at temperature 0 without timestamps.

    Args:
        model: A whisper model; its weights give device and precision. It is not changed.
        audio_features: The encoder's output, shape (windows, 1500, width).
        tokenizer: Whisper's, for the language spoken.
        prompt: Tokens of what was said before; whisper's limit of their number holds.
    """
    context = model.dims.n_text_ctx
    start = _start(tokenizer, prompt, context)
    steps = min(context // 2, context - len(start) + 1)
    with torch.inference_mode():
        decoder = Decoder(model, audio_features, len(start) + steps - 1, exact=False)
        hidden = decoder.advance(torch.tensor([start]).repeat(len(audio_features), 1))
        no_speech = decoder.logits(hidden[:, start.index(tokenizer.sot)]).softmax(dim=-1)
        batch = _Batch(decoder, tokenizer.eot)
        mask = decoder.mask(_never(tokenizer))
        batch.take(hidden, mask + decoder.mask([*tokenizer.encode(" "), tokenizer.eot]))
        for _ in range(steps - 1):
            if not batch.rows:
                break
            batch.take(decoder.advance(batch.newest), mask)
    return [
        Decoded(tuple(tokens), probability, log_sum / (len(tokens) + 1))
        for tokens, probability, log_sum in zip(
            batch.tokens, no_speech[:, tokenizer.no_speech].tolist(), batch.log_sums, strict=True
        )
    ]


def _start(tokenizer: Any, prompt: Sequence[int], context: int) -> list[int]:
    start = list(tokenizer.sot_sequence_including_notimestamps)
    if not prompt:
        return start
    return [tokenizer.sot_prev, *prompt[-(context // 2 - 1) :], *start]


def _never(tokenizer: Any) -> list[int]:
    """Return what ``suppress_tokens="-1"`` means to whisper."""
    return [
        *tokenizer.non_speech_tokens,
        tokenizer.transcribe,
        tokenizer.translate,
        tokenizer.sot,
        tokenizer.sot_prev,
        tokenizer.sot_lm,
        tokenizer.no_speech,
    ]


class _Batch:
    """The windows on their way to the end: ``rows[i]`` is the window in row i of the decoder."""

    def __init__(self, decoder: Decoder, eot: int) -> None:
        self._decoder = decoder
        self._eot = eot
        self.rows = list(range(decoder.windows))
        self.tokens: list[list[int]] = [[] for _ in self.rows]
        self.log_sums = [0.0 for _ in self.rows]

    @property
    def newest(self) -> Tensor:
        """The last token of each row, shape (rows, 1)."""
        return torch.tensor([[self.tokens[window][-1]] for window in self.rows])

    def take(self, hidden: Tensor, mask: Tensor) -> None:
        """Add the likeliest token to each row, given the decoder's output for it."""
        logits = self._decoder.logits(hidden[:, -1], mask)
        best = logits.max(dim=-1)
        log_probabilities = best.values - logits.logsumexp(dim=-1)
        chosen = zip(best.indices.tolist(), log_probabilities.tolist(), strict=True)
        ended = []
        for row, (token, log_probability) in enumerate(chosen):
            self.log_sums[self.rows[row]] += log_probability
            if token == self._eot:
                ended.append(row)
            else:
                self.tokens[self.rows[row]].append(token)
        for row in reversed(ended):
            self._decoder.drop(row)
            last = self.rows.pop()
            if row < len(self.rows):
                self.rows[row] = last


class Decoder:
    """Whisper's text decoder over a batch of windows, a row each, with keys and values kept.

    Args:
        model: A whisper model.
        audio_features: The encoder's output, shape (windows, 1500, width).
        length: Tokens that a row has room for.
        exact: Compute everything in the precision of the weights, which takes longer.
    """

    def __init__(self, model: Any, audio_features: Tensor, length: int, *, exact: bool) -> None:
        decoder = model.decoder
        self._embedding: Tensor = decoder.token_embedding.weight
        self._positions: Tensor = decoder.positional_embedding
        self._norm = decoder.ln
        features = audio_features.to(self._embedding)
        rough = features.dtype if exact else _rough_type(features)
        self._rough_embedding = self._embedding.to(rough)
        self._blocks = [
            _Block(block, features, features.to(rough), length) for block in decoder.blocks
        ]
        self._at = 0
        self.windows = len(features)

    def advance(self, tokens: Tensor) -> Tensor:
        """Append tokens, shape (rows, n), to the rows; return (rows, n, width)."""
        end = self._at + tokens.shape[1]
        tokens = tokens.to(self._embedding.device)
        hidden = F.embedding(tokens, self._embedding) + self._positions[self._at : end]
        for block in self._blocks:
            hidden = block.advance(hidden, self._at)
        self._at = end
        return _normed(self._norm, hidden)

    def mask(self, tokens: Iterable[int]) -> Tensor:
        """Return what to add to logits so that these tokens are never chosen."""
        mask = torch.zeros(len(self._embedding), device=self._embedding.device)
        mask[list(tokens)] = -math.inf
        return mask

    def logits(self, hidden: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return float32 logits, shape (n, vocabulary), for outputs of shape (n, width).

        Unless the decoder is exact, only the likeliest are; the others do for a sum over all.
        """
        # This way round is the faster one for a few rows (2 against 4 ms for 8).
        rough = (self._rough_embedding @ hidden.to(self._rough_embedding.dtype).T).T
        logits: Tensor = rough.contiguous().float()
        if mask is not None:
            logits += mask
        if self._rough_embedding.dtype == self._embedding.dtype:
            return logits
        likeliest = logits.topk(SCORED_AGAIN, dim=-1)
        exact = (self._embedding[likeliest.indices] @ hidden[:, :, None]).squeeze(-1).float()
        # What the mask forbids may be among the likeliest where little is allowed.
        exact = exact.masked_fill(likeliest.values == -math.inf, -math.inf)
        return logits.scatter_(1, likeliest.indices, exact)

    def cross_scores(self, layer: int, head: int, row: int) -> Tensor:
        """Return how the tokens of the last ``advance`` attend to the sound, before softmax.

        Shape (n, 1500), float32.
        """
        return self._blocks[layer].cross_scores(head, row)

    def drop(self, row: int) -> None:
        """Forget a row; the last one takes its place, so that the others stay where they are."""
        for block in self._blocks:
            block.drop(row)


class _Block:
    """One layer: its weights, and the keys and values of the tokens and of the sound.

    Keys and values have the shape (rows, heads, positions, width of a head).
    """

    def __init__(self, block: Any, features: Tensor, sound: Tensor, length: int) -> None:
        own, cross = block.attn, block.cross_attn
        self._block = block
        self._heads: int = own.n_head
        self._rows = len(features)
        # One product for query, key and value; whisper's keys have no bias.
        self._weight = torch.cat([own.query.weight, own.key.weight, own.value.weight])
        no_bias = torch.zeros_like(own.query.bias)
        self._bias = torch.cat([own.query.bias, no_bias, own.value.bias])
        self._sound_keys = self._split(cross.key(sound)).contiguous()
        self._sound_values = self._split(cross.value(sound)).contiguous()
        shape = (self._rows, self._heads, length, features.shape[-1] // self._heads)
        self._keys, self._values = features.new_empty(shape), features.new_empty(shape)
        self._sound_queries = features.new_empty(0)

    def advance(self, hidden: Tensor, at: int) -> Tensor:
        hidden = hidden + self._to_tokens(_normed(self._block.attn_ln, hidden), at)
        hidden = hidden + self._to_sound(_normed(self._block.cross_attn_ln, hidden))
        mixed: Tensor = hidden + self._block.mlp(_normed(self._block.mlp_ln, hidden))
        return mixed

    def cross_scores(self, head: int, row: int) -> Tensor:
        queries, keys = self._sound_queries[row, head], self._sound_keys[row, head]
        return queries.float() @ keys.float().T / math.sqrt(keys.shape[-1])

    def drop(self, row: int) -> None:
        self._rows -= 1
        if row < self._rows:
            for kept in (self._keys, self._values, self._sound_keys, self._sound_values):
                kept[row] = kept[self._rows]

    def _to_tokens(self, hidden: Tensor, at: int) -> Tensor:
        end = at + hidden.shape[1]
        joined = F.linear(hidden, self._weight, self._bias)
        queries, keys, values = (self._split(part) for part in joined.chunk(3, dim=-1))
        self._keys[: self._rows, :, at:end] = keys
        self._values[: self._rows, :, at:end] = values
        # Several tokens come only as the start of a row, where each sees those before it.
        attended = F.scaled_dot_product_attention(
            queries,
            self._keys[: self._rows, :, :end],
            self._values[: self._rows, :, :end],
            is_causal=hidden.shape[1] > 1,
        )
        out: Tensor = self._block.attn.out(attended.transpose(1, 2).flatten(2))
        return out

    def _to_sound(self, hidden: Tensor) -> Tensor:
        self._sound_queries = self._split(self._block.cross_attn.query(hidden))
        keys, values = self._sound_keys[: self._rows], self._sound_values[: self._rows]
        attended = F.scaled_dot_product_attention(self._sound_queries.to(keys.dtype), keys, values)
        out: Tensor = self._block.cross_attn.out(
            attended.to(hidden.dtype).transpose(1, 2).flatten(2)
        )
        return out

    def _split(self, joined: Tensor) -> Tensor:
        return joined.view(*joined.shape[:2], self._heads, -1).transpose(1, 2)


def _normed(norm: Any, hidden: Tensor) -> Tensor:
    # whisper's own module computes in float32 and then refuses weights in 16 bits.
    return F.layer_norm(hidden, norm.normalized_shape, norm.weight, norm.bias, norm.eps)


def _rough_type(features: Tensor) -> torch.dtype:
    fast = features.dtype == torch.float32 and multiplies_bfloat16(features.device.type)
    return torch.bfloat16 if fast else features.dtype


def multiplies_bfloat16(device: str) -> bool:
    """Whether this is a processor that multiplies bfloat16 itself; others take longer with it."""
    has_mkldnn: bool = torch._C._has_mkldnn
    return device == "cpu" and has_mkldnn and torch.ops.mkldnn._is_mkldnn_bf16_supported()
