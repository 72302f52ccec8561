#include "support/temp_dir.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace fettle::test {

TempDir::TempDir() {
  auto pattern = (std::filesystem::temp_directory_path() / "fettle-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder: " + pattern};
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::write(const std::string& name, const std::string& text) const {
  std::ofstream{path_ / name} << text;
  return file(name);
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream{file};
  if (!stream) throw std::runtime_error{"cannot read " + file.string()};
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace fettle::test
