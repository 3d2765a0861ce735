using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>A real job store whose writes a test can delay, fail, or make lose their answers.</summary>
public sealed class InterceptedJobs(IJobStore inner) : DelegatingJobStore(inner)
{
    /// <summary>Intercepts every page that is written.</summary>
    public Func<JobPage, Func<Task<JobPageResult>>, Task<JobPageResult>>? WritePage { get; set; }

    /// <summary>Intercepts every job that is stored.</summary>
    public Func<Func<Task<JobRecord>>, Task<JobRecord>>? Create { get; set; }

    /// <inheritdoc/>
    public override Task<JobRecord> CreateJobAsync(NewJob job, CancellationToken cancellation) =>
        Create is { } around
            ? around(() => Inner.CreateJobAsync(job, cancellation))
            : Inner.CreateJobAsync(job, cancellation);

    /// <inheritdoc/>
    public override Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation) =>
        WritePage is { } around
            ? around(page, () => Inner.WriteJobPageAsync(page, cancellation))
            : Inner.WriteJobPageAsync(page, cancellation);
}
