"""What is told of tables gives away nothing small, whatever one reckons; and nothing is kept back without need."""

import itertools
import subprocess
import sys
from collections.abc import Hashable, Sequence
from fractions import Fraction

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from referrals.figures.deducing import Sum
from referrals.figures.protection import Count, withheld
from referrals.figures.tables import EVERYWHERE, By, Cell, Enquired, Group, Measure, Told, told_of
from tests.referrals.attacker import Equation, worked_out

SMALLEST = 5
ALL = "all"

numbers = st.integers(0, 4) | st.integers(0, 12) | st.just(0) | st.integers(5, 60)


def crossed(rows: Sequence[Sequence[int]]) -> tuple[dict[Hashable, int], list[Equation]]:
    """A table with the sums of its rows and columns and of the whole."""
    height, width = range(len(rows)), range(len(rows[0]))
    cells: dict[Hashable, int] = {(y, x): rows[y][x] for y in height for x in width}
    cells |= {(y, ALL): sum(rows[y]) for y in height}
    cells |= {(ALL, x): sum(rows[y][x] for y in height) for x in width}
    cells[ALL, ALL] = sum(map(sum, rows))
    equations: list[Equation] = [((y, ALL), [(y, x) for x in width]) for y in height]
    equations += [((ALL, x), [(y, x) for y in height]) for x in width]
    equations += [((ALL, ALL), [(y, ALL) for y in height]), ((ALL, ALL), [(ALL, x) for x in width])]
    return cells, equations


def nested(areas: Sequence[Sequence[int]]) -> tuple[dict[Hashable, int], list[Equation]]:
    """Organisations in areas in a country."""
    cells: dict[Hashable, int] = {
        (area, number): count for area, counts in enumerate(areas) for number, count in enumerate(counts)
    }
    cells |= {(area, ALL): sum(counts) for area, counts in enumerate(areas)}
    cells[ALL] = sum(map(sum, areas))
    equations: list[Equation] = [
        ((area, ALL), [(area, number) for number in range(len(counts))]) for area, counts in enumerate(areas)
    ]
    return cells, [*equations, (ALL, [(area, ALL) for area in range(len(areas))])]


def protected(cells: dict[Hashable, int], equations: Sequence[Equation]) -> frozenset[Hashable]:
    """What is withheld when everybody is counted once."""
    counts = {cell: Count(value, value) for cell, value in cells.items()}
    return withheld(counts, [Sum(total, tuple(parts)) for total, parts in equations], smallest=SMALLEST)


tables = st.one_of(
    st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
        lambda size: st.lists(
            st.lists(numbers, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        ).map(crossed)
    ),
    st.lists(st.lists(numbers, min_size=1, max_size=4), min_size=1, max_size=4).map(nested),
)


@given(tables)
# One alone would be the difference of the rest.
@example(nested([[3, 20, 30]]))
# Two that are small together.
@example(nested([[1, 2, 30]]))
# Two groups that hide each other, and the one cell between them: the sums of many rows and columns tell it.
@example(crossed([[4, 4, 20, 20], [4, 4, 3, 20], [20, 20, 4, 4], [20, 20, 4, 4]]))
# Nothing can be below nothing.
@example(crossed([[0, 0, 0, 6], [0, 0, 1, 0], [2, 4, 0, 0], [0, 0, 5, 6]]))
@settings(max_examples=300)
def test_whoever_reads_everything_learns_nothing_small(table: tuple[dict[Hashable, int], list[Equation]]) -> None:
    cells, equations = table
    gone = protected(cells, equations)
    told = {cell: value for cell, value in cells.items() if cell not in gone}
    assert not [value for value in told.values() if 0 < value < SMALLEST]
    known = worked_out(told, equations)
    assert not {cell: value for cell, value in known.items() if 0 < value < SMALLEST}
    for total, parts in equations:
        if total in known:
            assert not 0 < sum(cells[part] for part in parts if part not in known) < SMALLEST


@given(tables)
def test_nothing_is_kept_back_when_nothing_is_small(table: tuple[dict[Hashable, int], list[Equation]]) -> None:
    cells, equations = table
    lifted = {cell: value * SMALLEST for cell, value in cells.items()}
    assert protected(lifted, equations) == frozenset()


@given(tables)
def test_of_nobody_where_somebody_is_few_nothing_is_told(table: tuple[dict[Hashable, int], list[Equation]]) -> None:
    cells, equations = table
    gone = protected(cells, equations)
    for total, parts in equations:
        if 0 < cells[total] < SMALLEST:
            assert {total, *parts} <= gone


def test_a_zero_in_a_large_group_is_told() -> None:
    assert protected(*nested([[0, 12, 7]])) == frozenset()


def test_what_people_miss_most_goes_last() -> None:
    cells, equations = nested([[3, 40], [30, 35]])
    counts = {cell: Count(value, value) for cell, value in cells.items()}
    sums = [Sum(total, tuple(parts)) for total, parts in equations]
    assert (0, 1) in withheld(counts, sums, smallest=SMALLEST)
    kept = withheld(counts, sums, smallest=SMALLEST, last=[(0, 1)])
    assert (0, 1) not in kept
    assert kept > {(0, 0)}


def test_what_stands_in_no_table_is_kept_all_the_same() -> None:
    counts = {"accepted": Count(20, 20), "came": Count(18, 18), "not came": Count(2, 2)}
    sums = [Sum("accepted", ("came", "not came"))]
    assert withheld(counts, sums, smallest=SMALLEST, hidden=["not came"]) == {"came", "not came"}


def test_a_sum_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        withheld({"whole": Count(3, 3), "part": Count(2, 2)}, [Sum("whole", ("part",))], smallest=SMALLEST)


def test_the_same_is_kept_back_every_time() -> None:
    """Texts are hashed anew in each process; the order that gives must not show."""
    program = (
        "from referrals.figures.deducing import Sum\n"
        "from referrals.figures.protection import Count, withheld\n"
        "rows = [[(7 * y + 5 * x) % 11 for x in range(6)] for y in range(6)]\n"
        "counts = {f'{y}-{x}': Count(rows[y][x], rows[y][x]) for y in range(6) for x in range(6)}\n"
        "counts |= {f'row {y}': Count(sum(rows[y]), sum(rows[y])) for y in range(6)}\n"
        "columns = {x: sum(row[x] for row in rows) for x in range(6)}\n"
        "counts |= {f'column {x}': Count(columns[x], columns[x]) for x in range(6)}\n"
        "sums = [Sum(f'row {y}', tuple(f'{y}-{x}' for x in range(6))) for y in range(6)]\n"
        "sums += [Sum(f'column {x}', tuple(f'{y}-{x}' for y in range(6))) for x in range(6)]\n"
        "print(sorted(withheld(counts, sums, smallest=5)))\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in "123"
    }
    assert len(answers) == 1
    assert "0-0" not in answers.pop()


# --- The tables of referrals ------------------------------------------------------------------------------------------
@st.composite
def an_enquiry(draw: st.DrawFn) -> Enquired:
    is_accepted = draw(st.booleans())
    has_arrived = is_accepted and draw(st.booleans())
    went_on = has_arrived and draw(st.booleans())
    was_rated = draw(st.booleans())
    area = draw(st.sampled_from(["01", "02"]))
    return Enquired(
        area=area,
        stage=draw(st.sampled_from("13")),
        kind=draw(st.sampled_from(["worker", "own"])),
        organisation=area + draw(st.sampled_from("ab")),
        topics=tuple(sorted(draw(st.sets(st.sampled_from(["food", "peers"]))))),
        is_accepted=is_accepted,
        has_arrived=has_arrived,
        went_on=went_on,
        declined_for="" if has_arrived else draw(st.sampled_from(["", "full", "other"])),
        was_silent=draw(st.booleans()),
        was_rated=was_rated,
        was_good=was_rated and draw(st.booleans()),
        reply_days=draw(st.none() | st.integers(0, 9)),
        people=Fraction(1, draw(st.sampled_from([1, 1, 2, 3]))),
    )


# What people know of an enquiry that is told to them, each split into what it can be.
SPLITS = [
    ("sent", ["accepted", "declined", "undecided"]),
    ("accepted", ["arrived", "accepted only"]),
    ("arrived", ["went_on", "arrived only"]),
    ("sent", ["silent", "in time"]),
    ("sent", ["rated", "not rated"]),
    ("rated", ["good", "not good"]),
]


WORDS = sorted({word for whole, split in SPLITS for word in (whole, *split)})


def words_of(each: Enquired) -> set[str]:
    """All that an enquiry is."""
    if each.declined_for:
        end = {"declined"}
    elif not each.is_accepted:
        end = {"undecided"}
    elif not each.has_arrived:
        end = {"accepted", "accepted only"}
    else:
        end = {"accepted", "arrived", "went_on" if each.went_on else "arrived only"}
    rating = {"rated", "good" if each.was_good else "not good"} if each.was_rated else {"not rated"}
    return {"sent", *end, "silent" if each.was_silent else "in time", *rating}


def everything(enquiries: Sequence[Enquired]) -> tuple[dict[Hashable, list[Enquired]], list[Equation]]:
    """Every group that has a name, whether it stands in a table or not, and all that adds up."""
    divisions = {
        "stage": lambda each: {each.stage},
        "kind": lambda each: {each.kind},
        "organisation": lambda each: {each.organisation},
        "reason": lambda each: {each.declined_for} - {""},
        "topic": lambda each: set(each.topics),
    }
    cells: dict[Hashable, list[Enquired]] = {}
    for each in enquiries:
        for area, word in itertools.product((EVERYWHERE, each.area), words_of(each)):
            cells.setdefault((area, "all", "", word), []).append(each)
            for by, codes in divisions.items():
                for code in codes(each):
                    if by != "reason" or word == "declined":
                        cells.setdefault((area, by, code, word), []).append(each)
    # That nobody of a group is something is not known before it is told.
    for (area, by, code, word), _those in list(cells.items()):
        if word == "sent" and by != "reason":
            for each in WORDS:
                cells.setdefault((area, by, code, each), [])
    for (area, by, code, word), those in list(cells.items()):
        if by == "topic":
            rest = [each for each in cells[area, "all", "", word] if each not in those or code not in each.topics]
            cells[area, "without", code, word] = rest
    equations: list[Equation] = []
    keys = list(cells)
    for area, by, code, word in keys:
        if by == "topic":
            equations.append(((area, "all", "", word), [(area, "topic", code, word), (area, "without", code, word)]))
        if by == "all":
            for other in ("stage", "kind", "organisation", "reason"):
                parts = [key for key in keys if (key[0], key[1], key[3]) == (area, other, word)]
                if parts and (area != EVERYWHERE or other != "organisation"):
                    equations.append(((area, by, code, word), parts))
        if area == EVERYWHERE and by not in ("organisation", "without"):
            equations.append(
                ((area, by, code, word), [key for key in keys if key[0] != area and key[1:] == (by, code, word)])
            )
        for whole, split in SPLITS:
            if word == whole and by not in ("reason", "without"):
                equations.append(((area, by, code, word), [(area, by, code, each) for each in split]))
    return cells, equations


def told_numbers(told: Told) -> dict[Hashable, int]:
    """What is told, in the words of this test."""
    return {
        (cell.group.area, cell.group.by.value, cell.group.code, cell.measure.value): value
        for cell, value in told.counts.items()
    }


@given(st.lists(an_enquiry(), max_size=10) | st.lists(an_enquiry(), min_size=30, max_size=60))
@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_table_of_referrals_gives_anything_small_away(enquiries: list[Enquired]) -> None:
    cells, equations = everything(enquiries)
    told = told_numbers(told_of(enquiries, smallest=SMALLEST))
    for cell, value in told.items():
        assert value == len(cells.get(cell, []))
    known = worked_out(told, equations)
    for cell in known:
        people = sum(each.people for each in cells[cell])
        assert not 0 < people < SMALLEST, cell


def enquired(**values: object) -> Enquired:
    known = {
        "area": "01", "stage": "1", "kind": "worker", "organisation": "1", "topics": (), "is_accepted": True,
        "has_arrived": True, "went_on": True, "declined_for": "", "was_silent": False, "was_rated": False,
        "was_good": False, "reply_days": 2, "people": Fraction(1),
    }  # fmt: skip
    return Enquired(**{**known, **values})


WHOLE = Group(EVERYWHERE, By.ALL)


def test_many_requests_of_few_people_are_few() -> None:
    """Five requests for one person are not five people."""
    assert told_of([enquired(people=Fraction(1, 5))] * 5, smallest=SMALLEST) == Told()
    told = told_of([enquired()] * 5, smallest=SMALLEST)
    assert told.counts[Cell(WHOLE, Measure.SENT)] == 5


def test_the_usual_time_to_an_answer_is_that_of_enough_people() -> None:
    few = [enquired(reply_days=days) for days in (1, 1, 9, 9)]
    assert WHOLE not in told_of([*few, enquired(reply_days=None)], smallest=SMALLEST).reply_days
    assert told_of([*few, enquired(reply_days=2)], smallest=SMALLEST).reply_days[WHOLE] == 2
    # Between two it is the longer promise.
    assert told_of([*few, *[enquired(reply_days=2)] * 2], smallest=SMALLEST).reply_days[WHOLE] == 2
    assert told_of([*few, enquired(reply_days=2), enquired(reply_days=3)], smallest=SMALLEST).reply_days[WHOLE] == 3


def test_what_is_told_comes_back_from_where_it_is_stored() -> None:
    told = told_of([*[enquired(topics=("food",))] * 9, *[enquired(declined_for="full")] * 6], smallest=SMALLEST)
    assert told.counts
    assert told.reply_days
    assert Told.from_json(told.as_json()) == told
