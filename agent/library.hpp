#pragma once

#include "acquisition/profile.hpp"
#include "catalogue.hpp"
#include "health/equipment_model.hpp"
#include "settings/node.hpp"

#include <map>
#include <string>

namespace fettle {

/// A file that was read, and everything that is wrong with it.
template <class T>
struct Volume {
  T content;
  settings::Node root;
  settings::Mistakes mistakes;
};

Volume<acquisition::DeviceProfile> read_profile_file(const std::string& file);
Volume<health::EquipmentModel> read_model_file(const std::string& file);

/// The files of one kind that a site uses, each read once.
template <class T>
class Library {
 public:
  using Volumes = std::map<std::string, Volume<T>, std::less<>>;

  Library(Catalogue catalogue, Volume<T> (*read)(const std::string& file))
      : catalogue_{std::move(catalogue)}, read_{read} {}

  /// Null if there is no such file.
  const Volume<T>* find(const std::string& name) {
    const auto known = volumes_.find(name);
    if (known != volumes_.end()) return &known->second;
    const auto file = catalogue_.find(name);
    return file ? &volumes_.emplace(name, read_(*file)).first->second : nullptr;
  }

  const Catalogue& catalogue() const { return catalogue_; }
  const Volumes& volumes() const { return volumes_; }

 private:
  Catalogue catalogue_;
  Volume<T> (*read_)(const std::string& file);
  Volumes volumes_;
};

}  // namespace fettle
