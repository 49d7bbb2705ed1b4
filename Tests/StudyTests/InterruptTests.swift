import Foundation
import Study
import Testing

/// What signals do to a process, each in a process of its own.
@Suite struct InterruptTests {
  @Test("A signal asks the work to stop, and its message is written at once")
  func request() async {
    let end = await #expect(processExitsWith: .exitCode(7), observing: [\.standardErrorContent]) {
      let interrupt = Interrupt()
      let watch = interrupt.watchSignals(message: "stopping\n")
      withExtendedLifetime(watch) {
        if interrupt.isRequested { exit(1) }
        raise(SIGTERM)
        while !interrupt.isRequested { usleep(1000) }
        exit(7)
      }
    }
    #expect(String(decoding: end?.standardErrorContent ?? [], as: UTF8.self) == "stopping\n")
  }

  @Test("Work that cannot stop yet ends with 130 soon after a signal")
  func limit() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let interrupt = Interrupt()
      let watch = interrupt.watchSignals()
      withExtendedLifetime(watch) {
        raise(SIGINT)
        while true { usleep(1000) }
      }
    }
  }

  @Test("Work that has results to save takes the time that it needs")
  func saving() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let interrupt = Interrupt()
      let watch = interrupt.watchSignals()
      withExtendedLifetime(watch) {
        interrupt.beginWork()
        raise(SIGINT)
        let end = ContinuousClock.now + .seconds(3)
        while ContinuousClock.now < end { usleep(1000) }
        exit(interrupt.isRequested ? 7 : 1)
      }
    }
  }

  @Test("A second signal ends the program at once, unless the watch is patient")
  func second() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let interrupt = Interrupt()
      let watch = interrupt.watchSignals()
      withExtendedLifetime(watch) {
        interrupt.beginWork()
        raise(SIGINT)
        raise(SIGHUP)
        while true { usleep(1000) }
      }
    }
    await #expect(processExitsWith: .exitCode(7)) {
      let interrupt = Interrupt()
      let watch = interrupt.watchSignals(isPatient: true)
      withExtendedLifetime(watch) {
        interrupt.beginWork()
        for _ in 0..<3 { raise(SIGTERM) }
        exit(interrupt.isRequested ? 7 : 1)
      }
    }
  }

  @Test("Once the watch is over a signal has its usual effect again, and the request is kept")
  func unwatch() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let interrupt = Interrupt()
      do {
        let watch = interrupt.watchSignals()
        withExtendedLifetime(watch) { _ = raise(SIGINT) }
      }
      if !interrupt.isRequested { exit(1) }
      raise(SIGTERM)
      while true { usleep(1000) }
    }
  }
}
