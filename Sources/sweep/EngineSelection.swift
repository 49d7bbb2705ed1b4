import CPUEngine
import Engine

/// The engine that commands train and predict with: the only place that names one.
func makeEngine(threads: Int) -> any Engine { CPUEngine(threads: threads) }
