// What the installed service reads and writes, seen by whoever asks the doctor.
#include "doctor/check.hpp"
#include "doctor/files.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>
#include <filesystem>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ForbiddenFiles, are_those_that_another_user_has_left_in_a_folder) {
  const test::TempDir folder;
  const fs::path journal{folder.write("journal.db", "")};
  folder.write("history.db", "");
  fs::permissions(journal, fs::perms{0644});
  fs::permissions(folder.path() / "history.db", fs::perms{0666});
  const User other{"fettle", geteuid() + 1, {getegid() + 1}};
  EXPECT_THAT(forbidden_in(folder.path(), other), ElementsAre(journal));
  EXPECT_THAT(forbidden_in(folder.path(), {"me", geteuid(), {getegid()}}), IsEmpty());
  EXPECT_THAT(forbidden_in(folder.path() / "none", other), IsEmpty());
}

TEST(Credential, is_looked_for_where_the_service_gets_it_from) {
  const test::TempDir folder;
  Patient patient;
  patient.roots.credentials = folder.path();
  patient.site_file =
      folder.write("site.yaml",
                   "gateway: {id: gw-1}\nsite: {id: HQ, tz: Europe/Berlin}\nstore: {folder: store}\n"
                   "broker: {url: \"mqtt://127.0.0.1:1\", username: u, password_credential: fettle_broker}\n");
  patient.installation = load_installation(patient.site_file);
  const auto look = [&patient] { return Registry<DoctorCheck>::instance().find("certificates")->make(patient); };
  const auto file = folder.file("broker");
  if (geteuid() != 0) {
    EXPECT_THAT(look(), ElementsAre(testing::Field(&Diagnosis::text, HasSubstr("only root can tell whether " + file))));
    return;
  }
  EXPECT_THAT(look(), ElementsAre(testing::Field(&Diagnosis::text, file + " is not there")));
  folder.write("broker", "secret\n");
  fs::permissions(file, fs::perms{0644});
  EXPECT_THAT(look(), ElementsAre(testing::Field(&Diagnosis::remedy, "chmod 600 " + file)));
  fs::permissions(file, fs::perms{0600});
  EXPECT_THAT(look(), IsEmpty());
}

}  // namespace
}  // namespace fettle::doctor
