#include "mbus/telegram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fettle::mbus {
namespace {

namespace ci {
constexpr std::uint8_t application_error = 0x70, variable = 0x72, fixed = 0x73, variable_most_first = 0x76,
                       fixed_most_first = 0x77, without_header = 0x78, short_header = 0x7A;
}  // namespace ci

constexpr std::size_t long_header_size = 12, short_header_size = 4, fixed_size = 16;

constexpr std::array<std::string_view, 10> application_errors{"an unspecified error",
                                                              "it does not know this CI field",
                                                              "its buffer is too long",
                                                              "it has too many records",
                                                              "a record ended too early",
                                                              "it has more than ten data field extensions",
                                                              "it has more than ten value field extensions",
                                                              "this application is not available",
                                                              "it is too busy",
                                                              "it has had too many readouts"};

Error application_error(ByteSpan payload) {
  const std::size_t code = payload.empty() ? 0 : payload[0];
  if (code >= application_errors.size()) return failure(Fault::refused, fmt::format("application error {:02X}", code));
  return failure(Fault::refused, fmt::format("application error: {}", application_errors.at(code)));
}

/// Modes 5 and 7 are AES; what a meter without encryption has in these bytes is anything.
bool is_encrypted(unsigned configuration, ByteSpan records) {
  const auto mode = configuration >> 8U & 0x1FU;
  const bool begins_with_filler = records.size() >= 2 && records[0] == 0x2F && records[1] == 0x2F;
  return (mode == 5 || mode == 7) && (configuration & 0xF0U) != 0 && !begins_with_filler;
}

Record status_record(const Header& header, std::size_t begin) {
  Record record;
  record.kind = kind::status;
  record.value = {Value::Form::number, static_cast<double>(header.status), {}};
  record.begin = begin;
  record.size = 1;
  return record;
}

void append_records(Telegram& telegram, std::size_t begin, ByteOrder order) {
  auto records = read_records(telegram.payload, begin, order);
  telegram.records.insert(telegram.records.end(), std::make_move_iterator(records.all.begin()),
                          std::make_move_iterator(records.all.end()));
  telegram.more_follow = records.more_follow;
  telegram.mistake = std::move(records.mistake);
}

Result<Telegram> with_long_header(const Frame& frame) {
  Telegram telegram;
  telegram.payload = frame.payload;
  const auto order = frame.ci == ci::variable_most_first ? ByteOrder::most_first : ByteOrder::least_first;
  if (telegram.payload.size() < long_header_size) return failure(Fault::malformed, "the answer ends within its header");
  Bytes head(telegram.payload.begin(), telegram.payload.begin() + long_header_size);
  if (order == ByteOrder::most_first) {
    std::reverse(head.begin(), head.begin() + 4);
    std::swap(head[4], head[5]);
    std::swap(head[10], head[11]);
  }
  telegram.header.meter = SecondaryAddress::decode(ByteSpan{head}.first(8));
  telegram.header.access_number = head[8];
  telegram.header.status = head[9];
  const auto configuration = static_cast<unsigned>(head[10] | head[11] << 8U);
  if (is_encrypted(configuration, ByteSpan{telegram.payload}.subspan(long_header_size))) {
    return failure(Fault::unsupported, "the answer is encrypted");
  }
  telegram.records.push_back(status_record(telegram.header, 9));
  append_records(telegram, long_header_size, order);
  return telegram;
}

Result<Telegram> with_short_header(const Frame& frame) {
  Telegram telegram;
  telegram.payload = frame.payload;
  if (telegram.payload.size() < short_header_size)
    return failure(Fault::malformed, "the answer ends within its header");
  telegram.header.access_number = telegram.payload[0];
  telegram.header.status = telegram.payload[1];
  const auto configuration = static_cast<unsigned>(telegram.payload[2] | telegram.payload[3] << 8U);
  if (is_encrypted(configuration, ByteSpan{telegram.payload}.subspan(short_header_size))) {
    return failure(Fault::unsupported, "the answer is encrypted");
  }
  telegram.records.push_back(status_record(telegram.header, 1));
  append_records(telegram, short_header_size, ByteOrder::least_first);
  return telegram;
}

Result<Telegram> without_header(const Frame& frame) {
  Telegram telegram;
  telegram.payload = frame.payload;
  append_records(telegram, 0, ByteOrder::least_first);
  return telegram;
}

/// One of the two counters of the fixed structure.
Record counter(ByteSpan payload, std::size_t begin, const Meaning& meaning, bool binary, ByteOrder order) {
  Record record;
  record.kind = meaning.kind;
  record.unit = meaning.unit;
  record.begin = begin;
  record.size = 4;
  Bytes data(payload.begin() + static_cast<std::ptrdiff_t>(begin),
             payload.begin() + static_cast<std::ptrdiff_t>(begin) + 4);
  if (order == ByteOrder::most_first) std::reverse(data.begin(), data.end());
  record.value = binary ? decode_value(4, Nature::number, data) : decode_bcd(data);
  for (int each = 0; each < meaning.exponent; ++each) record.value.number *= 10;
  for (int each = meaning.exponent; each < 0; ++each) record.value.number /= 10;
  record.value.number = record.value.number * meaning.scale;
  return record;
}

/// Sixteen bytes, from before the variable structure was invented.
Result<Telegram> of_fixed_structure(const Frame& frame) {
  constexpr std::uint8_t same_but_historic = 0x3E, unit_mask = 0x3F;
  constexpr std::uint8_t is_binary = 0x01, is_stored = 0x02;
  Telegram telegram;
  telegram.payload = frame.payload;
  const auto& payload = telegram.payload;
  if (payload.size() < fixed_size) return failure(Fault::malformed, "the answer of the fixed structure is cut");
  const auto order = frame.ci == ci::fixed_most_first ? ByteOrder::most_first : ByteOrder::least_first;
  Bytes head{payload[0],
             payload[1],
             payload[2],
             payload[3],
             SecondaryAddress::any,
             SecondaryAddress::any,
             SecondaryAddress::any,
             static_cast<std::uint8_t>(payload[6] >> 6U | payload[7] >> 6U << 2U)};
  if (order == ByteOrder::most_first) std::reverse(head.begin(), head.begin() + 4);
  telegram.header.meter = SecondaryAddress::decode(head);
  telegram.header.access_number = payload[4];
  telegram.header.status = payload[5];
  telegram.records.push_back(status_record(telegram.header, 5));
  const bool binary = (payload[5] & is_binary) != 0;
  const auto first = meaning_of_fixed_unit(payload[6] & unit_mask);
  const bool historic = (payload[7] & unit_mask) == same_but_historic;
  const auto second = historic ? first : meaning_of_fixed_unit(payload[7] & unit_mask);
  telegram.records.push_back(counter(payload, 8, first, binary, order));
  telegram.records.push_back(counter(payload, 12, second, binary, order));
  if ((payload[5] & is_stored) != 0) telegram.records[1].storage = telegram.records[2].storage = 1;
  if (historic) telegram.records[2].storage = 1;
  return telegram;
}

}  // namespace

Result<Telegram> decode_telegram(const Frame& frame) {
  switch (frame.ci) {
    case ci::variable:
    case ci::variable_most_first: return with_long_header(frame);
    case ci::short_header: return with_short_header(frame);
    case ci::without_header: return without_header(frame);
    case ci::fixed:
    case ci::fixed_most_first: return of_fixed_structure(frame);
    case ci::application_error: return application_error(frame.payload);
    default:
      return failure(Fault::unsupported,
                     fmt::format("it answers in a way that Fettle does not know (CI {:02X})", frame.ci));
  }
}

ByteSpan bytes_of(const Record& record, const Telegram& telegram) {
  return ByteSpan{telegram.payload}.subspan(record.begin, record.size);
}

}  // namespace fettle::mbus
