"""What the service does not do, and why."""


class Refusal(Exception):
    """A request that gets no prediction: the status of the answer, and the sentence in it.

    The sentence repeats nothing of what was sent but numbers: who sent it knows it, and who reads a log should not run
    into it.
    """

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None):
        """Refuse with a status, in a sentence."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers or {}
