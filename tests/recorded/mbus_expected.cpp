#include "mbus_expected.hpp"

#include <fstream>
#include <iterator>
#include <string_view>

namespace fettle::test {
namespace {

/// What stands between <name> and </name>; empty if nothing does.
std::string element(std::string_view text, const std::string& name) {
  const auto opening = "<" + name + ">";
  const auto begin = text.find(opening);
  if (begin == std::string_view::npos) return {};
  const auto inner = text.substr(begin + opening.size());
  return std::string{inner.substr(0, inner.find("</" + name + ">"))};
}

std::uint64_t whole(const std::string& text, int base = 10) {
  return text.empty() ? 0 : std::stoull(text, nullptr, base);
}

ExpectedRecord record_of(std::string_view text) {
  return {element(text, "Function"),
          element(text, "Unit"),
          element(text, "Quantity"),
          element(text, "Value"),
          whole(element(text, "StorageNumber")),
          whole(element(text, "Tariff")),
          whole(element(text, "Device"))};
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

ExpectedTelegram read_expected(const std::filesystem::path& xml) {
  constexpr std::string_view end_of_record = "</DataRecord>";
  const auto text = read_text(xml);
  ExpectedTelegram telegram{element(text, "Id"),
                            element(text, "Manufacturer"),
                            static_cast<unsigned>(whole(element(text, "AccessNumber"))),
                            static_cast<unsigned>(whole(element(text, "Status"), 16)),
                            {}};
  std::string_view rest{text};
  while (true) {
    const auto begin = rest.find("<DataRecord");
    const auto end = rest.find(end_of_record);
    if (begin == std::string_view::npos || end == std::string_view::npos) return telegram;
    telegram.records.push_back(record_of(rest.substr(begin, end - begin)));
    rest.remove_prefix(end + end_of_record.size());
  }
}

}  // namespace fettle::test
