#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// The device profiles or the equipment models that can be found: files `<name>.yaml` in several folders, of which the first wins.
class Catalogue {
 public:
  /// `kind` is "devices" or "equipment". Looked through in this order: that folder beside the site file (`beside`, may be empty), in
  /// $FETTLE_DATA, and where Fettle was installed.
  explicit Catalogue(std::string_view kind, const std::string& beside = {});

  /// The path of a file; nothing if there is none of that name.
  std::optional<std::string> find(std::string_view name) const;
  /// Every name once, in alphabetical order.
  std::vector<std::string> names() const;
  const std::vector<std::string>& folders() const { return folders_; }

 private:
  std::vector<std::string> folders_;
};

}  // namespace fettle
