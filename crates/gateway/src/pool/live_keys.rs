//! A provider's keys by their ids.

use tollgate_domain::ApiKeyId;

use crate::pool::key::LiveKey;

/// Live keys in the order of their ids, side by side in memory.
#[derive(Debug, Default)]
pub(super) struct LiveKeys {
    keys: Vec<(ApiKeyId, LiveKey)>,
}

impl LiveKeys {
    /// The key with that id.
    pub(super) fn get(&self, id: ApiKeyId) -> Option<&LiveKey> {
        self.position(id).ok().map(|at| &self.keys[at].1)
    }

    /// The key with that id.
    pub(super) fn get_mut(&mut self, id: ApiKeyId) -> Option<&mut LiveKey> {
        self.position(id).ok().map(|at| &mut self.keys[at].1)
    }

    /// The key in that place.
    #[inline]
    pub(super) fn at(&mut self, place: u32) -> &mut LiveKey {
        &mut self.keys[place as usize].1
    }

    /// Where the key with that id is; `make` makes one that is missing.
    pub(super) fn place(&mut self, id: ApiKeyId, make: impl FnOnce() -> LiveKey) -> u32 {
        let place = self.position(id).unwrap_or_else(|at| {
            self.keys.insert(at, (id, make()));
            at
        });
        u32::try_from(place).expect("there are at most 5,000 keys of a provider")
    }

    /// Puts a key in.
    pub(super) fn insert(&mut self, id: ApiKeyId, key: LiveKey) {
        match self.position(id) {
            Ok(at) => self.keys[at].1 = key,
            Err(at) => self.keys.insert(at, (id, key)),
        }
    }

    /// Every key.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (ApiKeyId, &mut LiveKey)> {
        self.keys.iter_mut().map(|(id, key)| (*id, key))
    }

    /// Forgets keys.
    pub(super) fn retain(&mut self, keep: impl Fn(ApiKeyId, &LiveKey) -> bool) {
        self.keys.retain(|(id, key)| keep(*id, key));
    }

    fn position(&self, id: ApiKeyId) -> Result<usize, usize> {
        self.keys.binary_search_by_key(&id, |(id, _)| *id)
    }
}
