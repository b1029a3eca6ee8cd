//! Behaviours by name, for whoever has only a key and a model name to set: `sim-error-429`,
//! `sk-sim-slow-cut-alice`.

mod phrases;

use std::fmt::Write;

use self::phrases::Sets::{Error, Number, Place as At, Plain};
use self::phrases::{PHRASES, PLACES, Phrase, Sets};
use crate::behaviour::Behaviour;
use crate::error_reply::ErrorReply;

/// What names of models and keys begin with.
const PREFIXES: [&str; 2] = ["sim-", "sk-sim-"];

/// The most words an error's name has.
const ERROR_WORDS: usize = 4;

/// What a key (`sk-sim-…`) or a model (`sim-…`) asks for by its name; `None` if by nothing. Words which
/// mean nothing are passed over, so that keys can differ in them.
pub fn behaviour_of_name(name: &str) -> Option<Behaviour> {
    let words: Vec<&str> =
        PREFIXES.iter().find_map(|it| name.strip_prefix(it))?.split('-').collect();
    let mut behaviour = Behaviour::default();
    let (mut at, mut means_something) = (0, false);
    while at < words.len() {
        let taken = take_phrase(&words[at..], &mut behaviour);
        means_something |= taken > 0;
        at += taken.max(1);
    }
    means_something.then_some(behaviour)
}

/// What names can say, as text for a terminal.
pub fn help() -> String {
    let mut text = String::from(
        "A model named sim-… or a key named sk-sim-… chooses how its calls are answered, by words\n\
         joined with dashes: sim-error-429-first-2, sk-sim-slow-cut. The key goes before the model;\n\
         unknown words are passed over.\n\nWords:\n",
    );
    for phrase in PHRASES {
        let _ = writeln!(text, "  {:<14} {}", phrase.words, phrase.means);
    }
    text.push_str("\nPlaces:\n");
    for (word, _, means) in PLACES {
        let _ = writeln!(text, "  {word:<14} {means}");
    }
    text.push_str(
        "\nErrors (with dashes for dots; a status alone takes the first of that status):\n",
    );
    for error in ErrorReply::all() {
        let _ = writeln!(text, "  {}", error.name);
    }
    text
}

/// Applies the longest phrase these words begin with, and says how many of them it took.
fn take_phrase(words: &[&str], behaviour: &mut Behaviour) -> usize {
    let mut fitting: Vec<(usize, &Phrase)> = PHRASES
        .iter()
        .map(|phrase| (phrase.words.split('-').count(), phrase))
        .filter(|(length, phrase)| phrase.words.split('-').eq(words.iter().take(*length).copied()))
        .collect();
    fitting.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    let taken = fitting.into_iter().find_map(|(length, phrase)| {
        apply(&phrase.sets, &words[length..], behaviour).map(|more| length + more)
    });
    taken.unwrap_or(0)
}

/// Applies one phrase with the words after it; says how many of those it took, `None` if it needs others.
fn apply(sets: &Sets, rest: &[&str], behaviour: &mut Behaviour) -> Option<usize> {
    match sets {
        Plain(set) => {
            set(behaviour);
            Some(0)
        }
        Number(set) => {
            set(behaviour, rest.first()?.parse().ok()?);
            Some(1)
        }
        At(usual, fault) => {
            let named = rest.first().and_then(|word| PLACES.iter().find(|(name, ..)| name == word));
            behaviour.fault = Some(fault(named.map_or(*usual, |(_, place, _)| *place)));
            Some(usize::from(named.is_some()))
        }
        Error(fault) => {
            let longest = rest.len().min(ERROR_WORDS);
            let (length, error) = (1..=longest)
                .rev()
                .find_map(|length| Some((length, ErrorReply::named(&rest[..length].join("-"))?)))?;
            behaviour.fault = Some(fault(error));
            Some(length)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::behaviour::LineEnd;

    fn fault_of(name: &str) -> String {
        format!("{:?}", behaviour_of_name(name).unwrap().fault.unwrap())
    }

    #[test]
    fn a_name_which_says_nothing_asks_for_nothing() {
        for name in
            ["gpt-4o", "sk-proj-error-429", "sim-chat", "sk-sim-alice", "sim-", "sim-latency"]
        {
            assert!(behaviour_of_name(name).is_none(), "{name}");
        }
    }

    #[test]
    fn words_add_up_and_unknown_words_are_passed_over() {
        let behaviour = behaviour_of_name("sk-sim-x1-latency-250-rate-40-crlf-bob").unwrap();
        assert_eq!(behaviour.latency, Some(Duration::from_millis(250)));
        assert_eq!(behaviour.tokens_per_second, Some(40.0));
        assert_eq!(behaviour.wire.line_end, LineEnd::CrLf);
    }

    #[test]
    fn errors_go_by_status_or_by_name_and_can_be_counted() {
        assert!(fault_of("sim-error-429").contains("openai.429.rate"));
        assert!(fault_of("sim-error-429-quota").contains("openai.429.quota"));
        assert!(
            fault_of("sk-sim-error-moonshot-429-overloaded-a").contains("moonshot.429.overloaded")
        );
        assert!(fault_of("sim-error-first-503").starts_with("ErrorEvent(Start"));
        assert_eq!(behaviour_of_name("sim-error-503-first-2").unwrap().fault_first, Some(2));
    }

    #[test]
    fn places_may_be_left_out() {
        assert_eq!(fault_of("sim-cut"), "Cut(Middle)");
        assert_eq!(fault_of("sim-cut-head"), "Cut(Head)");
        assert_eq!(fault_of("sim-end-slow"), "End(Finish)");
        assert_eq!(fault_of("sim-wrong-json-start"), "WrongJson(Start)");
    }

    #[test]
    fn every_error_can_be_named() {
        for error in ErrorReply::all() {
            let name = format!("sim-error-{}", error.name.replace(['.', '_'], "-"));
            assert!(fault_of(&name).contains(&format!("{:?}", error.name)), "{name}");
        }
    }

    #[test]
    fn the_readme_tells_every_word_place_and_error() {
        let readme = include_str!("../README.md");
        let words = PHRASES.iter().map(|phrase| phrase.words);
        let places = PLACES.iter().map(|(word, ..)| *word);
        let errors = ErrorReply::all().iter().map(|error| error.name.as_str());
        for name in words.chain(places).chain(errors) {
            assert!(readme.contains(&format!("`{name}")), "{name}");
            assert!(help().contains(name), "{name}");
        }
    }
}
