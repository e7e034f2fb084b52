"""What one sees: widgets that answer within a frame, on the learner's own picture, kernel, layer or network.

Each is shown by being the last line of a cell, can be read and set from the next one, and has a still picture for
places where no widget lives. Importing them loads neither TensorFlow nor Keras.
"""

from dlcourse.widgets.kernels import Kernels
from dlcourse.widgets.picture import Picture, picture

__all__ = ["Kernels", "Picture", "picture"]
