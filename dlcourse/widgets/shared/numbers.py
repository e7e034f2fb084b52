"""Numbers as a prediction tells them: three digits say enough of a guess, from millionths to millions."""

from decimal import ROUND_HALF_UP, Decimal


def figure(value: float, unit: str = "") -> str:
    """A number with its unit, as numbers.js writes it.

    Example:
        >>> figure(2.04e-6), figure(61706), figure(0.98765), figure(52, "%")
        ('2e-6', '61,706', '0.988', '52 %')
    """
    return f"{_digits(float(value))} {unit}".rstrip()


def _digits(value: float) -> str:
    size = abs(value)
    if size and (size < 1e-3 or size >= 1e12):
        mantissa, power = f"{value:.1e}".split("e")
        text = f"{mantissa.removesuffix('.0')}e{int(power)}"
    elif value == int(value):
        text = f"{int(value):,}"
    else:
        places = max(0, 2 - Decimal(value).adjusted())
        text = f"{Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    return f"−{text[1:]}" if text.startswith("-") else text
