using GopherFlow.Execution;
using GopherFlow.Operations.Jobs;
using GopherFlow.Operations.Schedules;
using Microsoft.Extensions.Hosting;

namespace GopherFlow.Hosting;

/// <summary>Starts and stops the executor with the host. On SIGTERM it shuts down gracefully.</summary>
internal sealed class EngineHost(
    Executor executor,
    JobRunner jobs,
    ScheduleRunner schedules,
    ThroughputRecorder throughput
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        executor.Add("job runner", jobs.RunAsync);
        executor.Add("schedule runner", schedules.RunAsync);
        executor.Add("throughput recorder", throughput.RunAsync);
        return executor.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => executor.StopAsync(cancellationToken);
}
