#include "mbus/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fettle::mbus {
namespace {

constexpr std::uint8_t extension_bit = 0x80, code_mask = 0x7F;
constexpr std::size_t most_extensions = 10;  // of a data and of a value information block alike
constexpr std::uint8_t manufacturer_data = 0x0F, manufacturer_data_and_more = 0x1F, filler = 0x2F;

namespace vif {
constexpr std::uint8_t plain_text = 0x7C, manufacturer = 0x7F;
constexpr std::uint8_t first_extension = 0xFD, second_extension = 0xFB;
}  // namespace vif

/// Fields behind the first (EN 13757-3, table 15).
namespace vife {
constexpr std::uint8_t last_error = 0x1F;
constexpr std::uint8_t first_factor = 0x70, last_factor = 0x77, first_addend = 0x78, last_addend = 0x7B;
constexpr std::uint8_t factor_of_thousand = 0x7D, manufacturer = 0x7F;
constexpr int factor_offset = -6, addend_offset = -3;
/// Errors that say something about a record's compact form or its quality, and nothing against its value.
constexpr std::array<std::uint8_t, 5> harmless{0x00, 0x13, 0x1D, 0x1E, 0x1F};
}  // namespace vife

/// Walks over a payload, and stops at its end.
class Walk {
 public:
  Walk(ByteSpan payload, std::size_t begin) : payload_{payload}, place_{begin} {}

  bool at_end() const { return place_ >= payload_.size(); }
  std::size_t place() const { return place_; }
  std::optional<std::uint8_t> byte() {
    if (at_end()) return std::nullopt;
    return payload_[place_++];
  }
  std::optional<ByteSpan> take(std::size_t size) {
    if (size > payload_.size() - std::min(place_, payload_.size())) return std::nullopt;
    place_ += size;
    return payload_.subspan(place_ - size, size);
  }
  ByteSpan rest() { return *take(payload_.size() - std::min(place_, payload_.size())); }

 private:
  ByteSpan payload_;
  std::size_t place_;
};

double power_of_ten(double number, int exponent) {
  return exponent < 0 ? number / std::pow(10.0, -exponent) : number * std::pow(10.0, exponent);
}

/// Reads one record; what it complains of ends the telegram.
class Reader {
 public:
  Reader(Walk& walk, ByteOrder order) : walk_{walk}, order_{order} {}

  /// Nothing if the record is whole.
  std::optional<std::string> read(std::uint8_t dif, Record& record) {
    if (auto mistake = read_data_information(dif, record)) return mistake;
    if (auto mistake = read_value_information(record)) return mistake;
    return read_value(dif & 0xFU, record);
  }

 private:
  std::optional<std::string> read_data_information(std::uint8_t dif, Record& record) {
    record.function = static_cast<Function>(dif >> 4U & 0x3U);
    record.storage = dif >> 6U & 1U;
    auto last = dif;
    for (unsigned count = 0; (last & extension_bit) != 0; ++count) {
      const auto dife = walk_.byte();
      if (!dife) return "it ends within a data information block";
      if (count == most_extensions) return "a data information block has more than ten extensions";
      last = *dife;
      record.storage |= std::uint64_t{*dife & 0xFU} << (1 + 4 * count);
      record.tariff |= (*dife >> 4U & 0x3U) << (2 * count);
      record.subunit |= (*dife >> 6U & 1U) << count;
    }
    return std::nullopt;
  }

  std::optional<std::string> read_value_information(Record& record) {
    constexpr auto cut = "it ends within a value information block";
    auto vif = walk_.byte();
    if (!vif) return cut;
    auto table = Table::primary;
    if (*vif == vif::first_extension || *vif == vif::second_extension) {
      table = *vif == vif::first_extension ? Table::first_extension : Table::second_extension;
      vif = walk_.byte();
      if (!vif) return cut;
    }
    const auto code = static_cast<std::uint8_t>(*vif & code_mask);
    meaning_ = meaning_of(table, code);
    if (table == Table::primary && code == vif::plain_text && !read_label(record)) return cut;
    own_rules_ = table == Table::primary && code == vif::manufacturer;
    return read_extensions(*vif, record);
  }

  bool read_label(Record& record) {
    const auto length = walk_.byte();
    const auto letters = length ? walk_.take(*length) : std::nullopt;
    if (!letters) return false;
    const Bytes in_reading_order(letters->rbegin(), letters->rend());
    record.label = to_utf8(in_reading_order);
    return true;
  }

  std::optional<std::string> read_extensions(std::uint8_t last, Record& record) {
    for (std::size_t count = 0; (last & extension_bit) != 0; ++count) {
      const auto next = walk_.byte();
      if (!next) return "it ends within a value information block";
      if (count == most_extensions) return "a value information block has more than ten extensions";
      last = *next;
      extend(last & code_mask, record);
    }
    return std::nullopt;
  }

  void extend(std::uint8_t code, Record& record) {
    if (!own_rules_ && !second_table_) {
      if (code >= vife::first_factor && code <= vife::last_factor) {
        meaning_.exponent += code - vife::first_factor + vife::factor_offset;
        return;
      }
      if (code >= vife::first_addend && code <= vife::last_addend) {
        addend_ += std::pow(10.0, code - vife::first_addend + vife::addend_offset);
        return;
      }
      if (code == vife::factor_of_thousand) {
        meaning_.exponent += 3;
        return;
      }
      if (code <= vife::last_error) {
        const auto& harmless = vife::harmless;
        record.is_rejected |= std::find(harmless.begin(), harmless.end(), code) == harmless.end();
        return;
      }
      own_rules_ = code == vife::manufacturer;
    }
    second_table_ = !second_table_ && code == vif::plain_text;  // FC here leads to a second table, for one field
    record.extension.push_back(code);
  }

  std::optional<std::string> read_value(std::uint8_t data_field, Record& record) {
    const auto data = walk_.take(size_of(data_field));
    if (!data) return "it ends within a value";
    Bytes bytes(data->begin(), data->end());
    record.kind = meaning_.kind;
    record.unit = meaning_.unit;
    if (data_field == data_field::variable) {
      const auto length = bytes.front();
      const auto size = variable_size(length);
      if (!size) return fmt::format("a value of variable length has the reserved length {:02X}", length);
      const auto variable = walk_.take(*size);
      if (!variable) return "it ends within a value";
      bytes.assign(variable->begin(), variable->end());
      if (order_ == ByteOrder::most_first && length >= 0xC0) std::reverse(bytes.begin(), bytes.end());
      record.value = decode_variable(length, bytes);
    } else {
      if (order_ == ByteOrder::most_first) std::reverse(bytes.begin(), bytes.end());
      adapt_to_extension(record);
      record.value = decode_value(data_field, meaning_.nature, bytes);
    }
    scale(record);
    return std::nullopt;
  }

  /// Some fields turn a measure into the moment or the duration of an event, or into a count of events.
  void adapt_to_extension(Record& record) {
    if (own_rules_ || record.extension.empty()) return;
    constexpr std::array<double, 4> spans{1, 60, 3600, 86400};
    const auto code = record.extension.front();
    const bool is_moment = code == 0x39 || (code >= 0x40 && code < 0x50 && (code & 0x2U) != 0) ||
                           (code >= 0x68 && code < 0x70 && (code & 0x2U) != 0);
    const bool is_duration = code >= 0x50 && code < 0x68;
    const bool is_count = code == 0x41 || code == 0x49;
    if (!is_moment && !is_duration && !is_count) return;
    meaning_ = {meaning_.kind, is_duration ? "s" : "", 0, is_duration ? spans.at(code & 0x3U) : 1, 0};
    if (is_moment) meaning_.nature = Nature::moment;
    if (is_count) meaning_.nature = Nature::flags;
    record.unit = meaning_.unit;
  }

  void scale(Record& record) const {
    if (record.is_rejected) record.value = {};
    auto& value = record.value;
    if (value.form == Value::Form::moment && value.text.empty()) value.form = Value::Form::none;
    if (value.form != Value::Form::number || meaning_.nature == Nature::code) return;
    value.number = power_of_ten(value.number + addend_, meaning_.exponent) * meaning_.scale + meaning_.offset;
  }

  Walk& walk_;
  ByteOrder order_;
  Meaning meaning_;
  double addend_ = 0;
  bool own_rules_ = false;     ///< what follows is the maker's secret
  bool second_table_ = false;  ///< the next field is of the second table
};

}  // namespace

Records read_records(ByteSpan payload, std::size_t begin, ByteOrder order) {
  Records records;
  Walk walk{payload, begin};
  while (!walk.at_end()) {
    Record record;
    record.begin = walk.place();
    const auto dif = *walk.byte();
    if (dif == filler) continue;
    if (dif == manufacturer_data || dif == manufacturer_data_and_more) {
      record.kind = kind::manufacturer_data;
      record.value = {Value::Form::bytes, record.value.number, to_hex(walk.rest())};
      records.more_follow = dif == manufacturer_data_and_more;
    } else if ((dif & 0xFU) == data_field::special) {
      records.mistake = fmt::format("a data field {:02X} is reserved", dif);
      return records;
    } else if (auto mistake = Reader{walk, order}.read(dif, record)) {
      records.mistake = std::move(*mistake);
      return records;
    }
    record.size = walk.place() - record.begin;
    records.all.push_back(std::move(record));
  }
  return records;
}

std::string_view name_of(Function function) {
  constexpr std::array<std::string_view, 4> names{"instantaneous", "maximum", "minimum", "during_error"};
  return names.at(static_cast<std::size_t>(function));
}

}  // namespace fettle::mbus
