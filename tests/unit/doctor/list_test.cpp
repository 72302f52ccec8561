#include "commands/doctor.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace fettle::doctor {
namespace {

TEST(DoctorList, counts_and_leads_to_the_remedy) {
  const std::vector<Examined> all{
      {"clock", {{Grade::ok, "clock", "right"}, {Grade::warning, "clock", "old", "wind it up"}}},
      {"store", {{Grade::problem, "store", "full", "make room"}}}};
  EXPECT_EQ(commands::to_text(all, commands::Colours::off),
            "ok       clock: right\n"
            "warning  clock: old\n"
            "         -> wind it up\n"
            "problem  store: full\n"
            "         -> make room\n"
            "1 problem, 1 warning\n");
  const auto json = boost::json::parse(commands::to_json(all)).as_array();
  EXPECT_EQ(json.at(2).at("check").as_string(), "store");
  EXPECT_EQ(json.at(2).at("grade").as_string(), "problem");
  EXPECT_FALSE(json.at(0).as_object().contains("remedy"));
  EXPECT_TRUE(commands::has_problem(all));
  EXPECT_FALSE(commands::has_problem({all[0]})) << "a warning is no problem";
}

}  // namespace
}  // namespace fettle::doctor
