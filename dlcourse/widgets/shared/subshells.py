"""Widgets that hear the browser while a cell runs."""

from typing import Any


def hear_while_a_cell_runs(comm: Any) -> None:
    """Lets a widget's messages go to the subshell that JupyterLab names in them, whoever published last.

    JupyterLab sends what a learner does with a widget to a subshell of the kernel, a thread that answers while the main
    one runs a cell. ipykernel 7.4 sends it instead to the shell that last published for this widget: to the main one,
    once a callback has shown its numbers (and before anything was said at all), where it waits for the end of the cell.
    What a widget of ours is told never has to be heard in the thread that published, so the detour is taken away. Other
    releases have none, and then this changes nothing.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = None
