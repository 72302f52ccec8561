#include "modbus/scan_frames.hpp"

#include "modbus/rtu.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace fettle::modbus {
namespace {

constexpr std::size_t crc_size = 2, shortest_frame = 4, refusal_size = 5, request_size = 8, device_id_request = 7;
constexpr std::uint8_t device_id_type = 14, basic_names = 1;
constexpr std::size_t device_id_header = 7;  // function, type, category, conformity, more, next, count

bool is_sound(ByteSpan bytes, std::size_t size) {
  return size >= shortest_frame && bytes.size() >= size && has_good_sum(bytes.first(size));
}

/// The length of the list of names behind the header, as far as the bytes go; 0 while it is incomplete.
std::size_t device_id_size(ByteSpan pdu) {
  if (pdu.size() < device_id_header) return 0;
  auto place = device_id_header;
  for (unsigned object = 0; object < pdu[device_id_header - 1]; ++object) {
    if (pdu.size() < place + 2) return 0;
    place += 2U + pdu[place + 1];
  }
  return pdu.size() < place ? 0 : place;
}

/// What can be printed of some bytes, if that is most of them.
std::string readable(ByteSpan bytes) {
  std::string text;
  for (const auto byte : bytes) {
    if (std::isprint(byte) != 0) text += static_cast<char>(byte);
  }
  if (2 * text.size() < bytes.size()) return {};
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

Bytes register_question(const Request& request) {
  const auto pdu = encode(request);
  return {pdu.begin(), pdu.end()};
}

Bytes server_id_question() { return {report_server_id}; }

Bytes device_id_question() { return {read_device_id, device_id_type, basic_names, 0}; }

/// The last byte says whether the device runs.
std::string server_id_text(ByteSpan pdu) {
  if (pdu.size() < 3 || pdu[0] != report_server_id) return {};
  const auto text = readable(pdu.subspan(2, pdu.size() - 3));
  return text.size() < 3 ? std::string{} : text;
}

std::string device_id_text(ByteSpan pdu) {
  if (pdu.size() < device_id_header || pdu[0] != read_device_id || device_id_size(pdu) == 0) return {};
  std::vector<std::string> names;
  auto place = device_id_header;
  for (unsigned object = 0; object < pdu[device_id_header - 1]; ++object) {
    const std::size_t length = pdu[place + 1];
    if (const auto name = readable(pdu.subspan(place + 2, length)); !name.empty()) names.push_back(name);
    place += 2 + length;
  }
  return fmt::format("{}", fmt::join(names, " "));
}

Bytes encode_serial(std::uint8_t unit, ByteSpan pdu) {
  Bytes frame{unit};
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  const auto sum = sum_bytes(frame);
  frame.insert(frame.end(), sum.begin(), sum.end());
  return frame;
}

std::size_t serial_frame_size(ByteSpan bytes) {
  if (bytes.size() < shortest_frame) return 0;
  const std::uint8_t function = bytes[1];
  if ((function & refusal_bit) != 0) return is_sound(bytes, refusal_size) ? refusal_size : 0;
  if (function == read_device_id) {
    const auto names = bytes[2] == device_id_type ? device_id_size(bytes.subspan(1)) : 0;
    if (names > 0 && is_sound(bytes, 1 + names + crc_size)) return 1 + names + crc_size;
  }
  if (const std::size_t answer = 3U + bytes[2] + crc_size; is_sound(bytes, answer)) return answer;
  if (function == report_server_id && is_sound(bytes, shortest_frame)) return shortest_frame;
  if (function == read_device_id && is_sound(bytes, device_id_request)) return device_id_request;
  if (is_sound(bytes, request_size)) return request_size;
  const bool writes_several = (function == 15 || function == 16) && bytes.size() > 6;
  const std::size_t written = writes_several ? 7U + bytes[6] + crc_size : 0;
  return is_sound(bytes, written) ? written : 0;
}

Hearing hear(ByteSpan received, std::uint8_t unit, ByteSpan question) {
  Hearing hearing;
  const auto echo = encode_serial(unit, question);
  while (!received.empty()) {
    if (received.size() >= echo.size() && std::equal(echo.begin(), echo.end(), received.begin())) {
      received = received.subspan(echo.size());
      continue;
    }
    const auto size = serial_frame_size(received);
    if (size == 0) {
      ++hearing.noise;
    } else if (received[0] != unit || (received[1] & ~refusal_bit) != question[0]) {
      ++hearing.strangers;
    } else {
      ++hearing.answers;
      const auto pdu = received.subspan(1, size - 1 - crc_size);
      if (!hearing.answer) hearing.answer = Bytes{pdu.begin(), pdu.end()};
    }
    received = received.subspan(std::max<std::size_t>(size, 1));
  }
  return hearing;
}

Traffic traffic_in(ByteSpan received) {
  Traffic traffic;
  traffic.bytes = received.size();
  while (!received.empty()) {
    const auto size = serial_frame_size(received);
    if (size == 0) {
      ++traffic.noise;
    } else {
      ++traffic.frames;
      traffic.units.insert(received[0]);
    }
    received = received.subspan(std::max<std::size_t>(size, 1));
  }
  return traffic;
}

}  // namespace fettle::modbus
