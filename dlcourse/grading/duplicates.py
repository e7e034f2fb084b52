"""A cell that JupyterLab has split or copied: both halves carry nbgrader's marks, and only one can be meant."""

from typing import Any

from nbgrader.preprocessors import DeduplicateIds


class WithoutDuplicates(DeduplicateIds):
    """Takes the marks from all but the last of the cells with one `grade_id`.

    nbgrader itself leaves an empty mark behind, over which the step that brings deleted tests back stumbles (0.9.6):
    one learner's split cell would end the grading of the whole class.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """What nbgrader does with every submission before it runs it."""
        nb, resources = super().preprocess(nb, resources)
        for cell in nb.cells:
            if cell.metadata.get("nbgrader") == {}:
                del cell.metadata["nbgrader"]
        return nb, resources
