"""What a named kernel must not be; tests/widgets/test_kernels.py tries what each does, at every size."""

import pytest

from dlcourse.errors import CourseError
from dlcourse.lens import named_kernel


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("Sobel",), r"There is no kernel 'Sobel'\. Did you mean 'Sobel [xy]'\?"),
        (("Laplace", 4), "`size` must be an odd number from 3 on, but it is 4"),
        (("Laplace", 1), "but it is 1"),
        (("Laplace", 3.0), r"but it is 3\.0"),
    ],
)
def test_what_is_no_kernel_is_named(arguments, complaint):
    with pytest.raises(CourseError, match=complaint):
        named_kernel(*arguments)
