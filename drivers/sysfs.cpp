#include "sysfs/device.hpp"

#include <utility>

namespace fettle::sysfs {
namespace {

/// The kernel's device tree as a wire. A 1-wire sensor takes 750 ms for a reading, which the bus waits for.
class Line final : public acquisition::Line {
 public:
  explicit Line(std::filesystem::path root) { shared_.root = std::move(root); }

  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile& profile, const settings::Node& device,
                                              settings::Mistakes& mistakes) override {
    auto fields = acquisition::device_fields(device, mistakes);
    const auto key = fields.text("id", "");
    auto place = read_place(fields);
    fields.finish();
    acquisition::is_of_protocol(*profile, "sysfs", "reads the kernel's files", device, mistakes);
    settings::Mistakes told_with_the_profile;
    return std::make_unique<Device>(key, std::move(place), read_files(*profile, told_with_the_profile), shared_);
  }

  void cancel() override { shared_.cancelled = true; }

 private:
  Device::Shared shared_;
};

std::unique_ptr<acquisition::Line> make_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  fields.text("id", "");
  fields.child("driver");
  const auto root = fields.text("root", "/sys");
  fields.finish();
  return std::make_unique<Line>(root);
}

const Registration<acquisition::Line> line{
    "sysfs", "Sensors of the gateway itself: 1-wire, analogue inputs (IIO), temperatures and voltages (hwmon)",
    make_line};

const Registration<acquisition::Protocol> protocol{"sysfs", "Numbers in files of the kernel", check_profile};

}  // namespace
}  // namespace fettle::sysfs
