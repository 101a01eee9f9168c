"""Training loop of all tasks: `Model.fit` with bucketed batches, best weights, resumption and Ctrl-C."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras

from dlseq.errors import DlseqError
from dlseq.training.batching import bucketed_batches, steps_per_execution
from dlseq.training.callbacks import BestWeights, SeedEachEpoch, StopTraining, WriteCheckpoint
from dlseq.training.checkpoint import best_path, restore_checkpoint
from dlseq.training.config import TrainingConfig, TrainingRun

__all__ = ["build_optimizer", "fit"]

VALIDATION_BATCH_SIZE = 1000
MAX_EXECUTION_STEPS = 25  # batches that TensorFlow and JAX run in one call; PyTorch runs one
JAX_WIDTH_MULTIPLE = 8  # JAX compiles a training step for each width of a batch
TRAINING_BACKENDS = ("tensorflow", "jax", "torch")


def build_optimizer(learning_rate, steps, warmup=50):
    """Return Adam with clipped gradients, linear warm-up and cosine decay to zero.

    Args:
        learning_rate: Peak learning rate.
        steps: Integer, the step at which the rate is zero.
        warmup: Integer, steps of the warm-up. Defaults to `50`.

    Returns:
        A `keras.optimizers.Adam`.
    """
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / max(warmup, 1), max(steps - warmup, 1), warmup_target=learning_rate, warmup_steps=warmup
    )
    return keras.optimizers.Adam(schedule, beta_2=0.99, global_clipnorm=1.0)


def fit(
    network: keras.Model,
    examples: tuple,
    validation: tuple,
    config: TrainingConfig,
    *,
    monitor: str,
    mode: str,
    compile_arguments: Mapping,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> TrainingRun:
    """Train a network and leave it with the weights of its best epoch, after Ctrl-C too.

    Args:
        network: Network with a dict `metadata`; it is compiled here.
        examples: `(x, y)`, arrays or dicts of arrays `(N, ...)`, see `bucketed_batches`.
        validation: `(x, y)` that decides which epoch is best.
        config: Settings.
        monitor: Name of the logged value that decides, such as `"val_loss"`.
        mode: `"min"` or `"max"`, the direction of improvement.
        compile_arguments: Loss and metrics.
        checkpoint: `.keras` file that is written after each epoch, with the best epoch beside it. Defaults to `None`.
        resume: Whether to continue from `checkpoint` if it exists. With the same other arguments, a resumed run ends
            with the weights of an uninterrupted one. Defaults to `False`.
        callbacks: Further Keras callbacks, such as a progress bar.

    Returns:
        A `TrainingRun`.

    Raises:
        ModelFileError: The checkpoint cannot be read or belongs to another network.
        DlseqError: The backend of Keras cannot train.
    """
    started = time.monotonic()
    backend = keras.config.backend()
    if backend not in TRAINING_BACKENDS:
        raise DlseqError(
            f"Cannot train with this backend of Keras. Expected one of: {', '.join(TRAINING_BACKENDS)}. Received: "
            f"{backend}. Set the environment variable KERAS_BACKEND."
        )
    rows = len(keras.tree.flatten(examples[1])[0])
    steps, execution_steps = steps_per_execution(
        max(rows // config.batch_size, 1), maximum=1 if backend == "torch" else MAX_EXECUTION_STEPS
    )
    network.compile(
        optimizer=build_optimizer(config.learning_rate, config.epochs * steps),
        jit_compile=backend == "jax",  # XLA has no kernel for TensorFlow's LSTM
        steps_per_execution=execution_steps,
        **compile_arguments,
    )
    network.optimizer.build(network.trainable_variables)  # inside `Model.fit` this would trace the train step twice
    if resume and checkpoint is not None and Path(checkpoint).exists():
        restore_checkpoint(network, checkpoint)
    first_epoch = int(network.optimizer.iterations) // steps

    best_file = None if checkpoint is None else best_path(checkpoint)
    best = BestWeights(monitor, mode, config.patience, best_file, first_epoch)
    stop = StopTraining(monitor, mode, config.target, config.seconds)
    history = keras.callbacks.History()
    history.set_model(network)
    own = [history, best, stop, SeedEachEpoch(config.seed)]
    own += [] if checkpoint is None else [WriteCheckpoint(checkpoint)]
    interrupted = False
    try:
        network.fit(
            bucketed_batches(
                *examples,
                config.batch_size,
                steps,
                seed=config.seed,
                first_epoch=first_epoch,
                short_first=config.short_first,
                width_multiple=JAX_WIDTH_MULTIPLE if backend == "jax" else 1,
            ),
            epochs=config.epochs,
            initial_epoch=first_epoch,
            steps_per_epoch=steps,
            validation_data=validation,
            validation_batch_size=VALIDATION_BATCH_SIZE,
            shuffle=False,
            verbose=0,
            callbacks=[*own, *callbacks],
        )
    except KeyboardInterrupt:
        interrupted = True
        if backend == "jax":
            network.jax_state_sync()  # in an epoch, the values of the variables are in the trainer's state only
        for callback in (*own, *callbacks):
            callback.on_train_end()
    early = "patience" if best.stopped_epoch else "finished"
    return TrainingRun(
        history={name: [float(value) for value in values] for name, values in history.history.items()},
        seconds=time.monotonic() - started,
        stopped="interrupted" if interrupted else stop.reason or early,
        best_epoch=None if best.best_epoch is None else best.best_epoch + 1,
    )
