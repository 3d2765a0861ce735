using System.Text.Json;
using GopherFlow.Client;

namespace GopherFlow.Tool.Takeover;

/// <summary>Converts a workflow of the Go system to an import request.</summary>
internal static class TakeoverRequest
{
    public static ImportWorkflowsRequestWorkflows Of(
        GoWorkflow workflow,
        GoWorkflow? parent,
        JsonElement? variables,
        TakeoverOptions options
    )
    {
        var runsAgain = workflow.HasFailed && options.WithFailed;
        return new ImportWorkflowsRequestWorkflows
        {
            ExternalId = workflow.ExternalId,
            WorkflowType = workflow.Type,
            BusinessKey = workflow.BusinessKey,
            ExecutorGroup = workflow.Group,
            State = workflow.State.Length == 0 ? null : workflow.State,
            Standing =
                workflow.HasEnded ? "HAS_ENDED"
                : workflow.HasFailed && !runsAgain ? "HAS_FAILED"
                : "GOES_ON",
            StateVars = variables,
            NextActivation = runsAgain ? null : workflow.NextActivation,
            RetryCount = runsAgain ? 0 : workflow.RetryCount,
            Created = workflow.Created,
            Started = workflow.Started,
            Finished = workflow.HasEnded || workflow.HasFailed ? workflow.Modified : null,
            ParentExternalId = parent?.ExternalId,
            AwaitsChildren = options.AwaitingChildren.Contains(workflow.State),
            Origin = $"the Go system, where it had the id {workflow.Id}",
        };
    }
}
