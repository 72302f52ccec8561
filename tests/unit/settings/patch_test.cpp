#include "settings/patch.hpp"

#include <gtest/gtest.h>

namespace fettle::settings {
namespace {

Node node(std::string_view text) {
  Mistakes mistakes;
  auto node = load_text(text, "site.yaml", mistakes);
  EXPECT_TRUE(mistakes.empty());
  return node;
}

TEST(Patch, replaces_what_it_names_and_leaves_the_rest) {
  const auto merged = patched(node("gateway: {id: gw-7, heartbeat: 15m}\nstore: {folder: x}"),
                              node(R"({"gateway": {"heartbeat": "5m"}})"));
  EXPECT_EQ(merged["gateway"]["heartbeat"].scalar(), "5m");
  EXPECT_EQ(merged["gateway"]["id"].scalar(), "gw-7");
  EXPECT_EQ(merged["store"]["folder"].scalar(), "x");
}

TEST(Patch, removes_with_null_and_adds_what_is_new_without_its_nulls) {
  const auto merged = patched(node("tariff: {per_kwh: 1}\nsite: {id: A}"),
                              node(R"({"tariff": null, "telemetry": {"every": "10s", "devices": null}})"));
  EXPECT_FALSE(merged["tariff"]);
  EXPECT_EQ(merged["telemetry"]["every"].scalar(), "10s");
  EXPECT_FALSE(merged["telemetry"]["devices"]);
  EXPECT_EQ(merged["site"]["id"].scalar(), "A");
}

TEST(Patch, replaces_a_list_as_a_whole) {
  const auto merged = patched(node("devices: [a, b]"), node(R"({"devices": ["c"]})"));
  ASSERT_EQ(merged["devices"].items().size(), 1U);
  EXPECT_EQ(merged["devices"].items().front().scalar(), "c");
}

TEST(Patch, puts_a_mapping_in_the_place_of_a_word_and_the_other_way_round) {
  const auto merged = patched(node("a: word\nb: {c: d}"), node(R"({"a": {"x": "1"}, "b": "word"})"));
  EXPECT_EQ(merged["a"]["x"].scalar(), "1");
  EXPECT_EQ(merged["b"].scalar(), "word");
}

TEST(Patch, keeps_the_place_where_each_value_was_written) {
  Mistakes mistakes;
  const auto patch = load_text(R"({"gateway": {"heartbeat": "5 parsecs"}})", "patch 3", mistakes);
  const auto merged = patched(node("gateway:\n  id: gw-7\n  heartbeat: 15m"), patch);
  EXPECT_EQ(merged["gateway"]["heartbeat"].mark().file, "patch 3");
  EXPECT_EQ(merged["gateway"]["heartbeat"].path(), "gateway.heartbeat");
  EXPECT_EQ(merged["gateway"]["id"].mark().file, "site.yaml");
  EXPECT_EQ(merged["gateway"]["id"].mark().line, 2);
}

}  // namespace
}  // namespace fettle::settings
