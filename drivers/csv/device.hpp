#pragma once

#include "acquisition/driver.hpp"
#include "csv/history.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fettle::csv {

/// What the devices of a bus share: whose time it is.
struct Player {
  DomainClock clock;
  bool playing = false;  ///< a bus polls; else somebody looks once, and sees the first row
};

/// A recorded history as a device: gives each row, with the row's own time, when that time has come.
class Device final : public acquisition::Driver {
 public:
  Device(std::string key, Duration every, const acquisition::DeviceProfile& profile, History history,
         std::vector<std::string> columns, const Player& player);

  Result<std::size_t> read(std::span<Reading> into) override;
  bool has_news() override;
  std::string raw(std::size_t point) const override { return raw_.at(point); }
  std::string source(std::size_t point) const override { return "csv:" + columns_.at(point); }

 private:
  void advance();
  void find_present();
  void report_left();

  std::string key_;
  Duration every_;
  std::vector<acquisition::Scaling> scalings_;
  History history_;
  std::vector<std::string> columns_;
  const Player& player_;
  bool begun_ = false, told_ = false;
  const Row* row_ = nullptr;  ///< the next one; null at the end
  std::optional<Time> last_;
  std::optional<Error> failure_;
  std::vector<std::string> raw_;
};

}  // namespace fettle::csv
