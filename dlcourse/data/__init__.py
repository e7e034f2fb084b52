"""What is learned from: `load("mnist")` returns arrays with their names, licence and source."""

from dlcourse.data.catalogue import CATALOGUE
from dlcourse.data.dataset import Card, Dataset, Split
from dlcourse.data.loading import load
from dlcourse.data.photos import photo
from dlcourse.data.planes import plane

__all__ = ["CATALOGUE", "Card", "Dataset", "Split", "load", "photo", "plane"]
