#include "acquisition/profile_example.hpp"

#include "acquisition/profile_point.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <system_error>

namespace fettle::acquisition {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

std::optional<std::vector<std::uint16_t>> parse_words(std::string_view text) {
  std::vector<std::uint16_t> result;
  while (true) {
    const auto begin = text.find_first_not_of(" \n");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(" \n"));
    std::uint16_t value = 0;
    const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    if (word.size() != 4 || error != std::errc{} || stop != word.data() + word.size()) return std::nullopt;
    result.push_back(value);
    text.remove_prefix(word.size());
  }
  if (result.empty()) return std::nullopt;
  return result;
}

/// A number, or the name of a reason.
std::optional<ExpectedReading> read_expected(std::size_t point, const Node& node) {
  if (const auto value = parse_number(node.scalar())) return ExpectedReading{point, *value, Reason::none};
  for (const auto reason : {Reason::no_value, Reason::out_of_range}) {
    if (node.scalar() == name_of(reason)) return ExpectedReading{point, 0, reason};
  }
  return std::nullopt;
}

}  // namespace

ProfileExample read_example(const Node& node, const DeviceProfile& profile, RegisterTable table, Mistakes& mistakes) {
  ProfileExample example;
  Fields fields{node, mistakes};
  example.mark = node.mark();
  example.table = read_table(fields, table);
  example.address = static_cast<std::uint16_t>(fields.integer("address", 0, 65535));
  const auto found = parse_words(fields.text("words"));
  if (!found) mistakes.add(node["words"], "expected registers as four hexadecimal digits each, such as 4366 199A");
  example.words = found.value_or(std::vector<std::uint16_t>{});
  for (const auto& [name, value] : fields.required_child("readings").entries()) {
    const auto point = profile.find(name);
    const auto expected = point ? read_expected(*point, value) : std::nullopt;
    if (!point) {
      mistakes.add(value, fmt::format("the profile has no point \"{}\"", name));
    } else if (!expected) {
      mistakes.add(value,
                   fmt::format("expected a number, \"no value\" or \"out of range\", found \"{}\"", value.scalar()));
    } else {
      example.readings.push_back(*expected);
    }
  }
  fields.finish();
  return example;
}

}  // namespace fettle::acquisition
