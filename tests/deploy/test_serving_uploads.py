"""Pictures that are uploaded: what the model gets of them, and what happens to those that mean harm."""

import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
from httpx import Request
from PIL import Image

from dlcourse.deploy.manifest import Input
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.refusals import Refusal
from dlcourse.deploy.serving.uploads import from_form, takes_pictures

GREY = Input("input", (3, 4, 1), "float32", (0.0, 255.0), "grey")
RGB = Input("input", (6, 4, 3), "float32", (-1.0, 1.0), "RGB")
LIMITS = Limits(examples=2, pixels=100_000)
RNG = np.random.default_rng(3)


def file_of(pixels, kind="PNG", mode=None, **settings):
    file = io.BytesIO()
    Image.fromarray(pixels, mode).save(file, kind, **settings)
    return file.getvalue()


def png_header(width, height):
    """The front of a file that claims a size, and some bytes that unpack to nothing much."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def sent(*files, wanted=GREY, limits=LIMITS, field="picture"):
    request = Request("POST", "http://here/", files=[(field, ("a.png", file)) for file in files])
    return from_form(request.read(), request.headers["content-type"], wanted, limits)


def refusal(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.status, caught.value.sentence


def test_a_grey_picture_of_the_right_size_comes_through_unchanged():
    pixels = RNG.integers(0, 256, (2, 3, 4), np.uint8)
    np.testing.assert_array_equal(sent(*map(file_of, pixels)), pixels[..., None])


def test_colours_come_in_their_order_and_in_the_models_range():
    pixels = RNG.integers(0, 256, (6, 4, 3), np.uint8)
    np.testing.assert_allclose(sent(file_of(pixels), wanted=RGB)[0], pixels / 127.5 - 1, atol=1e-6)


def test_a_model_may_take_the_colours_first_or_no_axis_for_them():
    pixels = RNG.integers(0, 256, (6, 4, 3), np.uint8)
    first = Input("input", (3, 6, 4), "uint8", (0.0, 255.0), "RGB")
    np.testing.assert_array_equal(sent(file_of(pixels), wanted=first)[0], np.moveaxis(pixels, -1, 0))
    flat = Input("input", (3, 4), "float32", (0.0, 255.0), "grey")
    np.testing.assert_array_equal(sent(file_of(pixels[:3, :, 0]), wanted=flat)[0], pixels[:3, :, 0])


def test_a_wider_picture_is_cut_about_its_centre_and_made_smaller():
    pixels = np.zeros((30, 80), np.uint8)
    pixels[:, 20:40], pixels[:, 40:60], pixels[:, :20] = 100, 200, 255
    found = sent(file_of(pixels))[0, ..., 0]
    np.testing.assert_allclose(found[:, [0, 3]], [[100, 200]] * 3, atol=1)
    pixels = RNG.integers(0, 256, (30, 40), np.uint8)
    np.testing.assert_allclose(sent(file_of(pixels))[0, ..., 0], pixels.reshape(3, 10, 4, 10).mean(axis=(1, 3)), atol=1)


def test_what_is_transparent_becomes_white():
    pixels = np.zeros((3, 4, 4), np.uint8)
    pixels[:, 2:, 3] = 255
    np.testing.assert_array_equal(sent(file_of(pixels))[0, ..., 0], [[255, 255, 0, 0]] * 3)


def test_sixteen_bits_are_read_by_their_upper_half():
    pixels = np.array([[0, 255, 256, 65535]] * 3, np.uint16)
    np.testing.assert_array_equal(sent(file_of(pixels))[0, ..., 0], [[0, 0, 1, 255]] * 3)


def test_a_picture_is_turned_as_its_camera_says():
    upright = np.zeros((48, 64), np.uint8)
    upright[:16] = 240
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was turned: the right edge of what is stored is the picture's lower one
    stored = np.rot90(upright)
    found = sent(file_of(np.ascontiguousarray(stored), "JPEG", exif=turned, quality=95))[0, ..., 0]
    np.testing.assert_allclose(found, [[240] * 4, [0] * 4, [0] * 4], atol=12)


def test_a_model_of_other_things_takes_no_pictures():
    assert takes_pictures(GREY)
    assert takes_pictures(RGB)
    assert not takes_pictures(Input("input", (3, 4, 1), "float32", None, "grey"))
    assert not takes_pictures(Input("input", (None, None, 1), "float32", (0.0, 255.0), "grey"))
    assert not takes_pictures(Input("input", (5,), "float32", (0.0, 1.0), None))


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", bytes(1_000_000))
    return file.getvalue()


GOOD = file_of(np.zeros((3, 4), np.uint8))
JPEG = file_of(RNG.integers(0, 256, (64, 64), np.uint8), "JPEG")


@pytest.mark.parametrize(
    ("files", "status", "sentence"),
    [
        ([png_header(50_000, 50_000)], 413, "more than 100,000 pixels"),
        ([png_header(2**31 - 1, 2**31 - 1)], 413, "more than 100,000 pixels"),
        ([png_header(400, 300)], 413, "more than 100,000 pixels"),
        ([png_header(300, 300), png_header(300, 300)], 413, "more than 100,000 pixels"),
        ([GOOD] * 3, 422, "more than 2 pictures"),
        ([archive()], 422, "Picture 1 is no PNG and no JPEG"),
        ([GOOD, b""], 422, "Picture 2 is no PNG and no JPEG"),
        ([b"GIF89a" + bytes(30)], 422, "no PNG and no JPEG"),
        ([b"<svg xmlns='http://www.w3.org/2000/svg'/>"], 422, "no PNG and no JPEG"),
        ([png_header(300, 300)], 422, "Picture 1 is broken"),
        ([JPEG[: len(JPEG) // 2]], 422, "Picture 1 is broken"),
        ([GOOD[:40]], 422, "Picture 1"),
        ([GOOD[:8] + bytes(100)], 422, "Picture 1"),
        ([], 422, 'in the field "picture"'),
    ],
)
def test_a_file_that_means_harm_gets_a_sentence(files, status, sentence):
    found = refusal(
        lambda: sent(*files) if files else from_form(b"--b--\r\n", "multipart/form-data; boundary=b", GREY, LIMITS)
    )
    assert found[0] == status
    assert sentence in found[1]


def test_any_byte_of_a_file_may_be_wrong():
    for place in range(0, len(GOOD), 3):
        broken = bytearray(GOOD)
        broken[place] ^= 0x55
        status = 200
        try:
            sent(bytes(broken))
        except Refusal as refused:
            status = refused.status
        assert status in (200, 413, 422), place


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "multipart/form-data", 400),
        (b"nonsense", "multipart/form-data; boundary=b", 400),
        (b"--b\r\n\r\nno header\r\n--b--\r\n", "multipart/form-data; boundary=b", 400),
        (
            b'--b\r\nContent-Disposition: form-data; name="picture"\r\n\r\ntext\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            422,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\ncut',
            "multipart/form-data; boundary=b",
            422,
        ),
        (b"x", "multipart/form-data; boundary=" + "b" * 5000, 400),
    ],
)
def test_a_form_that_cannot_be_read_gets_a_status(body, content_type, status):
    assert refusal(lambda: from_form(body, content_type, GREY, LIMITS))[0] == status


def test_other_fields_are_refused():
    status, sentence = refusal(lambda: sent(GOOD, field="image"))
    assert status == 422
    assert '"picture"' in sentence
