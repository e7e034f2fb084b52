"""Random numbers that are the same here and in the browser (js/random.js), counted from the seed."""

import numpy as np

_STEP = 0x6D2B79F5  # of the generator mulberry32, by Tommy Ettinger, in the public domain


def evens(seed: int, count: int) -> np.ndarray:
    """Evenly spread numbers from 0 to 1.

    Example:
        >>> evens(0, 2).round(3)
        array([0.267, 0.   ])
    """
    with np.errstate(over="ignore"):
        state = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_STEP)).astype(np.uint32)
        mixed = (state ^ (state >> 15)) * (state | np.uint32(1))
        mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | np.uint32(61))
    return (mixed ^ (mixed >> 14)) / 2**32


def normals(seed: int, count: int) -> np.ndarray:
    """Normally spread numbers, in pairs from two even ones each (Box and Muller)."""
    first, second = evens(seed, count + count % 2).reshape(-1, 2).T
    far, angle = np.sqrt(-2 * np.log1p(-first)), 2 * np.pi * second
    return np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1).ravel()[:count]
