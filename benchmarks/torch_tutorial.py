"""Training loop as PyTorch's tutorials of translation have it: a batch at a time, the decoder one step at a time."""

import time

import numpy as np
import torch
from torch import nn

__all__ = ["tutorial_rate"]

WARM_UP = 2  # batches that are not timed


class AdditiveAttention(nn.Module):
    """Bahdanau's score."""

    def __init__(self, units):
        super().__init__()
        self.query, self.key, self.energy = nn.Linear(units, units), nn.Linear(units, units), nn.Linear(units, 1)

    def forward(self, query, memory, mask):
        """Return the context `(B, units)` of a query `(B, units)` over a memory `(B, Tx, units)`."""
        energies = self.energy(torch.tanh(self.query(query)[:, None] + self.key(memory)))[..., 0]
        weights = torch.softmax(energies.masked_fill(~mask, -1e9), dim=-1)  # (B, Tx)
        return torch.bmm(weights[:, None], memory)[:, 0]


class Translator(nn.Module):
    """Bidirectional LSTM encoder, and a decoder whose LSTM cell reads symbol and context."""

    def __init__(self, vocabularies, sizes):
        super().__init__()
        source, target = vocabularies
        units = sizes["decoder_units"]
        self.units = units
        self.source_embedding = nn.Embedding(source, sizes["units"], padding_idx=0)
        self.encoder = nn.LSTM(sizes["units"], sizes["recurrent_units"], batch_first=True, bidirectional=True)
        self.memory = nn.Linear(2 * sizes["recurrent_units"], units)
        self.target_embedding = nn.Embedding(target, units)
        self.attention = AdditiveAttention(units)
        self.cell = nn.LSTMCell(2 * units, units)
        self.combine, self.logits = nn.Linear(2 * units, units), nn.Linear(units, target)

    def forward(self, source, target):
        """Return logits `(B, Ty, V)`, with teacher forcing."""
        memory, mask = self.memory(self.encoder(self.source_embedding(source))[0]), source != 0
        hidden = cell = memory.new_zeros(len(source), self.units)
        symbol, logits = torch.zeros_like(target[:, 0]), []
        for step in range(target.shape[1]):
            context = self.attention(hidden, memory, mask)
            word = torch.cat([self.target_embedding(symbol), context], dim=-1)
            hidden, cell = self.cell(word, (hidden, cell))
            logits.append(self.logits(torch.tanh(self.combine(torch.cat([hidden, context], dim=-1)))))
            symbol = target[:, step]
        return torch.stack(logits, dim=1)


def tutorial_rate(batches, vocabularies, sizes) -> float:
    """Return target words per CPU second of training.

    Args:
        batches: pairs of integers `(B, Tx)` and `(B, Ty)`, 0 for padding.
        vocabularies: sizes of the source and the target vocabulary.
        sizes: those of a preset of the translator.
    """
    torch.set_num_threads(1)  # more threads cost more CPU time
    torch.manual_seed(0)
    model = Translator(vocabularies, sizes)
    optimizer, loss_function = torch.optim.Adam(model.parameters(), 0.002), nn.CrossEntropyLoss(ignore_index=0)
    words, began = 0, 0.0
    for number, batch in enumerate(batches):
        if number == WARM_UP:
            began = time.process_time()
        source, target = (torch.from_numpy(np.array(ids, dtype=np.int64)) for ids in batch)
        optimizer.zero_grad()
        loss = loss_function(model(source, target).flatten(0, 1), target.flatten())
        loss.backward()
        optimizer.step()
        words += int((target != 0).sum()) if number >= WARM_UP else 0
    return words / (time.process_time() - began)
