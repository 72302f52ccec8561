#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace fettle::plants {

/// A fault that was injected, and the moment of functional failure once that has come.
struct Failure {
  std::string asset, mode, fault;
  std::optional<Time> at;
};

/// Hours to failure as a document states them; the upper end may be open.
struct Forecast {
  double low = 0, mid = 0;
  std::optional<double> high;
};

/// What a back office takes from an alert document.
struct Document {
  std::string asset, mode;
  std::string id;  ///< of the episode: one work order each
  std::string state, kind, severity;
  int priority = 4;
  bool test = false, shelved = false, has_parent = false;
  Time time;
  std::string title;
  std::optional<Forecast> forecast;
  std::string action;
  std::vector<std::string> parts;  ///< "4 x bag filter F7"

  /// Whether a back office sends somebody because of it.
  bool is_dispatch_grade() const;
};

/// Reads an alert document; nothing if the text is not one.
std::optional<Document> read_document(std::string_view written);

/// A failure beside the first document that sent somebody because of it.
struct Row {
  Failure failure;
  std::optional<Document> announced;

  bool in_time() const { return announced && (!failure.at || announced->time < *failure.at); }
};

/// The failures joined with the alerts.
struct Verdict {
  std::vector<Row> rows;
  std::vector<Document> superfluous;  ///< dispatched for nothing, or a second time for the same failure; one an episode

  bool passed() const;
};

/// Documents in the order in which they came.
Verdict judge(std::span<const Failure> failures, std::span<const Document> documents);

}  // namespace fettle::plants
