using GopherFlow.Definitions;

namespace GopherFlow.Conformance.Setting;

/// <summary>Base class of the contract tests of limits: workflows that need permits, and claims that grant them.</summary>
public abstract class LimitContract : StoreContract
{
    protected static readonly StateLimit Own = new(AsksEachTime: true, PerKey: false);
    protected static readonly TargetState Limited = new(A.FirstState, WorkflowStatus.Executing) { Limit = Own };

    protected static NewWorkflow OfKey(string externalId, string key) =>
        A.Workflow(externalId) with
        {
            Limit = Own,
            LimitKey = key,
        };

    protected static LimitSet OfType(params IReadOnlyList<WorkflowLimit> limits) =>
        new(limits, new Dictionary<string, IReadOnlyList<WorkflowLimit>>());

    protected static LimitedClaimRequest Request(Scene scene, LimitSet limits, long? executor = null) =>
        new(executor ?? scene.Executor, A.Type, [A.Version], [A.Group], limits, 100, scene.Now);

    protected static Task<LimitedClaimResult> GrantAsync(Scene scene, LimitSet limits, long? executor = null) =>
        scene.Store.ClaimLimitedAsync(Request(scene, limits, executor), Stop);

    protected static IEnumerable<string> Names(IEnumerable<WorkflowRecord> rows) => rows.Select(row => row.ExternalId);
}
