using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>A store that grants permits beyond the limits.</summary>
internal static class LimitMutations
{
    /// <summary>Every waiting workflow is granted a permit.</summary>
    public static IWorkflowStore GrantingToAll(InMemoryStore store, Chance chance) => new Generous(store);

    private sealed class Generous(IWorkflowStore inner) : DelegatingStore(inner)
    {
        public override Task<LimitedClaimResult> ClaimLimitedAsync(
            LimitedClaimRequest request,
            CancellationToken cancellation
        ) =>
            Inner.ClaimLimitedAsync(
                request with
                {
                    Limits = new LimitSet([], new Dictionary<string, IReadOnlyList<WorkflowLimit>>()),
                },
                cancellation
            );
    }
}
