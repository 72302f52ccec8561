#include "plants/verdict.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace fettle::plants {
namespace {

namespace json = boost::json;

const json::value* at(const json::value& root, json::string_view pointer) {
  boost::system::error_code missing;
  return root.find_pointer(pointer, missing);
}

std::string text(const json::value& root, json::string_view pointer) {
  const auto* value = at(root, pointer);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::optional<double> number(const json::value& root, json::string_view pointer) {
  const auto* value = at(root, pointer);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::optional<Forecast> forecast_of(const json::value& root) {
  const auto low = number(root, "/data/prognosis/ttfHours/low");
  const auto mid = number(root, "/data/prognosis/ttfHours/mid");
  if (!low || !mid) return std::nullopt;
  return Forecast{*low, *mid, number(root, "/data/prognosis/ttfHours/high")};
}

std::vector<std::string> parts_of(const json::value& root) {
  std::vector<std::string> parts;
  const auto* list = at(root, "/data/action/parts");
  if (list == nullptr || !list->is_array()) return parts;
  for (const auto& part : list->get_array()) {
    parts.push_back(fmt::format("{} x {}", number(part, "/qty").value_or(1), text(part, "/name")));
  }
  return parts;
}

bool is_about(const Document& document, const Failure& failure) {
  return document.asset == failure.asset && document.mode == failure.mode;
}

}  // namespace

bool Document::is_dispatch_grade() const {
  return (kind == "prediction" || kind == "fault") && state == "active" && priority <= 3 && !test && !shelved &&
         !has_parent;
}

std::optional<Document> read_document(std::string_view written) {
  boost::system::error_code error;
  const auto root = json::parse({written.data(), written.size()}, error);
  if (error || text(root, "/type") != "fettle.alert.v1") return std::nullopt;
  const auto time = parse_rfc3339(text(root, "/time"));
  const auto* test = at(root, "/data/test");
  if (!time || test == nullptr || !test->is_bool()) return std::nullopt;
  Document document;
  document.asset = text(root, "/data/asset/id");
  document.mode = text(root, "/data/failure/mode");
  document.id = text(root, "/data/id");
  document.state = text(root, "/data/state");
  document.kind = text(root, "/data/kind");
  document.severity = text(root, "/data/severity");
  document.priority = static_cast<int>(number(root, "/data/priority").value_or(4));
  document.test = test->get_bool();
  document.shelved = at(root, "/data/shelved") != nullptr;
  document.has_parent = at(root, "/data/parent") != nullptr;
  document.time = *time;
  document.title = text(root, "/data/title");
  document.forecast = forecast_of(root);
  document.action = text(root, "/data/action/text");
  document.parts = parts_of(root);
  return document;
}

bool Verdict::passed() const {
  return superfluous.empty() && std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.in_time(); });
}

Verdict judge(std::span<const Failure> failures, std::span<const Document> documents) {
  Verdict verdict;
  for (const auto& failure : failures) verdict.rows.push_back({failure, std::nullopt});
  std::set<std::string> counted;
  for (const auto& document : documents) {
    if (!document.is_dispatch_grade() || !counted.insert(document.id).second) continue;
    const auto row = std::find_if(verdict.rows.begin(), verdict.rows.end(), [&document](const Row& each) {
      return !each.announced && is_about(document, each.failure);
    });
    if (row != verdict.rows.end()) {
      row->announced = document;
    } else {
      verdict.superfluous.push_back(document);
    }
  }
  return verdict;
}

}  // namespace fettle::plants
