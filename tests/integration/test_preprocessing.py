"""A registry whose extractor is fed in another way than this version feeds it must not give templates its identity."""

from pathlib import Path

import pytest

from countersign.bootstrap import open_engine
from countersign.inference import registry
from countersign.operations.engine import PreprocessingError
from countersign.settings import Settings


def test_a_registry_from_before_the_preprocessing_changed_is_refused(tmp_path: Path):
    shipped = Path(registry.__file__).with_name("networks.toml").read_text(encoding="utf-8")
    earlier = tmp_path / "networks.toml"
    earlier.write_text(
        shipped.replace("rgb255-align112-zooms3-shift20-mirror-coarse40blur9fine/4", "rgb255-align112-mirror/1")
    )

    with pytest.raises(PreprocessingError, match="got rgb255-align112-mirror/1"):
        open_engine(Settings(networks=earlier))
    assert open_engine(Settings()).extractor.endswith("/rgb255-align112-zooms3-shift20-mirror-coarse40blur9fine/4/x381")
