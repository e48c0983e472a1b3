"""When each word is said: ``whisper.timing.find_alignment`` for a batch, without its hooks.

The decoder runs once over all windows, only the attention that times words is kept, and the
medians are found by comparing, not by sorting. Import it where it is used, for torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from calltone.audio.greedy import Decoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEDIAN_WIDTH = 7
# Comparisons after which the median of seven is in the middle.
MEDIAN_OF_SEVEN = (
    *((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6)),
    *((2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4)),
)


def align(
    model: Any,
    tokenizer: Any,
    texts: Sequence[Sequence[int]],
    audio_features: Tensor,
    num_frames: Sequence[int],
) -> list[list[Any]]:
    """Time the words of each window; as ``find_alignment``, one list of ``WordTiming`` a window.

    Args:
        model: A whisper model with its alignment heads set. It is not changed.
        tokenizer: Whisper's, for the language spoken.
        texts: The text tokens of each window, without special ones.
        audio_features: The encoder's output, shape (windows, 1500, width).
        num_frames: Length of each window in mel frames of 10 ms.
    """
    start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    length = len(start) + max(map(len, texts), default=0) + 1
    # Filled up behind the end, where no token of the text looks.
    rows = [[*start, *text, *[tokenizer.eot] * (length - len(start) - len(text))] for text in texts]
    with torch.inference_mode():
        # In bfloat16 a few words in a thousand move, by up to 0.3 s.
        decoder = Decoder(model, audio_features, length, exact=True)
        hidden = decoder.advance(torch.tensor(rows))
        heads = model.alignment_heads.indices().T.tolist()
        timings: list[list[Any]] = []
        for row, (text, frames) in enumerate(zip(texts, num_frames, strict=True)):
            first, end = len(start) - 1, len(start) + len(text)
            words, word_tokens = tokenizer.split_to_word_tokens([*text, tokenizer.eot])
            if len(word_tokens) <= 1:
                timings.append([])
                continue
            scores = torch.stack([decoder.cross_scores(layer, head, row) for layer, head in heads])
            times = _token_times(scores[:, : end + 1, : frames // 2], first)
            spoken = _probabilities(decoder, hidden[row, first : end - 1], text, tokenizer.eot)
            timings.append(_timings(words, word_tokens, times, spoken))
    return timings


def _token_times(scores: Tensor, first: int) -> NDArray[np.float64]:
    """Return when each token from ``first`` on begins, in seconds, the end token included.

    ``scores`` has the shape (heads, tokens, sound positions).
    """
    from whisper.audio import TOKENS_PER_SECOND
    from whisper.timing import dtw

    attention = scores.softmax(dim=-1)
    std, mean = torch.std_mean(attention, dim=-2, keepdim=True, unbiased=False)
    matrix = _median((attention - mean) / std).mean(dim=0)[first:-1]
    token_indices, positions = dtw(-matrix)
    begins = np.diff(token_indices, prepend=-1) > 0
    times: NDArray[np.float64] = positions[begins] / TOKENS_PER_SECOND
    return times


def _median(values: Tensor) -> Tensor:
    """Running median along the last dimension, the edges reflected."""
    around = MEDIAN_WIDTH // 2
    if values.shape[-1] <= around:
        return values
    padded = F.pad(values, (around, around), mode="reflect")
    shifted = [padded[..., shift : shift + values.shape[-1]] for shift in range(MEDIAN_WIDTH)]
    for low, high in MEDIAN_OF_SEVEN:
        shifted[low], shifted[high] = (
            torch.minimum(shifted[low], shifted[high]),
            torch.maximum(shifted[low], shifted[high]),
        )
    return shifted[around]


def _probabilities(
    decoder: Decoder, hidden: Tensor, text: Sequence[int], eot: int
) -> NDArray[np.float64]:
    """Return how likely each text token was among all text tokens."""
    logits = decoder.logits(hidden)[:, :eot]
    chosen = logits.gather(1, torch.tensor(text, device=logits.device)[:, None])[:, 0]
    return np.array((chosen - logits.logsumexp(dim=-1)).exp().tolist())


def _timings(
    words: Sequence[str],
    word_tokens: Sequence[list[int]],
    times: NDArray[np.float64],
    probabilities: NDArray[np.float64],
) -> list[Any]:
    from whisper.timing import WordTiming

    ends = np.cumsum([len(tokens) for tokens in word_tokens[:-1]])
    starts = ends - [len(tokens) for tokens in word_tokens[:-1]]
    return [
        WordTiming(word, tokens, times[start], times[end], probabilities[start:end].mean())
        for word, tokens, start, end in zip(words, word_tokens, starts, ends, strict=False)
    ]
