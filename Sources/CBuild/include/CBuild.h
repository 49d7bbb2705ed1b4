#ifndef CBUILD_H
#define CBUILD_H

/// The git commit that the program was built from, "+" after it where the checkout had changes; NULL where not known.
const char *build_commit(void);

#endif
