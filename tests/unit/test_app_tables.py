"""Tables of the pages: text stays text, and a card keeps the names of its columns."""

from raincast.app.tables import table


def test_what_is_in_a_cell_is_text():
    made = table("", ["<b>"], [["<script>"]])
    assert "<script>" not in made
    assert "&lt;script&gt;" in made
    assert "&lt;b&gt;" in made


def test_every_cell_names_its_column_and_its_kind():
    made = table(
        "cards",
        ["Version", "Rows"],
        [["a", "1"], ["b", "2"]],
        numbers=(1,),
        minor=(0,),
        chosen=(1,),
    )
    assert made.startswith('<table class="plain cards">')
    assert made.count('<td class="minor" data-name="Version">') == 2
    assert made.count('<td class="number" data-name="Rows">') == 2
    assert made.index('<tr class="chosen">') > made.index("a</td>")
