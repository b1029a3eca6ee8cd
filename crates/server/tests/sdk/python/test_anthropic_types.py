"""Every answer in Anthropic's dialect that the translations are held to parses with the SDK's types.

The answers are the expected results of the providers' tests, which a person has read.
"""

import json
from pathlib import Path

import httpx2
import pytest
from anthropic import Anthropic
from anthropic.types import Message, RawMessageStreamEvent
from pydantic import BaseModel, TypeAdapter

GOLDEN = Path(__file__).parents[4] / "providers/tests/golden"
WHOLE = sorted(GOLDEN.rglob("*.anthropic.json"))
STREAMS = sorted(GOLDEN.rglob("*.anthropic.sse"))
EVENT = TypeAdapter(RawMessageStreamEvent)
# The usage at a stream's end says more than the SDK reads there: how long what was cached is kept.
SAID_BEYOND = {".usage.cache_creation"}


def name_of(path):
    return str(path.relative_to(GOLDEN))


def unknown_fields(value, at=""):
    """The fields that the SDK does not know; it keeps them, so validation passes them over."""
    if isinstance(value, BaseModel):
        found = [f"{at}.{name}" for name in value.model_extra or {}]
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        return found + [one for name, field in fields.items() for one in unknown_fields(field, f"{at}.{name}")]
    if isinstance(value, list):
        return [one for n, item in enumerate(value) for one in unknown_fields(item, f"{at}.{n}")]
    return []


def data_of(text):
    lines = text.splitlines()
    return [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]


def read_by_the_sdk(text):
    """The message that the SDK puts together from a recorded stream."""

    def answer(_request):
        headers = {"content-type": "text/event-stream; charset=utf-8"}
        return httpx2.Response(200, headers=headers, content=text.encode())

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    with Anthropic(base_url="http://recorded", api_key="none", http_client=http) as client:
        messages = [{"role": "user", "content": "Hi"}]
        with client.messages.stream(model="m", max_tokens=1, messages=messages) as stream:
            return stream.get_final_message()


def test_there_are_answers_to_read():
    assert len(WHOLE) > 5 and len(STREAMS) > 5


@pytest.mark.parametrize("path", WHOLE, ids=name_of)
def test_a_whole_answer_is_a_message(path):
    message = Message.model_validate_json(path.read_text(), strict=True)

    assert unknown_fields(message) == []
    assert message.stop_reason


@pytest.mark.parametrize("path", STREAMS, ids=name_of)
def test_a_stream_is_a_message_in_parts(path):
    text = path.read_text()
    for data in data_of(text):
        if data["type"] != "ping":
            event = EVENT.validate_json(json.dumps(data), strict=True)
            allowed = SAID_BEYOND if event.type == "message_delta" else set()
            assert set(unknown_fields(event)) <= allowed

    message = read_by_the_sdk(text)

    Message.model_validate_json(message.model_dump_json(), strict=True)
    assert message.stop_reason
    assert message.usage.output_tokens >= 0
    for block in message.content:
        assert block.type != "tool_use" or isinstance(block.input, dict)
