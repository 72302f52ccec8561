#include "memory.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>

namespace fettle {
namespace {

/// What cannot be written to is the same in the file, from where it comes back by itself when it is used.
int release_unwritable(dl_phdr_info* object, std::size_t /*size*/, void* /*nothing*/) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int number = 0; number < object->dlpi_phnum; ++number) {
    const auto& segment = object->dlpi_phdr[number];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const auto end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    // NOLINTNEXTLINE(*-reinterpret-cast,performance-no-int-to-ptr): the loader gives addresses as numbers
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
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
  due_.reset();
  malloc_trim(0);
  dl_iterate_phdr(release_unwritable, nullptr);
}

}  // namespace fettle
