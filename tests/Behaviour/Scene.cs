using GopherFlow.Operations;
using GopherFlow.Rules;

namespace GopherFlow.Behaviour;

/// <summary>The environment of a scenario: an engine with the definitions, the store and the clock.</summary>
internal sealed class Scene(EngineHarness engine, TestStore store, Gates gates, Notebook notes, string workflowType)
{
    public EngineHarness Engine { get; } = engine;

    public TestStore Store { get; } = store;

    public Gates Gates { get; } = gates;

    public Notebook Notes { get; } = notes;

    public DateTimeOffset Now => Engine.Clock.GetUtcNow();

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Creates the scenario's workflow with variables, as JSON.</summary>
    public Task<long> CreateAsync(string variables = "{}", string externalId = "one") =>
        Engine.CreateAsync(workflowType, externalId, Variables.Parse(variables));

    /// <summary>Waits until a workflow has a status.</summary>
    public Task<WorkflowRecord> UntilAsync(long id, WorkflowStatus status) => Engine.UntilAsync(id, status);

    /// <summary>Creates the workflow and waits until it has a status.</summary>
    public async Task<WorkflowRecord> RunAsync(WorkflowStatus status, string variables = "{}") =>
        await UntilAsync(await CreateAsync(variables), status);

    /// <summary>Waits until a workflow is parked in a state, due after a span.</summary>
    public async Task<WorkflowRecord> ParkedAsync(long id, string state, TimeSpan wait)
    {
        var due = Now + wait;
        var parked = await Engine.UntilAsync(
            id,
            workflow => workflow.Status == WorkflowStatus.InProgress && workflow.NextActivation == due
        );
        Assert.Equal(state, parked.State);
        return parked;
    }

    /// <summary>Waits until a workflow is parked in a state, due after a span, and advances the clock by it.</summary>
    public async Task PassAsync(long id, string state, TimeSpan wait)
    {
        await ParkedAsync(id, state, wait);
        Engine.Clock.Advance(wait);
    }

    /// <summary>Sends a signal to a workflow, which must accept it.</summary>
    public async Task SendAsync(long id, string signal, string payload = "null", string? key = null)
    {
        var sent = await Engine.Signals.SendAsync(
            new()
            {
                WorkflowId = id,
                Name = signal,
                Key = key,
                Payload = payload,
                Actor = "ann",
            },
            Stop
        );
        Assert.Equal((OperationVerdict.Changed, id), (sent.Verdict, Assert.Single(sent.WorkflowIds)));
    }

    /// <summary>The stored children of a workflow.</summary>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long id) =>
        Engine.Store.ChildrenAsync(new GopherFlow.Storage.ChildSearch(id), Stop);

    /// <summary>Asserts the whole history of a workflow.</summary>
    public async Task HistoryIsAsync(long id, params string[] entries) =>
        Assert.Equal(entries, await Engine.HistoryAsync(id));

    /// <summary>Asserts that the history has an entry.</summary>
    public async Task HistoryHasAsync(long id, string entry) => Assert.Contains(entry, await Engine.HistoryAsync(id));
}
