#include "derivation/mechanism.hpp"

namespace attention {

DERIVATION_MECHANISM()

}  // namespace attention
