#include "doctor/check.hpp"
#include "doctor/files.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <charconv>
#include <sstream>

namespace fettle::doctor {
namespace {

constexpr std::uint64_t wanted_memory = 64'000'000;  ///< bytes, with room for what else runs
constexpr rlim_t wanted_files = 256;

/// "MemAvailable:   123456 kB" in bytes.
std::optional<std::uint64_t> memory_line(const std::string& meminfo, std::string_view key) {
  std::istringstream stream{meminfo};
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(key)) continue;
    const auto begin = line.find_first_of("0123456789");
    std::uint64_t kibibytes = 0;
    if (begin == std::string::npos) return std::nullopt;
    std::from_chars(line.data() + begin, line.data() + line.size(), kibibytes);
    return kibibytes * 1024;
  }
  return std::nullopt;
}

Diagnosis check_memory(const Roots& roots) {
  const auto meminfo = text_of(roots.proc / "meminfo");
  const auto available = memory_line(meminfo, "MemAvailable:"), total = memory_line(meminfo, "MemTotal:");
  if (!available || !total) return {Grade::warning, "memory", "cannot be told", ""};
  const auto text =
      fmt::format("{:.0f} MB free of {:.0f}", static_cast<double>(*available) / 1e6, static_cast<double>(*total) / 1e6);
  if (*available < wanted_memory)
    return {Grade::warning, "memory", text,
            "end what is not needed: the agent wants some 20 MB, and the system the rest"};
  return {Grade::ok, "memory", text};
}

Diagnosis check_machine() {
  utsname facts{};
  ::uname(&facts);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const auto text = fmt::format("{}, Linux {}, {} open files allowed here", static_cast<const char*>(facts.machine),
                                static_cast<const char*>(facts.release), files.rlim_cur);
  if (files.rlim_cur < wanted_files) return {Grade::warning, "machine", text, "LimitNOFILE=1024 in the unit"};
  return {Grade::ok, "machine", text};
}

/// Whoever started it, an agent that answers is one; a system without systemd starts it in its own way.
Diagnosis check_service(const Patient& patient) {
  if (patient.agent) {
    return {Grade::ok, "agent",
            fmt::format("fettle {} runs since {}", patient.agent->version, to_rfc3339(patient.agent->since.at))};
  }
  std::error_code error;
  if (std::filesystem::exists(patient.roots.sys / "fs/cgroup/system.slice/fettle.service", error)) {
    return {
        Grade::problem, "agent", "the service runs, and does not answer here",
        "run this as root or as the service's user, with -c and the service's site file; else: journalctl -u fettle"};
  }
  constexpr std::string_view of_service = "/etc/fettle/site.yaml";
  // What root leaves in the store, the service could not write.
  const auto user = agent_user();
  const auto as_user = user.id == geteuid() ? std::string{} : fmt::format("sudo -u {} ", user.name);
  const auto remedy = patient.site_file == of_service
                          ? std::string{"systemctl enable --now fettle"}
                          : fmt::format("cp {} {}; systemctl enable --now fettle (or only to try: {}fettle run -c {})",
                                        patient.site_file, of_service, as_user, patient.site_file);
  return {Grade::warning, "agent", "none runs on this site's store", remedy};
}

std::vector<Diagnosis> check_gateway(const Patient& patient) {
  return {check_service(patient), check_machine(), check_memory(patient.roots)};
}

const Registration<DoctorCheck> entry{"gateway", "The agent, memory, processor, limits", check_gateway};

}  // namespace
}  // namespace fettle::doctor
