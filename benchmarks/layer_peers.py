"""Pairs of models for `layers.py`: a layer or search of dlseq, and what Keras and keras-hub have for the same task.

A `Pair` has two functions without arguments that compute the same numbers, in one compiled graph each, on the Keras
backend of the process. Their outputs are NumPy arrays, so that a call ends when the result is there.
"""

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from dlseq.decoding import beam_search, compiled, greedy_search, sample
from dlseq.layers import LSTM, AttentionLayer
from dlseq.networks.language_model import LanguageModel
from dlseq.text.vocabulary import Vocabulary

__all__ = ["Pair", "attention_pairs", "lstm_pairs", "search_pairs"]


class Pair(NamedTuple):
    """A comparison: names, two functions, and whether their outputs must be equal."""

    case: str
    peer: str
    ours: Callable
    theirs: Callable
    comparable: bool = True


def attention_pairs(sizes: list[tuple]) -> Iterator[Pair]:
    """Make attention layers with learned projections: the score, its gradients, and the peer of Keras.

    Keras's `AdditiveAttention` and `Attention` have no projections, so the peer has dense layers before them, as a user
    writes it. `MultiHeadAttention` with one head also projects values and outputs, so its numbers are others.

    Args:
        sizes: Tuples `(B, Tq, Tv, width)`; queries, values and projections have this width.
    """
    for rows, queries, steps, width in sizes:
        draw = np.random.default_rng(0)
        inputs = [draw.normal(size=(rows, length, width)).astype("float32") for length in (queries, steps)]
        peers = {
            ("additive", "Dense + AdditiveAttention"): _projected(keras.layers.AdditiveAttention(), width),
            ("dot", "Dense + Attention"): _projected(keras.layers.Attention(use_scale=True, trainable=False), width),
            ("dot", "MultiHeadAttention"): keras.layers.MultiHeadAttention(1, width, use_bias=False),
        }
        for (score, peer), theirs in peers.items():
            ours = AttentionLayer(width, score=score)
            models = [_attention_model(layer, queries, steps, width) for layer in (ours, theirs)]
            comparable = peer != "MultiHeadAttention"
            if comparable:  # the weights of Keras's layer: its scale, then the projections
                kernels = [ours.query_dense.kernel, ours.key_dense.kernel]
                scale = ours.energy_dense.kernel[:, 0] if score == "additive" else width**-0.5
                for weight in models[1].weights:
                    weight.assign(scale if weight.path.endswith("scale") else kernels.pop(0))
            case = f"AttentionLayer {score}, {rows} x {queries} x {steps}, width {width}"
            yield from _forward_and_training(case, peer, models, inputs, comparable)


def lstm_pairs(sizes: list[tuple]) -> Iterator[Pair]:
    """Make LSTMs over whole sequences and the layer of Keras, with equal weights.

    Args:
        sizes: Tuples `(units, B, T)`; the features have the width of the units.
    """
    for units, rows, steps in sizes:
        x = np.random.default_rng(0).normal(size=(rows, steps, units)).astype("float32")
        models = []
        for layer in (LSTM(units, return_sequences=True), keras.layers.LSTM(units, return_sequences=True)):
            features = keras.Input((steps, units))
            models.append(keras.Model(features, layer(features)))
        models[1].set_weights(models[0].get_weights())
        yield from _forward_and_training(f"LSTM {units} units, {rows} x {steps}", "keras LSTM", models, [x])


def search_pairs(sizes: list[tuple], beam_width: int = 5) -> Iterator[Pair]:
    """Make searches with the same step of a language model, and the samplers of keras-hub.

    All sequences have the full length, so that both sides take the same steps. Ours also return the log-probabilities.
    Draws differ, since the generators of random numbers do.

    Args:
        sizes: Tuples `(vocabulary, B, T, units)`.
        beam_width: Paths of the beam search.
    """
    from keras_hub.samplers import BeamSampler, GreedySampler, RandomSampler

    for symbols, rows, length, units in sizes:
        vocabulary = Vocabulary([chr(0x4E00 + n) for n in range(symbols - 3)])
        network = LanguageModel(vocabulary.to_config(), embedding_units=32, units=units)
        draw = np.random.default_rng(0)
        for weight in network.trainable_weights:  # larger than at the start of training, so that no two are a tie
            weight.assign(draw.normal(scale=0.3, size=weight.shape))
        searches = {
            "greedy_search": (greedy_search, GreedySampler()),
            "sample": (functools.partial(sample, seed=1), RandomSampler(seed=1)),
            f"beam_search, {beam_width} paths": (
                functools.partial(beam_search, beam_width=beam_width, hypotheses=1),
                BeamSampler(num_beams=beam_width),
            ),
        }
        for name, (search, sampler) in searches.items():
            yield Pair(
                case=f"{name}, {symbols} symbols, {rows} x {length}, {units} units",
                peer=f"keras-hub {type(sampler).__name__}",
                ours=_search(network, search, rows, length),
                theirs=_keras_hub_search(network, sampler, rows, length),
                comparable=name != "sample",
            )


def _projected(attention, width):
    query_dense, key_dense = (keras.layers.Dense(width, use_bias=False) for _ in range(2))
    return lambda inputs: attention([query_dense(inputs[0]), inputs[1], key_dense(inputs[1])])


def _attention_model(layer, queries, steps, width):
    query, value = keras.Input((queries, width)), keras.Input((steps, width))
    multi_head = isinstance(layer, keras.layers.MultiHeadAttention)
    return keras.Model([query, value], layer(query, value) if multi_head else layer([query, value]))


def _forward_and_training(case, peer, models, inputs, comparable=True) -> Iterator[Pair]:
    for mode, make in (("forward", _forward), ("training", _gradient)):
        ours, theirs = (make(model, inputs) for model in models)
        yield Pair(f"{case}, {mode}", peer, ours, theirs, comparable)


def _forward(model, inputs):
    if keras.backend.backend() == "jax":
        import jax

        call = jax.jit(lambda trainable, fixed, inputs: model.stateless_call(trainable, fixed, inputs)[0])
        weights = [[v.value for v in group] for group in (model.trainable_variables, model.non_trainable_variables)]
        inputs = [jax.numpy.asarray(x) for x in inputs]
        return lambda: np.asarray(call(*weights, inputs))
    call, inputs = compiled(model), [ops.convert_to_tensor(x) for x in inputs]
    return lambda: np.asarray(call(inputs))


def _gradient(model, inputs):
    """Return a function that computes the gradients of the mean square of the outputs, as a list of arrays."""
    if keras.backend.backend() == "jax":
        import jax

        def loss(trainable, fixed, inputs):
            return ops.mean(ops.square(model.stateless_call(trainable, fixed, inputs, training=True)[0]))

        gradient = jax.jit(jax.grad(loss))
        weights = [[v.value for v in group] for group in (model.trainable_variables, model.non_trainable_variables)]
        inputs = [jax.numpy.asarray(x) for x in inputs]
        return lambda: [np.asarray(x) for x in gradient(*weights, inputs)]
    import tensorflow as tf

    def gradient(inputs):
        with tf.GradientTape() as tape:
            loss = ops.mean(ops.square(model(inputs, training=True)))
        return tape.gradient(loss, [v.value for v in model.trainable_variables])

    gradient, inputs = compiled(gradient), [ops.convert_to_tensor(x) for x in inputs]
    return lambda: [np.asarray(x) for x in gradient(inputs)]


def _search(network, search, rows, length):
    @compiled
    def run(tokens):
        state = network.initial_state(rows)
        return search(network.prepared_step(), state, tokens, max_length=length, end_id=None)

    tokens = ops.convert_to_tensor(np.full(rows, network.start_id, "int32"))

    def call():
        found = run(tokens)
        return np.asarray(found.ids), np.asarray(found.log_probs)

    return call


def _keras_hub_search(network, sampler, rows, length):
    """Return the search of keras-hub with the same step, compiled as its `CausalLM.generate` does."""

    def generate(prompt):
        step = network.prepared_step()

        def following(prompt, cache, index):
            logits, cache = step(prompt[:, index - 1], cache)
            return logits, None, cache

        return sampler(following, prompt, cache=network.initial_state(rows), index=1)

    prompt = np.full((rows, length + 1), network.start_id, "int32")
    if keras.backend.backend() == "jax":
        import jax

        @jax.jit
        def stateless(prompt, state):
            with keras.StatelessScope(state_mapping=zip(sampler.variables, state, strict=True)) as scope:
                ids = generate(prompt)
            return ids, [scope.get_current_value(variable) for variable in sampler.variables]

        def run(prompt):
            ids, state = stateless(prompt, [variable.value for variable in sampler.variables])
            for variable, value in zip(sampler.variables, state, strict=True):
                variable.assign(value)
            return ids

    else:
        run = compiled(generate)
    prompt = ops.convert_to_tensor(prompt)
    return lambda: (np.asarray(run(prompt))[:, 1:],)
