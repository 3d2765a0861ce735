namespace GopherFlow.Simulation;

/// <summary>The job store as used by one process, over its connection.</summary>
internal sealed class NodeJobs(NodeStore connection, IJobStore shared) : DelegatingJobStore(shared)
{
    public override async Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation) =>
        await CallAsync(
            nameof(WriteJobPageAsync),
            async () =>
            {
                var result = await Inner.WriteJobPageAsync(page, cancellation);
                connection.Tell(result.Changes);
                return result;
            },
            cancellation
        );

    protected override Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation) =>
        connection.OverAsync(name, call, cancellation);
}
