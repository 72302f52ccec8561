#pragma once

#include "installation.hpp"
#include "pipeline.hpp"

namespace fettle {

/// Tells the points of each machine when they say nothing about it: while somebody works on it, and while what feeds it, directly or through
/// others, has nothing to give. After the features of all machines are made.
void wire_circumstances(const Installation& installation, PipelineParts& parts);

}  // namespace fettle
