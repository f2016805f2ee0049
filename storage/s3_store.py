"""The object store on an S3 server.

Only plain requests are used (put, get, head, list, delete, make bucket): object locks, tags, lifecycle rules and
conditional writes are missing or quietly ignored on some servers. Nothing here depends on the server for integrity
either: originals are addressed by their digest and verified when they are read.
"""

from __future__ import annotations

import functools
import io
import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import BinaryIO, TypeVar, cast

import certifi
import structlog
import urllib3
from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from schemas.errors import (
    ConfigurationError,
    InvalidKeyError,
    ObjectCorruptError,
    ObjectNotFoundError,
    StorageError,
)
from storage.objects import (
    CHUNK,
    KeptOriginal,
    ObjectInfo,
    check_key,
    check_removable,
    check_replaceable,
    derived_folder,
    hash_file,
    original_key,
)

_log = structlog.get_logger(__name__)

_ATTEMPTS = 5
_LONGEST_WAIT = 8.0

#: Below this, bytes are spooled in memory, above it in a temporary file.
_IN_MEMORY = 8 * CHUNK

#: Files up to this size go up in one request, whose digest the server checks as a whole.
_ONE_REQUEST = 64 * CHUNK

#: Objects of a listing asked for at once, the most that servers give.
_PAGE = 1000

_ABSENT = {"NoSuchKey", "NoSuchObject", "NoSuchBucket"}
_REFUSED = {
    "AccessDenied",
    "AuthorizationHeaderMalformed",
    "InvalidAccessKeyId",
    "InvalidBucketName",
    "SignatureDoesNotMatch",
}
_BUSY = {"InternalError", "RequestTimeout", "ServiceUnavailable", "SlowDown"}

Result = TypeVar("Result")


class S3Store:
    """Objects in one bucket, which is made when the first object is kept.

    Args:
        endpoint: ``host:port``.
        bucket: name of the bucket.
        secure: over TLS, with the certificate verified.
        inbox: prefix of what may be removed.
        timeout: seconds to wait for the connection and for each part of an answer.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        access_key: str,
        secret_key: str,
        bucket: str,
        region: str = "us-east-1",
        secure: bool = True,
        inbox: str = "inbox/",
        timeout: float = 20.0,
    ) -> None:
        self._bucket = bucket
        self._inbox = inbox
        # Retries are ours (``_call``): two layers of them would multiply the waiting.
        pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=min(timeout, 5.0), read=timeout),
            retries=False,
            maxsize=16,
            cert_reqs="CERT_REQUIRED",
            ca_certs=certifi.where(),
        )
        try:
            self._client = Minio(
                endpoint, access_key=access_key, secret_key=secret_key, region=region, secure=secure, http_client=pool
            )
        except ValueError as error:
            raise ConfigurationError(f"S3 settings: {error}") from error

    def put(self, key: str, data: bytes | BinaryIO, *, content_type: str = "application/octet-stream") -> ObjectInfo:
        """See ``ObjectStore.put``."""
        with _spool(data) as file:
            return self._upload(check_replaceable(key), file, content_type)

    def get(self, key: str) -> bytes:
        """See ``ObjectStore.get``."""
        with self.open(key) as file:
            return file.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """See ``ObjectStore.open``; the object is fetched whole first, so that a broken connection is tried again."""
        check_key(key)
        with _new_spool() as file:
            self._call(key, lambda: self._download(key, file))
            file.seek(0)
            yield file

    def describe(self, key: str) -> ObjectInfo | None:
        """See ``ObjectStore.describe``."""
        check_key(key)
        try:
            found = self._call(key, lambda: self._client.stat_object(self._bucket, key))
        except ObjectNotFoundError:
            return None
        return ObjectInfo(key, found.size or 0, found.last_modified or datetime.now(UTC))

    def exists(self, key: str) -> bool:
        """See ``ObjectStore.exists``."""
        return self.describe(key) is not None

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """See ``ObjectStore.list``; asked page by page, so a listing of millions needs no memory."""
        last: str | None = None
        while True:
            try:
                page = self._call(prefix, functools.partial(self._list_page, prefix, last))
            except ObjectNotFoundError:  # no bucket yet
                return
            yield from page
            if len(page) < _PAGE:
                return
            last = page[-1].key

    def remove(self, key: str) -> None:
        """See ``ObjectStore.remove``."""
        check_removable(key, self._inbox)
        with suppress(ObjectNotFoundError):
            self._call(key, lambda: self._client.remove_object(self._bucket, key))

    def put_original(self, data: bytes | BinaryIO) -> KeptOriginal:
        """See ``ObjectStore.put_original``."""
        with _spool(data) as file:
            sha256, size = hash_file(file)
            key = original_key(sha256)
            if not self._holds_original(sha256):
                self._upload(key, file, "application/octet-stream")
        return KeptOriginal(sha256, size)

    def get_original(self, sha256: str) -> bytes:
        """See ``ObjectStore.get_original``."""
        with self.open_original(sha256) as file:
            return file.read()

    @contextmanager
    def open_original(self, sha256: str) -> Iterator[BinaryIO]:
        """See ``ObjectStore.open_original``."""
        with self.open(original_key(sha256)) as file:
            if hash_file(file)[0] != sha256:
                raise ObjectCorruptError(f"original {sha256} is damaged")
            file.seek(0)
            yield file

    def erase(self, sha256: str) -> None:
        """See ``ObjectStore.erase``. On a bucket with versioning, older versions are the server's to forget."""
        derived = [info.key for info in self.list(derived_folder(sha256))]
        for key in (*derived, original_key(sha256)):
            with suppress(ObjectNotFoundError):
                self._call(key, functools.partial(self._client.remove_object, self._bucket, key))

    def remove_drafts(self, before: datetime) -> int:  # noqa: ARG002
        """See ``ObjectStore.remove_drafts``: an interrupted put shows nothing, and the server keeps its own parts."""
        return 0

    def _holds_original(self, sha256: str) -> bool:
        """Whether those very bytes are kept; a damaged object does not count, so that it is mended."""
        try:
            with self.open_original(sha256):
                return True
        except ObjectNotFoundError:
            return False
        except ObjectCorruptError:
            _log.warning("damaged original replaced by the same paper received again", sha256=sha256)
            return False

    def _upload(self, key: str, file: BinaryIO, content_type: str) -> ObjectInfo:
        size = file.seek(0, io.SEEK_END)

        def send() -> None:
            file.seek(0)
            self._client.put_object(
                self._bucket, key, file, size, content_type=content_type, part_size=_ONE_REQUEST, num_parallel_uploads=1
            )

        try:
            self._call(key, send)
        except ObjectNotFoundError:  # what is not found when writing is the bucket
            self._call(key, self._make_bucket)
            self._call(key, send)
        return ObjectInfo(key, size, datetime.now(UTC))

    def _make_bucket(self) -> None:
        try:
            self._client.make_bucket(self._bucket)
        except S3Error as error:
            if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise

    def _download(self, key: str, file: BinaryIO) -> None:
        file.seek(0)
        file.truncate()
        answer = self._client.get_object(self._bucket, key)
        try:
            for chunk in answer.stream(CHUNK):
                file.write(chunk)
        finally:
            answer.close()
            answer.release_conn()

    def _list_page(self, prefix: str, after: str | None) -> Sequence[ObjectInfo]:
        found = self._client.list_objects(self._bucket, prefix=prefix, recursive=True, start_after=after)
        return [
            ObjectInfo(item.object_name, item.size or 0, item.last_modified or datetime.now(UTC))
            for item in itertools.islice(found, _PAGE)
        ]

    def _call(self, key: str, request: Callable[[], Result]) -> Result:
        """Make a request, again while the network or the server is to blame, and translate what is left.

        Every request here may be made twice: a second put of the same bytes or a second delete changes nothing.
        """
        tries = Retrying(
            retry=retry_if_exception(_is_passing),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.2, max=_LONGEST_WAIT),
            reraise=True,
        )
        try:
            return tries(request)
        except S3Error as error:
            if error.code in _ABSENT:
                raise ObjectNotFoundError(f"no object {key}") from None
            if error.code in _REFUSED:
                raise ConfigurationError(f"the S3 server refuses us: {error.code}") from error
            if error.code in {"KeyTooLongError", "InvalidURI"}:
                raise InvalidKeyError(f"the S3 server refuses this key: {error.code}") from error
            raise StorageError(f"S3 server: {error.code}") from error
        except urllib3.exceptions.SSLError as error:
            raise ConfigurationError("the S3 server's certificate is not accepted") from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise StorageError(f"S3 server: {type(error).__name__}") from error


def _is_passing(error: BaseException) -> bool:
    """Whether the same request may well succeed a moment later."""
    if isinstance(error, S3Error):
        return error.code in _BUSY or (error.response.status >= 500 and error.response.status != 501)
    if isinstance(error, ServerError):
        return error.status_code >= 500
    if isinstance(error, InvalidResponseError):  # a page of some proxy instead of an S3 answer
        return error._code >= 500
    return isinstance(error, urllib3.exceptions.HTTPError) and not isinstance(error, urllib3.exceptions.SSLError)


@contextmanager
def _new_spool() -> Iterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        yield cast(BinaryIO, file)


@contextmanager
def _spool(data: bytes | BinaryIO) -> Iterator[BinaryIO]:
    """The data as a seekable file at its start: a request that is made again must be able to go back."""
    if isinstance(data, bytes):
        yield io.BytesIO(data)
        return
    with _new_spool() as file:
        while chunk := data.read(CHUNK):
            file.write(chunk)
        file.seek(0)
        yield file
