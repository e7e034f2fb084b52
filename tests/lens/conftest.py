import pytest


@pytest.fixture(scope="session")
def application():
    """A network of keras.applications by its name, without weights from the net, built once."""
    import keras

    built = {}

    def make(name, **settings):
        key = (name, *sorted(settings.items()))
        if key not in built:
            built[key] = getattr(keras.applications, name)(weights=None, **settings)
        return built[key]

    return make
