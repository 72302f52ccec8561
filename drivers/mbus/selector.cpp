#include "mbus/selector.hpp"

#include "settings/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fettle::mbus {
namespace {

constexpr std::array<std::pair<std::string_view, Function>, 4> functions{{
    {"instantaneous", Function::instantaneous},
    {"maximum", Function::maximum},
    {"minimum", Function::minimum},
    {"during_error", Function::during_error},
}};

/// Records a kind that there is not.
std::string checked_kind(std::string kind, const settings::Node& at, settings::Mistakes& mistakes) {
  const auto kinds = all_kinds();
  if (!kind.empty() && !at.reported() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    mistakes.add(at, fmt::format("\"{}\" is no kind of record; there are {}", kind, fmt::join(kinds, ", ")));
  }
  return kind;
}

}  // namespace

Selector read_selector(const settings::Node& node, settings::Mistakes& mistakes) {
  constexpr long most_storage = 1'000'000'000, most_tariff = (1L << 20U) - 1, most_subunit = (1L << 10U) - 1;
  Selector selector;
  if (node.kind() == settings::Node::Kind::scalar) {
    selector.kind = checked_kind(node.scalar(), node, mistakes);
    return selector;
  }
  settings::Fields fields{node, mistakes};
  if (fields.has("label")) selector.label = fields.text("label");
  selector.kind = selector.label ? fields.text("kind", kind::text) : fields.text("kind");
  selector.kind = checked_kind(std::move(selector.kind), node["kind"], mistakes);
  selector.function = fields.choice<Function>("function", functions, selector.function);
  selector.storage = static_cast<std::uint64_t>(fields.integer("storage", 0, most_storage, 0));
  selector.tariff = static_cast<std::uint32_t>(fields.integer("tariff", 0, most_tariff, 0));
  selector.subunit = static_cast<std::uint32_t>(fields.integer("subunit", 0, most_subunit, 0));
  selector.nth = static_cast<unsigned>(fields.integer("nth", 1, 250, 1));
  const auto extension = from_hex(fields.text("extension", ""));
  if (!extension) mistakes.add(node["extension"], "expected the further fields in hexadecimal, such as 3C");
  selector.extension = extension.value_or(Bytes{});
  fields.finish();
  return selector;
}

bool Selector::matches(const Record& record) const {
  return record.kind == kind && (!label || *label == record.label) && record.function == function &&
         record.storage == storage && record.tariff == tariff && record.subunit == subunit &&
         record.extension == extension;
}

std::string Selector::to_text() const {
  auto text = kind;
  if (label) text += fmt::format("({})", *label);
  if (storage > 0) text += fmt::format(".s{}", storage);
  if (tariff > 0) text += fmt::format(".t{}", tariff);
  if (subunit > 0) text += fmt::format(".u{}", subunit);
  if (function == Function::maximum) text += ".max";
  if (function == Function::minimum) text += ".min";
  if (function == Function::during_error) text += ".error";
  if (!extension.empty()) text += fmt::format(".x{:02X}", fmt::join(extension, ""));
  if (nth > 1) text += fmt::format(".{}", nth);
  return text;
}

Selector selector_of(const Record& record) {
  Selector selector{std::string{record.kind},
                    std::nullopt,
                    record.function,
                    record.storage,
                    record.tariff,
                    record.subunit,
                    record.extension,
                    1};
  if (record.kind == kind::text) selector.label = record.label;
  return selector;
}

FoundRecord find_record(const std::vector<Telegram>& readout, const Selector& selector) {
  auto left = selector.nth;
  for (const auto& telegram : readout) {
    for (const auto& record : telegram.records) {
      if (selector.matches(record) && --left == 0) return {&record, &telegram};
    }
  }
  return {};
}

}  // namespace fettle::mbus
