"""The colours of all widgets, the one table: Python draws still pictures with it and hands it to the browser.

Blue is below zero, orange above, in every widget; the pair is told apart with each kind of colour blindness, and on
both sides of zero the lightness runs one way only. On a dark page zero is dark, so that it stays the quiet colour.
"""

import numpy as np

# around zero: from -1 over 0 to +1, evenly spaced
_DIVERGING = {
    "light": ["#0a3f80", "#2f74bd", "#8dbbe3", "#fafafa", "#f9b872", "#e07b14", "#a34700"],
    "dark": ["#8cc8ff", "#4a93dc", "#1f4f80", "#161616", "#7a4207", "#cf7a1e", "#ffbe6e"],
}
# from little to much, evenly spaced
_SEQUENTIAL = {
    "light": ["#fdf6d8", "#b9d99a", "#4fae9b", "#2a6f9b", "#2b2a66"],
    "dark": ["#1b1b33", "#284f7d", "#2f8a93", "#86c48a", "#f6eeb0"],
}
# kinds without an order: Okabe and Ito's colours, made for every kind of colour vision (jfly.uni-koeln.de/color)
CATEGORIES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000"]

WINDOW = "#e0007a"  # what the learner points at, in pictures and in the sums below them

PALETTE = {
    "diverging": _DIVERGING,
    "sequential": _SEQUENTIAL,
    "categorical": CATEGORIES,
    "window": WINDOW,
}


def rgb(colour: str) -> np.ndarray:
    """Red, green and blue of "#rrggbb", 0 to 255."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], float)


def ink_on(colour: np.ndarray) -> str:
    """Black or white, whichever contrasts more with a colour of three channels from 0 to 255, as the browser has it."""
    shares = np.asarray(colour, float) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ [0.2126, 0.7152, 0.0722] > 0.179 else "#ffffff"


def diverging(values: np.ndarray, scale: float, theme: str = "light") -> np.ndarray:
    """The colours of values around zero, uint8 with a last axis of three; beyond ±`scale` they saturate.

    Example:
        >>> diverging(np.array([0.0]), 1)
        array([[250, 250, 250]], dtype=uint8)
    """
    stops = np.array([rgb(colour) for colour in _DIVERGING[theme]])
    return _between(stops, np.asarray(values, float) / (2 * scale) + 0.5)


def sequential(values: np.ndarray, low: float, high: float, theme: str = "light") -> np.ndarray:
    """The colours of values from `low` to `high`, uint8 with a last axis of three; beyond they saturate."""
    stops = np.array([rgb(colour) for colour in _SEQUENTIAL[theme]])
    return _between(stops, (np.asarray(values, float) - low) / max(high - low, 1e-12))


def grey(values: np.ndarray) -> np.ndarray:
    """The greys of values from 0 (black) to 1 (white), uint8 with a last axis of three; beyond they saturate."""
    return _between(np.array([[0.0] * 3, [255.0] * 3]), np.asarray(values, float))


def _between(stops: np.ndarray, at: np.ndarray) -> np.ndarray:
    place = np.clip(at, 0, 1) * (len(stops) - 1)
    before = np.minimum(place.astype(int), len(stops) - 2)
    share = (place - before)[..., None]
    return np.rint(stops[before] * (1 - share) + stops[before + 1] * share).astype(np.uint8)
