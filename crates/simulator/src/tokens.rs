//! A make-believe tokenizer: a word with the space before it is a token, long words are several.

const LONGEST: usize = 8;

/// Cuts a text into tokens; joined they are the text again.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let (mut start, mut length, mut before) = (0, 0, ' ');
    for (at, char) in text.char_indices() {
        let word_begins = char.is_whitespace() && !before.is_whitespace();
        if at > start && (word_begins || length >= LONGEST || is_ideograph(char)) {
            tokens.push(&text[start..at]);
            (start, length) = (at, 0);
        }
        length += 1;
        before = char;
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// How many tokens a text has.
pub(crate) fn count(text: &str) -> u64 {
    split(text).len() as u64
}

/// At most so many characters of a text, on one line.
pub(crate) fn excerpt(text: &str, longest: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= longest {
        return flat;
    }
    let cut: String = flat.chars().take(longest).collect();
    format!("{}…", cut.trim_end())
}

fn is_ideograph(char: char) -> bool {
    char >= '\u{2E80}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_joined_are_the_text_again() {
        for text in [
            "",
            "one",
            "two words",
            "  lead  and trail ",
            "extraordinarily long",
            "你好，世界",
            "a😀b",
        ] {
            assert_eq!(split(text).concat(), text);
        }
    }

    #[test]
    fn words_count_once_and_long_words_more() {
        assert_eq!(split("The capital is Paris."), ["The", " capital", " is", " Paris."]);
        assert_eq!(count("extraordinarily"), 2);
        assert_eq!(count("你好"), 2);
    }

    #[test]
    fn an_excerpt_is_bounded_and_flat() {
        assert_eq!(excerpt("a\nb  c", 10), "a b c");
        assert_eq!(excerpt("abcdef", 3), "abc…");
    }
}
