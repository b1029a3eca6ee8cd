"""The report, made of the raw results alone."""

import json

from . import tables
from .seen import Seen

# What stands between two of these lines in a document is of the report.
MARK = "<!-- {} of the report -->"


def dumped(raw):
    """As JSON with a record in each line, so that versions can be compared."""
    records = ",\n".join(json.dumps(record) for record in raw["records"])
    return f'{{"about": {json.dumps(raw["about"], indent=1)},\n"records": [\n{records}\n]}}\n'


def markdown(raw):
    about, seen = raw["about"], Seen(raw["records"])
    lines = ["# How cost grows" if is_growth(about) else "# Speed", "", told(about), "",
             "The raw results lie beside this file, as JSON.", ""]
    for make in tables.GROWTH if is_growth(about) else tables.SPEED:
        lines += make(seen)
    return "\n".join(lines).rstrip() + "\n"


def filled(document, raw):
    """The document with the tables of the report between its marks."""
    seen = Seen(raw["records"])
    for name, make in tables.IN_DOCUMENTS.items():
        begin, end = MARK.format(name), MARK.format(f"end: {name}")
        if begin in document and (lines := make(seen)):
            before, _, rest = document.partition(begin)
            # Without the title, which the document says in its own words.
            table = "\n".join(line for line in lines if not line.startswith("##")).strip()
            document = f"{before}{begin}\n\n{told(raw['about'])}\n\n{table}\n\n{end}{rest.partition(end)[2]}"
    return document


def told(about):
    """Where and how it was measured."""
    given = f"ROUNDS={about['rounds']} LOAD_SECONDS={about['seconds']:g} PROFILE={about['profile']}"
    command = f"{given} bench/speed.sh --growth" if is_growth(about) else f"{given} make bench"
    return (f"`{command}`, commit {about['commit']}, {about['date']}, {about['processors']} processors ({about['processor']}), "
            f"Linux {about['kernel']}, everything on one machine. {about['database']}, {about['nginx']}. Load of the machine "
            f"before: {', '.join(map(str, about['load_before']))}. It took {about['minutes']} minutes. Each cell is the median "
            "of the rounds, with the least and the most in brackets.")


def is_growth(about):
    return about["sections"] == ["growth"]
