//! The reader of server-sent events.

use bytes::Bytes;
use tollgate_providers::{SseItem, SseReader};

/// The longest line or event that is taken.
const LIMIT: usize = 4096;

/// However the bytes are cut, the same events come of them, as long as none is too long.
pub(super) fn check(data: &[u8]) {
    let (size, data) = data.split_first().map_or((1, data), |(size, rest)| (*size, rest));
    let whole = read([data]);
    let cut = read(data.chunks(usize::from(size).max(1)));
    assert_eq!(whole, cut);

    let items = whole.unwrap_or_default();
    assert!(items.len() <= data.len() + 1);
    for item in items {
        if let SseItem::Event(event) = item {
            assert!(event.data.len() <= 3 * LIMIT && str::from_utf8(&event.data).is_ok());
            assert!(!event.data.contains(&b'\r'));
            let name = event.name.unwrap_or_default();
            assert!(!name.iter().any(|byte| matches!(byte, b'\n' | b'\r')));
        }
    }
}

fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<SseItem>> {
    let mut reader = SseReader::new(LIMIT);
    let mut items = Vec::new();
    for chunk in chunks {
        reader.push(Bytes::copy_from_slice(chunk));
        while let Some(item) = reader.next_item().ok()? {
            items.push(item);
        }
    }
    items.extend(reader.finish().ok()?.map(SseItem::Event));
    Some(items)
}
