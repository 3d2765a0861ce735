using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>A real store of jobs whose pages a test can hold up, break, or lose the answer of.</summary>
public sealed class InterceptedJobs(IJobStore inner) : DelegatingJobStore(inner)
{
    /// <summary>Stands around every page that is written.</summary>
    public Func<JobPage, Func<Task<JobPageResult>>, Task<JobPageResult>>? WritePage { get; set; }

    /// <inheritdoc/>
    public override Task<JobPageResult> WriteJobPageAsync(JobPage page, CancellationToken cancellation) =>
        WritePage is { } around
            ? around(page, () => Inner.WriteJobPageAsync(page, cancellation))
            : Inner.WriteJobPageAsync(page, cancellation);
}
