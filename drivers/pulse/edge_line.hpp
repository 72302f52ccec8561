#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "pulse/counter.hpp"
#include "pulse/kernel.hpp"

#include <linux/gpio.h>
#include <cstdint>
#include <string>
#include <vector>

namespace fettle::pulse {

enum class Slope : std::uint8_t { falling, rising };
enum class Bias : std::uint8_t { pull_up, pull_down, none, as_is };

/// Which input, and how it is wired.
struct EdgeSettings {
  std::string chip = "/dev/gpiochip0";  ///< a device file, or a chip's label: "pinctrl-bcm2711"
  std::string line;                     ///< its number, or its name: "GPIO17"
  Slope slope = Slope::falling;
  Bias bias = Bias::pull_up;
  Duration debounce{};
};

/// An input of a GPIO chip through the kernel's character device, version 2 of its interface.
class EdgeLine {
 public:
  EdgeLine(EdgeSettings settings, Kernel& kernel) : settings_{std::move(settings)}, kernel_{kernel} {}
  EdgeLine(const EdgeLine&) = delete;
  EdgeLine& operator=(const EdgeLine&) = delete;
  ~EdgeLine() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  Result<void> open();
  void close();
  /// Every edge that has come since; never waits. An error closes the line.
  Result<std::vector<Edge>> take();

 private:
  Result<int> open_chip();
  Result<std::uint32_t> find_line(int chip);
  Result<int> request(int chip, std::uint32_t offset);
  Error explain(int chip, std::uint32_t offset, int cause);

  EdgeSettings settings_;
  Kernel& kernel_;
  int descriptor_ = -1;
};

/// What the kernel is asked for.
gpio_v2_line_request as_request(const EdgeSettings& settings, std::uint32_t offset);

}  // namespace fettle::pulse
