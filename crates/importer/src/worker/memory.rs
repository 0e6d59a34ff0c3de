//! Files that GDAL reads from memory.

use std::path::Path;

use gdal::vsi::{create_mem_file_from_ref, unlink_mem_file};

use super::failure::{Failure, failure};

/// The files that GDAL reads from memory for one source after the other. Their bytes stay ours:
/// what GDAL owns it gives to C's `free`, which takes neither what another allocator made nor the
/// place of an empty `Vec`, which was never allocated.
#[derive(Debug, Default)]
pub(super) struct Memory {
    files: Vec<MemoryFile>,
    /// How many sources were read before. It stands in the names, because GDAL keeps what it knows
    /// of an archive by its name, also when that is gone.
    sources_before: usize,
}

impl Memory {
    /// Gives GDAL the bytes of a file until [`Memory::clear`], and answers how GDAL calls it. All
    /// files of a source lie in one folder.
    ///
    /// # Errors
    /// When GDAL does not take the name.
    pub(super) fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
        let path = format!("/vsimem/{}/{name}", self.sources_before);
        self.files.push(MemoryFile::new(path.clone(), bytes)?);
        Ok(path)
    }

    /// Frees the files of a source. Whatever was opened from them must be closed.
    pub(super) fn clear(&mut self) {
        self.files.clear();
        self.sources_before += 1;
    }
}

/// A file of GDAL's file system in memory, over bytes that nobody else touches while it is there.
#[derive(Debug)]
struct MemoryFile {
    path: String,
    _bytes: Vec<u8>,
}

impl MemoryFile {
    fn new(path: String, mut bytes: Vec<u8>) -> Result<Self, Failure> {
        let file = create_mem_file_from_ref(Path::new(&path), &mut bytes)
            .map_err(|error| failure!("{path:?} cannot be taken into memory: {error}"))?;
        // It would unlink the file here; that is left until the bytes go.
        std::mem::forget(file);
        Ok(Self {
            path,
            _bytes: bytes,
        })
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        // GDAL forgets the file before the bytes are freed. A name that it does not know leads to
        // no bytes.
        let _ = unlink_mem_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use gdal::vsi::call_on_mem_file_bytes;

    use super::Memory;

    #[test]
    fn files_are_there_until_they_are_let_go() {
        let mut memory = Memory::default();
        let bytes = b"GEOGCS".to_vec();
        let at = bytes.as_ptr();
        let path = memory.add("shapes.prj", bytes).unwrap();
        let seen = call_on_mem_file_bytes(&path, |bytes| (bytes.as_ptr(), bytes.to_vec()));
        assert_eq!(seen.unwrap(), (at, b"GEOGCS".to_vec()));

        memory.clear();
        assert!(call_on_mem_file_bytes(&path, <[u8]>::len).is_err());
        let next = memory.add("shapes.prj", Vec::new()).unwrap();
        assert_ne!(next, path);
        drop(memory);
        assert!(call_on_mem_file_bytes(&next, <[u8]>::len).is_err());
    }
}
