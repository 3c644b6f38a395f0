"""A shelf in a store that speaks S3: MinIO, Ceph, or that of a cloud. Needs the package boto3 (`panlong[s3]`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from app.errors import UnavailableError
from app.settings import FilesSettings

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    boto3 = None

GONE = {"404", "NoSuchKey", "NotFound"}
TRIES = 3
CONNECT_S, READ_S = 5, 60


def s3_shelf(given: FilesSettings) -> S3Shelf:
    """The shelf in the bucket that the settings name.

    Raises
    ------
    UnavailableError
        `s3_missing`: boto3 is not installed; `files_unwritable`: the settings make no address.
    """
    if boto3 is None:
        raise UnavailableError("s3_missing", package="boto3", remedy="pip install 'panlong[s3]'")
    config = Config(
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        s3={"addressing_style": "path"},
        # Checksums that only one maker's store understands are left to it.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        client = boto3.client(
            "s3",
            endpoint_url=given.endpoint,
            region_name=given.region or "us-east-1",
            aws_access_key_id=given.key_id,
            aws_secret_access_key=given.secret,
            config=config,
        )
    except (BotoCoreError, ValueError) as error:
        raise UnavailableError("files_unwritable", path=str(given.endpoint), reason=str(error)) from error
    return S3Shelf(client, given.bucket or "", given.prefix.strip("/"))


class S3Shelf:
    """A bucket; see `Shelf`. The store itself shows an object only when it has all of it."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self.client, self.bucket, self.prefix = client, bucket, prefix

    def put(self, name: str, content: bytes) -> None:
        """Send the content, unless one of its size is there."""
        with self._as_ours("files_unwritable", name):
            if self._size(name) != len(content):
                self.client.put_object(**self._at(name), Body=content)

    def open(self, name: str, start: int = 0) -> BinaryIO:
        """The store's answer, from a byte on; an empty stream behind the end is the caller's to avoid."""
        with self._as_ours("files_unreadable", name):
            wanted = {"Range": f"bytes={start}-"} if start else {}
            stream: BinaryIO = self.client.get_object(**self._at(name), **wanted)["Body"]
            return stream

    def exists(self, name: str) -> bool:
        """Whether the store has such an object."""
        with self._as_ours("files_unreadable", name):
            return self._size(name) is not None

    def remove(self, name: str) -> None:
        """Delete the object."""
        with self._as_ours("files_unwritable", name):
            self.client.delete_object(**self._at(name))

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{self.prefix}/{name}" if self.prefix else name}

    def _size(self, name: str) -> int | None:
        try:
            return int(self.client.head_object(**self._at(name))["ContentLength"])
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return None
            raise

    @contextmanager
    def _as_ours(self, code: str, name: str) -> Iterator[None]:
        path = f"s3://{self.bucket}/{self._at(name)['Key']}"
        try:
            yield
        except ClientError as error:
            found = error.response["Error"]["Code"]
            if code == "files_unreadable" and found in GONE:
                raise UnavailableError("file_gone", path=path) from error
            raise UnavailableError(code, path=path, reason=found) from error
        except BotoCoreError as error:
            raise UnavailableError(code, path=path, reason=str(error)) from error
