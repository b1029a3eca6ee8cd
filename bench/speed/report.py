"""The report, made of the raw results alone."""

import json

from . import tables
from .seen import Seen


def dumped(raw):
    """As JSON with a record in each line, so that versions can be compared."""
    records = ",\n".join(json.dumps(record) for record in raw["records"])
    return f'{{"about": {json.dumps(raw["about"], indent=1)},\n"records": [\n{records}\n]}}\n'


def markdown(raw):
    about = raw["about"]
    seen = Seen(raw["records"])
    lines = [
        "# Speed", "",
        f"`make bench ROUNDS={about['rounds']} LOAD_SECONDS={about['seconds']:g} PROFILE={about['profile']}`, commit "
        f"{about['commit']}, {about['date']}, {about['processors']} processors ({about['processor']}), Linux "
        f"{about['kernel']}, everything on one machine. {about['database']}, {about['nginx']}. Load of the machine "
        f"before: {', '.join(map(str, about['load_before']))}. Took {about['minutes']} minutes.", "",
        "Each cell is the median of the rounds, with the least and the most in brackets. The raw results are beside this "
        "file, as JSON.", "",
    ]
    for make in tables.ALL:
        lines += make(seen)
    return "\n".join(lines).rstrip() + "\n"
