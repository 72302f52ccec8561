#include "memory.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>
#include <vector>

namespace fettle {
namespace {

/// What is done seldom, such as writing a quarter of an hour of history, leaves memory behind each time.
constexpr std::chrono::minutes pause{15};

struct Pages {
  void* begin = nullptr;
  std::size_t size = 0;
};

/// What cannot be written to is the same in the file, from where it comes back by itself when it is used.
int find_unwritable(dl_phdr_info* object, std::size_t /*size*/, void* into) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int number = 0; number < object->dlpi_phnum; ++number) {
    const auto& segment = object->dlpi_phdr[number];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const auto end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    // NOLINTNEXTLINE(*-reinterpret-cast,performance-no-int-to-ptr): the loader gives addresses as numbers
    static_cast<std::vector<Pages>*>(into)->push_back({reinterpret_cast<void*>(begin), end - begin});
  }
  return 0;
}

}  // namespace

void hold_little_memory() {
  constexpr int large = 128 * 1024;
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, large);
  mallopt(M_TRIM_THRESHOLD, large);
}

void Tidying::look() {
  if (!due_ || Steady::now() < *due_) return;
  due_ = Steady::now() + pause;
  malloc_trim(0);
  // All are found before the first goes: the loader's tables that name them lie in these pages.
  std::vector<Pages> all;
  dl_iterate_phdr(find_unwritable, &all);
  for (const auto& pages : all) madvise(pages.begin, pages.size, MADV_DONTNEED);
}

}  // namespace fettle
