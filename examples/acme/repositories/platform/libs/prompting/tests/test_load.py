from acme_prompting import load


def test_a_prompt_is_filled_in(tmp_path) -> None:
    path = tmp_path / "greet.yaml"
    path.write_text("system: Be short.\nhuman: 'Greet {name}.'\n")
    assert load(path).format_messages(name="Ida")[1].content == "Greet Ida."
