namespace GopherFlow.Hosting;

/// <summary>Replaces threads and randomness in tests. Applications do not register one.</summary>
/// <param name="Steps">The scheduler that runs the author's code.</param>
/// <param name="Random">Returns a number between 0 and 1, for the jitter of retries.</param>
/// <param name="SchedulesInterval">How often schedules are polled when none is due.</param>
internal sealed record StagedRun(TaskScheduler Steps, Func<double> Random, TimeSpan SchedulesInterval);
