#include "core/state.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace fettle {
namespace {

TEST(State, comes_back_in_the_order_it_was_put) {
  StateWriter writer;
  writer.put(3.25);
  writer.put(std::vector<int>{1, -2, 3});
  writer.put(true);
  const auto blob = writer.take();
  StateReader reader{blob};
  double number = 0;
  std::vector<int> list;
  bool flag = false;
  reader.get(number);
  reader.get(list);
  EXPECT_FALSE(reader.complete());
  reader.get(flag);
  EXPECT_TRUE(reader.complete());
  EXPECT_EQ(number, 3.25);
  EXPECT_EQ(list, (std::vector<int>{1, -2, 3}));
  EXPECT_TRUE(flag);
}

TEST(State, leaves_values_alone_after_a_read_past_the_end) {
  StateWriter writer;
  writer.put(std::uint16_t{7});
  const auto blob = writer.take();
  StateReader reader{blob};
  double number = 42;
  reader.get(number);
  EXPECT_FALSE(reader.ok());
  EXPECT_FALSE(reader.complete());
  EXPECT_EQ(number, 42);
}

TEST(State, does_not_believe_a_list_that_is_longer_than_the_blob) {
  StateWriter writer;
  writer.put(std::numeric_limits<std::uint32_t>::max());
  writer.put(1.0);
  const auto blob = writer.take();
  StateReader reader{blob};
  std::vector<double> list{5};
  reader.get(list);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(list.size(), 1U);
}

TEST(HashOf, is_fnv_1a_and_can_be_continued) {
  EXPECT_EQ(hash_of(""), 0xcbf29ce484222325U);
  EXPECT_EQ(hash_of("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(hash_of("bc", hash_of("a")), hash_of("abc"));
}

}  // namespace
}  // namespace fettle
