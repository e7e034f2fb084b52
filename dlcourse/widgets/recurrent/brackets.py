"""Lines in which every letter says how many brackets are open: what the network at hand has learned to foretell."""

import numpy as np

CHARACTERS = "()abcd"
_DEEPEST = 3
_OPENS, _CLOSES = 0.3, 0.3  # how often a bracket opens or closes where it can; else there comes a letter


def line(length: int, generator: np.random.Generator) -> str:
    """So many characters, as in "a(b(cc)b)a".

    Args:
        length: How many.
        generator: Of random numbers.

    Example:
        >>> line(12, np.random.default_rng(4)).count("d") <= 12
        True
    """
    depth, text = 0, ""
    for _ in range(length):
        shares = next_shares(depth)
        text += str(generator.choice(list(shares), p=list(shares.values())))
        depth += {"(": 1, ")": -1}.get(text[-1], 0)
    return text


def next_shares(depth: int) -> dict[str, float]:
    """How probable each character is where so many brackets are open.

    Example:
        >>> next_shares(0)
        {'(': 0.3, 'a': 0.7}
    """
    shares = {}
    if depth < _DEEPEST:
        shares["("] = _OPENS
    if depth > 0:
        shares[")"] = _CLOSES
    return shares | {CHARACTERS[2 + depth]: 1 - sum(shares.values())}


def bits_of_the_rules(text: str) -> float:
    """Bits a character, from the second on, that somebody needs who knows the rules.

    Example:
        >>> round(bits_of_the_rules("a(b"), 2)
        1.53
    """
    depth, bits = 0, []
    for character in text:
        bits.append(-np.log2(next_shares(depth)[character]))
        depth += {"(": 1, ")": -1}.get(character, 0)
    return float(np.mean(bits[1:]))
