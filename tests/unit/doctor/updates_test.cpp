#include "doctor/check.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::doctor {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

class Updates : public testing::Test {
 protected:
  Updates() {
    patient.site_file = folder.write(
        "site.yaml",
        fmt::format("gateway: {{id: gw-1}}\nsite: {{id: HQ, tz: UTC}}\nstore: {{folder: {}}}\n", folder.file("store")));
    patient.installation = load_installation(patient.site_file);
    patient.roots.service.site = patient.site_file;
    patient.roots.updates = {folder.path() / "path", folder.path() / "update.gpg", folder.path() / "current.deb"};
  }

  std::vector<Diagnosis> look() { return Registry<DoctorCheck>::instance().find("updates")->make(patient); }
  void allow() { patient.installation->site.gateway.updates = true; }

  static auto lacks(const std::string& text, const std::string& remedy) {
    return AllOf(Field(&Diagnosis::grade, Grade::warning), Field(&Diagnosis::text, HasSubstr(text)),
                 Field(&Diagnosis::remedy, HasSubstr(remedy)));
  }
  static auto is_fine(const std::string& text) {
    return AllOf(Field(&Diagnosis::grade, Grade::ok), Field(&Diagnosis::text, HasSubstr(text)));
  }

  test::TempDir folder;
  Patient patient;
};

TEST_F(Updates, are_off_unless_the_site_file_allows_them) {
  EXPECT_THAT(look(), ElementsAre(is_fine("none from afar")));
}

TEST_F(Updates, need_a_unit_keys_and_a_package_to_go_back_to) {
  allow();
  EXPECT_THAT(look(), ElementsAre(lacks("nobody carries them out", "enable --now fettle-update.path"),
                                  lacks("no " + folder.file("update.gpg"), "cp "),
                                  lacks("no package to go back to", "install -D")));
  folder.write("path", "");
  folder.write("update.gpg", "");
  EXPECT_THAT(look(), ElementsAre(lacks("no package to go back to", "install -D")));
  folder.write("current.deb", "");
  EXPECT_THAT(look(), ElementsAre(is_fine("allowed from afar")));
}

TEST_F(Updates, concern_the_service_alone) {
  patient.roots.service.site = folder.write("etc.yaml", "");
  EXPECT_THAT(look(), IsEmpty()) << "another site file";
}

}  // namespace
}  // namespace fettle::doctor
