// A journal whose file or write-ahead log was damaged anywhere is opened, or moved aside and begun anew, or left alone with a word what
// is wrong; what is open answers, takes the next revision, and never hangs. The input is the damage: places and what stands there
// instead, or a whole file when it begins with 0xFF.

#include "store/journal.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace fettle;

constexpr Time moment{std::chrono::seconds{1'795'530'660}};
using Octets = std::span<const std::uint8_t>;

std::string read(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

void write(const fs::path& file, const std::string& content) {
  std::ofstream{file, std::ios::binary}.write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// In memory where there is such a place, for every input is a file; gone when the fuzzer ends in good order.
struct Folder {
  Folder() {
    const auto parent = fs::exists("/dev/shm") ? fs::path{"/dev/shm"} : fs::temp_directory_path();
    auto text = (parent / "fettle-fuzz-XXXXXX").string();
    if (mkdtemp(text.data()) == nullptr) std::abort();
    path = text;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }

  fs::path path;
};

Alert alert(int number, int rev, AlertState state) {
  Alert result;
  result.asset = "AHU-07";
  result.mode = "mode-" + std::to_string(number);
  result.id = "01JD8Q4Z7T3V9XK2M5N6P8R0S" + std::to_string(number);
  result.rev = rev;
  result.state = state;
  result.changed_at = moment;
  return result;
}

std::string render(const Alert& alert, std::uint64_t sequence) { return alert.id + std::to_string(sequence); }

/// A sound journal as a power cut leaves it when the log has been carried over into the file, but is still there.
struct Sound {
  std::string file, log;
};

Sound sound_journal() {
  const Folder folder;
  Sound sound;
  {
    auto journal = store::Journal::open(folder.path.string(), moment).value();
    for (int number = 0; number < 6; ++number) {
      const auto state = number % 3 == 0 ? AlertState::closed : AlertState::active;
      if (!journal.record(std::array{alert(number, 1, state)}, render)) std::abort();
    }
    const std::array states{store::LearnedState{"part", 1, 2, Bytes(64, std::byte{7})}};
    if (!journal.save_states(states)) std::abort();
    sound.log = read(folder.path / "journal.db-wal");
  }
  sound.file = read(folder.path / "journal.db");
  if (sound.file.empty() || sound.log.empty()) std::abort();
  return sound;
}

/// Three bytes are a damage: where, and what. One more cuts the log short, two more remove it, so that the damage below it shows.
Sound damaged(Sound sound, Octets input) {
  if (!input.empty() && input.front() == 0xFF) return {std::string(input.begin(), input.end()), {}};
  const auto whole = sound.file.size() + sound.log.size();
  for (; input.size() >= 3; input = input.subspan(3)) {
    const auto place = (std::size_t{input[0]} << 8U | input[1]) % whole;
    auto& hit = place < sound.file.size() ? sound.file[place] : sound.log[place - sound.file.size()];
    hit = static_cast<char>(input[2]);
  }
  if (input.size() == 1) sound.log.resize(sound.log.size() * input[0] / 256);
  if (input.size() == 2) sound.log.clear();
  return sound;
}

void use(store::Journal& journal) {
  static_cast<void>(journal.open_documents());
  static_cast<void>(journal.dirty(100));
  static_cast<void>(journal.last_closed());
  static_cast<void>(journal.to_withdraw(moment));
  static_cast<void>(journal.load_state("part", 1, 2));
  static_cast<void>(journal.next_session());
  static_cast<void>(journal.info_rev(17));
  static_cast<void>(journal.record(std::array{alert(1, 2, AlertState::closed)}, render));
  static_cast<void>(journal.mark_open_dirty());
  static_cast<void>(journal.confirm_clock(moment));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  spdlog::set_level(spdlog::level::off);
  static const auto sound = sound_journal();
  static const Folder folder;
  const auto [file, log] = damaged(sound, {bytes, size});
  write(folder.path / "journal.db", file);
  if (!log.empty()) write(folder.path / "journal.db-wal", log);
  auto journal = store::Journal::open(folder.path.string(), moment);
  if (journal) {
    use(*journal);
  } else {
    std::abort();  // whatever has become of the file, the agent begins a new one
  }
  for (const auto& entry : fs::directory_iterator{folder.path}) fs::remove(entry);
  return 0;
}
