"""Tables of the pages, as HTML that holds no text but what is escaped here."""

import html
from collections.abc import Collection, Iterable, Sequence


def table(
    kind: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Collection[int] = (),
    minor: Collection[int] = (),
    chosen: Collection[int] = (),
) -> str:
    """A table of texts. On a narrow screen a `cards` table shows each row as a card, and `minor`
    columns are left away.

    `numbers`, `minor` and `chosen` are positions: of columns to the right, of lesser columns, of
    rows that stand out.
    """
    classes = [
        f"{'number ' * (i in numbers)}{'minor' * (i in minor)}".strip() for i in range(len(heads))
    ]
    top = "".join(
        f'<th class="{c}">{html.escape(h)}</th>' for c, h in zip(classes, heads, strict=True)
    )
    body = "".join(
        f'<tr class="{"chosen" * (i in chosen)}">{_cells(classes, heads, row)}</tr>'
        for i, row in enumerate(rows)
    )
    return f'<table class="plain {kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _cells(classes: Sequence[str], heads: Sequence[str], row: Sequence[str]) -> str:
    return "".join(
        f'<td class="{c}" data-name="{html.escape(h)}">{html.escape(cell)}</td>'
        for c, h, cell in zip(classes, heads, row, strict=True)
    )
