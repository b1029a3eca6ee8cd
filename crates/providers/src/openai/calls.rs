//! The tool calls of one streamed choice: which fragment belongs to which call.

/// A call that was begun.
#[derive(Debug)]
struct Call {
    /// The index under which the provider sends its fragments.
    sent_as: Option<u32>,
    id: String,
    name: String,
    arguments: Arguments,
}

/// The most calls that one choice may have; what follows goes to the last one.
const MAX_CALLS: usize = 1024;

/// The calls of one choice, in the order in which they were begun, which is their index for the
/// caller.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: Vec<Call>,
}

/// One fragment as the provider sends it; empty stands for absent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragment<'a> {
    pub(super) index: Option<u32>,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) arguments: &'a str,
}

/// What the caller gets of a fragment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) index: usize,
    /// The id and name of a call that it begins.
    pub(super) begins: Option<(String, String)>,
    pub(super) arguments: &'a str,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// The id of the `index`th call.
    #[cfg(test)]
    fn id(&self, index: usize) -> Option<&str> {
        self.calls.get(index).map(|call| call.id.as_str())
    }

    /// Whether the caller can have the fragment as it is.
    pub(super) fn fits(&self, fragment: Fragment<'_>) -> bool {
        let Some(index) = fragment.index else { return false };
        match self.find(fragment) {
            Some(at) => {
                at == index as usize
                    && self.calls[at].arguments.end_within(fragment.arguments).is_none()
            }
            None => {
                self.calls.len() == index as usize
                    && !fragment.id.is_empty()
                    && !fragment.name.is_empty()
                    && Arguments::default().end_within(fragment.arguments).is_none()
            }
        }
    }

    /// Takes a fragment in and says what the caller gets of it: usually one piece; several where
    /// it holds several calls. `new_id` makes the id of the `n`th call where the provider does not.
    pub(super) fn take<'a>(
        &mut self,
        fragment: Fragment<'a>,
        new_id: impl Fn(usize) -> String,
    ) -> Vec<Piece<'a>> {
        let mut pieces = Vec::with_capacity(1);
        let mut rest = Fragment { ..fragment };
        loop {
            let is_full = self.calls.len() == MAX_CALLS;
            let found = self.find(rest).or(is_full.then_some(MAX_CALLS - 1));
            let begins = match found {
                Some(_) => None,
                None => Some(self.begin(rest, &new_id)),
            };
            let index = found.unwrap_or(self.calls.len() - 1);
            let arguments = &mut self.calls[index].arguments;
            let end = arguments.end_within(rest.arguments).filter(|_| !is_full);
            let end = end.unwrap_or(rest.arguments.len());
            let (now, later) = rest.arguments.split_at(end);
            arguments.take(now);
            pieces.push(Piece { index, begins, arguments: now });
            if later.is_empty() {
                return pieces;
            }
            rest = Fragment { id: "", name: "", arguments: later, ..rest };
        }
    }

    /// The call that a fragment goes on with; `None` if it begins one.
    fn find(&self, fragment: Fragment<'_>) -> Option<usize> {
        let at = match fragment.index {
            Some(index) => self.calls.iter().rposition(|call| call.sent_as == Some(index))?,
            // Without an index an id names its call, and a fragment without either goes on.
            None if !fragment.id.is_empty() => {
                self.calls.iter().rposition(|call| call.id == fragment.id)?
            }
            None if !fragment.name.is_empty() => return None,
            None => self.calls.len().checked_sub(1)?,
        };
        let call = &self.calls[at];
        let is_other_id = !fragment.id.is_empty() && fragment.id != call.id;
        let is_next_object =
            call.arguments.is_complete() && fragment.arguments.trim_start().starts_with('{');
        (!is_other_id && !is_next_object).then_some(at)
    }

    fn begin(
        &mut self,
        fragment: Fragment<'_>,
        new_id: &impl Fn(usize) -> String,
    ) -> (String, String) {
        let id = match fragment.id {
            "" => new_id(self.calls.len()),
            id => id.to_owned(),
        };
        // A second object on the same index is a second call of the same function.
        let before = || self.calls.last().map(|call| call.name.clone()).unwrap_or_default();
        let name = match fragment.name {
            "" => before(),
            name => name.to_owned(),
        };
        self.calls.push(Call {
            sent_as: fragment.index,
            id: id.clone(),
            name: name.clone(),
            arguments: Arguments::default(),
        });
        (id, name)
    }
}

/// Follows the arguments of a call far enough to see where their JSON object ends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Arguments {
    depth: u32,
    in_text: bool,
    after_backslash: bool,
    is_complete: bool,
}

impl Arguments {
    /// Whether the object has ended.
    pub(crate) const fn is_complete(self) -> bool {
        self.is_complete
    }

    /// Goes on with `fragment`.
    pub(crate) fn take(&mut self, fragment: &str) {
        for byte in fragment.bytes() {
            self.step(byte);
        }
    }

    /// Where in `fragment` the object has ended and another one begins.
    fn end_within(mut self, fragment: &str) -> Option<usize> {
        for (at, byte) in fragment.bytes().enumerate() {
            if self.is_complete && byte == b'{' {
                return (at > 0).then_some(at);
            }
            self.step(byte);
        }
        None
    }

    const fn step(&mut self, byte: u8) {
        if self.in_text {
            if self.after_backslash {
                self.after_backslash = false;
            } else if byte == b'\\' {
                self.after_backslash = true;
            } else if byte == b'"' {
                self.in_text = false;
            }
            return;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.is_complete = self.depth == 0;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment<'a>(
        index: Option<u32>,
        id: &'a str,
        name: &'a str,
        arguments: &'a str,
    ) -> Fragment<'a> {
        Fragment { index, id, name, arguments }
    }

    /// Each fragment's pieces as `index id/name arguments`.
    fn pieces(fragments: &[Fragment<'_>]) -> Vec<String> {
        let mut calls = Calls::default();
        let mut shown = Vec::new();
        for fragment in fragments {
            for piece in calls.take(*fragment, |n| format!("new{n}")) {
                let begins =
                    piece.begins.map_or_else(String::new, |(id, name)| format!("{id}/{name}"));
                shown.push(format!("{} {begins} {}", piece.index, piece.arguments));
            }
        }
        shown
    }

    #[test]
    fn fragments_find_their_call_however_badly_they_are_marked() {
        let absent = [
            fragment(None, "a", "f", "{}"),
            fragment(None, "b", "g", ""),
            fragment(None, "", "", "{}"),
        ];
        assert_eq!(pieces(&absent), ["0 a/f {}", "1 b/g ", "1  {}"]);

        let reused = [fragment(Some(0), "a", "f", "{}"), fragment(Some(0), "b", "f", "{}")];
        assert_eq!(pieces(&reused), ["0 a/f {}", "1 b/f {}"]);

        let unmarked = [
            fragment(Some(0), "a", "f", "{\"x\":\"}\\\"{\"}"),
            fragment(Some(0), "", "", " {\"y\":[{}]}"),
        ];
        assert_eq!(pieces(&unmarked), ["0 a/f {\"x\":\"}\\\"{\"}", "1 new1/f  {\"y\":[{}]}"]);

        let glued = [fragment(Some(0), "", "f", "{}{}"), fragment(Some(5), "", "g", "{")];
        assert_eq!(pieces(&glued), ["0 new0/f {}", "1 new1/f {}", "2 new2/g {"]);

        let interleaved = [
            fragment(Some(0), "a", "f", ""),
            fragment(Some(1), "b", "g", ""),
            fragment(Some(0), "", "", "{}"),
            fragment(Some(1), "b", "", "{}"),
        ];
        assert_eq!(pieces(&interleaved), ["0 a/f ", "1 b/g ", "0  {}", "1  {}"]);
    }

    #[test]
    fn a_fragment_fits_only_where_the_caller_needs_no_repair() {
        let mut calls = Calls::default();
        let first = fragment(Some(0), "a", "f", "{\"x\":");
        assert!(calls.fits(first));
        assert!(!calls.fits(fragment(None, "a", "f", "")));
        assert!(!calls.fits(fragment(Some(1), "a", "f", "")));
        assert!(!calls.fits(fragment(Some(0), "", "f", "")));
        calls.take(first, |_| String::new());

        assert_eq!(calls.id(0), Some("a"));
        assert!(calls.fits(fragment(Some(0), "", "", "1}")));
        assert!(!calls.fits(fragment(Some(0), "b", "f", "")));
        assert!(!calls.fits(fragment(Some(0), "", "", "1}{}")));
    }
}
