//! A provider's keys by their ids.

use tollgate_domain::ApiKeyId;

use crate::pool::key::LiveKey;

/// Live keys in the order of their ids, side by side in memory.
#[derive(Debug, Default)]
pub(super) struct LiveKeys {
    keys: Vec<(ApiKeyId, LiveKey)>,
    /// What `weighted` owes each of them: it changes for all of them at every pick.
    credits: Vec<i64>,
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
            self.insert_at(at, id, make());
            at
        });
        u32::try_from(place).expect("there are at most 5,000 keys of a provider")
    }

    /// Puts a key in.
    pub(super) fn insert(&mut self, id: ApiKeyId, key: LiveKey) {
        match self.position(id) {
            Ok(at) => self.keys[at].1 = key,
            Err(at) => self.insert_at(at, id, key),
        }
    }

    /// Every key.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (ApiKeyId, &mut LiveKey)> {
        self.keys.iter_mut().map(|(id, key)| (*id, key))
    }

    /// Forgets keys.
    pub(super) fn retain(&mut self, keep: impl Fn(ApiKeyId, &LiveKey) -> bool) {
        let mut kept =
            self.keys.iter().map(|(id, key)| keep(*id, key)).collect::<Vec<_>>().into_iter();
        let credits = std::mem::take(&mut self.credits).into_iter();
        self.credits =
            credits.zip(kept.clone()).filter(|(_, kept)| *kept).map(|(credit, _)| credit).collect();
        self.keys.retain(|_| kept.next().unwrap_or(true));
    }

    /// What `weighted` owes the key in that place.
    #[inline]
    pub(super) fn credit(&self, place: u32) -> i64 {
        self.credits[place as usize]
    }

    /// Changes what `weighted` owes it.
    #[inline]
    pub(super) fn set_credit(&mut self, place: u32, credit: i64) {
        self.credits[place as usize] = credit;
    }

    fn insert_at(&mut self, at: usize, id: ApiKeyId, key: LiveKey) {
        self.keys.insert(at, (id, key));
        self.credits.insert(at, 0);
    }

    fn position(&self, id: ApiKeyId) -> Result<usize, usize> {
        self.keys.binary_search_by_key(&id, |(id, _)| *id)
    }
}
