"""Papers are shown to a virus scanner before anything of ours opens them.

Speaks to a ClamAV daemon in the only way that it needs: INSTREAM, the bytes in pieces with their length before each.
The client libraries that exist have had no release in years; this is thirty lines of a protocol that does not change.
"""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

from schemas.errors import LiasseError

_PIECE = 1 << 16
_PATIENCE_SECONDS = 60.0
_ANSWER_BYTES = 4096


class ScannerError(LiasseError):
    """The scanner did not say whether a file is clean; the file waits."""

    code = "scanner_silent"


def find_virus(data: bytes, address: str) -> str | None:
    """What a scanner finds in a file.

    Args:
        data: of the file.
        address: of the daemon: ``unix:///run/clamav/clamd.ctl`` or ``tcp://host:3310``.

    Returns:
        The name of the signature that matched, None for a clean file.

    Raises:
        ScannerError: the daemon cannot be reached, or gave no verdict (a file above its ``StreamMaxLength``).
    """
    try:
        with _connect(address) as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _PIECE):
                piece = data[start : start + _PIECE]
                link.sendall(struct.pack("!L", len(piece)) + piece)
            link.sendall(struct.pack("!L", 0))
            answer = _receive(link)
    except OSError as error:  # it may also hang up on a file that is too long
        raise ScannerError(f"no verdict from the scanner: {type(error).__name__}") from error
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerError(f"no verdict from the scanner: {answer[:80]!r}")


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(_PATIENCE_SECONDS)
        try:
            link.connect(parts.path)
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((parts.hostname or "", parts.port or 3310), _PATIENCE_SECONDS)


def _receive(link: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER_BYTES:
        more = link.recv(_ANSWER_BYTES)
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0").decode(errors="replace")
