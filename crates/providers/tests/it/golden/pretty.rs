//! JSON on several lines, with nothing else about it changed.

/// The JSON in `text` with a value per line; order, numbers and texts stay byte for byte.
pub(crate) fn pretty(text: &str) -> String {
    let (mut out, mut depth, mut in_text, mut is_escaped) = (String::new(), 0, false, false);
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        if in_text {
            in_text = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
            out.push(character);
            continue;
        }
        match character {
            '{' | '[' => {
                out.push(character);
                while characters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                match characters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth -= 1;
                line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(character);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                in_text = true;
                out.push(character);
            }
            _ if character.is_ascii_whitespace() => {}
            _ => out.push(character),
        }
    }
    out.push('\n');
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[test]
fn nothing_but_white_space_changes() {
    let text = r#"{ "b":[1.50, {}, [ ]],"a":"x: \"{,\\" }"#;

    let expected = r#"{
  "b": [
    1.50,
    {},
    []
  ],
  "a": "x: \"{,\\"
}
"#;
    assert_eq!(pretty(text), expected);
}
