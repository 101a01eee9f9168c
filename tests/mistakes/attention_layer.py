"""Common mistakes in `attention_layer`."""

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
        "ignores the mask",
        SOFTMAX,
        BOTH,
        "Padding gets weight",
        body="return ops.softmax(energies, axis=-1)",
    ),
    Mistake(
        "masks after the softmax and does not normalize again",
        SOFTMAX,
        BOTH,
        "mask before the softmax",
        ("ops.where(real, energies, -1e30)", "energies"),
    ),
    Mistake("inverts the mask", SOFTMAX, BOTH, "inverted", ("expand_dims(mask,", "expand_dims(~mask,")),
    Mistake(
        "gives padding an energy of zero",
        SOFTMAX,
        BOTH,
        "zero is not a low energy",
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
        "have a kernel each",
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
    Mistake("gives a weight no name", BUILD, (LAYER,), "a name of its own", ('name="key_kernel", ', "")),
    Mistake(
        "drops the settings of every layer",
        f"{LAYER}.__init__",
        (LAYER,),
        "passes them to the parent class",
        ("super().__init__(**kwargs)", "super().__init__()"),
    ),
    Mistake(
        "applies the tanh to the keys",
        PROJECT,
        (LAYER,),
        "tanh is applied later",
        ("ops.matmul(value, self.key_kernel)", "ops.tanh(ops.matmul(value, self.key_kernel))"),
    ),
    Mistake(
        "gives all values no weight, so that its answers are zeros",
        CALL,
        (LAYER,),
        "do not sum to one",
        ("weights = masked_softmax(energies, value_mask)", "weights = 0 * masked_softmax(energies, value_mask)"),
    ),
    Mistake(
        "looks at neither query nor value",
        CALL,
        (LAYER,),
        "each query has its weights",
        ("weights = masked_softmax(energies, value_mask)", "weights = masked_softmax(0 * energies, value_mask)"),
    ),
    Mistake("forgets the tanh", CALL, (LAYER,), "The tanh is missing", ("ops.tanh(", "(")),
    Mistake(
        "takes the context from the keys",
        CALL,
        (LAYER,),
        "weighted sum of the values",
        ("matmul(weights, value)", "matmul(weights, keys)"),
    ),
    Mistake(
        "forgets to pass the mask to the softmax",
        CALL,
        (LAYER,),
        "Padding gets weight",
        ("energies, value_mask)", "energies)"),
    ),
    Mistake(
        "masks after the softmax, in the layer",
        CALL,
        (LAYER,),
        "mask before the softmax",
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
        "second in the list",
        ("mask[1]", "mask[0]"),
    ),
    Mistake(
        "ignores the keys that are passed",
        CALL,
        (LAYER,),
        "projected again",
        ("if keys is None:\n            keys", "if True:\n            keys"),
    ),
    Mistake(
        "projects keys that are projected already",
        CALL,
        (LAYER,),
        "project only where there are none",
        ("keys = self.project(value)", "keys = value\n        keys = self.project(keys)"),
    ),
    Mistake(
        "stores the weights on the layer",
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
        "returns the energies instead of the weights",
        CALL,
        (LAYER,),
        "the output of the softmax",
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
        "returns the mask of the value",
        f"{LAYER}.compute_mask",
        (LAYER,),
        "the mask of the value",
        ("mask[0]", "mask[1]"),
    ),
    Mistake(
        "omits units from the settings",
        CONFIG,
        (LAYER,),
        "add all arguments of __init__",
        (', "units": self.units', ""),
    ),
    Mistake(
        "omits the settings of the parent class",
        CONFIG,
        (LAYER,),
        "the result of super().get_config()",
        ("**super().get_config(), ", ""),
    ),
    Mistake("transposes the map", HEATMAP, (HEATMAP,), "The map is transposed", ("imshow(cells,", "imshow(cells.T,")),
    Mistake(
        "draws the first step at the bottom",
        HEATMAP,
        (HEATMAP,),
        "turn the axis around",
        ("vmax=1)", 'vmax=1, origin="lower")'),
    ),
    Mistake(
        "stretches the weights", HEATMAP, (HEATMAP,), "are stretched", ("imshow(cells,", "imshow(cells / cells.max(),")
    ),
    Mistake(
        "leaves the ends of the colors to Matplotlib", HEATMAP, (HEATMAP,), "Fix both ends", (", vmin=0, vmax=1", "")
    ),
    Mistake(
        "labels the wrong axes",
        HEATMAP,
        (HEATMAP,),
        "belong to the other axis",
        body="""
        source, target = list(source), list(target)
        cells = np.asarray(weights)[: len(target), : len(source)]
        if cells.shape != (len(target), len(source)):
            raise ValueError("expected as many rows as there are tokens")
        if cells.min() < 0 or np.abs(cells.sum(axis=1) - 1).max() > 1e-3:
            raise ValueError("expected softmaxed weights")
        figure, ax = new_figure(len(source), len(target))
        image = ax.imshow(cells, cmap="Blues", vmin=0, vmax=1)
        ax.set_xticks(range(len(target)), target)
        ax.set_yticks(range(len(source)), source)
        ax.set(xlabel="input", ylabel="output")
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
        "omits the color bar",
        HEATMAP,
        (HEATMAP,),
        "figure.colorbar",
        ('figure.colorbar(image, label="weight")', "pass"),
    ),
    Mistake(
        "omits the numbers of the color bar",
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
        ("return figure", "ax.set_axis_off()\n    return figure"),
    ),
    Mistake(
        "covers the map",
        HEATMAP,
        (HEATMAP,),
        "look at it",
        ("return figure", "ax.axhspan(-1, 99, color='white', zorder=9)\n    return figure"),
    ),
    Mistake(
        "names no axis", HEATMAP, (HEATMAP,), "Name both axes", ('ax.set(xlabel="input", ylabel="output")', "pass")
    ),
    Mistake(
        "draws energies",
        HEATMAP,
        (HEATMAP,),
        "row of the map has to sum to one",
        ("if cells.min() < 0 or np.abs(cells.sum(axis=1) - 1).max() > 1e-3:", "if False:"),
    ),
    Mistake(
        "draws padding",
        HEATMAP,
        (HEATMAP,),
        "Padding is drawn",
        body="""
        cells = np.asarray(weights)
        if cells.ndim != 2 or cells.shape[0] < len(target) or cells.shape[1] < len(source):
            raise ValueError("expected weights for all tokens")
        kept = cells[: len(target), : len(source)]
        if cells.min() < 0 or np.abs(kept.sum(axis=1) - 1).max() > 1e-3:
            raise ValueError("expected softmaxed weights")
        figure, ax = new_figure(len(source), len(target))
        image = ax.imshow(cells, cmap="Blues", vmin=0, vmax=1)
        ax.set_xticks(range(len(source)), list(source))
        ax.set_yticks(range(len(target)), list(target))
        ax.set(xlabel="input", ylabel="output")
        figure.colorbar(image, label="weight")
        return figure
    """,
    ),
    Mistake(
        "draws every map in a figure of one size",
        HEATMAP,
        (HEATMAP,),
        "makes a figure that fits",
        ("new_figure(len(source), len(target))", "plt.subplots()"),
    ),
    Mistake("returns the axes", HEATMAP, (HEATMAP,), "axes", ("return figure", "return ax")),
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
    " => weights = ops.softmax(ops.where(real, energies, - 1e+30), axis=-1)": "-1e30 and -(1e30) are the same float",
    "masked_softmax: return ops.softmax(energies, axis=-1) => return ops.softmax(energies)": LAST_AXIS,
    "masked_softmax: weights = ops.softmax(ops.where(real, energies, -1e30), axis=-1)"
    " => weights = ops.softmax(ops.where(real, energies, -1e30))": LAST_AXIS,
    "attention_heatmap: if cells.min() < 0 or np.abs(cells.sum(axis=1) - 1).max() > 1e-3:"
    " => if cells.min() < 0 or np.abs(cells.sum(axis=1) - 1).max() >= 1e-3:": (
        "a sum differs from one by a multiple of 2**-53, or 2**-24 in single precision, and 1e-3 is none of either"
    ),
    'attention_heatmap: image = ax.imshow(cells, cmap="Blues", vmin=0, vmax=1)'
    " => image = ax.imshow(cells, vmin=0, vmax=1)": "any colormap is accepted",
    'attention_heatmap: figure.colorbar(image, label="weight") => figure.colorbar(image)': (
        "any label of the color bar is accepted"
    ),
}

UNREAD_ARGUMENTS = {
    "AttentionLayer.call: mask[0] = zeros": "padded queries get a context as well",
    "AttentionLayer.compute_mask: inputs": "the mask of the output is the mask of the query, whatever the inputs are",
    **{f"AttentionLayer.compute_mask: inputs[{n}]": "see above: no input is read" for n in (0, 1)},
    "AttentionLayer.compute_mask: mask[1] = zeros": "the value's mask ends here",
}

PROJECT = "return ops.matmul(value, self.key_kernel)"
QUERY = "projected_query = ops.matmul(query, self.query_kernel)"
ENERGIES = "energies = ops.squeeze(ops.matmul(ops.tanh(combined), self.energy_kernel), axis=-1)"
CONTEXT = "context = ops.matmul(weights, value)"
SOFTMAX_LINE = "return ops.softmax(energies, axis=-1)"
EQUAL_SPELLINGS = {
    "sums of products": [
        ("AttentionLayer.project", PROJECT, "return ops.sum(ops.expand_dims(value, -1) * self.key_kernel, axis=2)"),
        (
            "AttentionLayer.call",
            QUERY,
            "projected_query = ops.sum(ops.expand_dims(query, -1) * self.query_kernel, axis=2)",
        ),
        ("AttentionLayer.call", ENERGIES, "energies = ops.sum(ops.tanh(combined) * self.energy_kernel[:, 0], axis=-1)"),
        (
            "AttentionLayer.call",
            CONTEXT,
            "context = ops.sum(ops.expand_dims(weights, -1) * ops.expand_dims(value, 1), axis=2)",
        ),
    ],
    "einsum": [
        ("AttentionLayer.project", PROJECT, 'return ops.einsum("bvd,du->bvu", value, self.key_kernel)'),
        ("AttentionLayer.call", QUERY, 'projected_query = ops.einsum("bqd,du->bqu", query, self.query_kernel)'),
        (
            "AttentionLayer.call",
            ENERGIES,
            'energies = ops.einsum("bqvu,uo->bqv", ops.tanh(combined), self.energy_kernel)',
        ),
        ("AttentionLayer.call", CONTEXT, 'context = ops.einsum("bqv,bvd->bqd", weights, value)'),
    ],
    "float64 inside": [
        (
            "AttentionLayer.project",
            PROJECT,
            'product = ops.matmul(ops.cast(value, "float64"), ops.cast(self.key_kernel, "float64"))\n'
            '        return ops.cast(product, "float32")',
        ),
        (
            "masked_softmax",
            SOFTMAX_LINE,
            'return ops.cast(ops.softmax(ops.cast(energies, "float64"), axis=-1), "float32")',
        ),
    ],
    "exponentials": [
        (
            "masked_softmax",
            SOFTMAX_LINE,
            "exponentials = ops.exp(energies - ops.max(energies, axis=-1, keepdims=True))\n"
            "        return exponentials / ops.sum(exponentials, axis=-1, keepdims=True)",
        ),
        (
            "AttentionLayer.project",
            PROJECT,
            "return ops.tensordot(value, self.key_kernel, axes=[[-1], [0]])",
        ),
    ],
}
