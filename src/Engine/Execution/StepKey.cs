using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>
/// The key of a step. It is the same for each retry of the step and different for every other step, because the external id is unique and
/// every transition is counted, including those by hand.
/// </summary>
internal static class StepKey
{
    public static string Of(WorkflowRecord workflow) => $"{workflow.ExternalId}:{workflow.Step}";
}
