//! One file of a journal: reading it, whatever became of it, and writing it.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::frame::{self, Frame, HEAD_BYTES, MARK, MAX_FRAME_BYTES};

/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;

/// Reads a segment's frames. What is none is passed over, up to the next one.
pub(crate) struct SegmentReader {
    file: File,
    /// What was read and not yet told of begins at `start`.
    buffer: Vec<u8>,
    start: usize,
    /// Where in the file that is.
    offset: u64,
    /// Up to where the file is to be read.
    end: u64,
}

/// What comes next in a segment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<'a> {
    /// A frame, and where it ends.
    Frame(Frame<'a>, u64),
    /// Bytes that are no frame: from where, and up to where.
    Damage(u64, u64),
    /// Nothing.
    End,
}

impl SegmentReader {
    /// Reads the file from `offset` to its end.
    pub(crate) fn open(path: &Path, offset: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let end = file.metadata()?.len();
        io::Seek::seek(&mut file, io::SeekFrom::Start(offset))?;
        Ok(Self { file, buffer: Vec::new(), start: 0, offset, end })
    }

    /// Up to where it reads.
    pub(crate) const fn end(&self) -> u64 {
        self.end
    }

    /// Reads up to `end`, however long the file is by now.
    pub(crate) const fn read_to(&mut self, end: u64) {
        self.end = end;
    }

    /// Reads up to the end that the file has by now; answers whether that is a later one.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn read_to_end(&mut self) -> io::Result<bool> {
        let before = std::mem::replace(&mut self.end, self.file.metadata()?.len());
        Ok(self.end > before)
    }

    /// What comes next.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn next(&mut self) -> io::Result<Next<'_>> {
        if self.fill(HEAD_BYTES)? == 0 {
            return Ok(Next::End);
        }
        if let Some(length) = self.frame_length()? {
            let start = self.start;
            self.advance(length);
            let frame = frame::decode(&self.buffer[start..start + length]);
            let frame = frame.expect("it was read a moment ago");
            return Ok(Next::Frame(frame, self.offset));
        }
        let from = self.offset;
        self.find_frame()?;
        Ok(Next::Damage(from, self.offset))
    }

    /// Goes to the next frame, or to the end, from a place where none is.
    fn find_frame(&mut self) -> io::Result<()> {
        self.advance(1);
        while self.fill(MAX_FRAME_BYTES)? > 0 {
            match memchr::memchr(MARK[0], &self.buffer[self.start..]) {
                None => self.advance(self.buffer.len() - self.start),
                Some(at) => {
                    self.advance(at);
                    if self.frame_length()?.is_some() {
                        return Ok(());
                    }
                    self.advance(1);
                }
            }
        }
        Ok(())
    }

    /// How long the frame is that comes next, if that is one.
    fn frame_length(&mut self) -> io::Result<Option<usize>> {
        self.fill(HEAD_BYTES)?;
        let Some(length) = frame::length(&self.buffer[self.start..]) else { return Ok(None) };
        if self.fill(length)? < length {
            return Ok(None);
        }
        let bytes = &self.buffer[self.start..self.start + length];
        Ok(frame::decode(bytes).map(|_| length))
    }

    fn advance(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
    }

    /// Reads until `wanted` bytes are there, or the end is; answers how many are.
    fn fill(&mut self, wanted: usize) -> io::Result<usize> {
        let mut there = self.buffer.len() - self.start;
        if there >= wanted {
            return Ok(there);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        while there < wanted {
            let left = self.end.saturating_sub(self.offset + there as u64);
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(READ_BYTES);
            self.buffer.resize(there + count, 0);
            let read = self.file.read(&mut self.buffer[there..])?;
            there += read;
            self.buffer.truncate(there);
            if read == 0 {
                break;
            }
        }
        Ok(there)
    }
}

/// A segment that is being written.
#[derive(Debug)]
pub(crate) struct SegmentFile {
    /// Its number.
    pub(crate) number: u64,
    /// How many of its bytes are good.
    pub(crate) length: u64,
    pub(crate) file: Arc<WrittenFile>,
}

/// A file, and whether it waits to be synced.
#[derive(Debug)]
pub(crate) struct WrittenFile {
    pub(crate) file: File,
    pub(crate) waits: AtomicBool,
}

impl SegmentFile {
    /// A new one at `path`, which begins with `head`.
    ///
    /// # Errors
    /// Those of the disk, and where there is one already.
    pub(crate) fn create(path: &Path, number: u64, head: &[u8]) -> io::Result<Self> {
        let mut options = File::options();
        options.write(true).create_new(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = WrittenFile { file: options.open(path)?, waits: AtomicBool::new(false) };
        let mut segment = Self { number, length: 0, file: Arc::new(written) };
        if let Err(error) = segment.append(head) {
            // The next try needs its name.
            std::fs::remove_file(path).ok();
            return Err(error);
        }
        Ok(segment)
    }

    /// Appends `bytes`, all of them or, as far as the disk lets it, none.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.file.file.write_all_at(bytes, self.length) {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.cut_to(self.length);
                Err(error)
            }
        }
    }

    /// Forgets what was written beyond `length`. Where the disk does not even do that, a reader
    /// finds no frame there, or one that is there twice.
    pub(crate) fn cut_to(&mut self, length: u64) {
        self.length = length;
        self.file.file.set_len(length).ok();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::journal::entry::encode;
    use crate::journal::frame::Kind;
    use crate::journal::testing::{full_log, log};

    /// The attempts that are read from `bytes`, and how many stretches of them are damaged.
    fn read(bytes: &[u8]) -> (Vec<i32>, usize) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut reader = SegmentReader::open(file.path(), 0).unwrap();
        let (mut attempts, mut damages) = (Vec::new(), 0);
        loop {
            match reader.next().unwrap() {
                Next::Frame(frame, _) => attempts.push(frame.prefix.attempt),
                Next::Damage(from, to) => {
                    assert!(from < to);
                    damages += 1;
                }
                Next::End => return (attempts, damages),
            }
        }
    }

    fn frames(count: i32) -> Vec<Vec<u8>> {
        let with = |attempt| {
            let mut log = if attempt % 2 == 0 { full_log() } else { log(attempt) };
            log.attempt = attempt;
            encode(Kind::Record, &mut log)
        };
        (0..count).map(with).collect()
    }

    /// The attempts but that in which the byte at `at` is.
    fn without(frames: &[Vec<u8>], at: usize) -> Vec<i32> {
        let mut end = 0;
        let ends: Vec<usize> = frames
            .iter()
            .map(|frame| {
                end += frame.len();
                end
            })
            .collect();
        let hit = ends.iter().position(|end| at < *end).unwrap();
        (0..frames.len()).filter(|number| *number != hit).map(|number| number as i32).collect()
    }

    #[test]
    fn a_flipped_byte_anywhere_costs_its_own_record_and_no_other() {
        let frames = frames(4);
        let bytes = frames.concat();
        assert_eq!(read(&bytes), (vec![0, 1, 2, 3], 0));
        for at in 0..bytes.len() {
            for change in [0x01, 0x80, 0xFF] {
                let mut flipped = bytes.clone();
                flipped[at] ^= change;
                assert_eq!(read(&flipped), (without(&frames, at), 1), "byte {at} by {change:x}");
            }
        }
    }

    #[test]
    fn a_file_that_was_cut_anywhere_has_the_records_before() {
        let frames = frames(4);
        let bytes = frames.concat();
        for at in 0..bytes.len() {
            let whole = without(&frames, at).into_iter().take_while(|number| {
                let end: usize = frames[..=*number as usize].iter().map(Vec::len).sum();
                end <= at
            });
            let whole: Vec<i32> = whole.collect();
            let is_torn = frames[..whole.len()].iter().map(Vec::len).sum::<usize>() < at;
            assert_eq!(read(&bytes[..at]), (whole, usize::from(is_torn)), "cut at {at}");
        }
    }

    proptest! {
        #[test]
        fn garbage_between_records_hides_none_of_them(
            garbage in prop::collection::vec(
                prop::collection::vec(prop_oneof![3 => any::<u8>(), 1 => Just(MARK[0])], 0..600),
                5,
            ),
        ) {
            let frames = frames(4);
            let mut bytes = garbage[0].clone();
            for (frame, garbage) in frames.iter().zip(&garbage[1..]) {
                bytes.extend_from_slice(frame);
                bytes.extend_from_slice(garbage);
            }
            let damages = garbage.iter().filter(|garbage| !garbage.is_empty()).count();

            prop_assert_eq!(read(&bytes), (vec![0, 1, 2, 3], damages));
        }

        #[test]
        fn any_bytes_at_all_are_read_to_their_end(
            bytes in prop::collection::vec(any::<u8>(), 0..5_000),
        ) {
            let (attempts, damages) = read(&bytes);

            prop_assert_eq!((attempts, damages), (Vec::new(), usize::from(!bytes.is_empty())));
        }
    }

    #[test]
    fn a_reader_goes_on_where_the_file_was_written_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        let frames = frames(3);
        let mut segment = SegmentFile::create(&path, 1, &frames[0]).unwrap();
        let mut reader = SegmentReader::open(&path, 0).unwrap();
        assert!(matches!(reader.next().unwrap(), Next::Frame(..)));
        assert_eq!(reader.next().unwrap(), Next::End);

        segment.append(&frames[1]).unwrap();
        segment.append(&frames[2]).unwrap();
        reader.read_to(segment.length);

        assert!(
            matches!(reader.next().unwrap(), Next::Frame(frame, _) if frame.prefix.attempt == 1)
        );
        assert!(matches!(reader.next().unwrap(), Next::Frame(frame, end)
            if frame.prefix.attempt == 2 && end == segment.length));
        assert_eq!(reader.next().unwrap(), Next::End);
    }
}
