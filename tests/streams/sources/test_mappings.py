from pathlib import Path

import pytest

from streams.sources.mappings import COLUMNS, Mapping, MappingError, load_mapping, parse_mapping, shipped

PAGE = Path(__file__).parents[3] / "docs" / "import.md"
WHOLE = """
source = "s"
zone = "Asia/Ho_Chi_Minh"
[columns]
dossier = "Code"
unit = "Unit"
accepted = "Received"
"""


def refusal(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, "m.toml")
    return str(caught.value)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_mapping_is_found_by_its_name(name: str) -> None:
    assert load_mapping(name).source == name


def test_a_mapping_is_also_found_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(WHOLE, encoding="utf-8")
    assert load_mapping(str(tmp_path / "mine.toml")).columns["unit"] == "Unit"


def test_the_page_about_mappings_shows_the_shipped_one_and_explains_every_key() -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = page.split("```toml\n")[1].split("```")[0]
    assert parse_mapping(shown, "the page") == load_mapping("boston311")
    tables = {"columns", "channels", "status"}
    for name in (*Mapping.__struct_fields__, *COLUMNS):
        assert f"`{name}`" in page or (name in tables and f"`[{name}]`" in page)


def test_an_unknown_mapping_names_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="boston311"):
        load_mapping(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        (WHOLE.replace("zone", "zoen"), "Did you mean `zone`"),
        (WHOLE.replace("accepted =", "acepted ="), "Did you mean `accepted`"),
        (WHOLE.replace("Ho_Chi_Minh", "Saigonn"), "IANA"),
        (WHOLE.replace('dossier = "Code"', ""), "lacks `dossier`"),
        (WHOLE.replace('accepted = "Received"', 'finished = "Done"'), "neither `accepted` nor `registered`"),
        (WHOLE.replace('accepted = "Received"', ""), "names no milestone"),
        (WHOLE + 'channel = "How"', "[channels] is missing"),
        (WHOLE + 'channel = "How"\n[channels]\nNet = "onlin"', "Did you mean `online`"),
        (WHOLE + 'ended = "End"', "`ended` and `status` belong together"),
        (WHOLE + 'ended = "End"\nstatus = "S"\n[status]\nDone = "finishd"', "Did you mean `finished`"),
        ('fold = "third"' + WHOLE, '"first" or "second"'),
        ('date_forms = ["dd/mm/yyyy"]' + WHOLE, "%d/%m/%Y"),
        ('encoding = "utf-9"' + WHOLE, "encoding"),
        ('delimiter = ";;"' + WHOLE, "one character"),
        ('required = ["procedure"]' + WHOLE, "which `columns` does not"),
        ("source = 1" + WHOLE.replace('source = "s"', ""), "source"),
        ("source = ", "not valid TOML"),
        ('source = "s"', "lacks `zone`"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_said_with_what_would_be_right(wrong: str, advice: str) -> None:
    text = refusal(wrong)
    assert advice in text
    assert "m.toml" in text
