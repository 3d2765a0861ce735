namespace GopherFlow.Tool.Takeover;

/// <summary>A workflow with its descendants, or a single workflow. It is taken over completely or not at all.</summary>
internal sealed class GoFamily(IReadOnlyList<GoWorkflow> members)
{
    /// <summary>The members, smallest id first.</summary>
    public IReadOnlyList<GoWorkflow> Members { get; } = members;

    /// <summary>The total length of the variables of all members.</summary>
    public long Length { get; } = members.Sum(member => member.VariablesLength);

    /// <summary>
    /// Groups workflows with their parents. If the parent of a workflow is not in the list, it has ended, and the workflow is treated as
    /// one without a parent.
    /// </summary>
    public static IEnumerable<GoFamily> Of(IReadOnlyList<GoWorkflow> workflows)
    {
        var byId = workflows.ToDictionary(workflow => workflow.Id);
        return workflows
            .GroupBy(workflow => RootOf(workflow, byId).Id)
            .Select(family => new GoFamily([.. family.OrderBy(member => member.Id)]));
    }

    /// <summary>Groups families into batches that fit into one request.</summary>
    public static IEnumerable<List<GoFamily>> InBatches(IEnumerable<GoFamily> families, int members, long length)
    {
        var batch = new List<GoFamily>();
        foreach (var family in families)
        {
            var isFull =
                batch.Sum(other => other.Members.Count) + family.Members.Count > members
                || batch.Sum(other => other.Length) + family.Length > length;
            if (isFull && batch.Count > 0)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(family);
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static GoWorkflow RootOf(GoWorkflow workflow, Dictionary<long, GoWorkflow> byId)
    {
        // A parent is created before its child, so its id is smaller, and the loop ends.
        while (workflow.ParentId is { } id && id < workflow.Id && byId.TryGetValue(id, out var parent))
        {
            workflow = parent;
        }

        return workflow;
    }
}
