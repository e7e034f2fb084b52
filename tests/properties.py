"""How hard the tests of properties try: `ci`, the same cases each time, or `pytest --hypothesis-profile=thorough`."""

from hypothesis import HealthCheck, settings

_SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "ci", max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW_TO_DRAW
)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=1000, derandomize=False)
settings.load_profile("ci")


def examples(times: float) -> settings:
    """So many times the examples of the profile: more where mistakes hide, fewer where one costs much."""
    return settings(max_examples=round(times * settings().max_examples))
