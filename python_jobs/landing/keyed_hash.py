"""The keyed hash by which opt-outs and landed values find each other without standing in clear.

HMAC-SHA256 under a secret key, because a plain hash of a Saudi mobile number is found by trying all
of them. The key is DEALIX_SECRET_KEY (DEALIX_HASH_KEY is its old name), else a file beside the
warehouse. Only its id stands in the warehouse: with another key no opt-out would match any more, so
a different key is an error and never a silent change.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from python_jobs.warehouse.connection import WarehouseError, utc_now

ENVIRONMENT_NAMES = ("DEALIX_SECRET_KEY", "DEALIX_HASH_KEY")
# Shorter, and the key is easier to guess than the numbers that it hides.
LEAST_CHARACTERS = 16


@dataclass(frozen=True)
class HashKey:
    """The secret and its id (first 16 hex digits of sha256("dealix key id" + key))."""

    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        return hashlib.sha256(b"dealix key id" + self.secret).hexdigest()[:16]

    def sql_parameters(self) -> dict[str, bytes]:
        """What sql_hash needs: the key as HMAC (RFC 2104) pads it. Never written to the warehouse."""
        key = self.secret if len(self.secret) <= 64 else hashlib.sha256(self.secret).digest()
        block = key.ljust(64, b"\0")
        return {
            "inner_pad": bytes(byte ^ 0x36 for byte in block),
            "outer_pad": bytes(byte ^ 0x5C for byte in block),
        }

    def phone(self, e164: str) -> str:
        """Hash of an E.164 number."""
        return self._hash(f"phone:{e164}")

    def email(self, address: str) -> str:
        """Hash of an address in the normal form of parse_emails."""
        return self._hash(f"email:{address}")

    def domain(self, domain_or_host: str) -> str:
        """Hash of a registrable domain, or of a host in the normal form of parse_urls."""
        return self._hash(f"domain:{domain_or_host}")

    def site(self, registrable_domain: str, first_path_segment: str) -> str:
        """Hash of a shop or profile on a shared host: the same one under www., m. or a language's host."""
        return self._hash(f"domain:{registrable_domain}/{first_path_segment}")

    def _hash(self, text: str) -> str:
        return hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def sql_hash(text: str) -> str:
    """A SQL expression: the keyed hash of a SQL text such as `'phone:' || e164`; NULL of NULL.

    The statement takes HashKey.sql_parameters().
    """
    return f"sha256($outer_pad::blob || unhex(sha256($inner_pad::blob || encode({text}))))"


def key_path(warehouse: Path) -> Path:
    """Where the key file of this warehouse lies: beside it, `.key` instead of `.duckdb`."""
    return warehouse.with_suffix(".key")


def key_from_environment() -> str | None:
    """The key that the environment gives, if it does.

    Raises WarehouseError when it is too short, or given under both names and not the same.
    """
    given = {name: os.environ[name] for name in ENVIRONMENT_NAMES if os.environ.get(name)}
    if len(set(given.values())) > 1:
        raise WarehouseError("DEALIX_SECRET_KEY and DEALIX_HASH_KEY are not the same. Set only the first.")
    for name, chosen in given.items():
        if len(chosen) < LEAST_CHARACTERS:
            raise WarehouseError(
                f"{name} has {len(chosen)} characters; a key has {LEAST_CHARACTERS} at least. "
                "Make one: openssl rand -hex 32"
            )
        return chosen
    return None


def open_key(connection: duckdb.DuckDBPyConnection, warehouse: Path, actor: str) -> HashKey:
    """The key for a writer: made and recorded with the first write.

    Raises WarehouseError when it is not the recorded one, is lost, or can be read by others.
    """
    recorded = _recorded_key_id(connection)
    key = _load_key(warehouse)
    if key is None:
        if recorded:
            raise _lost_key(warehouse, recorded)
        key = _create_key(warehouse)
    _check_key(warehouse, key, recorded)
    if not recorded:
        connection.execute("insert into raw.hash_keys values (?, ?, ?)", [key.key_id, actor, utc_now()])
    return key


def read_key(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> HashKey | None:
    """The key for a reader; None when nothing was hashed yet. Raises as open_key does."""
    recorded = _recorded_key_id(connection)
    key = _load_key(warehouse)
    if recorded and key is None:
        raise _lost_key(warehouse, recorded)
    if key is not None:
        _check_key(warehouse, key, recorded)
    return key


def _recorded_key_id(connection: duckdb.DuckDBPyConnection) -> str | None:
    row = connection.execute("select key_id from raw.hash_keys order by created_at limit 1").fetchone()
    return row[0] if row else None


def _load_key(warehouse: Path) -> HashKey | None:
    if chosen := key_from_environment():
        return HashKey(chosen.encode())
    try:
        secret = key_path(warehouse).read_bytes().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WarehouseError(f"The key {key_path(warehouse)} cannot be read: {error.strerror}.") from error
    if len(secret) < 32:
        raise WarehouseError(f"The key {key_path(warehouse)} is damaged. Put it back from your backup.")
    return HashKey(secret)


def _create_key(warehouse: Path) -> HashKey:
    """A new random key, for its owner's eyes only; complete or absent, never half written."""
    path = key_path(warehouse)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(unfinished, path)
    except OSError as error:
        raise WarehouseError(f"The key {path} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return HashKey(path.read_bytes().strip())


def _check_key(warehouse: Path, key: HashKey, recorded: str | None) -> None:
    if recorded and key.key_id != recorded:
        raise WarehouseError(
            f"The secret key (DEALIX_SECRET_KEY or {key_path(warehouse)}) is not the one this warehouse "
            f"was written with (key {recorded}): opt-outs would no longer match. "
            "Put the old key back."
        )
    path = key_path(warehouse)
    if not key_from_environment() and os.name == "posix" and path.stat().st_mode & 0o077:
        raise WarehouseError(
            f"Others can read the secret key {path}, and with it find out every number that opted out. "
            f"Close it: chmod 600 {path}"
        )


def _lost_key(warehouse: Path, recorded: str) -> WarehouseError:
    return WarehouseError(
        f"The secret key {key_path(warehouse)} is missing, and this warehouse was written with it "
        f"(key {recorded}): opt-outs would no longer match. Put it back from your backup, "
        "or set DEALIX_SECRET_KEY."
    )
