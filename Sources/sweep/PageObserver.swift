import Common
import Reporting
import Results
import Study

/// Updates a sweep's page while it runs, and forwards all events.
final class PageObserver: RunObserver {
  private static let reloadSeconds = 10

  private let folder: PageFolder
  private let experiment: String
  private let store: Store
  private let next: (any RunObserver)?
  /// How long an interrupted program may draw: it is ended a second after all results are saved.
  private let timeToEnd: Duration
  private let clock = ContinuousClock()
  /// The earliest time of the next write, so that writing takes at most 5 % of the time.
  private var notBefore: ContinuousClock.Instant
  /// How long it took to draw the last page; nil before the first.
  private var timeToDraw: Duration?
  private var hasFailed = false

  init(
    _ folder: PageFolder, experiment: String, store: Store, next: (any RunObserver)?,
    timeToEnd: Duration = .milliseconds(500)
  ) {
    self.timeToEnd = timeToEnd
    self.folder = folder
    self.experiment = experiment
    self.store = store
    self.next = next
    notBefore = clock.now
  }

  func handle(_ event: RunEvent, _ progress: SweepProgress) {
    next?.handle(event, progress)
    switch event {
    case .started, .epoch, .ended:
      if clock.now >= notBefore { write(.reload(seconds: Self.reloadSeconds)) }
    case .note, .step: break
    }
  }

  /// Writes the final page, unless the sweep ended before the experiment was registered, or was
  /// interrupted and the time left is too short.
  func end(isInterrupted: Bool) {
    if isInterrupted, timeToDraw.map({ $0 > timeToEnd }) ?? true { return }
    let names = (try? store.experiments().map(\.name)) ?? []
    if names.contains(experiment) { write(.never) }
  }

  /// Reports the first failure to write the page; training continues.
  private func write(_ refresh: Page.Refresh) {
    let began = clock.now
    do {
      try folder.write(Page(Evidence(of: experiment, in: store), refresh: refresh))
    } catch {
      if !hasFailed { Output.note("sweep: cannot write the page: \(error)\n") }
      hasFailed = true
    }
    let spent = began.duration(to: clock.now)
    timeToDraw = spent
    notBefore = clock.now.advanced(by: max(spent * 20, .seconds(2)))
  }
}
