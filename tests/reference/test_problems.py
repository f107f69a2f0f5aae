"""How problems are told: rows with which the same is wrong in one sentence."""

from analytics.reference.problems import Problem, Question, sentences
from tests.reference.site_csvs import TERM, ReadSite


def test_rows_of_one_rule_are_told_together(read: ReadSite):
    rows = "".join(f"C1,BIRCH,J9{100 + place},fixed,${place}\n" for place in range(12))
    reference = read(contract_terms=TERM + rows + "C1,BIRCH,J9299,pct_of_limit,1.04\n")
    money, fraction = reference.sentences
    assert money == (
        "reference/contract_terms.csv rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more, rate: found"
        ' "$0", "$1", "$2" and 9 more; expected a plain number with at most 6 digits on each side'
        " of the point (no $, % or thousands comma). They are not used until they are mended."
    )
    assert fraction == (
        'reference/contract_terms.csv row 14, rate: found "1.04"; is this a fraction? Rates are'
        " percents: write 104 for 104% of the limit. The row is not used until it is mended."
    )


def test_every_row_left_out_stays_in_the_rejects(read: ReadSite):
    reference = read(contract_terms=TERM + "C1,BIRCH,J9299,fixed,x\nC1,BIRCH,J9355,fixed,y\n")
    assert len(reference.sentences) == 1
    assert reference.frames["raw_ref__rejects"]["row_number"].to_list() == [2, 3]


def test_what_is_wrong_in_one_row_for_two_reasons_is_told_twice(read: ReadSite):
    reference = read(contract_terms=TERM + "C1,BIRCH,J929,fixed,x\n")
    assert {problem.column for problem in reference.problems} == {"rate", "hcpcs"}
    assert len(reference.sentences) == 2


def test_problems_of_two_files_or_without_a_rule_stand_apart():
    alike = [
        Problem("a.csv", 2, "rate", "found x; no.", is_left_out=True, found="x", rule="no."),
        Problem("b.csv", 3, "rate", "found x; no.", is_left_out=True, found="x", rule="no."),
        Problem("a.csv", None, None, "is a folder.", is_fatal=True),
        Problem("a.csv", None, None, "is a file.", is_fatal=True),
    ]
    assert sentences(alike) == tuple(map(str, alike))


def test_a_question_names_its_rows():
    question = Question("a.csv", (3, 7, 12), "rate", "is it right?")
    assert str(question) == "a.csv rows 3, 7 and 12, rate: is it right?"
