#include "core/result.hpp"

namespace fettle {

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::timeout: return "timeout";
    case Fault::refused: return "refused";
    case Fault::malformed: return "malformed";
    case Fault::unsupported: return "unsupported";
    case Fault::offline: return "offline";
  }
  return "?";
}

}  // namespace fettle
