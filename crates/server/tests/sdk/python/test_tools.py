import json

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
CLOCK = {
    "type": "function",
    "function": {
        "name": "get_time",
        "description": "The time in a zone",
        "parameters": {
            "type": "object",
            "properties": {"zone": {"type": "string"}},
            "required": ["zone"],
            "additionalProperties": False,
        },
    },
}
QUESTION = {"role": "user", "content": "What are the weather and the time in Paris?"}


def answers_to(tool_calls):
    return [
        {"role": "tool", "tool_call_id": call.id, "content": f"{call.function.name}: fine"}
        for call in tool_calls
    ]


def check_calls(tool_calls):
    assert [call.function.name for call in tool_calls] == ["get_weather", "get_time"]
    assert "city" in json.loads(tool_calls[0].function.arguments)
    assert "zone" in json.loads(tool_calls[1].function.arguments)
    assert len({call.id for call in tool_calls}) == 2


def test_two_tools_are_called_side_by_side_and_their_answers_used(client):
    first = client.chat.completions.create(
        model="sim-chat", messages=[QUESTION], tools=[WEATHER, CLOCK], tool_choice="required"
    )
    message = first.choices[0].message

    assert first.choices[0].finish_reason == "tool_calls"
    check_calls(message.tool_calls)

    second = client.chat.completions.create(
        model="sim-chat",
        messages=[QUESTION, message, *answers_to(message.tool_calls)],
        tools=[WEATHER, CLOCK],
    )

    assert second.choices[0].finish_reason == "stop"
    assert second.choices[0].message.content
    assert not second.choices[0].message.tool_calls


def test_streamed_tool_calls_come_together(client):
    with client.chat.completions.stream(
        model="sim-chat", messages=[QUESTION], tools=[WEATHER, CLOCK], tool_choice="required"
    ) as stream:
        final = stream.get_final_completion()

    assert final.choices[0].finish_reason == "tool_calls"
    check_calls(final.choices[0].message.tool_calls)
