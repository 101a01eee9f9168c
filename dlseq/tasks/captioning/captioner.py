"""Task of image captioning: a sentence for a picture, with the places that each word looked at."""

import dataclasses
import functools
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.scenes import Scene, caption_text, is_right
from dlseq.decoding import beam_search, compiled, greedy_search
from dlseq.errors import DataError
from dlseq.layers import ApplicationFeatures, ConvolutionalFeatures, ImageEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.alternatives import distinct_alternatives
from dlseq.tasks.captioning.files import CaptionedImage
from dlseq.tasks.captioning.places import all_scenes, word_positions
from dlseq.tasks.captioning.presets import CaptionData
from dlseq.tasks.captioning.result import Caption
from dlseq.tasks.captioning.stages import check_stages, joint_path, learn_places, learn_together, places_path
from dlseq.tasks.captioning.views import SHIFTS, shifted_views
from dlseq.tasks.image_task import ImageTask
from dlseq.tasks.preset import Splits
from dlseq.tasks.pretrained import pretrained
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.checkpoint import best_path
from dlseq.training.config import TrainingRun
from dlseq.training.losses_metrics import ExactMatch, MaskedCrossEntropy
from dlseq.training.saving import load_network

__all__ = ["Captioner"]

ENCODER_SIZES = ("units", "whole_image", "reduced_units", "context_layers", "heads")
FEATURE_SIZES = ("filters", "strides", "jitter")
MAX_SYMBOLS = 12_000  # of a vocabulary; rarer words are unknown
MAX_LENGTHS = (16, 40)  # of a caption, in words: few, because each is a graph of its own
BATCH_IMAGES = 250
MIN_COMPILED_IMAGES = 9  # fewer are decoded before a graph would have been traced
UNKNOWN = "<unk>"


class Captioner(ImageTask):
    """Model that writes a caption for an image, word by word, and looks at places of the image for each word.

    `Captioner.build` takes as sizes the arguments of `ConvolutionalFeatures`: `filters`, `strides`, `jitter`; of
    `ImageEncoder`: `units`, `whole_image` (the baseline without attention), `reduced_units`, `context_layers`, `heads`;
    and of `EncoderDecoder`: `decoder_units`, `score`, `feeding`, `guidance`, `dropout`. With `backbone`, the name of a
    network of `keras.applications`, and `weights`, the path of its weights, the features are those of
    `ApplicationFeatures` instead.

    Training can have two stages, after the first of which all of the network learns captions. With `sprites`, a number
    of drawings, the features first learn to name single drawings, which takes seconds. With `place_epochs`, the encoder
    first learns what is at each place of the scenes: see `dlseq.tasks.captioning.places`. With `encoder_from`, the name
    of a shipped captioner, the encoder is a copy of that one's, and has no other sizes. With `fixed_encoder`, captions
    train the decoder alone, over memories of the images that are computed once; before that, and after the places,
    `joint_epochs` of captions train all of the network.

    With `guidance` or `feeding="aligned"`, training also needs to know where to look for each word. Scenes know it,
    images of a file do not.

    Args:
        network: An `EncoderDecoder` of an `ImageEncoder`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.scenes import draw_scenes
        >>> scenes = draw_scenes(20, seed=1)
        >>> captioner = Captioner.build(scenes, filters=(8, 16), strides=(4, 2))  # captioner.fit(…) trains it
        >>> [caption] = captioner.caption([scenes[0].image])
        >>> caption.attention.shape[1:]
        (8, 8)
    """

    network_class = EncoderDecoder
    monitor, mode, monitor_label = "val_exact_match", "max", "exact match"

    def __init__(self, network: EncoderDecoder):
        super().__init__(network)
        self._compiled_searches = {}

    @property
    def image_features(self) -> keras.layers.Layer:
        return self.network.encoder.features

    @property
    def image_size(self) -> int:
        return self.network.encoder.get_build_config()["input_shape"][1]

    @classmethod
    def accepts(cls, network):
        return isinstance(network.encoder, ImageEncoder)

    @classmethod
    def load_data(cls, data: CaptionData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_arguments(cls, data: CaptionData) -> dict:
        return {"language": data.language}

    @classmethod
    def build_network(
        cls,
        examples: Sequence[Scene | CaptionedImage],
        *,
        language=None,
        sprites=0,
        place_epochs=0,
        encoder_from=None,
        fixed_encoder=False,
        joint_epochs=0,
        backbone=None,
        weights=None,
        **sizes,
    ) -> EncoderDecoder:
        vocabulary = Vocabulary.from_texts(
            [example.caption for example in examples], level="word", max_size=MAX_SYMBOLS
        )
        check_stages(place_epochs, joint_epochs, fixed_encoder, encoder_from, sizes.get("whole_image", False))
        metadata = {
            "language": language,
            "sprites": sprites,
            "place_epochs": place_epochs,
            "joint_epochs": joint_epochs,
            "fixed_encoder": fixed_encoder,
        }
        if encoder_from is not None:
            encoder = load_network(pretrained(encoder_from), EncoderDecoder).encoder
            encoder.trainable = not fixed_encoder
            return EncoderDecoder(encoder, vocabulary.to_config(), metadata=metadata, **sizes)
        encoder_sizes = {name: sizes.pop(name) for name in ENCODER_SIZES if name in sizes}
        if backbone is None:
            feature_sizes = {name: sizes.pop(name) for name in FEATURE_SIZES if name in sizes}
            features = ConvolutionalFeatures(**feature_sizes, name="features")
        else:
            features = ApplicationFeatures(backbone, weights=weights, name="features")
        encoder = ImageEncoder(features, **encoder_sizes, name="encoder")
        encoder.build((None, *examples[0].image.shape))
        encoder.trainable = not fixed_encoder
        return EncoderDecoder(encoder, vocabulary.to_config(), metadata=metadata, **sizes)

    def encode(self, examples: Sequence[Scene | CaptionedImage]) -> tuple:
        """Return the images with their captions.

        Returns:
            A dict of "source", pixels `(N, S, S, 3)`, or with `fixed_encoder` of "memory", the output of the encoder
            in float16, `(N, H' W', D)`; of "target", ids `(N, Ty)` with end tokens; and if the network is told where
            to look, of "positions", integers `(N, Ty)`; and the ids again.

        Raises:
            DataError: A caption is empty, or the network needs places of words and an example is no scene.
        """
        captions = [example.caption for example in examples]
        if not all(captions):
            raise DataError(f"Expected a caption at position {captions.index(())}. Received: an empty text.")
        ids = self.network.target_vocabulary.encode_rows(captions, eos=True)
        pixels = self.pixels([example.image for example in examples])
        fixed = self.network.metadata.get("fixed_encoder", False)
        inputs = {"memory": self._memories(pixels)} if fixed else {"source": pixels}
        inputs["target"] = ids
        if self.network.needs_positions:
            inputs["positions"] = word_positions(all_scenes(examples), self.network.encoder.grid_shape, ids.shape[1])
        return inputs, ids

    def _memories(self, pixels) -> np.ndarray:
        """Return the output of the encoder for images, float16 `(N, H' W', D)`: half of the space of float32."""
        encode = self.network.encoder if len(pixels) < MIN_COMPILED_IMAGES else compiled(self.network.encoder)
        firsts = range(0, len(pixels), BATCH_IMAGES)
        batches = (encode(ops.convert_to_tensor(pixels[first : first + BATCH_IMAGES])) for first in firsts)
        return np.concatenate([ops.convert_to_numpy(batch).astype(np.float16) for batch in batches])

    def first_stage(self, train, validation, config, *, checkpoint=None, resume=False, callbacks=()):
        epochs = self.network.metadata.get("place_epochs", 0)
        if not epochs:
            return super().first_stage(
                train, validation, config, checkpoint=checkpoint, resume=resume, callbacks=callbacks
            )
        self.encode(train[:1])  # refused before the first stage
        encoder = self.network.encoder
        run = learn_places(
            encoder.features if encoder.whole_image else encoder,
            encoder.grid_shape,
            all_scenes(train),
            all_scenes(validation),
            config,
            epochs=epochs,
            checkpoint=None if checkpoint is None else places_path(checkpoint),
            resume=resume,
            callbacks=callbacks,
        )
        epochs = self.network.metadata.get("joint_epochs", 0)
        if not epochs or run.stopped == "interrupted":
            return run
        options = {"epochs": epochs, "checkpoint": checkpoint, "resume": resume, "callbacks": callbacks}
        together = learn_together(self, train, validation, config, **options)
        return dataclasses.replace(together, seconds=run.seconds + together.seconds)

    def fit(self, train, validation, config=None, *, checkpoint=None, resume=False, callbacks=()) -> TrainingRun:
        """Train the network after its first stage, if it was built with one; see `ImageTask.fit`."""
        run = super().fit(train, validation, config, checkpoint=checkpoint, resume=resume, callbacks=callbacks)
        if checkpoint is not None and run.stopped != "interrupted":
            for path in (places_path(checkpoint), joint_path(checkpoint)):
                path.unlink(missing_ok=True), best_path(path).unlink(missing_ok=True)
        return run

    def compile_arguments(self) -> dict:
        return {"loss": MaskedCrossEntropy(), "metrics": [ExactMatch()]}

    def score(self, examples: Sequence[Scene | CaptionedImage]) -> dict[str, float]:
        """Return `exact_match`, the share of captions of greedy search that are right in every word.

        For scenes also `right_share`, the share of captions that are true and complete, see `dlseq.data.scenes`.
        """
        found = self.caption([example.image for example in examples])
        scores = {
            "exact_match": metrics.exact_match(
                [" ".join(caption.words) for caption in found], [" ".join(example.caption) for example in examples]
            )
        }
        if all(isinstance(example, Scene) for example in examples):
            right = [is_right(scene, caption.words) for scene, caption in zip(examples, found, strict=True)]
            scores["right_share"] = sum(right) / len(right)
        return scores

    def caption(self, images: Sequence[np.ndarray], *, beam_width: int = 1, views: int = len(SHIFTS)) -> list[Caption]:
        """Write a caption for each image.

        The network sees several views of an image, moved by a few pixels, and the probabilities of the next word are
        averaged over them. Errors fall by half; the time grows with the number of views.

        Args:
            images: N images, uint8 `(size, size, 3)` with `size = captioner.image_size`, such as those of `read`.
            beam_width: 1 for greedy search, more for beam search, which finds as many alternatives. Defaults to `1`.
            views: 1 for the image alone, up to 5. Defaults to `5`.

        Returns:
            A `Caption` for each image.

        Raises:
            DataError: An image has another shape, or the number of views is out of range.
        """
        if views not in range(1, len(SHIFTS) + 1):
            raise DataError(f"Expected from 1 to {len(SHIFTS)} `views`. Received: {views}.")
        pixels = self.pixels(images)
        captions = []
        for first in range(0, len(pixels), BATCH_IMAGES):
            batch = pixels[first : first + BATCH_IMAGES]
            decoded = self._search(beam_width, views, len(pixels))(shifted_views(batch, views))
            if beam_width == 1:
                ids, log_probs = (ops.convert_to_numpy(x)[:, None] for x in (decoded.ids, decoded.log_probs))
            else:
                best = decoded.hypotheses
                ids, log_probs = (ops.convert_to_numpy(x) for x in (best.ids, best.log_probs))  # (B, K, T), (B, K)
            probabilities = np.exp(log_probs.astype(np.float64))
            attention = ops.convert_to_numpy(decoded.attention)  # (B, T, H' W')
            captions += map(self._caption, batch, ids, probabilities, attention)
        return captions

    def _caption(self, image, ids, probabilities, attention) -> Caption:
        """Return the caption of one image, of ids `(K, T)`, probabilities `(K,)` and attention `(T, H' W')`."""
        written = [self._write(row) for row, chance in zip(ids, probabilities, strict=True) if chance > 0]
        words, is_complete = written[0]
        text, others = self._text(words), (self._text(other) for other, _ in written[1:])
        grid = None
        if not self.network.encoder.whole_image:
            grid = attention[: len(words)].reshape(len(words), *self.network.encoder.grid_shape)
        return Caption(
            image=image,
            text=text,
            words=words,
            probability=float(probabilities[0]),
            attention=grid,
            alternatives=distinct_alternatives(text, zip(others, probabilities[1:], strict=False)),
            is_complete=is_complete,
        )

    def _write(self, ids) -> tuple[tuple[str, ...], bool]:
        """Return the words of an output, and whether it has an end."""
        ends = np.flatnonzero(ids == Vocabulary.eos_id)
        kept = ids[: ends[0]] if len(ends) else ids
        names = self.network.target_vocabulary.symbols
        first = Vocabulary.eos_id + 1
        return tuple(names[index - first] if index >= first else UNKNOWN for index in kept), len(ends) > 0

    def _text(self, words) -> str:
        language = self.network.metadata.get("language")
        return " ".join(words) if language is None else caption_text(words, language)

    def _search(self, beam_width, views, count):
        """Return a search as a function of views, compiled where there are enough images to pay for tracing."""
        max_length = MAX_LENGTHS[0] if self.network.metadata.get("language") else MAX_LENGTHS[1]
        options = {"beam_width": beam_width} if beam_width > 1 else {}
        search = functools.partial(beam_search if options else greedy_search, end_id=Vocabulary.eos_id, **options)

        def decode(images):
            return self.network.decode(images, search, max_length, variants=views)

        small = count < MIN_COMPILED_IMAGES
        return decode if small else self._compiled_searches.setdefault((beam_width, views), compiled(decode))
