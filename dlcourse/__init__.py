"""dlcourse: look inside your own network, and learn how deep learning works.

`from dlcourse.data import load` is where most lessons start. Importing `dlcourse` itself loads neither
TensorFlow nor Keras.
"""

__version__ = "0.1.0"
