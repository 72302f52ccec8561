#include "acquisition/whole_pace.hpp"

#include <fmt/format.h>

namespace fettle::acquisition {

Duration whole_pace(settings::Fields& device, Duration fallback, std::string_view because) {
  const auto every = device.child("every");
  if (every.kind() != settings::Node::Kind::mapping) return device.duration("every", Duration{1}, fallback);
  const auto normal = every["normal"].scalar();
  device.mistakes().add(every, fmt::format("{}, so write one time for all of them: `every: {}`", because,
                                           normal.empty() ? to_text(fallback) : normal));
  return fallback;
}

}  // namespace fettle::acquisition
