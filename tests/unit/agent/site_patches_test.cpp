#include "site_patches.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "support/temp_dir.hpp"

namespace fettle {
namespace {

using testing::HasSubstr;

SitePatch patch(std::uint64_t rev, const std::string& json) {
  return {rev, "dispatch/m.lee", Time{Duration{1'795'530'660'000}}, boost::json::parse(json).as_object(),
          "jti-" + std::to_string(rev)};
}

TEST(SitePatches, come_back_as_they_were_saved) {
  const test::TempDir folder;
  SitePatches patches;
  EXPECT_EQ(load_patches(folder.path().string())->rev(), 0U);
  patches.all = {patch(1, R"({"gateway":{"heartbeat":"5m"}})"), patch(2, R"({"gateway":{"heartbeat":null}})")};
  patches.on_trial = patches.all.back().at;
  ASSERT_TRUE(save_patches(folder.path().string(), patches));
  const auto loaded = load_patches(folder.path().string()).value();
  EXPECT_EQ(loaded.rev(), 2U);
  EXPECT_EQ(loaded.on_trial, patches.on_trial);
  EXPECT_EQ(loaded.all.front().by, "dispatch/m.lee");
  EXPECT_EQ(loaded.all.front().patch, patches.all.front().patch);
}

TEST(SitePatches, never_give_a_revision_out_twice) {
  const test::TempDir folder;
  SitePatches patches;
  for (const auto* const heartbeat : {"5m", "6m"}) {
    patches.add(patch(0, fmt::format(R"({{"gateway":{{"heartbeat":"{}"}}}})", heartbeat)));
  }
  EXPECT_TRUE(patches.on_trial);
  patches.take_back("the broker was not reached");
  EXPECT_FALSE(patches.on_trial);
  EXPECT_EQ(patches.rev(), 1U);
  ASSERT_TRUE(save_patches(folder.path().string(), patches));
  auto loaded = load_patches(folder.path().string()).value();
  loaded.add(patch(0, "{}"));
  EXPECT_EQ(loaded.rev(), 3U);
}

TEST(SitePatches, hold_one_for_its_ring_and_its_start) {
  const Time start{Duration{1'795'600'000'000}};
  const HeldPatch held{patch(0, "{}"), 2, start, 4};
  EXPECT_EQ(held.waits_for(3, start), "this gateway is in ring 3, and the rollout has come to 2");
  EXPECT_EQ(held.waits_for(2, start - Duration{1}), "it starts at 2026-11-25T09:46:40Z");
  EXPECT_EQ(held.waits_for(2, start), "");
  EXPECT_EQ(HeldPatch{}.waits_for(settings::last_ring, Time{}), "");

  const test::TempDir folder;
  SitePatches patches;
  patches.held = held;
  ASSERT_TRUE(save_patches(folder.path().string(), patches));
  auto loaded = load_patches(folder.path().string()).value();
  ASSERT_TRUE(loaded.held);
  EXPECT_EQ(loaded.held->patch.jti, "jti-0");
  EXPECT_EQ(loaded.held->ring, 2);
  EXPECT_EQ(loaded.held->start, start);
  EXPECT_EQ(loaded.held->if_rev, 4U);
  loaded.withdraw();
  EXPECT_FALSE(loaded.held);
  EXPECT_EQ(name_of(loaded.latest->state), "withdrawn");
}

TEST(SitePatches, remember_what_became_of_the_latest_change) {
  const test::TempDir folder;
  const auto told = [&folder](const SitePatches& patches) {
    EXPECT_TRUE(save_patches(folder.path().string(), patches));
    const auto latest = load_patches(folder.path().string()).value().latest.value();
    return fmt::format("{} of {} {}: {}", name_of(latest.state), latest.by, latest.rev, latest.why);
  };
  SitePatches patches;
  patches.add(patch(0, "{}"));
  EXPECT_EQ(told(patches), "trial of dispatch/m.lee 1: ");
  patches.keep();
  EXPECT_EQ(told(patches), "applied of dispatch/m.lee 1: ");
  patches.add(patch(0, "{}"));
  patches.take_back("no broker");
  EXPECT_EQ(told(patches), "rolled-back of dispatch/m.lee 2: no broker");
  patches.reject(patch(0, "{}"), "no such bus");
  EXPECT_EQ(told(patches), "rejected of dispatch/m.lee 0: no such bus");
}

TEST(SitePatches, know_the_command_that_brought_them) {
  SitePatches patches;
  patches.add(patch(7, "{}"));
  ASSERT_NE(patches.find("dispatch/m.lee", "jti-7"), nullptr);
  EXPECT_EQ(patches.find("dispatch/m.lee", "jti-7")->rev, 1U);
  EXPECT_EQ(patches.find("dispatch/m.lee", "jti-8"), nullptr);
  EXPECT_EQ(patches.find("helpdesk", "jti-7"), nullptr);
}

TEST(SitePatches, say_what_to_do_with_a_file_that_is_damaged) {
  const test::TempDir folder;
  std::ofstream{patches_file(folder.path().string())} << R"({"patches":[{"rev":)";
  const auto loaded = load_patches(folder.path().string());
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().detail, HasSubstr("move it away"));
}

/// Root looks at it as well, in a folder of the service's: it must neither wait nor be led elsewhere.
TEST(SitePatches, are_read_from_a_plain_file_alone) {
  const test::TempDir folder;
  const auto file = patches_file(folder.path().string());
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_THAT(load_patches(folder.path().string()).error().detail, HasSubstr("move it away")) << "a pipe";
  std::filesystem::remove(file);
  std::filesystem::create_symlink(folder.write("elsewhere", R"({"highest":0,"patches":[]})"), file);
  EXPECT_THAT(load_patches(folder.path().string()).error().detail, HasSubstr("move it away")) << "a link";
  std::filesystem::remove(file);
  std::filesystem::create_symlink(folder.file("nowhere"), file);
  EXPECT_FALSE(load_patches(folder.path().string())) << "a link to nothing";
  std::filesystem::remove(file);
  folder.write("config-patches.json", R"({"highest":0,"patches":[]})");
  EXPECT_TRUE(load_patches(folder.path().string()));
  std::filesystem::resize_file(file, 1'000'000'000);
  EXPECT_THAT(load_patches(folder.path().string()).error().detail, HasSubstr("too large"));
}

TEST(SitePatches, lie_over_the_site_file_in_their_order) {
  settings::Mistakes mistakes;
  const auto root = settings::load_text("gateway: {id: gw-7, heartbeat: 15m}", "site.yaml", mistakes);
  SitePatches patches;
  patches.all = {patch(1, R"({"gateway":{"heartbeat":"5m"}})"), patch(2, R"({"gateway":{"heartbeat":"6m"}})")};
  const auto merged = with_patches(root, patches, mistakes);
  EXPECT_TRUE(mistakes.empty());
  EXPECT_EQ(merged["gateway"]["heartbeat"].scalar(), "6m");
  EXPECT_EQ(merged["gateway"]["heartbeat"].mark().file, "patch 2 of dispatch/m.lee");
}

TEST(SitePatches, show_the_settings_as_json) {
  settings::Mistakes mistakes;
  const auto root = settings::load_text("a: 5\nb: 0.5\nc: true\nd: 15m\ne: [x]\nf:\n", "site.yaml", mistakes);
  EXPECT_EQ(boost::json::serialize(to_json(root)), R"({"a":5,"b":5E-1,"c":true,"d":"15m","e":["x"],"f":null})");
}

TEST(SitePatches, show_nothing_of_what_the_environment_holds) {
  settings::Mistakes mistakes;
  const auto root = settings::load_text("home: ${HOME}\nport: ${NOT_SET_ANYWHERE:-1883}\n", "site.yaml", mistakes);
  EXPECT_EQ(root["port"].scalar(), "1883");
  EXPECT_EQ(boost::json::serialize(to_json(root)), R"({"home":"${HOME}","port":"${NOT_SET_ANYWHERE:-1883}"})");
}

}  // namespace
}  // namespace fettle
