"""What was seen, by what it is of."""

import statistics


class Seen:
    """Records, by what they are of."""

    def __init__(self, records):
        self.records = records

    def of(self, figure, who="tollgate"):
        return [record for record in self.records if (record["figure"], record["who"]) == (figure, who)]

    def has(self, figure):
        return any(record["figure"] == figure for record in self.records)

    def values(self, figure, who, *path, scale=1.0):
        """A value in each round."""
        return [find(record, path) * scale for record in self.of(figure, who) if find(record, path) is not None]

    def spread(self, figure, who, *path, scale=1.0):
        return Spread(self.values(figure, who, *path, scale=scale))

    def against(self, figure, who, other, *path, scale=1.0, combine=lambda a, b: a / b):
        """A value beside that of another in the same round."""
        mine, theirs = self.values(figure, who, *path, scale=scale), self.values(figure, other, *path, scale=scale)
        return Spread([combine(a, b) for a, b in zip(mine, theirs)])

    def errors(self):
        return sum(record.get("errors", 0) for record in self.records)


class Spread:
    """Values of the rounds."""

    def __init__(self, values):
        self.values = values

    def __bool__(self):
        return bool(self.values)

    @property
    def median(self):
        return statistics.median(self.values)

    def told(self, digits=2):
        if not self.values:
            return "-"
        show = lambda value: f"{value:,.{digits}f}"
        return f"{show(self.median)} ({show(min(self.values))} – {show(max(self.values))})"


def find(record, path):
    for name in path:
        record = None if record is None else record.get(name)
    return record
