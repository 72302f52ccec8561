#include "mbus/telegram.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::mbus {
namespace {

using testing::HasSubstr;

Result<Telegram> decoded(std::uint8_t ci, std::string_view payload) {
  return decode_telegram({0x08, 1, ci, *from_hex(payload)});
}

TEST(MbusTelegram, says_who_sends_it_and_how_it_is) {
  const auto telegram = decoded(0x72, "78 56 34 12 2D 2C 1B 04 2A 14 00 00 01 13 07");
  ASSERT_TRUE(telegram);
  EXPECT_EQ(to_text(telegram->header.meter), "12345678 KAM 1B 04");
  EXPECT_EQ(telegram->header.access_number, 0x2A);
  EXPECT_EQ(telegram->records.at(0).kind, "status");
  EXPECT_EQ(telegram->records.at(0).value.number, 0x14);
  EXPECT_EQ(to_hex(bytes_of(telegram->records.at(1), *telegram)), "01 13 07");
  EXPECT_EQ(telegram->records.at(1).value.number, 0.007);
}

TEST(MbusTelegram, may_come_most_significant_byte_first) {
  const auto telegram = decoded(0x76, "12 34 56 78 2C 2D 1B 04 2A 00 00 00 02 13 00 07");
  ASSERT_TRUE(telegram);
  EXPECT_EQ(to_text(telegram->header.meter), "12345678 KAM 1B 04");
  EXPECT_EQ(telegram->records.at(1).value.number, 0.007);
}

TEST(MbusTelegram, may_have_a_short_header_or_none) {
  const auto with_short = decoded(0x7A, "2A 10 00 00 01 13 07");
  ASSERT_TRUE(with_short);
  EXPECT_EQ(with_short->header.status, 0x10);
  EXPECT_EQ(with_short->records.size(), 2U);
  const auto with_none = decoded(0x78, "01 13 07");
  ASSERT_TRUE(with_none);
  EXPECT_EQ(with_none->records.size(), 1U);
}

TEST(MbusTelegram, may_have_the_fixed_structure) {
  const auto telegram = decoded(0x73, "78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00");
  ASSERT_TRUE(telegram);
  EXPECT_EQ(to_text(telegram->header.meter), "12345678 *** FF 07");
  ASSERT_EQ(telegram->records.size(), 3U);
  EXPECT_EQ(telegram->records[1].kind, "volume");
  EXPECT_DOUBLE_EQ(telegram->records[1].value.number, 0.001);
  EXPECT_DOUBLE_EQ(telegram->records[2].value.number, 0.135);
  EXPECT_EQ(telegram->records[2].storage, 1U);  // the same unit, but historic
  const auto binary = decoded(0x73, "78 56 34 12 0A 03 05 14 10 27 00 00 64 00 00 00");
  ASSERT_TRUE(binary);
  EXPECT_EQ(binary->records[1].value.number, 10'000'000);  // kWh
  EXPECT_EQ(binary->records[2].value.number, 100);         // W
  EXPECT_EQ(binary->records[1].storage, 1U);               // stored at a fixed date
  const auto reversed = decoded(0x77, "12 34 56 78 0A 01 05 14 00 00 27 10 00 00 00 64");
  ASSERT_TRUE(reversed);
  EXPECT_EQ(reversed->records[1].value.number, 10'000'000);
}

TEST(MbusTelegram, is_an_error_that_names_the_reason_where_it_is_no_telegram) {
  EXPECT_EQ(decoded(0x70, "08").error().detail, "application error: it is too busy");
  EXPECT_EQ(decoded(0x70, "08").error().fault, Fault::refused);
  EXPECT_EQ(decoded(0x70, "").error().detail, "application error: an unspecified error");
  EXPECT_EQ(decoded(0x70, "F0").error().detail, "application error F0");
  EXPECT_EQ(decoded(0xB7, "00").error().detail, "it answers in a way that Fettle does not know (CI B7)");
  EXPECT_EQ(decoded(0x72, "78 56").error().fault, Fault::malformed);
  EXPECT_EQ(decoded(0x7A, "78 56").error().fault, Fault::malformed);
  EXPECT_EQ(decoded(0x73, "78 56").error().fault, Fault::malformed);
}

TEST(MbusTelegram, cannot_be_read_when_it_is_encrypted_and_can_when_it_only_looks_so) {
  const auto head = std::string{"78 56 34 12 2D 2C 1B 04 2A 00 "};
  EXPECT_EQ(decoded(0x72, head + "10 05 8A 77 13 99").error().detail, "the answer is encrypted");
  EXPECT_TRUE(decoded(0x72, head + "10 05 2F 2F 01 13 07"));
  EXPECT_TRUE(decoded(0x72, head + "27 B6 01 13 07"));
}

TEST(MbusFrame, is_found_in_noise_when_nothing_more_comes) {
  const auto frame = long_frame(0x08, 5, 0x72, *from_hex("01 02 03"));
  EXPECT_EQ(to_hex(frame), "68 06 06 68 08 05 72 01 02 03 85 16");
  auto noisy = *from_hex("00 FF 68 06 E5");
  noisy.insert(noisy.end(), frame.begin(), frame.end());
  noisy.push_back(0xAA);
  EXPECT_TRUE(find_frame(noisy, true));
  EXPECT_EQ(find_frame(noisy, true)->payload, *from_hex("01 02 03"));
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_EQ(look_at(ByteSpan{frame}.first(size)).what, Sighting::What::incomplete) << size;
    EXPECT_FALSE(find_frame(ByteSpan{frame}.first(size), true)) << size;
  }
}

TEST(MbusFrame, must_be_right_in_every_byte_that_can_be_checked) {
  const auto frame = long_frame(0x08, 5, 0x72, *from_hex("01 02 03"));
  for (std::size_t place = 0; place < frame.size(); ++place) {
    auto spoiled = frame;
    spoiled[place] ^= 0x01U;
    EXPECT_NE(look_at(spoiled).what, Sighting::What::frame) << place;
  }
}

TEST(MbusAddress, is_written_as_it_is_read) {
  EXPECT_EQ(to_text(*parse_secondary("12345678")), "12345678");
  EXPECT_EQ(to_text(*parse_secondary("123FFFFF")), "123FFFFF");
  EXPECT_EQ(to_text(*parse_secondary("12345678 KAM")), "12345678 KAM FF FF");
  EXPECT_EQ(to_text(*parse_secondary("12345678 *** FF 07")), "12345678 *** FF 07");
  EXPECT_EQ(to_text(*parse_secondary("123456782D2C1B04")), "12345678 KAM 1B 04");
  for (const auto* const wrong :
       {"", "1234567", "1234567G", "12345678 KA 1B 04", "12345678 KAM 1B 04 5", "12345678 KAM XX"}) {
    EXPECT_FALSE(parse_secondary(wrong)) << wrong;
  }
}

TEST(MbusAddress, names_makers_and_media) {
  EXPECT_EQ(manufacturer_code(0x2C2D), "KAM");
  EXPECT_EQ(manufacturer_code(0x0000), "0000");
  EXPECT_EQ(manufacturer_code(0xFFFF), "FFFF");
  EXPECT_EQ(medium_name(0x16), "cold water");
  EXPECT_EQ(medium_name(0x77), "medium 77");
}

}  // namespace
}  // namespace fettle::mbus
