"""The official SDK, with nothing but its base URL and key changed."""

import os

import pytest
from openai import AsyncOpenAI, OpenAI


@pytest.fixture(scope="session")
def base_url():
    return os.environ["TOLLGATE_URL"] + "/v1"


@pytest.fixture(scope="session")
def client(base_url):
    return OpenAI(base_url=base_url, api_key=os.environ["TOLLGATE_KEY"])


@pytest.fixture
def async_client(base_url):
    return AsyncOpenAI(base_url=base_url, api_key=os.environ["TOLLGATE_KEY"])
