"""What would another library's log show of our tokens?

urllib3 writes the path and query of each request into its log at DEBUG. Where a provider wants its token in the URL, that would show it.
"""

from __future__ import annotations

import logging
from urllib.parse import quote_plus
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._auth import Holder, Shared

_HOLDERS: WeakSet[Holder | Shared] = WeakSet()


def keep_quiet(holder: Holder | Shared) -> None:
    """From now on no record of urllib3's connections shows this holder's token."""
    _HOLDERS.add(holder)
    logging.getLogger("urllib3.connectionpool").addFilter(_redact)


def _redact(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(_redacted(arg) if isinstance(arg, str) and "?" in arg else arg for arg in record.args)
    return True


def _redacted(text: str) -> str:
    for holder in list(_HOLDERS):
        if holder.token is not None:
            text = text.replace(quote_plus(holder.token.access_token), "[redacted]")
    return text
