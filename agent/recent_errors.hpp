#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace spdlog::sinks {
class sink;
}

namespace fettle {

/// Listens to the log while it lives, and remembers the latest warnings and errors. To be made before any thread logs.
class RecentErrors {
 public:
  explicit RecentErrors(std::size_t at_most = 10);
  RecentErrors(const RecentErrors&) = delete;
  RecentErrors& operator=(const RecentErrors&) = delete;
  ~RecentErrors();

  /// With their times, the latest last.
  std::vector<std::string> latest() const;

 private:
  std::shared_ptr<spdlog::sinks::sink> sink_;  ///< shared with the logger
};

}  // namespace fettle
