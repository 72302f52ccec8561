// Whatever happens on a wire, a master gives up in time, and a register that it gives was brought in an answer to just that question, with
// its transaction or its check sum; and a device on it has a finite value or a reason for every point.

#include "hostile_wire.hpp"

#include "modbus/device.hpp"
#include "modbus/mbap.hpp"
#include "modbus/rtu.hpp"
#include "modbus/rtu_master.hpp"
#include "modbus/tcp_master.hpp"
#include "settings/node.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace {

using namespace fettle;
using namespace fettle::modbus;
using fuzz::Bytes;
using fuzz::HostileWire;
using fuzz::Script;
using namespace std::chrono_literals;

constexpr auto timeout = 300ms;

enum class Framing { rtu, tcp };

/// Unit, function and content of a right answer to a question without its frame.
Bytes content_for(ByteSpan question, Script& script) {
  const std::uint8_t function = question[1];
  if (script.take() % 8 == 7) return {question[0], static_cast<std::uint8_t>(function | refusal_bit), script.take()};
  const auto count = static_cast<std::size_t>(question[4] << 8U | question[5]);
  auto content = script.take(function < 3 ? (count + 7) / 8 : 2 * count);
  content.resize(function < 3 ? (count + 7) / 8 : 2 * count);
  Bytes answer{question[0], function, static_cast<std::uint8_t>(content.size())};
  answer.insert(answer.end(), content.begin(), content.end());
  return answer;
}

Bytes rtu_answer(ByteSpan question, Script& script) {
  auto answer = content_for(question, script);
  const auto sum = sum_bytes(answer);
  answer.insert(answer.end(), sum.begin(), sum.end());
  return answer;
}

Bytes tcp_answer(ByteSpan question, Script& script) {
  const auto pdu = content_for(question.subspan(6), script);
  const auto transaction = static_cast<std::uint16_t>(question[0] << 8U | question[1]);
  const auto header = tcp_header(transaction, pdu[0], pdu.size() - 1);
  Bytes answer{header.begin(), header.end() - 1};
  answer.insert(answer.end(), pdu.begin(), pdu.end());
  return answer;
}

Bytes pdu_of(const Station& station, const Request& request, const Words& words) {
  Bytes pdu{station.unit, request.function(), request.answer_bytes()};
  if (acquisition::holds_bits(request.table)) return pdu;  // whose last byte may hold anything beyond them
  for (const auto word : words) {
    pdu.push_back(static_cast<std::uint8_t>(word >> 8U));
    pdu.push_back(static_cast<std::uint8_t>(word & 0xFFU));
  }
  return pdu;
}

bool contains(ByteSpan where, ByteSpan what) {
  return std::search(where.begin(), where.end(), what.begin(), what.end()) != where.end();
}

/// What the wire had seen before a batch was asked.
struct Past {
  std::size_t brought = 0, questions = 0;
};

void check_origin(const HostileWire& wire, const Past& past, const Request& request, ByteSpan pdu, Framing framing) {
  const auto brought = wire.brought_since(past.brought);
  if (framing == Framing::rtu) {
    if (!contains(brought, pdu)) std::abort();
    return;
  }
  const auto answered = [&](const Bytes& question) {
    const auto transaction = static_cast<std::uint16_t>(question[0] << 8U | question[1]);
    const auto asked = encode_tcp(transaction, pdu[0], request);
    Bytes frame{question[0], question[1], 0, 0, 0, static_cast<std::uint8_t>(pdu[2] + 3)};
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    return std::equal(asked.begin(), asked.end(), question.begin(), question.end()) && contains(brought, frame);
  };
  const auto first = wire.questions().begin() + static_cast<std::ptrdiff_t>(past.questions);
  if (std::none_of(first, wire.questions().end(), answered)) std::abort();
}

Request request_from(Script& script) {
  constexpr std::array tables{RegisterTable::coil, RegisterTable::discrete, RegisterTable::holding,
                              RegisterTable::input};
  const auto table = tables.at(script.take() % tables.size());
  return {table, script.take(), static_cast<std::uint16_t>(1 + script.take() % 125)};
}

void ask(Master& master, HostileWire& wire, Script& script, Framing framing) {
  const Station station{static_cast<std::uint8_t>(1 + script.take() % 3), timeout, {}};
  std::vector<Request> requests(1U + script.take() % 6);
  for (auto& request : requests) request = request_from(script);
  const Past past{wire.brought(), wire.questions().size()};
  const auto begin = wire.now();
  const auto answers = master.ask_all(station, requests);
  // Twice for a wire that was lost, twice for what is asked again one by one; each with the silences around it.
  if (wire.now() - begin > 16s * requests.size()) std::abort();
  if (answers.size() != requests.size()) std::abort();
  for (std::size_t place = 0; place < answers.size(); ++place) {
    if (!answers[place]) continue;
    if (answers[place]->size() != requests[place].count) std::abort();
    check_origin(wire, past, requests[place], pdu_of(station, requests[place], *answers[place]), framing);
  }
}

const acquisition::DeviceProfile& profile() {
  static const auto profile = [] {
    settings::Mistakes mistakes;
    auto read = acquisition::read_device_profile(
        settings::load_text(
            "{protocol: modbus, gap: 8, max_registers: 20, defaults: {quantity: state, unit: 1}, points: {"
            "a: {address: 0, type: u16}, b: {address: 4, type: f32}, c: {address: 7, type: i64}, "
            "d: {address: 30, type: u16, exponent: 31}, e: {address: 32, type: t6, class: fast}, "
            "f: {table: coil, address: 3}, g: {table: discrete, address: 9}, "
            "h: {table: input, address: 5, type: u32, minus: [9]}}}",
            "fuzz.yaml", mistakes),
        mistakes);
    if (!mistakes.empty()) std::abort();
    return read;
  }();
  return profile;
}

void read(Device& device, HostileWire& wire, Script& script) {
  device.choose(acquisition::ClassSet{1UL + script.take() % 7});
  std::vector<Reading> readings(profile().points.size());
  const auto begin = wire.now();
  const auto good = device.read(readings);
  if (wire.now() - begin > 1000s) std::abort();
  for (const auto& reading : readings) {
    if (reading.is_good() != (reading.reason == Reason::none)) std::abort();
    if (reading.is_good() && (!good || !std::isfinite(reading.value))) std::abort();
  }
}

}  // namespace

/// The first byte chooses the framing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  spdlog::set_level(spdlog::level::off);
  Script script{{bytes, size}};
  const auto framing = script.take() % 2 == 0 ? Framing::rtu : Framing::tcp;
  HostileWire wire{script, framing == Framing::rtu ? rtu_answer : tcp_answer};
  std::unique_ptr<Master> master = std::make_unique<TcpMaster>(wire);
  if (framing == Framing::rtu) master = std::make_unique<RtuMaster>(wire, LineTiming::of(9600, 10));
  std::array<Device, 2> devices{Device{"first", {1, timeout, {}}, shared(profile()), *master},
                                Device{"second", {2, timeout, {}}, shared(profile()), *master}};
  for (int turn = 0; turn < 50 && !script.is_over(); ++turn) {
    const auto choice = script.take();
    auto& device = devices.at(choice / 4 % 2);
    switch (choice % 4) {
      case 0: read(device, wire, script); break;
      case 1: ask(*master, wire, script, framing); break;
      case 2: device.stirs(); break;
      default: wire.rest(wire.now() + choice * 20ms);
    }
  }
  return 0;
}
