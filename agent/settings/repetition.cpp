#include "settings/repetition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace fettle::settings {
namespace {

constexpr std::string_view dots = "..";
constexpr std::size_t longest_number = 9;  ///< digits

std::optional<long> number(std::string_view text) {
  long value = 0;
  if (!is_natural_number(text) || text.size() > longest_number) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// "1..50": both ends, if that is what it is; an end that is no number is something else altogether.
struct Range {
  long first = 0, last = 0;
};

std::optional<Range> range(std::string_view text) {
  const auto at = text.find(dots);
  if (at == std::string_view::npos) return std::nullopt;
  const auto first = number(text.substr(0, at)), last = number(text.substr(at + dots.size()));
  return first && last ? std::optional{Range{*first, *last}} : std::nullopt;
}

/// "1-50" is a door's number as well as a range, so it is never taken for one.
bool looks_like_a_range(std::string_view text) {
  const auto dash = text.find('-');
  return dash != std::string_view::npos && number(text.substr(0, dash)) && number(text.substr(dash + 1));
}

std::string too_many(std::size_t count) {
  return fmt::format("these are {} (at most {} from one entry)", count, most_repetitions);
}

/// The values that a variable goes through.
struct Column {
  std::string name;
  Node node;
  std::vector<std::string> values;
  bool single = false;  ///< one value for the whole row
};

/// Reads the values of one `for:`. What it returns is of no use once `failed`.
class Reader {
 public:
  explicit Reader(Mistakes& mistakes) : mistakes_{mistakes} {}

  std::vector<Variables> rows(const Node& node) {
    if (node.entries().empty()) refuse(node, "this names no variables (write {n: 1..50}, or a list of such rows)");
    std::vector<Column> columns;
    for (const auto& [name, values] : node.entries()) columns.push_back(column(name, values));
    return failed_ ? std::vector<Variables>{} : side_by_side(columns, node);
  }

  void refuse(const Node& node, std::string text) {
    failed_ = true;
    if (!node.reported()) mistakes_.add(node, std::move(text));
  }

  bool failed() const { return failed_; }

 private:
  Column column(const std::string& name, const Node& node) {
    Column column{name, node, {}, false};
    if (!is_variable_name(name)) {
      mistakes_.add({node.key_mark(), node.path(),
                     fmt::format("\"{}\" cannot name a variable (small letters, digits and _)", name)});
      failed_ = true;
    }
    if (node.kind() != Node::Kind::list) {
      column.single = !range(node.scalar());
      append(column, node);
    }
    for (const auto& item : node.items()) append(column, item);
    if (node.kind() == Node::Kind::list && node.items().empty())
      refuse(node, "names no values (write 1..50, or a list)");
    return column;
  }

  void append(Column& column, const Node& node) {
    if (node.kind() != Node::Kind::scalar || node.reported())
      return refuse(node, "one value is wanted here, or a range such as 1..50");
    const auto numbers = range(node.scalar());
    if (!numbers) {
      column.values.push_back(node.scalar());
      return;
    }
    if (numbers->first > numbers->last)
      return refuse(node, fmt::format("\"{}\" is no range (the smaller number comes first)", node.scalar()));
    const auto count = static_cast<std::size_t>(numbers->last - numbers->first) + 1;
    if (count > most_repetitions) return refuse(node, too_many(count));
    for (auto n = numbers->first; n <= numbers->last; ++n) column.values.push_back(std::to_string(n));
  }

  std::vector<Variables> side_by_side(const std::vector<Column>& columns, const Node& node) {
    const auto longest = std::max_element(columns.begin(), columns.end(), [](const auto& left, const auto& right) {
      return left.values.size() < right.values.size();
    });
    const auto count = longest->values.size();
    if (count > most_repetitions) refuse(node, too_many(count));
    for (const auto& each : columns) {
      if (each.single || each.values.size() == count) continue;
      refuse(each.node, fmt::format("{} values, and \"{}\" has {}", each.values.size(), longest->name, count));
    }
    if (failed_) return {};
    std::vector<Variables> rows(count);
    for (std::size_t row = 0; row < count; ++row) {
      for (const auto& each : columns) rows[row].emplace(each.name, each.values[each.single ? 0 : row]);
    }
    return rows;
  }

  Mistakes& mistakes_;
  bool failed_ = false;
};

std::vector<std::string> names_of(const Node& row) {
  std::set<std::string> names;
  for (const auto& entry : row.entries()) names.insert(entry.first);
  return {names.begin(), names.end()};
}

/// A row for a single one is what a list of rows is for; alone it is a mistake.
bool is_single(const Node& row) {
  return !row.entries().empty() && std::all_of(row.entries().begin(), row.entries().end(), [](const auto& entry) {
    const auto& value = entry.second;
    return value.kind() == Node::Kind::scalar && !value.reported() && !range(value.scalar());
  });
}

std::string only_one(const Node& row) {
  const auto& entries = row.entries();
  const auto meant = std::find_if(entries.begin(), entries.end(),
                                  [](const auto& entry) { return looks_like_a_range(entry.second.scalar()); });
  if (meant == entries.end()) return "this makes one entry only (write a range such as 1..50, or a list)";
  const auto& text = meant->second.scalar();
  const auto dash = text.find('-');
  return fmt::format("\"{}\" is one value (write {}{}{} for all from the first to the last)", text,
                     text.substr(0, dash), dots, text.substr(dash + 1));
}

}  // namespace

std::vector<Variables> read_repetitions(const Node& node, Mistakes& mistakes) {
  Reader reader{mistakes};
  if (node.kind() != Node::Kind::list) {
    if (is_single(node)) reader.refuse(node, only_one(node));
    auto rows = reader.rows(node);
    return reader.failed() ? std::vector<Variables>{} : rows;
  }
  std::vector<Variables> all;
  for (const auto& row : node.items()) {
    auto some = reader.rows(row);
    if (names_of(row) != names_of(node.items().front()))
      reader.refuse(row, fmt::format("every row needs the same variables as the first one: {}",
                                     fmt::join(names_of(node.items().front()), ", ")));
    std::move(some.begin(), some.end(), std::back_inserter(all));
    if (all.size() > most_repetitions) break;
  }
  if (all.size() > most_repetitions) reader.refuse(node, fmt::format("these are more than {}", most_repetitions));
  if (node.items().empty()) reader.refuse(node, "this names no rows (write {n: 1..50}, or a list of such rows)");
  return reader.failed() ? std::vector<Variables>{} : all;
}

}  // namespace fettle::settings
