#pragma once

#include "core/quantity.hpp"
#include "core/time.hpp"
#include "settings/node.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::settings {

/// Reads a number of bytes as people write it: "64MB", "1.5GB", "500kB", "4096".
std::optional<std::uint64_t> parse_size(std::string_view text);

/// The shortest whole form that parse_size reads: "64MB".
std::string size_to_text(std::uint64_t bytes);

/// Reads a mapping key by key. Each getter checks and converts; on a mistake it records file:line:column with a remedy, and returns
/// the fallback (or an empty value), so that reading goes on and all mistakes come to light. A getter without a fallback requires the key.
///
///     Fields fields{node, mistakes};
///     device.unit  = fields.integer("unit", 1, 247, 1);
///     device.every = fields.duration("every");
///     fields.finish();   // whatever was not asked for is an unknown key
class Fields {
 public:
  /// Anything but a mapping is recorded as a mistake, and reads as an empty mapping whose required keys are not reported again.
  /// A missing node is reported by whoever wanted it, and not here.
  Fields(Node mapping, Mistakes& mistakes);

  bool has(std::string_view key) const;
  const Node& node() const { return mapping_; }
  Mistakes& mistakes() { return mistakes_; }

  std::string text(std::string_view key);
  std::string text(std::string_view key, std::string_view fallback);
  /// A topic level or key: [A-Za-z0-9_-]{1,64}.
  std::string slug(std::string_view key);
  std::string slug(std::string_view key, std::string_view fallback);
  double number(std::string_view key, double lowest, double highest);
  double number(std::string_view key, double lowest, double highest, double fallback);
  /// Decimal or 0x hexadecimal.
  long integer(std::string_view key, long lowest, long highest);
  long integer(std::string_view key, long lowest, long highest, long fallback);
  bool flag(std::string_view key, bool fallback);
  Duration duration(std::string_view key, Duration lowest = Duration{1});
  Duration duration(std::string_view key, Duration lowest, Duration fallback);
  /// Bytes: "64MB", "500kB", "2GB" (powers of a thousand), or plain bytes.
  std::uint64_t size(std::string_view key, std::uint64_t lowest, std::uint64_t fallback);
  Quantity quantity(std::string_view key);

  /// One word of a table; the words are listed in the message otherwise.
  template <class T>
  T choice(std::string_view key, std::span<const std::pair<std::string_view, T>> words, T fallback) {
    const auto found = word(key, names(words), Need::optional);
    return found ? words[*found].second : fallback;
  }
  template <class T>
  T choice(std::string_view key, std::span<const std::pair<std::string_view, T>> words) {
    const auto found = word(key, names(words), Need::required);
    return found ? words[*found].second : T{};
  }

  std::vector<std::string> texts(std::string_view key);  ///< a list of texts; empty if absent
  /// A list of anything; empty (and a mistake, when required) if absent or not a list.
  std::vector<Node> list(std::string_view key);
  std::vector<Node> list_or_empty(std::string_view key);
  /// A mapping or anything else for the caller to look into; missing if absent. Marks the key as known.
  Node child(std::string_view key);
  /// The same, and a mistake if absent.
  Node required_child(std::string_view key);

  /// Records a file that cannot be read; an absent or empty one is none.
  void check_readable(std::string_view key);

  /// Reports every key that was not asked for, with the nearest known one as a hint.
  void finish();

 private:
  enum class Need { required, optional };

  Node take(std::string_view key, Need need);
  std::optional<std::string> scalar(std::string_view key, Need need);
  std::optional<double> real(std::string_view key, double lowest, double highest, Need need);
  std::optional<long> whole(std::string_view key, long lowest, long highest, Need need);
  std::optional<Duration> span(std::string_view key, Duration lowest, Need need);
  std::optional<std::string> level(std::string_view key, Need need);
  std::optional<std::size_t> word(std::string_view key, const std::vector<std::string_view>& words, Need need);

  template <class T>
  static std::vector<std::string_view> names(std::span<const std::pair<std::string_view, T>> words) {
    std::vector<std::string_view> result;
    for (const auto& each : words) result.push_back(each.first);
    return result;
  }

  Node mapping_;
  Mistakes& mistakes_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace fettle::settings
