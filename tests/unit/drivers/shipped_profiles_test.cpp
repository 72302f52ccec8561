#include "support/shipped_profiles.hpp"
#include "acquisition/driver.hpp"

#include <gmock/gmock.h>

namespace fettle::acquisition {
namespace {

class ForeignProfile : public testing::TestWithParam<std::string> {};

/// Reading it decodes its examples, and each that is not as promised is a mistake.
TEST_P(ForeignProfile, reads_its_own_examples_as_it_promises) {
  settings::Mistakes mistakes;
  const auto root = settings::load_file(GetParam(), mistakes);
  const auto profile = read_device_profile(root, mistakes);
  for (const auto& mistake : mistakes.all()) ADD_FAILURE() << to_text(mistake);
  EXPECT_FALSE(profile.points.empty());
  EXPECT_FALSE(profile.title.empty());
  EXPECT_FALSE(profile.maker.empty());
  EXPECT_FALSE(profile.models.empty());
  EXPECT_TRUE(Registry<Line>::instance().find(profile.protocol) != nullptr || profile.protocol == "mbus")
      << "a bus that speaks " << profile.protocol;
  const bool counts_edges = profile.protocol == "pulse";  // which come without any text to show
  EXPECT_TRUE(counts_edges || !root["examples"].items().empty());
}

INSTANTIATE_TEST_SUITE_P(config, ForeignProfile, testing::ValuesIn(test::shipped_profiles([](const auto& file) {
                           return test::protocol_of(file) != "modbus";
                         })),
                         test::stem);

}  // namespace
}  // namespace fettle::acquisition
