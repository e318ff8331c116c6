"""The files of FEED_URLS, on their way in beside the Bureau's daily files."""

from raincast.errors import BadFile, NothingHere, NotPublished, SourceUnavailable
from raincast.loop import unpacked
from raincast.loop.batch import Batch
from raincast.sources.bureau import Bureau


def fetch(batch: Batch, bureau: Bureau) -> None:
    """Reads each file that is due; one that cannot be had or read keeps no other out."""
    for name in bureau.due_feeds():
        content = b""
        try:
            content = bureau.feed(name)
            unpacked.read(batch, name, content)
        except (NotPublished, NothingHere) as error:
            batch.not_published.append(str(error))
        except BadFile as error:
            batch.refuse(name, content, error)
            bureau.forget(name)  # the next look may find it whole
        except SourceUnavailable as error:
            batch.errors.append(str(error))
