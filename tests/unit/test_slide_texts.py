"""What the slides' figures say stands inside of them and of its boxes, on a screen and on a
telephone. Measured in a font wider than the browser's.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from raincast.app.defence import NARROW, SIZE, figures, slides
from raincast.app.defence.figures import STYLE
from raincast.app.defence.slide import Draw
from raincast.app.words import LANGUAGES, Words
from raincast.decisions.asked import Limits
from raincast.decisions.decided import Evidence, RecallInterval
from raincast.settings import Settings

NEAR = 3
"""Pixels by which a letter may lean out."""
EVERYWHERE = [(language, size) for language in LANGUAGES for size in (SIZE, NARROW)]


def drawn(draw: Draw, size: tuple[float, float]) -> Figure:
    with mpl.rc_context(STYLE | {"font.family": "DejaVu Sans"}):
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        draw(figure)
        figure.canvas.draw()
    return figure


def texts(figure: Figure) -> Iterator[Text]:
    """All but the axes' own numbers."""
    for ax in figure.axes:
        legend = ax.get_legend()
        yield from (text for text in ax.texts if text.get_text().strip())
        yield from legend.get_texts() if legend else ()


def outside(figure: Figure) -> list[str]:
    whole = figure.bbox.padded(NEAR)
    return [
        text.get_text()
        for text in texts(figure)
        if not all(whole.contains(x, y) for x, y in text.get_window_extent().corners())
    ]


def boxes(figure: Figure) -> list[Bbox]:
    found = (p.get_window_extent() for ax in figure.axes for p in ax.patches if _is_box(p))
    return [Bbox([[*b.min], [*b.max]]) for b in found]


def _is_box(patch: object) -> bool:
    return isinstance(patch, Rectangle) and patch.get_width() > 0.5


def too_high(figure: Figure) -> list[str]:
    """What does not stand in the height of the box that it is in."""
    found = boxes(figure)
    told = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    return [
        said
        for said, words in told
        for box in found
        if box.contains((words.x0 + words.x1) / 2, (words.y0 + words.y1) / 2)
        and not box.y0 <= words.y0 < words.y1 <= box.y1
    ]


@pytest.mark.parametrize(("language", "size"), EVERYWHERE)
def test_what_the_figures_say_stands_inside_of_them_and_of_their_boxes(
    language: str, size: tuple[float, float], tmp_path: Path
) -> None:
    now, seen = datetime(2016, 2, 11, tzinfo=UTC), {"texts": 0, "boxes": 0}
    for shown in slides(Settings(root=tmp_path), Words(language), now):
        if shown.draw:
            figure = drawn(shown.draw, size)
            assert outside(figure) == [], shown.name
            assert too_high(figure) == [], shown.name
            seen["texts"] += len([*texts(figure)])
            seen["boxes"] += len(boxes(figure))
    assert seen["texts"] > 60
    assert seen["boxes"] > 20


def evidence(recall: float, new_rows: int, needed: int = 60) -> Evidence:
    return Evidence(
        recall_live=recall,
        scored_rows=200,
        positives_true=30,
        recall_interval=RecallInterval(
            interval=None, band="unknown", recall=None, n=None, days=None, wet_station_days=None
        ),
        new_rows=new_rows,
        late_rows=0,
        cutoff=None,
        days_since_retraining=None,
        limits=Limits(recall=0.59, new_rows=needed, rule="specification", wet_days=50, rest_days=7),
        rules={},
    )


@pytest.mark.parametrize(("language", "size"), EVERYWHERE)
@pytest.mark.parametrize(("recall", "new_rows"), [(0.0, 0), (1.0, 475), (0.3, 20_000)])
def test_the_four_cases_have_room_for_their_names(
    language: str, size: tuple[float, float], recall: float, new_rows: int
) -> None:
    t = Words(language)
    figure = drawn(lambda f: figures.quadrants(f, evidence(recall, new_rows), t), size)
    assert outside(figure) == []
    cases = {t(f"slides.case_{key}").split("\n")[0] for key in ("A", "B", "C", "healthy")}
    named = [text for text in texts(figure) if text.get_text().split("\n")[0] in cases]
    assert len(named) == len(cases)
    ends = [text.get_window_extent() for text in named]
    assert not any(one.overlaps(other) for one, other in combinations(ends, 2))
    plot = figure.axes[0].get_window_extent().padded(NEAR)
    assert all(plot.contains(x, y) for end in ends for x, y in end.corners())
