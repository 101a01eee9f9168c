"""One step of training, for a layer by itself."""

__all__ = ["train"]


def train(layer, inputs, targets, rate: float) -> float:
    """Moves what can be trained in a layer one step down the gradient of the mean squared error.

    Args:
        layer: a `keras.Layer` that is built.
        inputs: what it is called with.
        targets: what it should give.
        rate: the length of the step.

    Returns:
        The error before the step.

    Example:
        >>> import keras, numpy as np
        >>> layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
        >>> x = np.array([[2.0]], "float32")
        >>> train(layer, x, 5 * x, 0.125), float(layer(x)[0, 0])  # 1 + 0.125 * 2 * (10 - 2) * 2 = 5
        (64.0, 10.0)
    """
    import keras

    class Trained(keras.Model):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def call(self, inputs):
            return self.layer(inputs)

    model = Trained()
    model.compile(optimizer=keras.optimizers.SGD(rate), loss="mse", run_eagerly=True)
    return float(model.train_on_batch(inputs, targets))
