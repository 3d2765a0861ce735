using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>
/// Names a step: the same for each retry of it and different for every other, because the external id is unique and each
/// transition, also one by hand, is counted.
/// </summary>
internal static class StepKey
{
    public static string Of(WorkflowRecord workflow) => $"{workflow.ExternalId}:{workflow.Step}";
}
