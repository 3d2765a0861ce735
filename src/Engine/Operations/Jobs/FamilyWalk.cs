using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>
/// The pending work of a cancel with children: the descendants of the workflows that it has cancelled. It is stored with the job, so
/// another executor can finish it. Parents are cancelled before their children, so they cannot create more.
/// </summary>
internal sealed record FamilyWalk(FamilyWalk.Generation[] Generations)
{
    /// <summary>No pending work.</summary>
    public static FamilyWalk None { get; } = new([]);

    /// <summary>Parses the output of <see cref="Text"/>.</summary>
    public static FamilyWalk Of(string? pending) => pending is null ? None : new(JobJson.Read<Generation[]>(pending));

    /// <summary>The stored form, or null without pending work.</summary>
    public string? Text => Generations.Length == 0 ? null : JobJson.Write(Generations);

    /// <summary>A copy with more workflows whose children must be cancelled, before all others.</summary>
    public FamilyWalk Below(long[] parents) =>
        parents.Length == 0 ? this : new([.. Generations, new Generation(parents, AfterChild: 0)]);

    /// <summary>
    /// Returns the next children, and the pending work after they have been cancelled, which includes their own children.
    /// </summary>
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

    /// <summary>Workflows whose children must be cancelled.</summary>
    /// <param name="Parents">The ids of the workflows.</param>
    /// <param name="AfterChild">The children of the first workflow up to this id have already been cancelled.</param>
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
