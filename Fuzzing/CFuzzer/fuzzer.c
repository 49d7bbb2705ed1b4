#include "CFuzzer.h"

// What libFuzzer's own main would call. The program's main comes first and gives the driver another function.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)data;
  (void)size;
  return 0;
}
