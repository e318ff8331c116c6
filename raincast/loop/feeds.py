"""The files of FEED_URLS, on their way in beside the Bureau's daily files."""

from raincast.errors import BadFile, NothingYet, NotPublished, SourceUnavailable
from raincast.loop import intake
from raincast.loop.batch import Batch, Read
from raincast.sources import known_forms
from raincast.sources.bureau import Bureau


def fetch(batch: Batch, bureau: Bureau) -> None:
    """Reads each file that is due; one that cannot be had or read keeps no other out."""
    for name in bureau.due_feeds():
        content = b""
        try:
            content = bureau.feed(name)
            files = known_forms.parse(content, name)
            batch.read += [Read(name, content, intake.possible(name, f, batch.now)) for f in files]
        except (NotPublished, NothingYet) as error:
            batch.not_published.append(str(error))
        except BadFile as error:
            batch.refuse(name, content, error)
        except SourceUnavailable as error:
            batch.errors.append(str(error))
