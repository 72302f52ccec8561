#pragma once

#include <sys/types.h>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace fettle {

/// A file descriptor that is closed unless it is released; negative: none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// What a regular file holds, if it is no longer than `limit`. A link is not followed, and nothing waits for whoever writes into a pipe:
/// what somebody with fewer rights has left is safe to ask for. No text and no code if there is no such file.
std::optional<std::string> read_plain_file(const std::string& file, std::size_t limit, std::error_code& trouble);

/// Its login name, or its number where it has none.
std::string name_of_user(uid_t user);

/// Replaces a file as a whole, with these rights: a power cut leaves the old text or the new one, and what has been replaced survives it.
/// No code if all went well.
std::error_code replace_file(const std::string& file, std::string_view text, unsigned rights);

}  // namespace fettle
