#include "CBuild.h"
#include <stddef.h>

const char *build_commit(void) {
#ifdef SWEEP_COMMIT
  return SWEEP_COMMIT;
#else
  return NULL;
#endif
}
