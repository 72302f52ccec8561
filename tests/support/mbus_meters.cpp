#include "mbus_meters.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace fettle::test {
namespace {

constexpr std::uint8_t confirmation = 0xE5;

std::uint8_t sum(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U));
}

/// Digits as printed become bytes as they travel.
MbusBytes travelling(const std::string& secondary) {
  auto bytes = hex(secondary);
  std::reverse(bytes.begin(), bytes.begin() + 4);
  return bytes;
}

bool digits_match(std::uint8_t mask, std::uint8_t own) {
  const auto nibble = [&](unsigned shift) {
    const unsigned wanted = static_cast<unsigned>(mask) >> shift & 0xFU;
    return wanted == 0xF || wanted == (static_cast<unsigned>(own) >> shift & 0xFU);
  };
  return nibble(0) && nibble(4);
}

bool is_selected_by(const SimulatedMeter& meter, std::span<const std::uint8_t> mask) {
  const auto own = travelling(meter.secondary);
  for (std::size_t place = 0; place < 4; ++place) {
    if (!digits_match(mask[place], own[place])) return false;
  }
  const bool any_maker = mask[4] == 0xFF && mask[5] == 0xFF;
  const bool any_version = mask[6] == 0xFF, any_medium = mask[7] == 0xFF;
  if (meter.is_found_by_number_alone) return any_maker && any_version && any_medium;
  return (any_maker || (mask[4] == own[4] && mask[5] == own[5])) && (any_version || mask[6] == own[6]) &&
         (any_medium || mask[7] == own[7]);
}

/// The meter's next telegram, or the last one again if the master has not heard it.
MbusBytes answer_of(SimulatedMeter& meter, bool frame_count_bit) {
  const bool repeat = meter.minds_the_frame_count_bit && meter.frame_count_bit == frame_count_bit && meter.next > 0;
  if (!repeat) meter.next = std::min(meter.next + 1, meter.telegrams.size());
  if (!repeat) ++meter.access_number;
  meter.frame_count_bit = frame_count_bit;
  MbusBytes body{0x08, meter.named_address.value_or(meter.address), 0x72};
  const auto address = travelling(meter.secondary);
  body.insert(body.end(), address.begin(), address.end());
  const MbusBytes rest{meter.access_number, 0, 0, 0};
  body.insert(body.end(), rest.begin(), rest.end());
  const auto records = hex(meter.telegrams.at(meter.next - 1));
  body.insert(body.end(), records.begin(), records.end());
  const auto length = static_cast<std::uint8_t>(body.size());
  MbusBytes frame{0x68, length, length, 0x68};
  frame.insert(frame.end(), body.begin(), body.end());
  frame.push_back(sum(body));
  if (meter.garbled > 0) {
    --meter.garbled;
    ++frame.back();
  }
  frame.push_back(0x16);
  return frame;
}

MbusBytes both_at_once(const MbusBytes& one, const MbusBytes& other) {
  auto heard = one.size() > other.size() ? one : other;
  for (std::size_t place = 0; place < std::min(one.size(), other.size()); ++place) {
    heard[place] = one[place] & other[place];
  }
  return heard;
}

void greet(SimulatedMeter& meter) {
  meter.frame_count_bit.reset();
  meter.next = meter.wants_application_reset ? meter.telegrams.size() - 1 : 0;
}

bool lets_pass(SimulatedMeter& meter) {
  if (meter.silent == 0) return false;
  --meter.silent;
  return true;
}

}  // namespace

MbusBytes hex(std::string_view text) {
  MbusBytes bytes;
  std::string digits;
  for (const char each : text) {
    if (each == ' ' || each == '\n') continue;
    digits += each;
    if (digits.size() < 2) continue;
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits, nullptr, 16)));
    digits.clear();
  }
  if (!digits.empty()) throw std::invalid_argument{"half a byte"};
  return bytes;
}

MbusBytes MeterLine::hear(std::span<const std::uint8_t> sent) {
  MbusBytes heard;
  if (everything_is_garbled) {
    for (const auto each : sent) heard.push_back(each >> 1U);
    return heard;
  }
  if (has_echo) heard.assign(sent.begin(), sent.end());
  received_.insert(received_.end(), sent.begin(), sent.end());
  while (take_frame(heard)) {
  }
  return heard;
}

bool MeterLine::take_frame(MbusBytes& heard) {
  if (received_.empty()) return false;
  const bool is_short = received_[0] == 0x10, is_long = received_[0] == 0x68;
  if (!is_short && !is_long) {
    received_.erase(received_.begin());
    return true;
  }
  const std::size_t size = is_short ? 5 : received_.size() < 2 ? 256 : received_[1] + 6U;
  if (received_.size() < size) return false;
  const MbusBytes frame(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(size));
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(size));
  const auto body = std::span{frame}.subspan(is_short ? 1 : 4, is_short ? 2 : size - 6);
  if (sum(body) != frame[size - 2]) return true;
  if (is_short) short_frame(body[0], body[1], heard);
  if (is_long) long_frame(body, heard);
  return true;
}

std::vector<SimulatedMeter*> MeterLine::meant(std::uint8_t address) {
  std::vector<SimulatedMeter*> result;
  for (auto& meter : meters) {
    const bool is_meant = address == 253 ? meter.is_selected
                                         : (address == 254 && !answers_only_own_addresses) || meter.address == address;
    if (is_meant && !lets_pass(meter)) result.push_back(&meter);
  }
  return result;
}

void MeterLine::confirm(const std::vector<SimulatedMeter*>& meters_meant, MbusBytes& heard) const {
  if (meters_meant.empty()) return;
  heard.push_back(confirmation);
  if (acknowledgements_collide && meters_meant.size() > 1) heard.back() = 0xFC;
}

void MeterLine::short_frame(std::uint8_t control, std::uint8_t address, MbusBytes& heard) {
  const auto function = control & 0xFU;
  if (function == 0x0) {
    std::vector<SimulatedMeter*> confirming;
    for (auto* meter : meant(address)) {
      greet(*meter);
      if (address == 253) meter->is_selected = false;
      if (address != 253 && meter->confirms_greetings) confirming.push_back(meter);
    }
    return confirm(confirming, heard);
  }
  if (function != 0xB) return;
  MbusBytes together;
  for (auto* meter : meant(address)) {
    if (meter->telegrams.empty()) continue;
    const auto answer = answer_of(*meter, (control & 0x20U) != 0);
    together = together.empty() ? answer : both_at_once(together, answer);
  }
  heard.insert(heard.end(), together.begin(), together.end());
}

void MeterLine::long_frame(std::span<const std::uint8_t> frame, MbusBytes& heard) {
  const auto address = frame[1], ci = frame[2];
  std::vector<SimulatedMeter*> confirming;
  if (ci == 0x52 && answers_only_own_addresses) return;
  if (ci == 0x52 && address == 253 && frame.size() >= 11) {
    for (auto& meter : meters) {
      meter.is_selected = is_selected_by(meter, frame.subspan(3)) && !lets_pass(meter);
      if (!meter.is_selected) continue;
      greet(meter);
      confirming.push_back(&meter);
    }
  } else if (ci == 0x50) {
    for (auto* meter : meant(address)) {
      meter->next = 0;
      confirming.push_back(meter);
    }
  }
  confirm(confirming, heard);
}

std::vector<SimulatedMeter> three_meters() {
  SimulatedMeter heat, electricity, water;
  heat.address = 1;
  heat.secondary = "123456782D2C1B04";  // KAM
  heat.telegrams = {
      "0C 06 45 23 01 00  0C 14 60 85 12 00  0B 3B 20 15 00  0C 2B 50 28 00 00  0A 5A 05 07  0A 5E 95 04  0A 62 10 02  "
      "4C 06 00 20 01 00  02 FD 17 00 00"};
  electricity.address = 2;
  electricity.secondary = "87654321A8150002";  // EMH
  electricity.telegrams = {"04 03 40 E2 01 00  1F", "04 2B E8 03 00 00  02 FD 48 FC 08  1F",
                           "02 FB 2E 88 13  05 FD 59 00 00 20 41"};
  water.address = 3;
  water.secondary = "123456792D2C0107";
  water.telegrams = {"0C 13 21 43 65 00  02 3B 2C 01"};
  return {heat, electricity, water};
}

}  // namespace fettle::test
