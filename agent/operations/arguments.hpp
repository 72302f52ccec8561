#pragma once

#include "core/time.hpp"
#include "core/verdicts.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::operations {

/// Reads the arguments of a command one by one. What is wrong first is kept in mistake(); the rest reads as absent.
class Arguments {
 public:
  explicit Arguments(const boost::json::object& arguments, std::string path = "args")
      : object_{arguments}, path_{std::move(path)} {}

  /// Empty until something was wrong.
  const std::string& mistake() const { return mistake_; }
  void reject(std::string_view key, std::string_view what);

  bool has(std::string_view key) const;
  bool is_null(std::string_view key) const;
  /// Required, within so many characters.
  std::string text(std::string_view key, std::size_t shortest, std::size_t longest);
  std::string text_if_any(std::string_view key, std::size_t longest);
  /// A topic level, such as a failure mode or an action's code.
  std::string level_if_any(std::string_view key);
  Time time(std::string_view key);
  std::optional<Time> time_if_any(std::string_view key);
  std::optional<double> number_if_any(std::string_view key, double lowest, double highest);
  std::optional<bool> flag_if_any(std::string_view key);
  std::vector<std::string> texts_if_any(std::string_view key, std::size_t most);
  std::optional<Reference> reference_if_any(std::string_view key);
  std::vector<Part> parts_if_any(std::string_view key);
  /// An object for Arguments of its own; empty if absent.
  boost::json::object object_if_any(std::string_view key);

 private:
  const boost::json::value* find(std::string_view key) const;

  const boost::json::object& object_;
  std::string path_, mistake_;
};

}  // namespace fettle::operations
