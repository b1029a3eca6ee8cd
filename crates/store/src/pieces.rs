//! Lists cut into pieces of few lengths, so that statements over them have few texts.
//!
//! A text that is not kept prepared costs 40 ms on MySQL: closing it has no answer, and the next
//! command waits for the server to acknowledge that (sqlx 0.9.0 does not set `TCP_NODELAY`:
//! <https://github.com/transact-rs/sqlx/issues/4335>). One that is kept must be one of few, since a
//! connection keeps 100 and closes the one used longest ago.

/// `items` in pieces of `most`, and what is left in powers of two.
pub(crate) fn pieces<T>(items: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let length = if rest.len() >= most { most } else { 1 << rest.len().checked_ilog2()? };
        let (piece, more) = rest.split_at(length);
        rest = more;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_piece_and_pieces_have_few_lengths() {
        let lengths = |count: usize| -> Vec<usize> {
            let items: Vec<usize> = (0..count).collect();
            let found: Vec<&[usize]> = pieces(&items, 200).collect();
            assert_eq!(found.concat(), items);
            found.iter().map(|piece| piece.len()).collect()
        };

        assert_eq!(lengths(0), [0; 0]);
        assert_eq!(lengths(1), [1]);
        assert_eq!(lengths(199), [128, 64, 4, 2, 1]);
        assert_eq!(lengths(450), [200, 200, 32, 16, 2]);
    }
}
