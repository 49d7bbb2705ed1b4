#ifndef CPROCESSOR_H
#define CPROCESSOR_H

/// The first instruction set that the kernels were compiled for and this processor lacks, or NULL if it has them all.
const char *processor_missing_feature(void);

#endif
