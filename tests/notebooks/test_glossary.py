"""The glossary: one sentence a term, and every term that a lesson sets in bold."""

import re
from pathlib import Path

import nbformat
import pytest

COURSE = Path(__file__).parents[2] / "course"
LESSONS = sorted(COURSE.glob("[0-9]*/*.ipynb"))
_BOLD = re.compile(r"(\[)?\*\*([^*\n]+)\*\*(?:\]\(\.\./glossary\.ipynb#([^)]+)\))?")
_FRAME = re.compile(r"(Time|Before|Predict|Your turn):?|\d\.|Shift \+ Enter")  # what else is bold in a lesson
_LINK = re.compile(r" Lesson \[(\d\.\d)\]\(([^)]+)\)\.$")


def markdown(path):
    return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"]


def entries():
    """The text of each term, by its heading."""
    parts = [
        part
        for source in markdown(COURSE / "glossary.ipynb")
        for part in re.split(r"^### \*\*", source, flags=re.M)[1:]
    ]
    return {heading: text.strip() for heading, _, text in (part.partition("**\n") for part in parts)}


ENTRIES = entries()
ALSO = {
    name.lower(): term
    for term, text in ENTRIES.items()
    for names in re.findall(r" Also: (.*?)\. Lesson", text)
    for name in re.findall(r"\*\*([^*]+)\*\*", names)
}


def test_terms_are_in_order_and_none_means_two_things():
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)
    assert {term.lower() for term in ENTRIES} & set(ALSO) == set()


@pytest.mark.parametrize("term", ENTRIES)
def test_a_term_is_one_sentence_and_leads_to_its_lesson(term):
    text = ENTRIES[term]
    number, target = _LINK.search(text).groups()
    assert (COURSE / target).exists()
    assert target.startswith(f"0{number[0]}_")
    assert f"/0{number[2]}_" in target
    prose = re.sub(r"\$[^$]*\$\.?| Also: .*", "", _LINK.sub("", text)).strip()
    assert re.fullmatch(r"[A-Z][^.]*\.", prose), prose


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_a_lesson_sets_in_bold_is_here_and_its_first_use_leads_here(path):
    linked = set()
    for source in markdown(path)[1:]:
        body, _, _ = source.partition("## Take away")
        for bracket, word, anchor in _BOLD.findall(body):
            if _FRAME.fullmatch(word):
                continue
            name = word.strip(" .:").lower()
            term = next((term for term in ENTRIES if term.lower() == name), ALSO.get(name))
            assert term, f"{word!r} is no term of course/glossary.ipynb; write it there, or in italics here"
            if bracket:
                assert anchor == term.replace(" ", "-")
                linked.add(term)
            else:
                assert term in linked, f"the first {word!r} links to ../glossary.ipynb#{term.replace(' ', '-')}"
