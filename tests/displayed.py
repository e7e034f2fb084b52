"""What a widget says where no widget lives."""


def words_of(widget):
    """The text of its display."""
    return widget._in_words(widget._look())
