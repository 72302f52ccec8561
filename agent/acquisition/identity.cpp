#include "acquisition/identity.hpp"

#include "acquisition/register_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace fettle::acquisition {
namespace {

using settings::Fields;

constexpr long most_registers = 125, highest_unit = 255, highest_port = 65535, registers = 65536;

constexpr std::array<std::pair<std::string_view, LinkParity>, 3> parities{{
    {"none", LinkParity::none},
    {"even", LinkParity::even},
    {"odd", LinkParity::odd},
}};

bool same_letter(char left, char right) {
  return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
}

bool begins_with(const std::string& text, const std::string& beginning) {
  return text.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), text.begin(), same_letter);
}

/// "1648", "0x0053", "1648..1653"
std::optional<NumberRange> parse_range(std::string_view text) {
  const auto dots = text.find("..");
  const auto low = parse_bits(text.substr(0, dots));
  const auto high = dots == std::string_view::npos ? low : parse_bits(text.substr(dots + 2));
  if (!low || !high || *low > *high) return std::nullopt;
  return NumberRange{*low, *high};
}

/// `expect:` is one text or number, or a list of them.
void read_expected(Fields& fields, Probe& probe) {
  const auto node = fields.child("expect");
  if (!node) return;
  auto wanted = node.items();
  if (wanted.empty()) wanted.push_back(node);
  for (const auto& each : wanted) {
    const auto range = parse_range(each.scalar());
    if (!probe.type) {
      probe.texts.push_back(each.scalar());
    } else if (range) {
      probe.numbers.push_back(*range);
    } else {
      fields.mistakes().add(each, "expected a whole number, or two of them such as 1648..1653");
    }
  }
}

std::vector<long> read_numbers(Fields& fields, const char* key, long lowest, long highest) {
  std::vector<long> numbers;
  for (const auto& node : fields.list_or_empty(key)) {
    const auto number = parse_bits(node.scalar());
    if (number && *number >= static_cast<std::uint64_t>(lowest) && *number <= static_cast<std::uint64_t>(highest)) {
      numbers.push_back(static_cast<long>(*number));
    } else {
      fields.mistakes().add(node, fmt::format("expected whole numbers from {} to {}", lowest, highest));
    }
  }
  return numbers;
}

}  // namespace

std::string text_in(std::span<const std::uint16_t> words) {
  constexpr unsigned byte = 0xFF;
  std::string text;
  for (const auto word : words) {
    text += static_cast<char>(word >> 8U);
    text += static_cast<char>(word & byte);
  }
  const auto is_blank = [](char each) { return each == '\0' || each == ' '; };
  while (!text.empty() && is_blank(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_blank));
  const auto is_odd = [](char each) { return std::isprint(static_cast<unsigned char>(each)) == 0; };
  std::replace_if(text.begin(), text.end(), is_odd, '?');
  return text;
}

bool matches(const Probe& probe, std::span<const std::uint16_t> words) {
  if (!probe.tells() || words.size() < probe.count) return false;
  if (!probe.type) {
    const auto text = text_in(words.first(probe.count));
    return std::any_of(probe.texts.begin(), probe.texts.end(),
                       [&text](const std::string& beginning) { return begins_with(text, beginning); });
  }
  const auto bits = bits_in(probe.order, words.first(words_of(*probe.type)));
  return std::any_of(probe.numbers.begin(), probe.numbers.end(),
                     [bits](const NumberRange& range) { return bits >= range.lowest && bits <= range.highest; });
}

std::string shown(const Probe& probe, std::span<const std::uint16_t> words) {
  if (words.size() < probe.count) return {};
  if (probe.type) return fmt::format("{}", number_in(*probe.type, probe.order, words));
  return text_in(words.first(probe.count));
}

LinkDefaults read_link(const settings::Node& node, settings::Mistakes& mistakes) {
  LinkDefaults link;
  if (!node) return link;
  constexpr long slowest = 300, fastest = 4'000'000;
  Fields fields{node, mistakes};
  link.baud = read_numbers(fields, "baud", slowest, fastest);
  link.parity = fields.choice<LinkParity>("parity", parities, link.parity);
  link.stop_bits = static_cast<int>(fields.integer("stop_bits", 1, 2, 1));
  link.units = read_numbers(fields, "units", 0, highest_unit);
  if (fields.has("port")) link.port = static_cast<std::uint16_t>(fields.integer("port", 1, highest_port));
  fields.finish();
  return link;
}

Probe read_probe(const settings::Node& node, RegisterTable table, WordOrder order, settings::Mistakes& mistakes) {
  Probe probe;
  Fields fields{node, mistakes};
  probe.table = read_table(fields, table);
  probe.order = read_order(fields, order);
  if (fields.text("type", "text") != "text") probe.type = read_type(fields, std::nullopt);
  const auto own_count = probe.type ? static_cast<long>(words_of(*probe.type)) : 1L;
  probe.count = static_cast<std::size_t>(fields.integer("count", own_count, most_registers, own_count));
  probe.address = static_cast<std::uint16_t>(fields.integer("address", 0, registers - static_cast<long>(probe.count)));
  probe.meaning = fields.text("meaning", "");
  read_expected(fields, probe);
  fields.finish();
  return probe;
}

}  // namespace fettle::acquisition
