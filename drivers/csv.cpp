#include "acquisition/whole_pace.hpp"
#include "csv/device.hpp"
#include "csv/profile.hpp"

#include <utility>

namespace fettle::csv {
namespace {

/// Recorded histories in the place of a wire.
class Line final : public acquisition::Line {
 public:
  explicit Line(std::string folder) : folder_{std::move(folder)} {}

  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile& profile, const settings::Node& device,
                                              settings::Mistakes& mistakes) override {
    auto fields = acquisition::device_fields(device, mistakes);
    const auto key = fields.text("id", "");
    const auto every =
        acquisition::whole_pace(fields, std::chrono::minutes{1}, "a row of a history has all its values at once");
    const auto files = read_files(fields, folder_);
    fields.finish();
    settings::Mistakes told_with_the_profile;
    Layout layout;
    if (acquisition::is_of_protocol(*profile, "csv", "reads tables", device, mistakes)) {
      layout = read_layout(*profile, told_with_the_profile);
      if (told_with_the_profile.empty()) check_files(*profile, layout, files, fields);
    }
    std::vector<std::string> columns(profile->points.size());
    for (std::size_t place = 0; place < layout.columns.size(); ++place) columns[place] = layout.columns[place].name;
    return std::make_unique<Device>(key, every, *profile, History{std::move(layout), files}, std::move(columns),
                                    player_);
  }

  void start(const DomainClock& clock, std::function<void()> /*wake*/) override {
    player_.clock = clock;
    player_.playing = true;
  }
  void cancel() override {}  // nothing here waits

 private:
  static void check_files(const acquisition::DeviceProfile& profile, const Layout& layout,
                          const std::vector<std::string>& files, settings::Fields& fields) {
    for (const auto& file : files) {
      const auto table = Table::open(file);
      if (table) {
        check_columns(profile, layout, *table, fields.mistakes());
      } else {
        fields.mistakes().add(fields.has("file") ? fields.node()["file"] : fields.node()["files"],
                              table.error().detail);
      }
    }
  }

  std::string folder_;
  Player player_;
};

std::unique_ptr<acquisition::Line> make_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  fields.text("id", "");
  fields.child("driver");
  const auto folder = fields.text("folder", "");
  fields.finish();
  return std::make_unique<Line>(folder);
}

const Registration<acquisition::Line> line{"csv", "Recorded history from tables, played at its own times", make_line};

const Registration<acquisition::Protocol> protocol{"csv", "Columns of a table", check_profile};

}  // namespace
}  // namespace fettle::csv
