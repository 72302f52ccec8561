#pragma once

#include "modbus/pdu.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fettle::modbus {

using Bytes = std::vector<std::uint8_t>;

/// Questions of a scan beyond registers. Every one of them only reads.
inline constexpr std::uint8_t report_server_id = 17, read_device_id = 43;

/// The PDU of a question.
Bytes register_question(const Request& request);
Bytes server_id_question();  ///< function 17
Bytes device_id_question();  ///< function 43/14: maker, product code and version

/// "iEM3155": what people can read in the answer to function 17, or in the names of 43/14. Empty if it holds nothing of the kind.
std::string server_id_text(ByteSpan pdu);
std::string device_id_text(ByteSpan pdu);

/// A serial frame with its check sum removed.
struct SerialFrame {
  std::uint8_t unit = 0;
  ByteSpan pdu;
};

/// A PDU as a serial frame.
Bytes encode_serial(std::uint8_t unit, ByteSpan pdu);

/// How many bytes the serial frame has that begins here, if its check sum is right; 0 if none does.
std::size_t serial_frame_size(ByteSpan bytes);

/// What a serial line brought after a question for `unit`, whatever it answered.
struct Hearing {
  std::optional<Bytes> answer;  ///< the PDU of the first frame that is from the unit and of the function
  std::size_t answers = 0;      ///< how many such frames
  std::size_t strangers = 0;    ///< good frames of others
  std::size_t noise = 0;        ///< bytes that belonged to no frame
};
Hearing hear(ByteSpan received, std::uint8_t unit, ByteSpan question);

/// What is on a line that nobody asked.
struct Traffic {
  std::size_t bytes = 0, frames = 0, noise = 0;
  std::set<unsigned> units;
  bool has_master() const { return frames > 1; }
};
Traffic traffic_in(ByteSpan received);

}  // namespace fettle::modbus
