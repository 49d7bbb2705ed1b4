import CPUEngine
import Engine

/// The engine that commands train and predict with: the only place that names one.
func makeEngine(threads: Int) -> any Engine {
  let engine = CPUEngine(threads: threads)
  let started = engine.device.threads
  if started < threads {
    Output.note(
      "sweep: the system allows \(started) of \(threads) threads; continuing with these\n")
  }
  return engine
}
