namespace GopherFlow.Conformance.Setting;

/// <summary>Random filters with zero or more conditions, most of which match some workflow.</summary>
public static class AnyFilter
{
    public static WorkflowFilter Of(Random chance, IReadOnlyList<WorkflowRecord> workflows)
    {
        var filter = new WorkflowFilter
        {
            WorkflowTypes = Some(AnyWorkflows.Types),
            Versions = Some(AnyWorkflows.Versions),
            States = Some(AnyWorkflows.States),
            Statuses = Some(Enum.GetValues<WorkflowStatus>()),
            ExecutorGroups = Some(AnyWorkflows.Groups),
            WaitsFor = Some(Enum.GetValues<WaitReason>()),
            WithoutParent = Chosen(),
            CreatedFrom = Chosen() ? Workflow().Created : null,
            CreatedBefore = Chosen() ? Workflow().Created : null,
            ModifiedFrom = Chosen() ? Workflow().Modified : null,
            ModifiedBefore = Chosen() ? Workflow().Modified : null,
            FinishedFrom = Chosen() ? Workflow().Finished : null,
            FinishedBefore = Chosen() ? Workflow().Finished : null,
            IdFrom = Chosen() ? Workflow().Id : null,
            IdTo = Chosen() ? Workflow().Id : null,
        };
        return chance.Next(6) switch
        {
            0 => filter with { BusinessKey = Any(AnyWorkflows.Keys) },
            1 => filter with { BusinessKeyPrefix = Any(AnyWorkflows.Keys) },
            2 => filter with { ParentWorkflowId = Workflow().ParentWorkflowId },
            _ => filter,
        };

        bool Chosen() => chance.Next(8) == 0;
        WorkflowRecord Workflow() => workflows[chance.Next(workflows.Count)];
        T Any<T>(T[] values) => values[chance.Next(values.Length)];
        T[] Some<T>(T[] values) => chance.Next(5) == 0 ? [.. values.Where(_ => chance.Next(2) == 0)] : [];
    }
}
