namespace GopherFlow.Hosting;

/// <summary>What a test decides in place of threads and chance. An application registers none.</summary>
/// <param name="Steps">Where the author's code runs.</param>
/// <param name="Random">A number from 0 up to 1, for the jitter of retries.</param>
/// <param name="SchedulesInterval">How often schedules are looked at when none is due.</param>
internal sealed record StagedRun(TaskScheduler Steps, Func<double> Random, TimeSpan SchedulesInterval);
