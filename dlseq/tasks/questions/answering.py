"""Task of visual question answering: answers to questions about an image, with two looks at it."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.scenes import ANSWERS, Question, question_words
from dlseq.data.scenes.questions import RELATIONS
from dlseq.errors import DataError
from dlseq.layers import ConvolutionalFeatures
from dlseq.networks.visual_answerer import VisualAnswerer
from dlseq.tasks.image_task import ImageTask
from dlseq.tasks.preset import Splits
from dlseq.tasks.questions.answer import Answer
from dlseq.tasks.questions.presets import QuestionData
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.answer_losses import AnswerLoss, AnswerMatch, LookLoss

__all__ = ["QuestionAnswerer"]

FEATURE_SIZES = ("filters", "strides", "jitter")
MAX_WORDS = 20  # of a question
BATCH_SCENES = 250
ALTERNATIVES = 2
JOINT = " the "  # between relation and thing


class QuestionAnswerer(ImageTask):
    """Model that answers questions about scenes, and looks twice: at what the question names, and where it points.

    `QuestionAnswerer.build` takes as sizes the arguments of `ConvolutionalFeatures`, `filters`, `strides` and `jitter`,
    and those of `VisualAnswerer`. With `sprites`, a number of drawings, the features first learn to name single
    drawings, as those of a captioner do. In training, the looks are told the boxes of what the question names and of
    what the answer is about.

    Args:
        network: A `VisualAnswerer`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.scenes import draw_questions
        >>> questions = draw_questions(20, seed=1)
        >>> answerer = QuestionAnswerer.build(questions, filters=(8, 16), strides=(4, 2))  # answerer.fit(…) trains it
        >>> [answer] = answerer.answer([questions[0].scene.image], [questions[0].text])
        >>> answer.looks.shape
        (2, 8, 8)
    """

    network_class = VisualAnswerer
    monitor, mode, monitor_label = "val_answer_exact_match", "max", "exact match"

    @property
    def image_features(self) -> keras.layers.Layer:
        return self.network.image_features

    @property
    def image_size(self) -> int:
        return self.network.image_size

    @classmethod
    def load_data(cls, data: QuestionData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_network(cls, examples: Sequence[Question], *, sprites=0, **sizes) -> VisualAnswerer:
        vocabulary = Vocabulary(sorted({word for question in examples for word in question.words}), level="word")
        feature_sizes = {name: sizes.pop(name) for name in FEATURE_SIZES if name in sizes}
        return VisualAnswerer(
            {"word": vocabulary.to_config()},
            ConvolutionalFeatures(**feature_sizes, name="image_features"),
            examples[0].scene.image.shape[0],
            list(ANSWERS),
            list(RELATIONS),
            metadata={"sprites": sprites},
            **sizes,
        )

    def encode(self, examples: Sequence[Question]) -> tuple:
        """Return the scenes with their questions.

        Returns:
            Two dicts. The inputs are "image", pixels `(N, S, S, 3)`, and "question", ids `(N, Q, T)`. The targets are
            "answer", `(N, Q, 2)`, the number of the answer's word, -1 for no question, and of its relation, 0 for none,
            and "looks", `(N, Q, 2, P)`, the places of the boxes.

        Raises:
            DataError: A question is empty.
        """
        if not all(question.words for question in examples):
            position = next(index for index, question in enumerate(examples) if not question.words)
            raise DataError(f"Expected a question at position {position}. Received: an empty text.")
        scenes = {}
        for question in examples:
            scenes.setdefault(id(question.scene), []).append(question)
        rows = list(scenes.values())
        count, places = max(len(row) for row in rows), int(np.prod(self.network.grid_shape))
        length = max(len(question.words) for question in examples)
        ids = np.zeros((len(rows), count, length), np.int32)
        answers = np.tile(np.array([-1, 0], np.int32), (len(rows), count, 1))
        looks = np.zeros((len(rows), count, 2, places), np.uint8)
        for row, questions in enumerate(rows):
            for column, question in enumerate(questions):
                ids[row, column, : len(question.words)] = self._ids(question.words)
                answers[row, column] = self._numbers(question.answer)
                for look, box in enumerate((question.named_region, question.answer_region)):
                    if box is not None:
                        looks[row, column, look] = self._places(box)
        images = np.stack([questions[0].scene.image for questions in rows])
        return {"image": images, "question": ids}, {"answer": answers, "looks": looks}

    def compile_arguments(self) -> dict:
        words = len(self.network.answers)
        return {
            "loss": {"answer": AnswerLoss(words), "looks": LookLoss()},
            "metrics": {"answer": [AnswerMatch(words)]},
        }

    def score(self, examples: Sequence[Question]) -> dict[str, float]:
        """Return `exact_match`, the share of questions whose answer is right; an unknown word is read as such."""
        images = [question.scene.image for question in examples]
        found = self._read([q.text for q in examples], [q.words for q in examples], images)
        return {"exact_match": metrics.exact_match([answer.text for answer in found], [q.answer for q in examples])}

    def answer(self, images: Sequence[np.ndarray], questions: Sequence[str]) -> list[Answer]:
        """Answer one question about each image.

        Args:
            images: N images, uint8 `(size, size, 3)` with `size = answerer.image_size`, such as those of `read`.
            questions: N questions.

        Returns:
            An `Answer` for each question.

        Raises:
            DataError: An image has another shape, or a question is empty or has a word that the model does not know.
        """
        return self._read(questions, [self._known_words(question) for question in questions], images)

    def _read(self, questions, rows, images) -> list[Answer]:
        """Return the answers to questions of which the words are given."""
        pixels = self.pixels(images)
        answers = []
        for first in range(0, len(rows), BATCH_SCENES):
            batch = rows[first : first + BATCH_SCENES]
            ids = np.zeros((len(batch), 1, max(map(len, batch))), np.int32)
            for row, words in zip(ids, batch, strict=True):
                row[0, : len(words)] = self._ids(words)
            shown = pixels[first : first + BATCH_SCENES]
            found = self.network({"image": shown, "question": ids})
            logits, looks = (ops.convert_to_numpy(found[key])[:, 0] for key in ("answer", "looks"))
            asked = questions[first : first + BATCH_SCENES]
            answers += map(self._answer, asked, shown, logits.astype(np.float64), looks)
        return answers

    def _answer(self, question, image, logits, looks) -> Answer:
        """Return the answer of logits `(words + relations,)` and looks `(2, P)`."""
        words = len(self.network.answers)
        chances = np.outer(_softmax(logits[:words]), _softmax(logits[words:]))  # (words, 1 + relations)
        best = np.argsort(-chances, axis=None)[: 1 + ALTERNATIVES]
        texts = [(self._text(*np.unravel_index(at, chances.shape)), float(chances.flat[at])) for at in best]
        return Answer(
            question=question,
            text=texts[0][0],
            probability=texts[0][1],
            alternatives=tuple(texts[1:]),
            looks=looks.reshape(2, *self.network.grid_shape),
            image=image,
        )

    def _text(self, word, relation):
        word = self.network.answers[word]
        return f"{self.network.relations[relation - 1]}{JOINT}{word}" if relation else word

    def _numbers(self, answer):
        """Return the numbers of the word and of the relation of an answer."""
        relation, _, word = answer.rpartition(JOINT)
        return self.network.answers.index(word), self.network.relations.index(relation) + 1 if relation else 0

    def _ids(self, words):
        return self.network.vocabularies["word"].encode_rows([words])[0]

    def _places(self, box):
        """Return the places `(P,)` whose center a box holds, at least the one nearest to its middle."""
        (rows, columns), size = self.network.grid_shape, self.image_size
        inside = []
        for count, low, high in ((rows, box[1], box[3]), (columns, box[0], box[2])):
            centers = (np.arange(count) + 0.5) * size / count
            chosen = (centers >= low) & (centers < high)
            chosen[np.abs(centers - (low + high) / 2).argmin()] = True
            inside.append(chosen)
        return np.outer(*inside).ravel()

    def _known_words(self, question):
        words = question_words(question)
        if not 1 <= len(words) <= MAX_WORDS:
            raise DataError(
                f"Invalid question. Expected 1 to {MAX_WORDS} words. Received: {len(words)}, {question!r:.60}. "
                "Ask, such as: Is there a cat?"
            )
        known = self.network.vocabularies["word"].symbols
        for word in words:
            if word not in known:
                raise DataError(
                    f"Invalid question {question!r:.80}. Expected words that the model knows, such as: What is on the "
                    f"chair? Received the unknown word: {word!r:.40}."
                )
        return words


def _softmax(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()
