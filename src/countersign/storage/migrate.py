"""Brings a database to the newest schema, in process."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from countersign.storage.engine import WRITES


def alembic_config() -> Config:
    """Give Alembic's settings; the steps lie in this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def to_newest(engine: Engine) -> None:
    """Take all steps that the database has not taken yet, in one transaction: all of them or none."""
    config = alembic_config()
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
