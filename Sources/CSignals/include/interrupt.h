#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <stdbool.h>

/// Makes the first SIGINT, SIGTERM or SIGHUP set a flag and write `message` to standard error; a
/// second one ends the process with 130, unless `patient`. A SIGHUP that is ignored remains so.
///
/// Needs no thread of its own. `message` is copied.
void interrupt_watch(const char *message, bool patient);

/// Gives the signals back their usual effect, and clears the flag.
void interrupt_unwatch(void);

/// Whether a signal has set the flag.
bool interrupt_is_requested(void);

/// Until this is called, a process that has not ended two seconds after the first signal is ended
/// with 130: there is nothing to save yet.
void interrupt_begin_work(void);

/// Takes that back when all is saved: a process that does not end within a second is ended then.
void interrupt_end_work(void);

/// Sends SIGTERM to a child process when a signal comes, or at once if one has come; 0 for none.
void interrupt_forward(int process);

#endif
