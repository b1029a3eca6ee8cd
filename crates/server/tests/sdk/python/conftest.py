"""The official SDKs, with nothing but their base URL and key changed."""

import os
from pathlib import Path

import pytest

PROVIDERS = os.environ["TOLLGATE_PROVIDERS"].split()
URL = os.environ["TOLLGATE_URL"]
KEY = os.environ["TOLLGATE_KEY"]

# An image of 70 bytes.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Provider(str):
    """What stands before a model's name: a provider's code, or a route that leads there."""

    @property
    def code(self):
        """The code of the provider that answers."""
        return self.rpartition("-to-")[2]

    @property
    def is_route(self):
        return self != self.code


@pytest.fixture(params=[Provider(code) for code in PROVIDERS])
def provider(request):
    """A provider, each of another protocol; or a route that leads there past one that fails."""
    return request.param


def behaviours_shown_by(module):
    """Checks that a suite has a test for each line of the common list, under the same name."""
    lines = (Path(__file__).parent.parent / "behaviours.txt").read_text().splitlines()
    wanted = {"test_" + line.lower().replace(" ", "_") for line in lines}
    shown = {name for name in vars(module) if name.startswith("test_")}
    return wanted, shown


def address_of_its_own(number):
    """Headers of a caller elsewhere: tokens are guessed in vain from there, and from nowhere else."""
    return {"x-forwarded-for": f"192.0.2.{number}"}
