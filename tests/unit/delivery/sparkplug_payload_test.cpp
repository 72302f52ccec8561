#include "delivery/sparkplug_payload.hpp"

#include "sparkplug_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery::sparkplug {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// 300 is two bytes as a varint.
const Time moment{milliseconds{300}};

std::string one(const Metric& metric) { return encode(Payload{moment, 7, {metric}}); }

TEST(SparkplugPayload, of_a_death_is_known_to_the_byte) {
  EXPECT_EQ(encode(Payload{moment, {}, {{"bdSeq", moment, DataType::int64, std::int64_t{3}}}}),
            "\x08\xac\x02"  // timestamp
            "\x12\x0e"      // metric of 14 bytes
            "\x0a\x05"
            "bdSeq"         // name
            "\x18\xac\x02"  // its timestamp
            "\x20\x04"      // Int64
            "\x58\x03"s);   // long_value
}

TEST(SparkplugPayload, of_data_ends_with_its_sequence_number) {
  EXPECT_EQ(encode(Payload{moment, 255, {}}), "\x08\xac\x02\x18\xff\x01"s);
  EXPECT_EQ(encode(Payload{moment, 0, {}}), "\x08\xac\x02\x18\0"s);
}

TEST(SparkplugPayload, has_each_kind_of_value_in_its_own_field) {
  const auto head = "\x08\xac\x02\x12"s, end = "\x18\x07"s;
  EXPECT_EQ(one({"a", moment, DataType::string, "x"}), head +
                                                           "\x0b\x0a\x01"
                                                           "a\x18\xac\x02\x20\x0c\x7a\x01x"s +
                                                           end);
  EXPECT_EQ(one({"a", moment, DataType::boolean, false}), head +
                                                              "\x0a\x0a\x01"
                                                              "a\x18\xac\x02\x20\x0b\x70\0"s +
                                                              end);
  EXPECT_EQ(one({"a", moment, DataType::float64, 0.5}), head +
                                                            "\x11\x0a\x01"
                                                            "a\x18\xac\x02\x20\x0a\x69\0\0\0\0\0\0\xe0\x3f"s +
                                                            end);
  EXPECT_EQ(one({"a", moment, DataType::int32, std::int64_t{-1}}),
            head +
                "\x0e\x0a\x01"
                "a\x18\xac\x02\x20\x03\x50\xff\xff\xff\xff\x0f"s +
                end);
  EXPECT_EQ(one({"a", moment, DataType::string, {}}), head +
                                                          "\x0a\x0a\x01"
                                                          "a\x18\xac\x02\x20\x0c\x38\x01"s +
                                                          end);
  EXPECT_EQ(one({"a", moment, DataType::boolean, true, true}), head +
                                                                   "\x0c\x0a\x01"
                                                                   "a\x18\xac\x02\x20\x0b\x28\x01\x70\x01"s +
                                                                   end);
}

TEST(SparkplugPayload, of_a_command_may_write_any_of_them) {
  const std::vector<Metric> metrics{{"i", moment, DataType::int32, std::int64_t{-5}},
                                    {"l", moment, DataType::int64, std::int64_t{1} << 40},
                                    {"d", moment, DataType::float64, 7.5},
                                    {"b", moment, DataType::boolean, true},
                                    {"s", moment, DataType::string, "text"},
                                    {"n", moment, DataType::string, {}}};
  const auto wishes = decode_command(encode(Payload{moment, {}, metrics})).value();
  ASSERT_EQ(wishes.size(), metrics.size());
  for (std::size_t place = 0; place < wishes.size(); ++place) {
    EXPECT_EQ(wishes[place].name, metrics[place].name);
    EXPECT_EQ(wishes[place].value, metrics[place].value) << metrics[place].name;
  }
}

TEST(SparkplugPayload, of_a_command_may_have_fields_that_are_none_of_ours) {
  const auto wishes = decode_command(
                          "\x22\x04uuid"          // payload: uuid
                          "\x12\x0e"              // metric
                          "\x10\x05"              // alias 5
                          "\x4a\x03\x0a\x01q"     // properties
                          "\x65\x00\x00\xc0\x3f"  // float_value 1.5
                          "\x3a\x00"s)
                          .value();  // is_null, as bytes: of another kind than it should be
  ASSERT_EQ(wishes.size(), 1U);
  EXPECT_EQ(wishes[0].name, "");
  EXPECT_EQ(wishes[0].value, Value{1.5});
  EXPECT_TRUE(decode_command("").value().empty());
}

class BrokenPayload : public ::testing::TestWithParam<std::string> {};

TEST_P(BrokenPayload, is_refused) {
  const auto wishes = decode_command(GetParam());
  ASSERT_FALSE(wishes);
  EXPECT_THAT(wishes.error().detail, HasSubstr("is no payload of Sparkplug B"));
}

INSTANTIATE_TEST_SUITE_P(Some, BrokenPayload,
                         ::testing::Values("\x12\x05\x0a"s,                      // shorter than it says
                                           "\x12\x03\x0a\x09x"s,                 // the same one level deeper
                                           R"({"metrics": []})"s,                // JSON
                                           "\xff\xff\xff\xff\xff\xff\xff\xff"s,  // an endless number
                                           "\x00\x00"s));                        // no field has the number 0

}  // namespace
}  // namespace fettle::delivery::sparkplug
