"""What went wrong in a learner's code, as a sentence that helps them on."""

import traceback

NOT_ANSWERED = "Not answered yet."


def sentence(error: BaseException) -> str:
    """What a learner reads when their code, or what is asked of it, has raised an error."""
    if isinstance(error, NotImplementedError) and not str(error):
        return NOT_ANSWERED
    if isinstance(error, AssertionError) and str(error):
        return str(error)
    if isinstance(error, NameError) and error.name and not _own_line(error):
        return f"There is no `{error.name}` yet: run the cell that makes it, and keep the name."
    kind = type(error).__name__
    said = f"{kind}: {error}" if str(error) else kind
    return f"Your code stopped with {said}{_own_line(error)}"


def _own_line(error: BaseException) -> str:
    """The line of the learner's own functions that failed last."""
    frames = traceback.extract_tb(error.__traceback__)
    test = next((frame.filename for frame in frames if frame.name == "<module>"), None)
    for frame in reversed(frames):
        if "ipykernel_" in frame.filename and frame.filename != test:  # how ipykernel calls a cell
            return f"\n    in `{frame.name}`: {(frame.line or '').strip()}"
    return ""
