#include "pulse/edge_line.hpp"

#include "core/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <system_error>

namespace fettle::pulse {
namespace {

constexpr int most_chips = 32;
/// The most that the kernel keeps for one line while nobody reads.
constexpr std::uint32_t event_buffer = 1024;
constexpr std::string_view consumer = "fettle";

std::string reason(int cause) { return std::generic_category().message(cause); }

/// A field of the kernel's: at most as long as its array, ended by a zero where it is shorter.
template <std::size_t size>
std::string_view text_of(const char (&field)[size]) {  // NOLINT(cppcoreguidelines-avoid-c-arrays): the kernel's
  return {&field[0], static_cast<std::size_t>(std::find(&field[0], &field[0] + size, '\0') - &field[0])};
}

std::optional<std::uint32_t> parse_offset(std::string_view text) {
  std::uint32_t offset = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return offset;
}

std::uint64_t flags_of(const EdgeSettings& settings) {
  std::uint64_t flags = GPIO_V2_LINE_FLAG_INPUT;
  flags |= settings.slope == Slope::falling ? GPIO_V2_LINE_FLAG_EDGE_FALLING : GPIO_V2_LINE_FLAG_EDGE_RISING;
  switch (settings.bias) {
    case Bias::pull_up: return flags | GPIO_V2_LINE_FLAG_BIAS_PULL_UP;
    case Bias::pull_down: return flags | GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN;
    case Bias::none: return flags | GPIO_V2_LINE_FLAG_BIAS_DISABLED;
    case Bias::as_is: return flags;
  }
  return flags;
}

}  // namespace

gpio_v2_line_request as_request(const EdgeSettings& settings, std::uint32_t offset) {
  gpio_v2_line_request request{};
  request.offsets[0] = offset;
  request.num_lines = 1;
  request.event_buffer_size = event_buffer;
  std::copy(consumer.begin(), consumer.end(), &request.consumer[0]);
  request.config.flags = flags_of(settings);
  if (settings.debounce.count() > 0) {
    request.config.num_attrs = 1;
    auto& attribute = request.config.attrs[0];
    attribute.mask = 1;  // of the request's lines: the first, and only one
    attribute.attr.id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE;
    attribute.attr.debounce_period_us =
        static_cast<std::uint32_t>(std::chrono::microseconds{settings.debounce}.count());
  }
  return request;
}

Result<void> EdgeLine::open() {
  const auto chip = open_chip();
  if (!chip) return chip.error();
  const Descriptor closing{*chip};
  const auto offset = find_line(*chip);
  if (!offset) return offset.error();
  const auto line = request(*chip, *offset);
  if (!line) return line.error();
  descriptor_ = *line;
  return {};
}

void EdgeLine::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

/// Numbers of chips change with the kernel's version, labels do not.
Result<int> EdgeLine::open_chip() {
  const bool by_path = settings_.chip.starts_with('/');
  std::string there;
  for (int number = 0; number < (by_path ? 1 : most_chips); ++number) {
    const auto path = by_path ? settings_.chip : fmt::format("/dev/gpiochip{}", number);
    const int chip = kernel_.open(path.c_str());
    if (chip == -ENOENT && !by_path) continue;
    if (chip == -EACCES || chip == -EPERM) {
      return failure(Fault::offline,
                     fmt::format("cannot open {} (Permission denied); give the agent's user access with "
                                 "a udev rule: KERNEL==\"gpiochip*\", GROUP=\"fettle\", MODE=\"0660\"",
                                 path));
    }
    if (chip < 0) return failure(Fault::offline, fmt::format("cannot open {} ({})", path, reason(-chip)));
    gpiochip_info info{};
    const int answer = kernel_.control(chip, GPIO_GET_CHIPINFO_IOCTL, &info);
    if (answer >= 0 && (by_path || text_of(info.label) == settings_.chip)) return chip;
    ::close(chip);
    if (answer < 0) return failure(Fault::offline, fmt::format("{} is no GPIO chip ({})", path, reason(-answer)));
    there += fmt::format("{}{}", there.empty() ? "" : ", ", text_of(info.label));
  }
  return failure(Fault::offline, fmt::format("there is no GPIO chip \"{}\" (there are: {})", settings_.chip,
                                             there.empty() ? "none" : there));
}

Result<std::uint32_t> EdgeLine::find_line(int chip) {
  if (const auto offset = parse_offset(settings_.line)) return *offset;
  gpiochip_info info{};
  kernel_.control(chip, GPIO_GET_CHIPINFO_IOCTL, &info);
  for (std::uint32_t offset = 0; offset < info.lines; ++offset) {
    gpio_v2_line_info line{};
    line.offset = offset;
    if (kernel_.control(chip, GPIO_V2_GET_LINEINFO_IOCTL, &line) < 0) continue;
    if (text_of(line.name) == settings_.line) return offset;
  }
  return failure(Fault::offline,
                 fmt::format("{} has no line \"{}\"; `gpioinfo` shows the names", settings_.chip, settings_.line));
}

Result<int> EdgeLine::request(int chip, std::uint32_t offset) {
  auto request = as_request(settings_, offset);
  const int answer = kernel_.control(chip, GPIO_V2_GET_LINE_IOCTL, &request);
  if (answer < 0) return explain(chip, offset, -answer);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): fcntl() has no other form
  ::fcntl(request.fd, F_SETFL, O_NONBLOCK);
  return request.fd;
}

Error EdgeLine::explain(int chip, std::uint32_t offset, int cause) {
  const auto line = fmt::format("line {} of {}", offset, settings_.chip);
  gpio_v2_line_info info{};
  info.offset = offset;
  const bool known = kernel_.control(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info) >= 0;
  switch (cause) {
    case EBUSY: return failure(Fault::offline, fmt::format("{} is in use by \"{}\"", line, text_of(info.consumer)));
    case EINVAL:
      return failure(Fault::offline, known ? fmt::format("{} cannot do that (another bias or debounce?)", line)
                                           : fmt::format("there is no {}", line));
    case ENOTTY: return failure(Fault::offline, "this kernel is too old: GPIO interface version 2 needs Linux 5.10");
    default: return failure(Fault::offline, fmt::format("cannot have {} ({})", line, reason(cause)));
  }
}

Result<std::vector<Edge>> EdgeLine::take() {
  std::vector<Edge> edges;
  std::array<gpio_v2_line_event, 64> events{};
  while (true) {
    const auto count = ::read(descriptor_, events.data(), sizeof events);
    const auto cause = errno;
    if (count < 0 && cause == EINTR) continue;
    if (count < 0 && cause == EAGAIN) return edges;
    const bool gone = count <= 0 || static_cast<std::size_t>(count) % sizeof events[0] != 0;
    if (gone && !edges.empty()) return edges;  // the next call is told
    if (gone) {
      close();
      return failure(Fault::offline, fmt::format("line {} of {} is gone ({})", settings_.line, settings_.chip,
                                                 count < 0 ? reason(cause) : "no more events"));
    }
    for (std::size_t place = 0; place < static_cast<std::size_t>(count) / sizeof events[0]; ++place) {
      const std::chrono::nanoseconds since_boot{
          events.at(place).timestamp_ns};  // the steady clock's own, CLOCK_MONOTONIC
      edges.push_back({Moment{since_boot}, events.at(place).line_seqno});
    }
  }
}

}  // namespace fettle::pulse
