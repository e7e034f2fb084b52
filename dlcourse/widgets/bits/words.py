"""What `Bits` says in Python, as words.js does in the browser."""


def kilobytes(count: int) -> str:
    """A size as people say it.

    Example:
        >>> kilobytes(98432)
        '98.4 kB'
    """
    return f"{count / 1e6:.1f} MB" if count >= 999_950 else f"{count / 1000:.1f} kB"


def bits_in_words(bits: int) -> str:
    """How many bits a weight has.

    Example:
        >>> bits_in_words(32), bits_in_words(1)
        ('float', '1 bit')
    """
    if bits == 32:
        return "float"
    return "1 bit" if bits == 1 else f"{bits} bits"


def share(part: int, whole: int) -> str:
    """A share to the tenth of a percent: 400 examples tell quarters apart.

    Example:
        >>> share(373, 400)
        '93.3 %'
    """
    return f"{int(1000 * part / whole + 0.5) / 10:.1f} %"
