"""What learners get wrong in `attention_layer`."""

from dlseq.authoring.mistakes import Mistake

SOFTMAX, LAYER, HEATMAP = "masked_softmax", "AttentionLayer", "attention_heatmap"
BUILD, PROJECT, CALL, CONFIG = (f"{LAYER}.{method}" for method in ("build", "project", "call", "get_config"))
BOTH = (SOFTMAX, LAYER)  # the layer calls the softmax

MISTAKES = [
    Mistake(
        "takes the softmax over the queries",
        SOFTMAX,
        BOTH,
        "mind the axis",
        body="""
        if mask is None:
            return ops.softmax(energies, axis=1)
        real = ops.expand_dims(mask, axis=1)
        weights = ops.softmax(ops.where(real, energies, -1e30), axis=1)
        return ops.where(real, weights, 0.0)
    """,
    ),
    Mistake(
        "never looks at the mask",
        SOFTMAX,
        BOTH,
        "as if it were real",
        body="return ops.softmax(energies, axis=-1)",
    ),
    Mistake(
        "masks after the softmax and does not normalise again",
        SOFTMAX,
        BOTH,
        "out of the way before",
        ("ops.where(real, energies, -1e30)", "energies"),
    ),
    Mistake("turns the mask upside down", SOFTMAX, BOTH, "upside down", ("expand_dims(mask,", "expand_dims(~mask,")),
    Mistake(
        "gives padding an energy of zero",
        SOFTMAX,
        BOTH,
        "zero is no low energy",
        body="""
        if mask is None:
            return ops.softmax(energies, axis=-1)
        return ops.softmax(ops.where(ops.expand_dims(mask, axis=1), energies, 0.0), axis=-1)
    """,
    ),
    Mistake(
        "has NaN where all is padding",
        SOFTMAX,
        BOTH,
        "0 / 0",
        body="""
        if mask is None:
            return ops.softmax(energies, axis=-1)
        return ops.softmax(ops.where(ops.expand_dims(mask, axis=1), energies, -float("inf")), axis=-1)
    """,
    ),
    Mistake(
        "spreads the weight over padding where all is padding",
        SOFTMAX,
        BOTH,
        "set those of padding to zero",
        ("return ops.where(real, weights, 0.0)", "return weights"),
    ),
    Mistake(
        "overflows, without the library's softmax",
        SOFTMAX,
        (SOFTMAX,),
        "overflows",
        body="""
        parts = ops.exp(energies)
        if mask is not None:
            parts = ops.where(ops.expand_dims(mask, axis=1), parts, 0.0)
        return parts / ops.maximum(ops.sum(parts, axis=-1, keepdims=True), 1e-30)
    """,
    ),
    Mistake(
        "gives queries and keys one kernel",
        BUILD,
        (LAYER,),
        "each by a kernel of its own",
        (
            'self.add_weight(name="key_kernel", shape=(value_shape[-1], self.units))',
            "self.query_kernel",
        ),
    ),
    Mistake(
        "takes the number of steps for the width",
        BUILD,
        (LAYER,),
        "query_kernel (Dq, units), key_kernel (Dv, units)",
        ("value_shape[-1]", "value_shape[1]"),
    ),
    Mistake(
        "adds a bias",
        BUILD,
        (LAYER,),
        "no biases",
        (
            "query_shape, value_shape = input_shape",
            "query_shape, value_shape = input_shape\n        "
            'self.bias = self.add_weight(name="bias", shape=(self.units,))',
        ),
    ),
    Mistake("gives a weight no name", BUILD, (LAYER,), "told its own name", ('name="key_kernel", ', "")),
    Mistake(
        "drops the settings of every layer",
        f"{LAYER}.__init__",
        (LAYER,),
        "passes them on",
        ("super().__init__(**kwargs)", "super().__init__()"),
    ),
    Mistake(
        "squeezes the keys too early",
        PROJECT,
        (LAYER,),
        "tanh comes later",
        ("ops.matmul(value, self.key_kernel)", "ops.tanh(ops.matmul(value, self.key_kernel))"),
    ),
    Mistake("forgets the tanh", CALL, (LAYER,), "The tanh is missing", ("ops.tanh(", "(")),
    Mistake(
        "takes the context from the keys",
        CALL,
        (LAYER,),
        "made of values",
        ("matmul(weights, value)", "matmul(weights, keys)"),
    ),
    Mistake(
        "forgets to pass the mask on", CALL, (LAYER,), "as if it were real", ("energies, value_mask)", "energies)")
    ),
    Mistake(
        "masks after the softmax, in the layer",
        CALL,
        (LAYER,),
        "out of the way before",
        (
            "weights = masked_softmax(energies, value_mask)",
            "weights = masked_softmax(energies)\n"
            "        if value_mask is not None:\n"
            "            weights = weights * ops.cast(value_mask[:, None], weights.dtype)",
        ),
    ),
    Mistake(
        "masks with the mask of the query",
        CALL,
        (LAYER,),
        "stands second in the list",
        ("mask[1]", "mask[0]"),
    ),
    Mistake(
        "projects anew at each step",
        CALL,
        (LAYER,),
        "projected anew",
        ("if keys is None:\n            keys", "if True:\n            keys"),
    ),
    Mistake(
        "projects keys that are projected",
        CALL,
        (LAYER,),
        "project only where there are none",
        ("keys = self.project(value)", "keys = value\n        keys = self.project(keys)"),
    ),
    Mistake(
        "leaves the weights on the layer",
        CALL,
        (LAYER,),
        "expected 2: context, weights",
        (
            "return (context, weights) if return_attention_scores else context",
            "self.attention_weights = weights\n        return context",
        ),
    ),
    Mistake(
        "always returns the weights",
        CALL,
        (LAYER,),
        "only if return_attention_scores is true",
        ("(context, weights) if return_attention_scores else context", "context, weights"),
    ),
    Mistake(
        "returns the energies in the place of the weights",
        CALL,
        (LAYER,),
        "what the softmax gives",
        ("return (context, weights)", "return (context, energies)"),
    ),
    Mistake(
        "squeezes every axis of one",
        CALL,
        (LAYER,),
        "Name the axes that you squeeze",
        (", self.energy_kernel), axis=-1)", ", self.energy_kernel))"),
    ),
    Mistake(
        "computes with NumPy",
        CALL,
        (LAYER,),
        "which NumPy cannot compute with",
        ("ops.matmul(weights, value)", "np.matmul(np.asarray(weights), np.asarray(value))"),
    ),
    Mistake(
        "sends the mask of the value on",
        f"{LAYER}.compute_mask",
        (LAYER,),
        "the mask of the value",
        ("mask[0]", "mask[1]"),
    ),
    Mistake(
        "forgets units among the settings",
        CONFIG,
        (LAYER,),
        "add all that __init__ takes",
        (', "units": self.units', ""),
    ),
    Mistake(
        "forgets the parent's settings",
        CONFIG,
        (LAYER,),
        "super().get_config() gives",
        ("**super().get_config(), ", ""),
    ),
    Mistake("transposes the map", HEATMAP, (HEATMAP,), "The map is transposed", ("imshow(shown,", "imshow(shown.T,")),
    Mistake(
        "draws the first step at the bottom",
        HEATMAP,
        (HEATMAP,),
        "turn the axis round",
        ("vmax=1)", 'vmax=1, origin="lower")'),
    ),
    Mistake(
        "stretches the weights", HEATMAP, (HEATMAP,), "are stretched", ("imshow(shown,", "imshow(shown / shown.max(),")
    ),
    Mistake("leaves the colours to chance", HEATMAP, (HEATMAP,), "Fix both ends", (", vmin=0, vmax=1", "")),
    Mistake(
        "labels the wrong axes",
        HEATMAP,
        (HEATMAP,),
        "belong to the other axis",
        body="""
        source, target = list(source), list(target)
        shown = np.asarray(weights)[: len(target), : len(source)]
        if shown.shape != (len(target), len(source)):
            raise ValueError("expected as many rows as there are tokens")
        if shown.min() < 0 or np.abs(shown.sum(axis=1) - 1).max() > 1e-3:
            raise ValueError("expected softmaxed weights")
        figure, axis = sheet(len(source), len(target))
        image = axis.imshow(shown, cmap="Blues", vmin=0, vmax=1)
        axis.set_xticks(range(len(target)), target)
        axis.set_yticks(range(len(source)), source)
        axis.set(xlabel="read", ylabel="written")
        figure.colorbar(image, label="weight")
        return figure
    """,
    ),
    Mistake(
        "puts labels at the edges of the cells",
        HEATMAP,
        (HEATMAP,),
        "middle of its cell",
        ("set_xticks(range(len(source)), source)", "set_xticks(np.arange(len(source)) - 0.5, source)"),
    ),
    Mistake(
        "leaves out the colour bar",
        HEATMAP,
        (HEATMAP,),
        "figure.colorbar",
        ('figure.colorbar(image, label="weight")', "pass"),
    ),
    Mistake(
        "leaves the colour bar without numbers",
        HEATMAP,
        (HEATMAP,),
        "look at it",
        ('label="weight")', 'label="weight", ticks=[])'),
    ),
    Mistake(
        "hides the labels with the axes",
        HEATMAP,
        (HEATMAP,),
        "look at it",
        ("return figure", "axis.set_axis_off()\n    return figure"),
    ),
    Mistake(
        "covers the map",
        HEATMAP,
        (HEATMAP,),
        "look at it",
        ("return figure", "axis.axhspan(-1, 99, color='white', zorder=9)\n    return figure"),
    ),
    Mistake("names no axis", HEATMAP, (HEATMAP,), "Name both", ('axis.set(xlabel="read", ylabel="written")', "pass")),
    Mistake(
        "draws energies",
        HEATMAP,
        (HEATMAP,),
        "sum to one in each row",
        ("if shown.min() < 0 or np.abs(shown.sum(axis=1) - 1).max() > 1e-3:", "if False:"),
    ),
    Mistake(
        "draws padding",
        HEATMAP,
        (HEATMAP,),
        "Padding is shown",
        body="""
        shown = np.asarray(weights)
        if shown.ndim != 2 or shown.shape[0] < len(target) or shown.shape[1] < len(source):
            raise ValueError("expected weights for all tokens")
        kept = shown[: len(target), : len(source)]
        if shown.min() < 0 or np.abs(kept.sum(axis=1) - 1).max() > 1e-3:
            raise ValueError("expected softmaxed weights")
        figure, axis = sheet(len(source), len(target))
        image = axis.imshow(shown, cmap="Blues", vmin=0, vmax=1)
        axis.set_xticks(range(len(source)), list(source))
        axis.set_yticks(range(len(target)), list(target))
        axis.set(xlabel="read", ylabel="written")
        figure.colorbar(image, label="weight")
        return figure
    """,
    ),
    Mistake(
        "draws every map in a figure of one size",
        HEATMAP,
        (HEATMAP,),
        "makes a figure that fits",
        ("sheet(len(source), len(target))", "plt.subplots()"),
    ),
    Mistake("returns the axes", HEATMAP, (HEATMAP,), "axes", ("return figure", "return axis")),
    Mistake(
        "shows and returns nothing",
        HEATMAP,
        (HEATMAP,),
        "not what plt.show() returns",
        ("return figure", "return None"),
    ),
]

LAST_AXIS = "the last axis is the default"
EQUIVALENT = {
    "masked_softmax: weights = ops.softmax(ops.where(real, energies, -1e30), axis=-1)"
    " => weights = ops.softmax(ops.where(real, energies, - 1e+30), axis=-1)": "one more than 1e30 is the same float",
    "masked_softmax: return ops.softmax(energies, axis=-1) => return ops.softmax(energies)": LAST_AXIS,
    "masked_softmax: weights = ops.softmax(ops.where(real, energies, -1e30), axis=-1)"
    " => weights = ops.softmax(ops.where(real, energies, -1e30))": LAST_AXIS,
    "attention_heatmap: if shown.min() < 0 or np.abs(shown.sum(axis=1) - 1).max() > 1e-3:"
    " => if shown.min() < 0 or np.abs(shown.sum(axis=1) - 1).max() >= 1e-3:": (
        "a sum differs from one by a multiple of 2**-53, or 2**-24 in single precision, and 1e-3 is none of either"
    ),
    'attention_heatmap: image = axis.imshow(shown, cmap="Blues", vmin=0, vmax=1)'
    " => image = axis.imshow(shown, vmin=0, vmax=1)": "which colours are used is free",
    'attention_heatmap: figure.colorbar(image, label="weight") => figure.colorbar(image)': (
        "what is written beside the bar is free"
    ),
}
