"""What a road sign or a digit is when it is mirrored or turned: the answers to "does it keep its label?".

There are eight ways to lay a square picture: turned counter-clockwise by 0, 90, 180 or 270 degrees, and the same after
it was mirrored left to right ("m"). Upside down is mirrored and turned by half, "m180".
"""

WAYS = ("", "90", "180", "270", "m", "m90", "m180", "m270")

# for each label the ways that keep it, by the drawings in dlcourse.data.sign_shapes and by how people read
_KEEPING = {
    # a number is a number only upright, but 3, 8 and 0 look the same upside down
    "limit 30": ("", "m180"),
    "limit 50": ("",),
    "limit 80": ("", "m180"),
    "limit 120": ("",),
    "minimum 30": ("", "m180"),
    "stop": ("",),
    # symmetric drawings
    "yield": ("", "m"),
    "no entry": ("", "m", "180", "m180"),
    "priority road": WAYS,
    "priority crossing": ("", "m"),
    # arrows
    "turn left": ("", "m180"),
    "turn right": ("", "m180"),
    "straight ahead": ("", "m"),
    # who walks the other way still walks
    "pedestrians": ("", "m"),
    "bicycles": ("", "m"),
    "roadworks": ("", "m"),
    # digits as they are written by hand
    "0": WAYS,
    "1": ("", "180", "m", "m180"),
    "2": ("",),
    "3": ("", "m180"),
    "4": ("",),
    "5": ("",),
    "6": ("",),
    "7": ("",),
    "8": ("", "180", "m", "m180"),
    "9": ("",),
}
# and the ways that make another label of it
_BECOMING = {
    "turn left": {"m": "turn right", "180": "turn right", "270": "straight ahead", "m90": "straight ahead"},
    "turn right": {"m": "turn left", "180": "turn left", "90": "straight ahead", "m270": "straight ahead"},
    "straight ahead": {"90": "turn left", "m90": "turn left", "270": "turn right", "m270": "turn right"},
    "6": {"180": "9"},
    "9": {"180": "6"},
}


def ways_of(label: str) -> dict[str, str] | None:
    """What a picture with that label shows when it is laid in each way: a label, or nothing that has a name.

    Args:
        label: A class of the road signs, or a digit.

    Returns:
        Of the eight ways those that show something known; None if the label is not known here.

    Example:
        >>> ways_of("6")
        {'': '6', '180': '9'}
    """
    if label not in _KEEPING:
        return None
    return dict.fromkeys(_KEEPING[label], label) | _BECOMING.get(label, {})
