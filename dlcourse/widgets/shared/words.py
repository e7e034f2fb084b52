"""Numbers as people read them, as js/words.js writes them."""


def percent(share: float) -> str:
    """A probability or a share as people say it."""
    return "< 1 %" if 0 < share < 0.005 else f"{int(100 * share + 0.5)} %"
