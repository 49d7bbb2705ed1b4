import Common
import Reporting
import Results
import Study

/// Keeps a sweep's page up to date while it runs, and passes on what happens.
final class PageObserver: RunObserver {
  /// How often an open page loads itself again, in seconds.
  private static let reloadSeconds = 10

  private let folder: PageFolder
  private let experiment: String
  private let store: Store
  private let next: (any RunObserver)?
  private let clock = ContinuousClock()
  /// Not before this the page is written again: writing takes a twentieth of the time at most.
  private var notBefore: ContinuousClock.Instant
  private var hasFailed = false

  /// An observer that writes to `folder` what `store` has of an experiment, and tells `next`.
  init(_ folder: PageFolder, experiment: String, store: Store, next: (any RunObserver)?) {
    self.folder = folder
    self.experiment = experiment
    self.store = store
    self.next = next
    notBefore = clock.now
  }

  func handle(_ event: RunEvent, _ progress: SweepProgress) {
    next?.handle(event, progress)
    switch event {
    case .epoch, .ended: if clock.now >= notBefore { write(.reload(seconds: Self.reloadSeconds)) }
    case .note, .started, .step: break
    }
  }

  /// Writes the page as it stays; a sweep that ended before anything was recorded has none.
  func end() {
    let names = (try? store.experiments().map(\.name)) ?? []
    if names.contains(experiment) { write(.never) }
  }

  /// A page that cannot be written is said once and stops no training.
  private func write(_ refresh: Page.Refresh) {
    let began = clock.now
    do {
      try folder.write(Page(Evidence(of: experiment, in: store), refresh: refresh))
    } catch {
      if !hasFailed { Output.note("sweep: the page is not written: \(error)\n") }
      hasFailed = true
    }
    let spent = began.duration(to: clock.now)
    notBefore = clock.now.advanced(by: max(spent * 20, Swift.Duration.seconds(2)))
  }
}
