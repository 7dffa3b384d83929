"""The key of the suppression hashes: made once, never changed silently."""

import stat

import duckdb
import pytest

from python_jobs.landing.keyed_hash import HashKey, key_path, open_key, read_key
from python_jobs.warehouse.connection import WarehouseError
from python_jobs.warehouse.raw_tables import create_raw_tables


@pytest.fixture
def warehouse(tmp_path, monkeypatch):
    monkeypatch.delenv("DEALIX_HASH_KEY", raising=False)
    monkeypatch.delenv("DEALIX_SECRET_KEY", raising=False)
    return tmp_path / "lake.duckdb"


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        create_raw_tables(connection)
        yield connection


def test_the_key_is_made_once_for_its_owner_only(connection, warehouse):
    first = open_key(connection, warehouse, "tester")
    assert open_key(connection, warehouse, "other") == first == read_key(connection, warehouse)
    assert stat.S_IMODE(key_path(warehouse).stat().st_mode) == 0o600
    recorded = connection.execute("select key_id, actor from raw.hash_keys").fetchall()
    assert recorded == [(first.key_id, "tester")]
    assert first.secret.decode() not in str(recorded) + repr(first)


def test_a_lost_key_is_an_error(connection, warehouse):
    open_key(connection, warehouse, "tester")
    key_path(warehouse).unlink()
    for use in (lambda: open_key(connection, warehouse, "x"), lambda: read_key(connection, warehouse)):
        with pytest.raises(WarehouseError, match="missing"):
            use()


def test_another_key_is_an_error(connection, warehouse, monkeypatch):
    open_key(connection, warehouse, "tester")
    monkeypatch.setenv("DEALIX_SECRET_KEY", "another key, long enough")
    with pytest.raises(WarehouseError, match="Put the old key back"):
        open_key(connection, warehouse, "tester")


def test_the_key_of_the_environment_counts_under_both_its_names(connection, warehouse, monkeypatch):
    monkeypatch.setenv("DEALIX_HASH_KEY", "a key from the environment")
    old_name = open_key(connection, warehouse, "tester")
    monkeypatch.setenv("DEALIX_SECRET_KEY", "a key from the environment")
    assert open_key(connection, warehouse, "tester") == old_name
    assert not key_path(warehouse).exists()
    monkeypatch.setenv("DEALIX_SECRET_KEY", "some other key of the same")
    with pytest.raises(WarehouseError, match="not the same"):
        open_key(connection, warehouse, "tester")


def test_a_short_key_is_an_error(connection, warehouse, monkeypatch):
    monkeypatch.setenv("DEALIX_SECRET_KEY", "too short")
    with pytest.raises(WarehouseError, match="16 at least"):
        open_key(connection, warehouse, "tester")
    assert not key_path(warehouse).exists()


def test_a_damaged_key_is_an_error(connection, warehouse):
    key_path(warehouse).write_text("short")
    with pytest.raises(WarehouseError, match="damaged"):
        open_key(connection, warehouse, "tester")


def test_a_key_that_others_can_read_is_an_error(connection, warehouse, monkeypatch):
    open_key(connection, warehouse, "tester")
    key_path(warehouse).chmod(0o640)
    for use in (lambda: open_key(connection, warehouse, "x"), lambda: read_key(connection, warehouse)):
        with pytest.raises(WarehouseError, match="chmod 600"):
            use()
    monkeypatch.setenv("DEALIX_SECRET_KEY", key_path(warehouse).read_text().strip())
    assert open_key(connection, warehouse, "tester")


def test_nothing_hashed_yet(connection, warehouse):
    assert read_key(connection, warehouse) is None
    assert not key_path(warehouse).exists()


def test_what_is_hashed():
    key, other = HashKey(b"a" * 32), HashKey(b"b" * 32)
    assert key.phone("+966501234567") != other.phone("+966501234567")
    assert key.email("a@acme.sa") != key.domain("a@acme.sa")
    assert key.site("salla.sa", "acme") == key.domain("salla.sa/acme") != key.domain("salla.sa")
    assert len(key.phone("+966501234567")) == 64
