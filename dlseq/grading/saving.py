"""A Keras model, or a layer by itself, that goes through a real `.keras` file."""

import tempfile
from pathlib import Path

__all__ = ["saved_and_loaded"]


def saved_and_loaded(target):
    """Saves a Keras model or layer to a file and loads it again.

    A layer is saved within a model that does nothing but hold it. Classes are found by what the target is made of,
    whether or not they are registered with Keras; the code of another file may have registered one of the same name.

    Args:
        target: a `keras.Model` or a `keras.Layer`, built or not.

    Returns:
        The one that was loaded.

    Raises:
        Exception: whatever the settings of its own layers, or Keras, raise.

    Example:
        >>> import keras
        >>> layer = keras.layers.Dense(2)
        >>> layer.build((None, 3))
        >>> copy = saved_and_loaded(layer)
        >>> copy.units, bool((copy.get_weights()[0] == layer.get_weights()[0]).all())
        (2, True)
    """
    import keras

    kinds = {type(one) for one in (target, *getattr(target, "layers", ()))}
    own = {keras.saving.get_registered_name(kind): kind for kind in kinds}
    if isinstance(target, keras.Model):
        return _through_a_file(target, own)
    holder = _holder()
    return _through_a_file(holder(target), {**own, holder.__name__: holder}).held


def _through_a_file(model, own):
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "saved.keras")
        model.save(path)
        registered = keras.saving.get_custom_objects()  # the one place that Keras asks first at every depth
        before = dict(registered)
        registered.update(own)
        try:
            return keras.saving.load_model(path)
        finally:
            registered.clear()
            registered.update(before)


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
