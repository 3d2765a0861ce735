namespace GopherFlow.Storage;

/// <summary>Writes the pages of jobs, for every store, with the same <see cref="StoreWriter"/> as all other batches.</summary>
internal sealed class JobPageWriter(IRowStore rows)
{
    private readonly StoreWriter writer = new(rows);

    public async Task<JobPageResult> WriteAsync(JobPage page, CancellationToken cancellation)
    {
        try
        {
            return await rows.InTransactionAsync(
                transaction => WriteAsync(transaction, page, cancellation),
                cancellation
            );
        }
        catch (NotWrittenException reason)
        {
            return new JobPageResult(reason.Verdict, [], []);
        }
    }

    private async Task<JobPageResult> WriteAsync(
        IRowTransaction transaction,
        JobPage page,
        CancellationToken cancellation
    )
    {
        var steps = await StepsAsync(transaction, page, cancellation);
        var events = steps
            .Where(step => step.Step is JobStep.Apply)
            .Select(step => new EventFor(step.WorkflowId, ((JobStep.Apply)step.Step).Event))
            .ToList();
        var written =
            events.Count == 0
                ? new WriteResult([], [], [])
                : await writer.WriteLockedAsync(
                    transaction,
                    new WriteBatch([], events, ExecutorId: null, page.Now),
                    cancellation
                );
        var outcomes = new Queue<EventOutcome>(written.Events);
        JobMember[] members =
        [
            .. steps.Select(step => step with { Outcome = step.Step is JobStep.Apply ? outcomes.Dequeue() : null }),
        ];
        return await transaction.AdvanceJobAsync(page.ProgressOf(members), cancellation)
            ? new JobPageResult(JobPageVerdict.Written, written.Events, written.Changes)
            : throw new NotWrittenException(JobPageVerdict.Lost);
    }

    /// <summary>Decides on the rows as they are under the lock. A workflow that no longer exists is skipped.</summary>
    private static async Task<JobMember[]> StepsAsync(
        IRowTransaction transaction,
        JobPage page,
        CancellationToken cancellation
    )
    {
        var locked =
            page.WorkflowIds.Count == 0
                ? []
                : (await transaction.LockAsync(page.WorkflowIds, withVariables: false, cancellation)).ToDictionary(
                    row => row.Id
                );
        JobMember[] steps =
        [
            .. page.WorkflowIds.Select(id => new JobMember(
                id,
                locked.TryGetValue(id, out var row) ? page.StepFor(row) : new JobStep.Skip(),
                Outcome: null
            )),
        ];
        return steps.Any(step => step.Step is JobStep.ReadAgain)
            ? throw new NotWrittenException(JobPageVerdict.ReadAgain)
            : steps;
    }

    /// <summary>Thrown to roll the transaction back.</summary>
    private sealed class NotWrittenException(JobPageVerdict verdict) : Exception
    {
        public JobPageVerdict Verdict { get; } = verdict;
    }
}
