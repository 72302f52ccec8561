// How much of a serial line's time goes into values: 32 units with 40 registers each over a paced wire, against what the rules of the
// line allow at most, and with 4 of the units dead against the same for the other 28. Where pacing itself costs too much for a comparison
// with theory, against the smallest master that can be written.
#include "acquisition/bus.hpp"
#include "core/registry.hpp"
#include "field/interruption.hpp"
#include "field/paced_wire.hpp"
#include "field/parts.hpp"
#include "modbus/rtu.hpp"
#include "modbus/rtu_master.hpp"
#include "modbus/serial_port.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>
#include <array>
#include <semaphore>
#include <set>
#include <stdexcept>
#include <thread>

namespace fettle::bench {
namespace {

using namespace std::chrono_literals;
using namespace modbus;
using SteadyClock = std::chrono::steady_clock;

constexpr int units = 32;
constexpr std::uint16_t registers = 40;
constexpr unsigned bits = 11;
constexpr std::size_t question_size = 8, answer_size = 5 + 2 * registers;

/// Every unit but the dead ones at the far end of a wire. They keep the silence by which a unit knows that a question has ended, and take no
/// time beyond it.
class Units {
 public:
  Units(const std::string& port, std::set<int> dead, std::chrono::nanoseconds silence)
      : dead_{std::move(dead)}, silence_{0, static_cast<long>(silence.count())} {
    const auto opened = open_serial_port(port, {});
    if (!opened) throw std::runtime_error{opened.error().detail};
    port_ = *opened;
    thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
  }
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;
  ~Units() {
    thread_ = {};
    ::close(port_);
  }

 private:
  void serve(const std::stop_token& stop) {
    std::vector<std::uint8_t> received;
    while (!stop.stop_requested()) {
      pollfd waiting{port_, POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      std::array<std::uint8_t, 256> chunk{};
      const auto count = ::read(port_, chunk.data(), chunk.size());
      if (count > 0) received.insert(received.end(), chunk.begin(), chunk.begin() + count);
      while (received.size() >= question_size) {
        answer(received);
        received.erase(received.begin(), received.begin() + question_size);
      }
    }
  }

  void answer(const std::vector<std::uint8_t>& question) const {
    if (dead_.contains(question[0])) return;
    ::nanosleep(&silence_, nullptr);
    std::vector<std::uint8_t> frame{question[0], question[1], static_cast<std::uint8_t>(2 * question[5])};
    frame.resize(3U + frame[2], 1);
    const auto sum = crc16(frame);
    frame.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
    frame.push_back(static_cast<std::uint8_t>(sum >> 8U));
    if (::write(port_, frame.data(), frame.size()) < 0) throw std::runtime_error{"the wire is gone"};
  }

  std::set<int> dead_;
  timespec silence_;
  int port_ = -1;
  std::jthread thread_;
};

/// A wire at this pace with its units.
class PacedLine {
 public:
  PacedLine(unsigned baud, std::set<int> dead)
      : wire_{baud, bits}, units_{wire_.far(), std::move(dead), LineTiming::of(baud, bits).silence} {}
  std::string port() const { return wire_.near(); }

 private:
  PacedWire wire_;
  Units units_;
};

acquisition::DeviceProfile forty_registers() {
  std::string text = "protocol: modbus\ndefaults: {type: u16, quantity: count, unit: \"\"}\npoints:\n";
  for (int place = 0; place < registers; ++place) text += fmt::format("  p{0}: {{address: {0}}}\n", place);
  settings::Mistakes mistakes;
  return acquisition::read_device_profile(settings::load_text(text, "forty.yaml", mistakes), mistakes);
}

/// Answers a second, counted as they come for so long.
double rate_of(std::counting_semaphore<>& answers, Duration span) {
  const auto begin = SteadyClock::now();
  int count = 0;
  for (; SteadyClock::now() - begin < span; ++count) {
    check_interruption();
    if (!answers.try_acquire_for(10s)) throw std::runtime_error{"nothing answers"};
  }
  return count / std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

/// Answers a second of the product's own bus, whose devices are always due.
double product_rate(const PacedLine& line, unsigned baud, Duration warm_up, Duration span) {
  settings::Mistakes mistakes;
  const auto node = settings::load_text(
      fmt::format("{{id: line, driver: modbus_rtu, port: {}, baud: {}, stop_bits: 2}}", line.port(), baud), "bench",
      mistakes);
  auto wire = Registry<acquisition::Line>::instance().find("modbus_rtu")->make(node, mistakes);
  const auto profile = acquisition::shared(forty_registers());
  std::vector<acquisition::BusDevice> devices;
  for (int unit = 1; unit <= units; ++unit) {
    const auto device = settings::load_text(fmt::format("{{id: u{0}, unit: {0}}}", unit), "bench", mistakes);
    devices.push_back({fmt::format("u{}", unit),
                       wire->attach(profile, device, mistakes),
                       profile->points.size(),
                       acquisition::all_at(1ms),
                       {{0, PointId{static_cast<std::uint32_t>(unit)}}}});
  }
  if (!mistakes.empty()) throw settings::SettingsError{mistakes};
  std::counting_semaphore<> answers{0};
  acquisition::BusSinks sinks;
  sinks.readings = [&answers](const std::vector<Reading>& batch) {
    if (!batch.empty() && batch.front().is_good()) answers.release();
  };
  sinks.states = [](const acquisition::DeviceState&) {};
  const acquisition::Bus bus{"line", std::move(wire), std::move(devices), DomainClock{}, std::move(sinks)};
  rate_of(answers, warm_up);
  return rate_of(answers, span);
}

/// Answers a second of a loop that does nothing but write, read and keep the silence.
double smallest_rate(const PacedLine& line, unsigned baud, Duration span) {
  const auto port = open_serial_port(line.port(), {baud, Parity::none, 2, {}}).value();
  const auto silence = LineTiming::of(baud, bits).silence;
  const auto begin = SteadyClock::now();
  int answers = 0;
  for (int turn = 0; SteadyClock::now() - begin < span; ++turn) {
    check_interruption();
    const auto question =
        encode_rtu(static_cast<std::uint8_t>(1 + turn % units), {RegisterTable::holding, 0, registers});
    if (::write(port, question.data(), question.size()) < 0) throw std::runtime_error{"the wire is gone"};
    std::array<std::uint8_t, answer_size> answer{};
    for (std::size_t size = 0; size < answer.size();) {
      pollfd waiting{port, POLLIN, 0};
      if (::poll(&waiting, 1, 1000) <= 0) throw std::runtime_error{"no answer"};
      const auto count = ::read(port, answer.data() + size, answer.size() - size);
      size += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    ++answers;
    const timespec pause{0, static_cast<long>(std::chrono::nanoseconds{silence}.count())};
    ::nanosleep(&pause, nullptr);
  }
  ::close(port);
  return answers / std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

/// Question, answer, and the silence behind each.
double bound(unsigned baud) {
  const auto timing = LineTiming::of(baud, bits);
  const auto one = timing.character * static_cast<long>(question_size + answer_size) + 2 * timing.silence;
  return 1 / std::chrono::duration<double>(one).count();
}

/// One case of all units alive, or of the live ones among dead.
void measure_case(unsigned baud, const std::set<int>& dead, Duration span, Targets& targets) {
  const PacedLine line{baud, dead};
  const bool is_paced_well = baud <= 19'200;
  const auto ours = product_rate(line, baud, dead.empty() ? 5s : 30s, span);
  const auto smallest = dead.empty() ? smallest_rate(line, baud, span) : 0;
  const auto against = is_paced_well ? bound(baud) : smallest;
  const auto* const what = is_paced_well ? "the bound" : "the smallest master";
  fmt::print("  {:>7} {:>5} {:>10.2f} {:>10.2f} {:>10.2f} {:>8.3f} of {}\n", baud, dead.size(), ours, smallest,
             bound(baud), ours / against, what);
  targets.at_least(fmt::format("{} baud, {} of {} units dead: share of {}", baud, dead.size(), units, what),
                   ours / against, dead.empty() ? 0.95 : 0.90);
}

}  // namespace

void measure_line(const Spans& spans, Targets& targets) {
  fmt::print(
      "\nLine: {} units, {} registers each, {} bits a character, units that answer after 3.5 characters, {} s a case, "
      "{} s with dead units\n",
      units, registers, bits, spans.line.count(), 2 * spans.line.count());
  fmt::print("  {:>7} {:>5} {:>10} {:>10} {:>10} {:>8}\n", "baud", "dead", "answers/s", "smallest", "bound", "ratio");
  for (const unsigned baud : {9'600U, 19'200U, 115'200U}) measure_case(baud, {}, spans.line, targets);
  for (const unsigned baud : {9'600U, 19'200U}) measure_case(baud, {5, 12, 19, 26}, 2 * spans.line, targets);
}

}  // namespace fettle::bench
