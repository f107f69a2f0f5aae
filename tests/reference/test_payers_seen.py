"""Which ids and names are one payer: what is put together, and what only a person may."""

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from analytics.reference.payers_put_together import NameSeen, alias_key
from analytics.reference.payers_seen import LINE_OF_FILING_CODE, line_of_business, payers_seen
from plain_python.filing_codes import LINE_OF_FILING_CODE as ORACLES_LINES


def on_claims(name: str, *ids: str, lines: int = 1, **parts) -> NameSeen:
    """A name as claims send it; a dollar a line unless told otherwise."""
    return NameSeen("837", ids, name, lines, Decimal(lines), **parts)


def on_remits(name: str, *ids: str, lines: int = 1, **parts) -> NameSeen:
    return NameSeen("835", ids, name, lines, Decimal(lines), **parts)


def payer_ids(*seen: NameSeen) -> dict[str, str | None]:
    """By id and name, the payer it stands for."""
    return {alias.alias: alias.payer_id for alias in payers_seen(seen)[1]}


def notes(*seen: NameSeen) -> str:
    payers, aliases = payers_seen(seen)
    return "\n".join(
        [*(note for payer in payers for note in payer.notes), *(a.note for a in aliases)]
    )


# what is put together


def test_payer_spelled_five_ways_is_one():
    payers, aliases = payers_seen(
        [
            on_claims("ALDER HEALTH", "A1", lines=3),
            on_claims("Alder Health", "A1"),
            on_remits("ALDER  HEALTH"),
            on_remits("AlderHealth"),
            on_remits("ALDER HLTH PLN", "9A", "A1"),
        ]
    )
    assert [(payer.payer_id, payer.payer_name) for payer in payers] == [
        ("alder-health", "ALDER HEALTH")
    ]
    assert [alias.alias for alias in aliases] == ["A1", "9A", "ALDER HEALTH", "ALDER HLTH PLN"]
    assert {alias.payer_id for alias in aliases} == {"alder-health"}


def test_spelling_with_the_most_lines_names_the_payer():
    [payer], _ = payers_seen([on_claims("ALDER", "A1"), on_claims("ALDER HMO", "A1", lines=9)])
    assert (payer.payer_id, payer.payer_name) == ("alder-hmo", "ALDER HMO")


def test_id_of_claims_and_id_of_remits_with_one_name_are_one_payer_and_say_so():
    seen = (on_claims("ALDER", "60054"), on_remits("alder", "1066033492"))
    assert set(payer_ids(*seen).values()) == {"alder"}
    assert "one payer with 1066033492, which sends the same name" in notes(*seen)


def test_lines_billed_stand_beside_a_payer_and_those_of_remits_where_nothing_was_billed():
    payers, _ = payers_seen(
        [on_claims("ALDER", "A1", lines=5), on_remits("ALDER", "A1", lines=4), on_remits("ELM")]
    )
    assert [(payer.payer_name, payer.lines) for payer in payers] == [("ALDER", 5), ("ELM", 1)]


# what is not


def test_two_ids_of_claims_with_one_name_stay_two_payers_and_the_name_stands_for_neither():
    seen = (
        on_claims("BLUE PLAN", "B1", lines=2),
        on_claims("Blue Plan", "B2"),
        on_remits("BLUE PLAN"),
    )
    payers, _ = payers_seen(seen)
    assert [(payer.payer_id, payer.payer_name) for payer in payers] == [
        ("blue-plan-b1", "BLUE PLAN (B1)"),
        ("blue-plan-b2", "Blue Plan (B2)"),
    ]
    assert payer_ids(*seen) == {"B1": "blue-plan-b1", "B2": "blue-plan-b2", "BLUE PLAN": None}
    assert "id B2 sends this name too: one payer?" in notes(*seen)
    assert "comes without an id here, and with B1 and B2: whose is it?" in notes(*seen)


def test_third_id_with_the_name_of_a_pair_puts_none_of_them_together():
    seen = (on_claims("BLUE", "B1"), on_claims("BLUE", "B2"), on_remits("BLUE", "R9"))
    assert sorted(payer_ids(*seen).values()) == ["blue-b1", "blue-b2", "blue-r9"]


def test_chain_of_names_puts_no_two_ids_of_claims_together():
    seen = (
        on_claims("BLUE EAST", "B1"),
        on_remits("BLUE EAST", "R9"),
        on_remits("BLUE WEST", "R9"),
        on_claims("BLUE WEST", "B2"),
    )
    found = payer_ids(*seen)
    assert len({found["B1"], found["B2"], found["R9"]}) == 3


def test_shared_name_nobody_sends_alone_gets_no_row():
    assert set(payer_ids(on_claims("BLUE", "B1"), on_claims("BLUE", "B2"))) == {"B1", "B2"}


def test_text_that_is_an_id_here_and_a_name_there_is_left_to_a_person():
    found = payer_ids(on_claims("ALDER", "ELM"), on_remits("Elm"))
    assert (found["ELM"], found["ALDER"]) == (None, "alder")


# what the site knows already


def test_payer_the_site_knows_is_not_added_and_its_new_spellings_are():
    payers, aliases = payers_seen(
        [on_claims("ALDER", "A1", payer_id="mine"), on_remits("Alder Hlth", "A1", payer_id="mine")]
    )
    assert payers == []
    assert {(alias.alias, alias.payer_id) for alias in aliases} == {
        ("A1", "mine"),
        ("ALDER", "mine"),
        ("Alder Hlth", "mine"),
    }


def test_name_alone_joins_the_payer_the_site_knows_by_its_id():
    assert (
        payer_ids(on_claims("ALDER", "A1", payer_id="mine"), on_remits("ALDER"))["ALDER"] == "mine"
    )


def test_two_payers_the_site_keeps_apart_stay_apart():
    seen = (on_claims("BLUE", "B1", payer_id="east"), on_remits("BLUE", "B2", payer_id="west"))
    assert payer_ids(*seen) == {"B1": "east", "B2": "west"}


def test_new_id_with_the_name_of_a_known_payer_of_claims_is_proposed_only():
    seen = (on_claims("BLUE", "B1", payer_id="east"), on_claims("BLUE", "B2"))
    assert payer_ids(*seen) == {"B1": "east", "B2": "blue-b2"}
    assert "id B1 sends this name too" in notes(*seen)


# names and ids


def test_payer_id_is_never_one_already_in_use():
    payers, _ = payers_seen([on_remits("Alder!"), on_remits("ALDER")], taken=["ALDER"])
    assert sorted(payer.payer_id for payer in payers) == ["alder-2", "alder-3"]


def test_payer_without_a_name_is_called_by_its_id():
    [payer], aliases = payers_seen([on_remits("", "60054"), on_remits("", lines=9)])
    assert (payer.payer_id, payer.payer_name) == ("60054", "60054")
    assert [alias.alias for alias in aliases] == ["60054"]


def test_name_without_a_latin_letter_still_gets_a_payer_id():
    assert payers_seen([on_remits("Здоровье")])[0][0].payer_id == "payer"


# line of business


def test_filing_codes_say_what_the_rules_read_in_them():
    spoken = {code: line for code, line in ORACLES_LINES.items() if code not in ("MA", "MB")}
    assert spoken == LINE_OF_FILING_CODE


def test_line_of_business_is_a_guess_only_where_every_code_agrees():
    [payer], _ = payers_seen([on_claims("A", "A1", filing_codes=frozenset({"CI", "12"}))])
    assert (payer.line_of_business, payer.notes) == (
        "commercial",
        ("line_of_business is a guess from filing code 12 CI",),
    )
    for codes in ({"CI", "16"}, {"MB"}, {"CI", "MB"}, {"CI", "ZZ"}, set()):
        assert line_of_business(codes) is None


# whatever the files hold

TEXTS = ("BLUE", "blue", "B LUE", "ELM", "A1", "=X")
IDS = ("A1", "a1", "B2", "C3")
KEYS = sorted({alias_key(text) for text in (*TEXTS, *IDS)})


@st.composite
def sites(draw: st.DrawFn) -> tuple[list[NameSeen], dict[str, str]]:
    """Names in files, and by key the payers the site knows; each is recognised by RULES 2.1."""
    known = draw(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["mine", "yours"])))
    seen = []
    for _ in range(draw(st.integers(0, 7))):
        ids = tuple(draw(st.lists(st.sampled_from(IDS), max_size=2, unique=True)))
        name = draw(st.sampled_from(["", *TEXTS]))
        by = [known[alias_key(text)] for text in (*ids, name) if alias_key(text) in known]
        lines, usd = draw(st.integers(0, 3)), Decimal(draw(st.integers(0, 9)))
        kind = draw(st.sampled_from(["837", "835"]))
        seen.append(NameSeen(kind, ids, name, lines, usd, payer_id=by[0] if by else None))
    return seen, known


@given(sites(), st.randoms())
def test_order_changes_no_answer_and_no_alias_stands_twice(
    site: tuple[list[NameSeen], dict[str, str]], chance: Random
):
    seen, _ = site
    payers, aliases = payers_seen(seen)
    assert payers_seen(chance.sample(seen, len(seen))) == (payers, aliases)
    keys = [alias_key(alias.alias) for alias in aliases]
    assert len(keys) == len(set(keys))
    assert {alias.payer_id for alias in aliases} <= {
        None, "mine", "yours", *(payer.payer_id for payer in payers)
    }  # fmt: skip


@given(sites())
def test_id_or_name_the_site_knows_is_never_a_new_payers(
    site: tuple[list[NameSeen], dict[str, str]],
):
    seen, known = site
    for alias in payers_seen(seen)[1]:
        assert alias_key(alias.alias) not in known or alias.payer_id in ("mine", "yours", None)
