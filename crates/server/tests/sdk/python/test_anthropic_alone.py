"""What Anthropic's SDK alone has."""

import pytest
from anthropic import Anthropic
from conftest import KEY, URL

client = Anthropic(base_url=URL, api_key=KEY, max_retries=0)


def test_models_are_listed_a_page_at_a_time_and_found_by_their_id():
    models = {model.id: model for model in client.models.list(limit=5)}

    assert len(models) > 5
    assert models["sim-chat"].type == "model"
    assert client.models.retrieve("sim-chat").id == "sim-chat"


@pytest.mark.parametrize("how", [{"api_key": KEY}, {"auth_token": KEY}])
def test_the_token_may_come_in_either_header(how):
    answer = Anthropic(base_url=URL, max_retries=0, **how).messages.create(
        model="anthropic/sim-chat", max_tokens=9, messages=[{"role": "user", "content": "Hi"}]
    )

    assert answer.usage.input_tokens > 0


def test_what_only_anthropic_knows_arrives_there_untouched():
    """The simulator refuses fields that Anthropic does not have, and asks for those that it has."""
    answer = client.messages.create(
        model="anthropic/sim-chat",
        max_tokens=2000,
        thinking={"type": "enabled", "budget_tokens": 1024},
        system=[{"type": "text", "text": "Be kind.", "cache_control": {"type": "ephemeral"}}],
        messages=[
            {
                "role": "user",
                "content": [
                    {
                        "type": "document",
                        "source": {
                            "type": "base64",
                            "media_type": "application/pdf",
                            "data": "JVBERi0xLjQK",
                        },
                        "cache_control": {"type": "ephemeral", "ttl": "1h"},
                    },
                    {"type": "text", "text": "What is it?"},
                ],
            }
        ],
    )

    thinking, text = answer.content
    assert thinking.signature
    assert 'I see: "application/pdf of 9 bytes"' in text.text
