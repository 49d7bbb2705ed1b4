#ifndef CBUILD_H
#define CBUILD_H

/// The git commit of the build, followed by "+" if the checkout had changes; NULL if unknown.
const char *build_commit(void);

#endif
