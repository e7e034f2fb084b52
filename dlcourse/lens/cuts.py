"""What can be taken out of a network, in words: layers, links where branches meet, units, heads."""

from dataclasses import dataclass

KINDS = ("identity", "zero", "input", "unit", "head")
NUMBERED = ("input", "unit", "head")  # of which a layer has several


@dataclass(frozen=True)
class Cut:
    """One thing that is taken out.

    Attributes:
        layer: The layer's name; "outer/inner" in a nested model, "name#2" for the second use of a layer.
        kind: "identity": the layer hands on what it is given. "zero": it puts out zeros. "input": one of the tensors
            that an addition or a concatenation takes is left out. "unit": one unit or channel puts out zeros, behind
            the layer's activation. "head": one head of an attention adds nothing.
        number: Which input, unit or head, from 0.

    >>> Cut("add", "input", 1)
    Cut(layer='add', kind='input', number=1)
    """

    layer: str
    kind: str
    number: int = 0


@dataclass(frozen=True)
class Part:
    """A layer, or a function of `keras.ops`, as it stands in the network.

    Attributes:
        name: As a Cut names it.
        kind: Its class, as in "Conv2D".
        inputs: The parts whose outputs it takes, by their places in the list; -1 for the network's input.
        shape: Of its output, without the batch axis.
        kinds: What cuts it takes.
        units: How many units or channels can be cut.
        heads: How many heads.
        why: Why the part as a whole cannot be cut; "" where it can.
        no_identity: Why it cannot hand on what it is given; "" where it can, or cannot be cut at all.
    """

    name: str
    kind: str
    inputs: tuple[int, ...]
    shape: tuple[int | None, ...]
    kinds: tuple[str, ...]
    units: int
    heads: int
    why: str
    no_identity: str

    def count(self, kind: str) -> int:
        """How many inputs, units or heads there are to choose from; 1 of other kinds of cut.

        Example:
            >>> part.count("unit")
            32
        """
        return {"input": len(self.inputs), "unit": self.units, "head": self.heads}.get(kind, 1)
