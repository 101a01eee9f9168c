"""Places of things in a grid over a scene: what to see at each place, and where to look for each word."""

from collections.abc import Sequence

import numpy as np

from dlseq.data.scenes import Scene, sprite_names
from dlseq.data.scenes.languages import render
from dlseq.data.scenes.statements import HORIZONTAL, VERTICAL
from dlseq.data.scenes.words import SIZES
from dlseq.errors import DataError

__all__ = ["PLACE_CLASSES", "all_scenes", "place_labels", "place_owners", "word_positions"]

PLACE_CLASSES = {
    "name": 1 + len(sprite_names()),
    "size": 1 + len(SIZES),
    "count": 5,
    "order": 5,
    "vertical": 2 + len(VERTICAL),
    "horizontal": 2 + len(HORIZONTAL),
}
"""Properties of the thing at a place, and the number of their classes: 0 for a place without a thing, the name, the
size, the number of things of the name, the order in which the caption names them, and the relations that it has in the
caption: to the other thing of its group, and to the other group; 1 for none."""


def place_owners(scene: Scene, grid_shape: tuple[int, int]) -> np.ndarray:
    """Return for each place of a grid the thing that it shows, the one in front where several overlap.

    A thing has the places whose centers its box holds, and in any case the one nearest to its own center.

    Returns:
        Integers `(rows, columns)`: positions in `scene.things`, -1 for none.

    Example:
        >>> from dlseq.data.scenes import draw_scenes
        >>> [scene] = draw_scenes(1, seed=5)
        >>> sorted({*place_owners(scene, (8, 8)).flat} - {-1}) == list(range(len(scene.things)))
        True
    """
    owners = np.full(grid_shape, -1, np.int32)
    middles = []
    for index, thing in enumerate(scene.things):  # the one behind first
        left, top, right, bottom = thing.box
        inside, middle = [], []
        for count, low, high in zip(grid_shape, (top, left), (bottom, right), strict=True):
            cell = scene.image.shape[0] / count
            centers = (np.arange(count) + 0.5) * cell
            inside.append((centers >= low) & (centers < high))
            middle.append(min(int((low + high) / 2 / cell), count - 1))
        owners[np.ix_(*inside)] = index
        middles.append(tuple(middle))
    for index, middle in enumerate(middles):
        if not (owners == index).any():
            owners[middle] = index
    return owners


def place_labels(scenes: Sequence[Scene], grid_shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Return the classes of `PLACE_CLASSES` at each place of scenes, uint8 `(N, rows * columns, 1)` by property."""
    names, sizes = sprite_names(), list(SIZES)
    places = grid_shape[0] * grid_shape[1]
    labels = {key: np.zeros((len(scenes), places, 1), np.uint8) for key in PLACE_CLASSES}
    for row, scene in enumerate(scenes):
        owners = place_owners(scene, grid_shape).ravel()
        statement = scene.statement
        order = {phrase.name: 1 + index for index, phrase in enumerate(statement.phrases)}
        groups = {phrase.name: group for group in statement.groups for phrase in group.phrases}
        horizontal = 1 if statement.relation is None else 2 + HORIZONTAL.index(statement.relation)
        for index, thing in enumerate(scene.things):
            vertical = groups[thing.name].relation
            classes = {
                "name": 1 + names.index(thing.name),
                "size": 1 + sizes.index(thing.size),
                "count": sum(other.name == thing.name for other in scene.things),
                "order": order[thing.name],
                "vertical": 1 if vertical is None else 2 + VERTICAL.index(vertical),
                "horizontal": horizontal,
            }
            for key, value in classes.items():
                labels[key][row, owners == index] = value
    return labels


def word_positions(scenes: Sequence[Scene], grid_shape: tuple[int, int], length: int) -> np.ndarray:
    """Return the place that a decoder should look at for each word of a caption.

    A word that names things looks at the middle of the leftmost of them, as far as it is seen. Another word looks at
    the place of the next word that names things; those at the end, and the end token, at that of the last.

    Args:
        scenes: N scenes with their captions.
        grid_shape: rows and columns of the memory.
        length: number of steps `Ty`, at least one more than the longest caption has words.

    Returns:
        Integers `(N, Ty)`: 1 plus the position in the memory, row by row; 0 for padding.
    """
    positions = np.zeros((len(scenes), length), np.int32)
    rows, columns = np.indices(grid_shape)
    for row, scene in enumerate(scenes):
        owners = place_owners(scene, grid_shape)
        size = scene.image.shape[0]
        places = {}
        for index in sorted(range(len(scene.things)), key=lambda index: scene.things[index].box[0]):
            left, top, right, bottom = scene.things[index].box
            y, x = (top + bottom) / 2 / size * grid_shape[0] - 0.5, (left + right) / 2 / size * grid_shape[1] - 0.5
            distance = (rows - y) ** 2 + (columns - x) ** 2
            distance = np.where(owners == index, distance, np.inf)
            places.setdefault(scene.things[index].name, 1 + int(distance.argmin()))
        named = [phrase and places[phrase.name] for _, phrase in render(scene.statement, scene.language)]
        following = next(place for place in reversed(named) if place is not None)
        for step in range(len(scene.caption), -1, -1):
            if step < len(named) and named[step] is not None:
                following = named[step]
            positions[row, step] = following
    return positions


def all_scenes(examples: Sequence) -> list[Scene]:
    """Return examples that are scenes, of which the places of things are known.

    Raises:
        DataError: An example is no scene.
    """
    for position, example in enumerate(examples):
        if not isinstance(example, Scene):
            raise DataError(
                "Expected scenes, because the network is trained with places of words. Received: an image of a file at "
                f"position {position}. Train without `guidance`, `feeding` and `place_epochs`, as the preset file does."
            )
    return list(examples)
