#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t requested, patient, working, child;
static char text[256];
static volatile sig_atomic_t text_length;

static void set_alarm(int milliseconds) {
  struct itimerval timer;
  memset(&timer, 0, sizeof timer);
  timer.it_value.tv_sec = milliseconds / 1000;
  timer.it_value.tv_usec = milliseconds % 1000 * 1000;
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void handle(int number) {
  int saved = errno;
  if (number == SIGALRM) {
    if (!working) _exit(130);
  } else if (!requested) {
    requested = 1;
    if (text_length > 0 && write(STDERR_FILENO, text, (size_t)text_length) < 0) {
      // There is nobody to tell.
    }
    if (child > 0) kill(child, SIGTERM);
    if (!working) set_alarm(1500);
  } else if (!patient) {
    _exit(130);
  }
  errno = saved;
}

static void set(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(number, &action, NULL);
  // Whoever started this process may have blocked the signal.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, number);
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

static bool is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void interrupt_watch(const char *message, bool is_patient) {
  strncpy(text, message, sizeof text - 1);
  text_length = (sig_atomic_t)strlen(text);
  patient = is_patient;
  requested = 0;
  working = 0;
  child = 0;
  set(SIGALRM, handle);
  set(SIGINT, handle);
  set(SIGTERM, handle);
  if (!is_ignored(SIGHUP)) set(SIGHUP, handle);
}

void interrupt_unwatch(void) {
  set(SIGINT, SIG_DFL);
  set(SIGTERM, SIG_DFL);
  if (!is_ignored(SIGHUP)) set(SIGHUP, SIG_DFL);
  set_alarm(0);
  set(SIGALRM, SIG_DFL);
  requested = 0;
}

bool interrupt_is_requested(void) { return requested; }

void interrupt_begin_work(void) { working = 1; }

void interrupt_end_work(void) {
  working = 0;
  if (requested && !patient) set_alarm(1000);
}

void interrupt_forward(int process) {
  child = process;
  if (process > 0 && requested) kill(process, SIGTERM);
}
