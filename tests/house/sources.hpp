#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::test {

/// One of our files, with its path from the top of the repository.
struct SourceFile {
  std::string path;
  std::vector<std::string> lines;

  bool is_in(std::string_view folder) const { return path.starts_with(folder); }
  bool is_in_any(std::span<const std::string_view> folders) const;
  /// What it includes, as written, with the quotes or brackets.
  std::vector<std::string> includes() const;
  /// "agent/health/x.cpp" -> "health"; "drivers/x.cpp" -> "drivers"; "agent/x.cpp" -> "".
  std::string room() const;
};

/// Every .cpp and .hpp below these folders.
std::vector<SourceFile> sources_in(std::initializer_list<std::string_view> folders);

/// Every text file that belongs to the repository.
std::vector<SourceFile> repository_files();

/// "agent/x.cpp:12: text", as compilers write it.
std::string at_line(const SourceFile& file, std::size_t line);

}  // namespace fettle::test
