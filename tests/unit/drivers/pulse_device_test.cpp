#include "pulse/device.hpp"
#include "pulse/line.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "support/mistakes.hpp"
#include "support/temp_dir.hpp"

namespace fettle::pulse {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Chips as the kernel shows them; a line is a pipe that delivers events as a GPIO line does.
class FakeKernel : public Kernel {
 public:
  struct Wire {
    int from = -1, to = -1;
    gpio_v2_line_request request{};
  };

  int open(const char* path) override {
    if (open_error != 0) return -open_error;
    const std::string name{path};
    if (name != "/dev/gpiochip0" && name != "/dev/gpiochip4") return -ENOENT;
    chip_ = name.back() - '0';
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  }
  int control(int, unsigned long request, void* argument) override {
    switch (request) {
      case GPIO_GET_CHIPINFO_IOCTL: return describe_chip(*static_cast<gpiochip_info*>(argument));
      case GPIO_V2_GET_LINEINFO_IOCTL: return describe_line(*static_cast<gpio_v2_line_info*>(argument));
      case GPIO_V2_GET_LINE_IOCTL: return give_line(*static_cast<gpio_v2_line_request*>(argument));
      default: return -ENOTTY;
    }
  }

  /// One edge on the line that was given last.
  void edge(std::uint32_t number, std::chrono::nanoseconds at) const {
    gpio_v2_line_event event{};
    event.timestamp_ns = static_cast<std::uint64_t>(at.count());
    event.id = GPIO_V2_LINE_EVENT_FALLING_EDGE;
    event.seqno = event.line_seqno = number;
    ASSERT_EQ(::write(wire.to, &event, sizeof event), static_cast<ssize_t>(sizeof event));
  }
  void unplug() { ::close(wire.to); }

  int open_error = 0, line_error = 0;
  int chip_opened() const { return chip_; }
  Wire wire;

 private:
  int describe_chip(gpiochip_info& info) const {
    std::strncpy(&info.label[0], chip_ == 0 ? "brcmvirt-gpio" : "pinctrl-rp1", sizeof info.label - 1);
    info.lines = 28;
    return 0;
  }
  static int describe_line(gpio_v2_line_info& info) {
    if (info.offset >= 28) return -EINVAL;
    fmt::format_to_n(&info.name[0], sizeof info.name - 1, "GPIO{}", info.offset);
    std::strncpy(&info.consumer[0], "spi0 CS1", sizeof info.consumer - 1);
    return 0;
  }
  int give_line(gpio_v2_line_request& request) {
    if (line_error != 0) return -line_error;
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return -errno;
    wire = {ends[0], ends[1], request};
    request.fd = ends[0];
    return 0;
  }

  int chip_ = -1;
};

class PulseDevice : public testing::Test {
 protected:
  std::unique_ptr<acquisition::Driver> attach(const std::string& device, const std::string& state = {}) {
    auto owned = std::make_unique<FakeKernel>();
    kernel = owned.get();
    line = std::make_unique<Line>(chip, state, std::move(owned));
    const auto profile =
        acquisition::read_device_profile(settings::load_text("protocol: pulse\n"
                                                             "points:\n"
                                                             "  energy: {quantity: active_energy, counts: total}\n"
                                                             "  power: {quantity: active_power, counts: rate}\n"
                                                             "  lost: {quantity: count, counts: lost}\n",
                                                             "s0.yaml", mistakes),
                                         mistakes);
    return line->attach(shared(profile),
                        settings::load_text("{id: meter, every: 1m, " + device + "}", "site.yaml", mistakes), mistakes);
  }
  std::vector<std::string> texts() const { return test::texts(mistakes); }
  static std::chrono::nanoseconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }

  std::string chip = "/dev/gpiochip0";
  settings::Mistakes mistakes;
  std::unique_ptr<Line> line;
  FakeKernel* kernel = nullptr;
  std::array<Reading, 3> into;
};

TEST_F(PulseDevice, gives_the_meter_s_reading_and_its_power) {
  const auto meter = attach("line: 17, pulses_per: 1000/kWh, start: 250.5");
  ASSERT_THAT(texts(), IsEmpty());
  EXPECT_EQ(meter->read(into).value(), 2U);
  EXPECT_DOUBLE_EQ(into[0].value, 250.5);
  EXPECT_EQ(into[1].reason, Reason::too_few);
  const auto end = now();
  for (std::uint32_t pulse = 1; pulse <= 101; ++pulse) kernel->edge(pulse, end - (101 - pulse) * 20ms);
  EXPECT_EQ(meter->read(into).value(), 3U);
  EXPECT_NEAR(into[0].value, 250.601, 1e-9);
  EXPECT_NEAR(into[1].value, 180, 1e-6) << "50 pulses of 1 Wh a second";
  EXPECT_EQ(into[2].value, 0);
  EXPECT_EQ(meter->raw(0), "101 pulses");
  EXPECT_EQ(meter->source(1), "pulse:17:rate");
}

TEST_F(PulseDevice, is_uncertain_where_the_kernel_dropped_pulses) {
  const auto meter = attach("line: 17, pulses_per: 1000/kWh");
  ASSERT_TRUE(meter->read(into));
  kernel->edge(1, now() - 2s);
  kernel->edge(500, now() - 1s);
  ASSERT_TRUE(meter->read(into));
  EXPECT_DOUBLE_EQ(into[0].value, 0.5) << "they are counted all the same";
  EXPECT_EQ(into[0].quality, Quality::uncertain);
  EXPECT_EQ(into[2].value, 498);
  kernel->edge(501, now());
  ASSERT_TRUE(meter->read(into));
  EXPECT_TRUE(into[0].is_good());
}

TEST_F(PulseDevice, asks_the_kernel_for_what_the_settings_say) {
  attach("line: GPIO17, edge: rising, bias: pull_down, debounce: 25ms, pulses_per: 10/kWh")->read(into).value();
  const auto& request = kernel->wire.request;
  EXPECT_EQ(request.offsets[0], 17U);
  EXPECT_EQ(request.num_lines, 1U);
  EXPECT_EQ(request.config.flags, static_cast<std::uint64_t>(GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING |
                                                             GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN));
  ASSERT_EQ(request.config.num_attrs, 1U);
  EXPECT_EQ(request.config.attrs[0].mask, 1U);
  EXPECT_EQ(request.config.attrs[0].attr.id, static_cast<std::uint32_t>(GPIO_V2_LINE_ATTR_ID_DEBOUNCE));
  EXPECT_EQ(request.config.attrs[0].attr.debounce_period_us, 25'000U);
  EXPECT_STREQ(request.consumer, "fettle");
  attach("line: 3, debounce: 0s, bias: as_is, pulses_per: 10/kWh")->read(into).value();
  EXPECT_EQ(kernel->wire.request.config.num_attrs, 0U);
  EXPECT_EQ(kernel->wire.request.config.flags,
            static_cast<std::uint64_t>(GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_FALLING));
}

TEST_F(PulseDevice, finds_its_chip_by_label) {
  chip = "pinctrl-rp1";
  ASSERT_TRUE(attach("line: GPIO17, pulses_per: 10/kWh")->read(into));
  EXPECT_EQ(kernel->chip_opened(), 4);
  chip = "pinctrl-bcm2711";
  EXPECT_EQ(attach("line: 17, pulses_per: 10/kWh")->read(into).error().detail,
            "there is no GPIO chip \"pinctrl-bcm2711\" (there are: brcmvirt-gpio, pinctrl-rp1)");
}

TEST_F(PulseDevice, says_why_it_cannot_have_its_line) {
  auto meter = attach("line: 17, pulses_per: 10/kWh");
  kernel->line_error = EBUSY;
  EXPECT_EQ(meter->read(into).error().detail, "line 17 of /dev/gpiochip0 is in use by \"spi0 CS1\"");
  EXPECT_EQ(into[0].reason, Reason::offline);
  kernel->line_error = ENOTTY;
  EXPECT_THAT(meter->read(into).error().detail, HasSubstr("Linux 5.10"));
  kernel->line_error = EINVAL;
  EXPECT_THAT(meter->read(into).error().detail, HasSubstr("another bias or debounce"));
  kernel->open_error = EACCES;
  EXPECT_THAT(meter->read(into).error().detail, HasSubstr("udev rule"));
  meter = attach("line: 99, pulses_per: 10/kWh");
  kernel->line_error = EINVAL;
  EXPECT_EQ(meter->read(into).error().detail, "there is no line 99 of /dev/gpiochip0");
  meter = attach("line: S0_1, pulses_per: 10/kWh");
  EXPECT_THAT(meter->read(into).error().detail, HasSubstr("has no line \"S0_1\""));
}

TEST_F(PulseDevice, opens_its_line_again_and_goes_on_counting) {
  const auto meter = attach("line: 17, pulses_per: 1/kWh");
  ASSERT_TRUE(meter->read(into));
  kernel->edge(1, now());
  kernel->edge(2, now());
  kernel->unplug();
  ASSERT_TRUE(meter->read(into)) << "what came before counts";
  EXPECT_EQ(meter->read(into).error().fault, Fault::offline);
  ASSERT_TRUE(meter->read(into));
  kernel->edge(1, now());
  ASSERT_TRUE(meter->read(into));
  EXPECT_EQ(into[2].value, 0) << "numbers began anew, nothing was lost";
  EXPECT_EQ(into[0].value, 3);
}

TEST_F(PulseDevice, keeps_its_count_over_a_restart) {
  const test::TempDir folder;
  {
    const auto meter = attach("line: 17, pulses_per: 10/kWh", folder.path().string());
    ASSERT_TRUE(meter->read(into));
    kernel->edge(1, now());
    kernel->edge(2, now());
    ASSERT_TRUE(meter->read(into));
  }
  EXPECT_EQ(test::read_text(folder.path() / "meter.pulses"), "2\n");
  const auto meter = attach("line: 17, pulses_per: 10/kWh", folder.path().string());
  ASSERT_TRUE(meter->read(into));
  EXPECT_DOUBLE_EQ(into[0].value, 0.2);
}

TEST_F(PulseDevice, reports_every_mistake_in_its_settings) {
  attach("line: 17, pulses_per: 1000/kW, edge: up");
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("pulses_per: \"1000/kW\" is no number of pulses for a unit (try 1000/kWh"),
                                   HasSubstr("edge: \"up\" is none of falling, rising")));
  mistakes = {};
  attach("line: 17, pulses_per: 1/l");
  EXPECT_THAT(texts(),
              ElementsAre(HasSubstr("such pulses give volume for \"energy\", but the profile says active_energy"),
                          HasSubstr("such pulses give volume_flow for \"power\"")));
}

}  // namespace
}  // namespace fettle::pulse
