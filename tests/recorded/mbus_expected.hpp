#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fettle::test {

/// One record as a reference decoder wrote it down.
struct ExpectedRecord {
  std::string function, unit, quantity, value;
  std::uint64_t storage = 0, tariff = 0, subunit = 0;
};

/// A meter's answer as a reference decoder wrote it down.
struct ExpectedTelegram {
  std::string id, manufacturer;  ///< the maker is empty where the frame names none
  unsigned access_number = 0, status = 0;
  std::vector<ExpectedRecord> records;
};

ExpectedTelegram read_expected(const std::filesystem::path& xml);

std::string read_text(const std::filesystem::path& file);

}  // namespace fettle::test
