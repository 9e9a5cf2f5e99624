"""Settings that every test shares."""

from hypothesis import HealthCheck, settings

# A loaded machine is slow, never wrong: tests do not measure time, so examples have no deadline.
settings.register_profile("countersign", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("countersign")
