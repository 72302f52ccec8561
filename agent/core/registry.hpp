#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fettle {

/// The parts of one kind, each registered by its own file before main() begins:
///
///     const Registration<Detector> entry{"baseline_limit", "one line for `fettle list`", make_baseline_limit};
///
/// `Part::Factory` is the signature that makes one. A name that is taken twice ends the program at once.
template <class Part>
class Registry {
 public:
  using Factory = std::function<typename Part::Factory>;
  struct Entry {
    std::string summary;
    Factory make;
  };

  static Registry& instance() {
    static Registry registry;
    return registry;
  }

  void add(const std::string& name, std::string summary, Factory make) {
    if (!entries_.emplace(name, Entry{std::move(summary), std::move(make)}).second) {
      throw std::logic_error{"two parts are registered as '" + name + "'"};
    }
  }

  /// Null if no part has that name.
  const Entry* find(std::string_view name) const {
    const auto entry = entries_.find(name);
    return entry == entries_.end() ? nullptr : &entry->second;
  }

  /// In alphabetical order.
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

/// Registers a part by being constructed.
template <class Part>
struct Registration {
  Registration(const char* name, const char* summary, typename Registry<Part>::Factory make) {
    Registry<Part>::instance().add(name, summary, std::move(make));
  }
};

}  // namespace fettle
