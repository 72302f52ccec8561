#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fettle::test {

/// What tells a file from every other one that was ever in its place: inode and moment of birth.
std::string identity_of(const std::filesystem::path& file);

/// The path behind a descriptor; empty if there is none.
std::string path_of(int descriptor);

/// A file whose content is known to be on the disk.
struct DurableCopy {
  std::string identity, name;  ///< of the original; the name is below the watched folder
  std::filesystem::path copy;
};

/// The files of a folder as of their last fsync, in another folder: there they lie as <identity>.<name>, a "/" of a name being a "%".
///
/// The model: an fsync of a file keeps its content, its size and its name; an fsync of a folder keeps which names there are. Nothing else is
/// kept. So a created, renamed or removed name is durable only after an fsync of the file or of its folder.
class DurableCopies {
 public:
  DurableCopies(std::filesystem::path folder, std::filesystem::path copies)
      : folder_{std::move(folder)}, copies_{std::move(copies)} {}

  /// An fsync of this file or folder has happened.
  void keep(int descriptor) const;
  /// All that is in the folder is durable: the state after a start.
  void keep_all() const;

  std::vector<DurableCopy> all() const;

 private:
  void keep_file(const std::filesystem::path& file) const;
  void keep_names(const std::filesystem::path& folder) const;
  std::filesystem::path place_of(const std::string& identity, const std::string& name) const;
  std::string name_of(const std::filesystem::path& file) const;

  std::filesystem::path folder_, copies_;
};

}  // namespace fettle::test
