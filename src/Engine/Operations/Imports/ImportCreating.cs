using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations.Imports;

/// <summary>Turns imported workflows into new workflows.</summary>
internal static class ImportCreating
{
    /// <summary>The new workflow for a member, with its descendants.</summary>
    public static NewWorkflow CreateOf(ImportMember member, string actor, DateTimeOffset now)
    {
        var request = member.Request;
        return new NewWorkflow
        {
            ExternalId = request.ExternalId,
            WorkflowType = request.WorkflowType,
            Version = member.Definition.Version,
            BusinessKey = request.BusinessKey,
            ExecutorGroup = request.ExecutorGroup,
            Priority = request.Priority,
            State = member.State.Name,
            StateVars = request.StateVars.ToJson(),
            Limit = member.State.Limit,
            NextActivation = request.NextActivation ?? now,
            CreatedBy = actor,
            Tracing = member.Definition.Tracing,
            Arrival = new Arrival
            {
                Status = StatusOf(member),
                Step = StepOf(member),
                RetryCount = request.RetryCount,
                Created = request.Created,
                Started = request.Started,
                Finished = request.Finished,
                AwaitsChildren = request.AwaitsChildren,
                Text = $"Taken over from {request.Origin}",
                Children = [.. member.Children.Select(child => CreateOf(child, actor, now))],
            },
        };
    }

    private static WorkflowStatus StatusOf(ImportMember member) =>
        !member.State.Runs ? member.State.StatusOnArrival
        : member.Request.Standing == ImportStanding.HasFailed ? WorkflowStatus.Failed
        : StepOf(member) == 0 && member.Request is { Started: null, RetryCount: 0 } ? WorkflowStatus.New
        : WorkflowStatus.InProgress;

    private static int StepOf(ImportMember member) => member.State.Name == member.Definition.InitialState ? 0 : 1;
}
