import Foundation

/// Seconds for which processors have run this program, not counting those in which it waited.
package enum ProcessTime {
  /// Of all threads.
  package static var now: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// Of the calling thread.
  package static var ofThread: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
