"""A Keras model, or a layer by itself, as the bytes of a real `.keras` file, and back in another process."""

import tempfile
from pathlib import Path

import numpy as np

__all__ = ["loaded", "saved"]


def saved(target) -> np.ndarray:
    """Saves a Keras model or layer.

    A layer is saved within a model that does nothing but hold it.

    Args:
        target: a `keras.Model` or a `keras.Layer`, built or not.

    Returns:
        The bytes of the file, uint8.

    Raises:
        Exception: whatever the settings of its own layers, or Keras, raise.

    Example:
        >>> import keras
        >>> layer = keras.layers.Dense(2)
        >>> layer.build((None, 3))
        >>> copy = loaded(saved(layer))
        >>> copy.units, bool((copy.get_weights()[0] == layer.get_weights()[0]).all())
        (2, True)
    """
    import keras

    model = target if isinstance(target, keras.Model) else _holder()(target)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.keras"
        model.save(path)
        return np.frombuffer(path.read_bytes(), np.uint8)


def loaded(content: np.ndarray, names: dict | None = None):
    """Loads what was saved.

    Classes are found among `names`, whether or not they are registered with Keras; the code of another file may have
    registered one of the same name.

    Args:
        content: the bytes of the file, uint8.
        names: of the module whose own classes may be in the file.

    Returns:
        The model, or the layer.

    Raises:
        Exception: whatever the classes, or Keras, raise.
    """
    import keras

    names = names or {}
    own = [one for one in names.values() if isinstance(one, type) and issubclass(one, keras.Layer)]
    own = [one for one in own if one.__module__ == names.get("__name__")]
    holder = _holder()
    registered = keras.saving.get_custom_objects()  # the one place that Keras asks first at every depth
    before = dict(registered)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.keras"
        path.write_bytes(content.tobytes())
        registered.update({keras.saving.get_registered_name(one): one for one in own} | {holder.__name__: holder})
        try:
            model = keras.saving.load_model(path)
        finally:
            registered.clear()
            registered.update(before)
    return model.held if isinstance(model, holder) else model


def _holder():
    import keras

    class Holder(keras.Model):
        def __init__(self, held, **kwargs):
            super().__init__(**kwargs)
            self.held = held
            self.built = True

        def get_config(self):
            return {**super().get_config(), "held": keras.saving.serialize_keras_object(self.held)}

        @classmethod
        def from_config(cls, config):
            return cls(**{**config, "held": keras.saving.deserialize_keras_object(config["held"])})

    return Holder
