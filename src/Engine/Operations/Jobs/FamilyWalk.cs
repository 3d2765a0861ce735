using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>
/// What a cancel with children must still finish: the descendants of workflows that it has cancelled. It is stored with the job, so that
/// another executor that continues the job finishes what was begun. Parents come before their children, so that none creates more of them.
/// </summary>
internal sealed record FamilyWalk(FamilyWalk.Generation[] Generations)
{
    /// <summary>Nothing to finish.</summary>
    public static FamilyWalk None { get; } = new([]);

    /// <summary>Reads what was written by <see cref="Text"/>.</summary>
    public static FamilyWalk Of(string? pending) => pending is null ? None : new(JobJson.Read<Generation[]>(pending));

    /// <summary>As it is stored; null when there is nothing to finish.</summary>
    public string? Text => Generations.Length == 0 ? null : JobJson.Write(Generations);

    /// <summary>With more workflows whose children are to be cancelled, before all others.</summary>
    public FamilyWalk Below(long[] parents) =>
        parents.Length == 0 ? this : new([.. Generations, new Generation(parents, AfterChild: 0)]);

    /// <summary>The next children, and what is left when they have been cancelled: among it what is below them.</summary>
    public async Task<(IReadOnlyList<FilteredWorkflow> Children, FamilyWalk Left)> NextAsync(
        IJobStore jobs,
        int limit,
        CancellationToken cancellation
    )
    {
        for (var left = this; left.Generations is [.. var older, var youngest]; left = new([.. older]))
        {
            var (children, rest) = await youngest.NextAsync(jobs, limit, cancellation);
            if (children.Count > 0)
            {
                var after = new FamilyWalk(rest is null ? [.. older] : [.. older, rest]);
                return (children, after.Below([.. children.Select(child => child.Id)]));
            }
        }

        return ([], None);
    }

    /// <summary>Workflows whose children are to be cancelled.</summary>
    /// <param name="Parents">The workflows.</param>
    /// <param name="AfterChild">Those of the first one up to this id have been.</param>
    internal sealed record Generation(long[] Parents, long AfterChild)
    {
        public async Task<(List<FilteredWorkflow> Children, Generation? Left)> NextAsync(
            IJobStore jobs,
            int limit,
            CancellationToken cancellation
        )
        {
            var children = new List<FilteredWorkflow>();
            var left = this;
            while (left is { Parents: [var parent, .. var others] } && children.Count < limit)
            {
                var wanted = limit - children.Count;
                var filter = new WorkflowFilter { ParentWorkflowId = parent };
                var search = new FilterSearch(filter, left.AfterChild, long.MaxValue, wanted);
                var found = await jobs.FilterAsync(search, cancellation);
                children.AddRange(found);
                left = found.Count < wanted ? new([.. others], 0) : left with { AfterChild = found[^1].Id };
            }

            return (children, left.Parents.Length == 0 ? null : left);
        }
    }
}
