#include "core/median.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace fettle {
namespace {

double median_of(std::vector<double> values) { return median_in_place(values); }

TEST(Median, is_the_middle_one_or_the_mean_of_the_middle_two) {
  EXPECT_EQ(median_of({5}), 5);
  EXPECT_EQ(median_of({9, 1, 3}), 3);
  EXPECT_EQ(median_of({9, 1, 3, 5}), 4);
}

TEST(Median, is_not_moved_by_an_outlier) { EXPECT_EQ(median_of({1, 2, 3, 4, 1e9}), 3); }

TEST(Median, of_nothing_is_0) { EXPECT_EQ(median_of({}), 0); }

}  // namespace
}  // namespace fettle
