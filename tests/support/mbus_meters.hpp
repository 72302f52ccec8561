#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::test {

using MbusBytes = std::vector<std::uint8_t>;

/// "68 1F" -> bytes.
MbusBytes hex(std::string_view text);

/// A meter on a simulated M-Bus, with the habits that real ones have.
struct SimulatedMeter {
  std::uint8_t address = 0;
  std::string secondary = "00000000FFFF0107";  ///< eight digits, then maker, version and medium as they travel
  std::vector<std::string> telegrams;          ///< the records of each, in hexadecimal; all but the last end in 1F

  std::optional<std::uint8_t> named_address;  ///< that its answers bear, if it is another one
  bool confirms_greetings = true;
  bool minds_the_frame_count_bit = true;
  bool wants_application_reset = false;  ///< else it tells only its last telegram
  bool is_found_by_number_alone = false;
  int silent = 0;   ///< how many questions it lets pass
  int garbled = 0;  ///< how many answers have a wrong checksum

  // What it remembers.
  std::optional<bool> frame_count_bit;
  std::size_t next = 0;
  std::uint8_t access_number = 0;
  bool is_selected = false;
};

/// Meters on one line. Takes what a master sends, and gives what it hears: several meters that answer at once are heard as one that
/// sends zeros wherever one of them does.
class MeterLine {
 public:
  std::vector<SimulatedMeter> meters;
  bool has_echo = false;
  bool everything_is_garbled = false;       ///< whatever is sent comes back as something else
  bool answers_only_own_addresses = false;  ///< neither 254 nor selections
  bool acknowledgements_collide = false;    ///< two E5 at once are not heard as one; the meters are not in step

  MbusBytes hear(std::span<const std::uint8_t> sent);

 private:
  bool take_frame(MbusBytes& heard);
  void short_frame(std::uint8_t control, std::uint8_t address, MbusBytes& heard);
  void long_frame(std::span<const std::uint8_t> frame, MbusBytes& heard);
  std::vector<SimulatedMeter*> meant(std::uint8_t address);
  void confirm(const std::vector<SimulatedMeter*>& meters, MbusBytes& heard) const;

  MbusBytes received_;
};

/// Three meters: a heat meter at 1 with one telegram, an electricity meter at 2 with three, and a water meter at 3 that is like the heat
/// meter in everything but its last digit.
std::vector<SimulatedMeter> three_meters();

}  // namespace fettle::test
