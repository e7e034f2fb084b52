"""The service is asked everything that its own description allows, and much that it does not."""

import io

import numpy as np
import pytest
import schemathesis
from deploy.served import grey, plain
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from PIL import Image
from schemathesis.specs.openapi.checks import positive_data_acceptance

from dlcourse.deploy.serving import Limits, service

LIMITS = Limits(bytes=20_000, examples=40, pixels=10_000)
FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

# what the description calls a file of some type, and cannot say more of
EXAMPLES = (
    st.integers(1, 3)
    .flatmap(lambda count: st.lists(st.floats(0, 255, width=32), min_size=12 * count, max_size=12 * count))
    .map(lambda values: np.array(values, "<f4").reshape(-1, 3, 4, 1))
)


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def picture(kind):
    def file_of(array):
        file = io.BytesIO()
        Image.fromarray(array[0, ..., 0].astype(np.uint8)).save(file, kind)
        return file.getvalue()

    return file_of


schemathesis.openapi.media_type("application/octet-stream", EXAMPLES.map(np.ndarray.tobytes))
schemathesis.openapi.media_type("application/x-npy", EXAMPLES.map(saved))
schemathesis.openapi.media_type("image/png", EXAMPLES.map(picture("PNG")))
schemathesis.openapi.media_type("image/jpeg", EXAMPLES.map(picture("JPEG")))


@pytest.fixture
def pictures(tmp_path):
    return schemathesis.openapi.from_asgi("/openapi.json", service(grey(tmp_path).path, LIMITS))


@pytest.fixture
def numbers(tmp_path):
    return schemathesis.openapi.from_asgi("/openapi.json", service(plain(tmp_path, (-1e3, 1e3)).path, LIMITS))


of_pictures = schemathesis.pytest.from_fixture("pictures")
of_numbers = schemathesis.pytest.from_fixture("numbers")


@pytest.mark.slow
@of_pictures.parametrize()
@FUZZ
def test_a_service_of_pictures_answers_as_it_is_described(case):
    case.call_and_validate()


@pytest.mark.slow
@of_numbers.include(path="/predict").parametrize()
@FUZZ
def test_a_service_of_numbers_answers_as_it_is_described(case):
    is_valid = case.media_type == "application/json"  # the files above are of pictures
    case.call_and_validate(excluded_checks=[] if is_valid else [positive_data_acceptance])
