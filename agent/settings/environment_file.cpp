#include "settings/environment_file.hpp"

#include "settings/environment.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace fettle::settings {
namespace {

constexpr std::size_t largest_file = 100'000;
constexpr std::string_view blanks = " \t\r";

/// Walks through a text once.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  bool at_end() const { return at_ >= text_.size(); }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  bool is_comment() const { return text_[at_] == '#' || text_[at_] == ';'; }

  void skip_line() { at_ = end_of_line() + 1; }

  /// What stands before the equals sign; nothing if the line has none.
  std::string_view take_name() {
    const auto equals = text_.find('=', at_);
    if (equals >= end_of_line()) return {};
    const auto name = text_.substr(at_, equals - at_);
    at_ = equals + 1;
    return name.substr(0, name.find_last_not_of(blanks) + 1);  // npos + 1 is 0
  }

  std::string take_value() {
    at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size());
    std::string value;
    std::size_t kept = 0;  // blanks behind the last character that counts do not
    while (!at_end() && text_[at_] != '\n') {
      const char c = text_[at_++];
      if (c == '"' || c == '\'') {
        take_quoted(c, value);
        kept = value.size();
      } else if (c == '\\') {
        if (!at_end() && text_[at_] != '\n') value += text_[at_];
        ++at_;
        kept = value.size();
      } else {
        value += c;
        if (blanks.find(c) == std::string_view::npos) kept = value.size();
      }
    }
    value.resize(kept);
    return value;
  }

 private:
  std::size_t end_of_line() const { return std::min(text_.find('\n', at_), text_.size()); }

  void take_quoted(char quote, std::string& value) {
    constexpr std::string_view escapable = "\"\\`$";
    while (!at_end() && text_[at_] != quote) {
      const char c = text_[at_++];
      if (quote == '"' && c == '\\' && !at_end()) {
        const char next = text_[at_++];
        if (next == '\n') continue;
        if (escapable.find(next) == std::string_view::npos) value += c;
        value += next;
      } else {
        value += c;
      }
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_environment(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> entries;
  Reader reader{text};
  for (reader.skip_blanks(); !reader.at_end(); reader.skip_blanks()) {
    const auto name = reader.is_comment() ? std::string_view{} : reader.take_name();
    if (name.empty()) {
      reader.skip_line();
      continue;
    }
    auto value = reader.take_value();
    if (is_environment_name(name)) entries.emplace_back(name, std::move(value));
  }
  return entries;
}

void take_environment(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  std::string text(largest_file, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  auto entries = parse_environment(text);
  std::reverse(entries.begin(), entries.end());  // the last line about a name counts
  for (const auto& [name, value] : entries) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no other threads yet
    ::setenv(name.c_str(), value.c_str(), 0);
  }
}

}  // namespace fettle::settings
