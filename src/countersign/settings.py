"""The only reader of the environment: where things lie. No setting changes a rule; rules come from the signed pack."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Places, each by ``COUNTERSIGN_<NAME>`` or by the command line's option of that name."""

    model_config = SettingsConfigDict(env_prefix="COUNTERSIGN_", extra="forbid", frozen=True)

    data: Path = Field(default=Path("countersign-data"), description="Folder of the database and the encrypted blobs.")
    keys: Path = Field(
        default=Path("countersign-keys"),
        description="Folder of the wrapped keys; keep it on another disk than the data.",
    )
    witness: Path = Field(
        default=Path("countersign-witness"),
        description="Folder of the file witness: its key and the last checkpoint it saw. Keep it with somebody else.",
    )
    passphrase_file: Path | None = Field(
        default=None, description="File whose content opens the root key. Production needs one; there is no default."
    )
    networks: Path | None = Field(
        default=None, description="A register of networks to use instead of the built-in one."
    )
    extractor: str = Field(
        default="sface-2021dec",
        description="Name of the registered network that makes templates. With another one every collection is "
        "enrolled again, and thresholds need a validation of their own.",
    )
    detector: str = Field(
        default="yunet-2023mar",
        description="Name of the registered network that locates faces. With another one every collection is enrolled "
        "again, and thresholds need a validation of their own.",
    )
    threads: int = Field(default=2, ge=1, le=64, description="Processor threads for networks and search.")
    insecure_decoding_in_process: bool = Field(
        default=False,
        description="Decode hostile files without the sandbox: whoever makes a decoder stumble owns the program. For "
        "development on machines without Landlock and seccomp only.",
    )


@cache
def settings_from_environment() -> Settings:
    """Read the environment once."""
    return Settings()
