#include "field/broker_ear.hpp"

#include "field/interruption.hpp"

#include <poll.h>
#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace fettle::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr unsigned publish = 3;
constexpr std::chrono::milliseconds turn{100};
constexpr std::chrono::seconds patience{10};

unsigned octet(char letter) { return static_cast<unsigned char>(letter); }

std::string text_of(std::string_view text) {
  std::string result{static_cast<char>(text.size() >> 8U), static_cast<char>(text.size() & 0xFFU)};
  return result += text;
}

/// Of less than 128 bytes.
std::string packet(char type, std::string_view body) {
  return std::string{type, static_cast<char>(body.size())} += body;
}

struct Frame {
  unsigned type = 0;
  std::size_t header = 0, body = 0;
};

std::optional<Frame> frame_at(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  Frame frame{octet(bytes[0]) >> 4U, 1, 0};
  for (unsigned shift = 0; frame.header < std::min<std::size_t>(bytes.size(), 5); shift += 7) {
    const auto byte = octet(bytes[frame.header++]);
    frame.body |= static_cast<std::size_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) {
      return bytes.size() < frame.header + frame.body ? std::nullopt : std::optional{frame};
    }
  }
  return std::nullopt;
}

}  // namespace

BrokerEar::BrokerEar(unsigned short port, std::string_view filter) {
  using boost::asio::ip::tcp;
  socket_.connect(tcp::endpoint{boost::asio::ip::address_v4::loopback(), port});
  constexpr std::string_view clean_without_keep_alive{"\x04\x02\x00\x00", 4};
  send(packet('\x10', text_of("MQTT").append(clean_without_keep_alive) + text_of("field-ear")));
  send(packet('\x82', std::string{"\x00\x01", 2} + text_of(filter) + '\0'));
  const auto deadline = Steady::now() + patience;
  constexpr std::string_view accepted{"\x90\x03", 2};
  while (received_.find(accepted) == std::string::npos) {
    if (Steady::now() > deadline) throw std::runtime_error{"the broker does not let us subscribe"};
    std::array<char, 64> chunk{};
    received_.append(chunk.data(), socket_.read_some(boost::asio::buffer(chunk)));
  }
  received_.erase(0, received_.find(accepted) + 5);
}

void BrokerEar::send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

void BrokerEar::listen(std::chrono::milliseconds span, const Message& take) {
  const auto end = Steady::now() + span;
  std::array<char, 65'536> chunk{};
  while (Steady::now() < end) {
    check_interruption();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
    pollfd waiting{socket_.native_handle(), POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(std::min(left, turn).count())) <= 0) continue;
    received_.append(chunk.data(), socket_.read_some(boost::asio::buffer(chunk)));
    hand_over(take);
  }
}

void BrokerEar::hand_over(const Message& take) {
  std::size_t done = 0;
  const std::string_view all{received_};
  while (const auto frame = frame_at(all.substr(done))) {
    const auto body = all.substr(done + frame->header, frame->body);
    done += frame->header + frame->body;
    if (frame->type != publish) continue;
    const std::size_t length = octet(body[0]) << 8U | octet(body[1]);
    take(body.substr(2, length), body.substr(2 + length));
  }
  received_.erase(0, done);
}

void DistinctReadings::note(std::string_view device, std::string_view point, double value) {
  const std::hash<std::string_view> hash;
  const auto series = hash(device) * 31 + hash(point);
  if (!seen_.insert(series * 65'537 + static_cast<std::uint64_t>(std::llround(value))).second) ++repeated_;
}

}  // namespace fettle::bench
