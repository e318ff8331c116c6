"""The command line: `raincast`, also `python -m raincast`."""


def main() -> None:
    """See `app.main`. Imported here and not above, so that a part of the commands can start without
    the others.
    """
    from raincast.cli.app import main

    main()


__all__ = ["main"]
