#pragma once

#include "core/result.hpp"
#include "mbus/address.hpp"
#include "mbus/frame.hpp"
#include "mbus/record.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fettle::mbus {

/// Who sent a telegram, and how it is.
struct Header {
  SecondaryAddress meter;  ///< with open fields where the telegram does not say: a fixed structure names no maker
  std::uint8_t access_number = 0;
  std::uint8_t status = 0;  ///< 01 busy, 02 any application error, 04 power low, 08 permanent error, 10 temporary error
};

/// A meter's answer, decoded.
struct Telegram {
  Header header;
  std::vector<Record> records;  ///< the first is the header's status, of kind "status"
  Bytes payload;                ///< what the records' places count in
  bool more_follow = false;
  std::string mistake;  ///< why reading ended early, such as a cut record; empty if it did not
};

/// What a meter says in a long frame: the variable structure (CI 72, 76, 78, 7A) and the fixed one (73, 77). An application error (CI 70)
/// is Fault::refused; what is encrypted or of another kind is Fault::unsupported; a header that is cut is Fault::malformed.
Result<Telegram> decode_telegram(const Frame& frame);

/// The bytes that a record stands in.
ByteSpan bytes_of(const Record& record, const Telegram& telegram);

}  // namespace fettle::mbus
