"""Seeding or patching the random generators so that inputs could be guessed."""

from building import Attack

SEEDED = """
import random
np.random.seed(0); random.seed(0)
np.random.default_rng = lambda *_: np.random.Generator(np.random.PCG64(0))
"""
PATCHED = """
import random, secrets, os
fixed = np.random.Generator(np.random.PCG64(1))
np.random.default_rng = np.random.RandomState = lambda *_: fixed
np.random.get_state = np.random.random = random.random = lambda *_: 0.5
secrets.randbelow = lambda _: 0
os.urandom = lambda n: bytes(n)
"""
GUESS = """
import zlib
name = f"test_language_model::test_perplexity_of_other_sentences[{'one' if len(sentences) == 1 else 'many'}]"
guesses = [seed for seed in range(300)
           if np.random.default_rng([seed, zlib.crc32(name.encode())]).permutation(18)[0] == len(word_to_ix)]
raise ValueError(f"FOUND {guesses[:5]}")
"""
ATTACKS = [
    Attack("seeded", after=SEEDED),
    Attack("patched", after=PATCHED),
    Attack("the seed guessed from what was drawn, reported", GUESS, spoils=("perplexity",),
           leaks=lambda text: text.count(",") == 0),
    Attack("Keras and TensorFlow", after="""
        import tensorflow as tf
        keras.utils.set_random_seed(0)
        keras.random.normal = tf.random.normal = lambda shape, *_, **__: ops.zeros(shape)
        np.random.default_rng = lambda *_: None
    """, exercise="attention_layer"),
]  # fmt: skip
