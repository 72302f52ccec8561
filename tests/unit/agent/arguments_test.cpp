#include "operations/arguments.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace fettle::operations {
namespace {

boost::json::object object(const std::string& json) { return boost::json::parse(json).as_object(); }

TEST(Arguments, read_what_is_there) {
  const auto json = object(R"({"id":"A","until":"2026-11-24T14:31:00Z","fixed":true,"minutes":38,
    "parts":[{"sku":"F7","qty":4}],"ref":{"system":"d365","type":"workorder","id":"WO-1"}})");
  Arguments arguments{json};
  EXPECT_EQ(arguments.text("id", 1, 64), "A");
  EXPECT_EQ(to_rfc3339(arguments.time("until")), "2026-11-24T14:31:00Z");
  EXPECT_EQ(arguments.flag_if_any("fixed"), true);
  EXPECT_EQ(arguments.number_if_any("minutes", 0, 100), 38);
  ASSERT_EQ(arguments.parts_if_any("parts").size(), 1U);
  EXPECT_EQ(arguments.reference_if_any("ref")->id, "WO-1");
  EXPECT_EQ(arguments.mistake(), "");
}

struct Wrong {
  const char *name, *json;
  void (*read)(Arguments&);
  const char* mistake;
};

class WrongArguments : public testing::TestWithParam<Wrong> {};

TEST_P(WrongArguments, are_told_by_name) {
  const auto json = object(GetParam().json);
  Arguments arguments{json};
  GetParam().read(arguments);
  EXPECT_EQ(arguments.mistake(), GetParam().mistake);
}

INSTANTIATE_TEST_SUITE_P(
    Arguments, WrongArguments,
    testing::Values(
        Wrong{"missing", "{}", [](Arguments& each) { each.text("id", 1, 64); }, "args.id is missing"},
        Wrong{"kind", R"({"id":5})", [](Arguments& each) { each.text("id", 1, 64); }, "args.id must be a text"},
        Wrong{"long", R"({"id":"abcdef"})", [](Arguments& each) { each.text("id", 1, 5); },
              "args.id is too long (at most 5 bytes)"},
        Wrong{"time", R"({"at":"tomorrow"})", [](Arguments& each) { each.time_if_any("at"); },
              "args.at is no time (write 2026-11-24T14:31:00Z)"},
        Wrong{"number", R"({"n":101})", [](Arguments& each) { each.number_if_any("n", 0, 100); },
              "args.n must be a number from 0 to 100"},
        Wrong{"flag", R"({"f":"yes"})", [](Arguments& each) { each.flag_if_any("f"); }, "args.f must be true or false"},
        Wrong{"level", R"({"m":"a b"})", [](Arguments& each) { each.level_if_any("m"); },
              "args.m may have letters, digits, - and _ only"},
        Wrong{"part", R"({"parts":[{"sku":"F7"}]})", [](Arguments& each) { each.parts_if_any("parts"); },
              "args.parts.qty is missing"},
        Wrong{"reference", R"({"ref":{"system":"d365"}})", [](Arguments& each) { each.reference_if_any("ref"); },
              "args.ref.type is missing"}),
    [](const auto& each) { return std::string{each.param.name}; });

}  // namespace
}  // namespace fettle::operations
