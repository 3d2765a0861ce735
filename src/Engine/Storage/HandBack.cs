using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Releases claims.</summary>
internal static class HandBack
{
    /// <summary>Makes each workflow whose lease is still held due at once, without an owner.</summary>
    public static async Task<IReadOnlyList<WorkflowChange>> HandBackAsync(
        this IWorkflowStore store,
        long executorId,
        IReadOnlyList<ClaimKey> claims,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (claims.Count == 0)
        {
            return [];
        }

        var events = claims.Select(claim => new EventFor(claim.WorkflowId, new HandedBack(claim.Lease))).ToList();
        return (await store.WriteAsync(new WriteBatch([], events, executorId, now), cancellation)).Changes;
    }
}
