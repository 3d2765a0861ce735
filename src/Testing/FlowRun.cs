using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Testing.Replaying;
using GopherFlow.Testing.Running;

namespace GopherFlow.Testing;

/// <summary>One workflow of a test, with methods to inspect it, to drive it, and to assert on it.</summary>
public sealed partial class FlowRun
{
    /// <summary>The actor in the history for everything that the test does.</summary>
    internal const string Actor = "test";

    private readonly FlowTest flow;
    private readonly TestEngine engine;

    /// <summary>The number of visits that <see cref="UntilAsync"/> has already consumed.</summary>
    private int seen;

    internal FlowRun(FlowTest flow, TestEngine engine, WorkflowRecord workflow)
    {
        this.flow = flow;
        this.engine = engine;
        (Id, WorkflowType, BusinessKey) = (workflow.Id, workflow.WorkflowType, workflow.BusinessKey);
    }

    /// <summary>The id of the workflow.</summary>
    public long Id { get; }

    /// <summary>The name of its definition.</summary>
    public string WorkflowType { get; }

    /// <summary>The business key: what the workflow is about.</summary>
    public string BusinessKey { get; }

    /// <summary>Its status.</summary>
    public WorkflowStatus Status => Record.Status;

    /// <summary>The current state. For a workflow that waits for a signal or an instant, this is the state that runs next.</summary>
    public string State => Record.State;

    /// <summary>When it is due next, or its deadline. Null when it waits without a deadline or has ended.</summary>
    public DateTimeOffset? Due => Record.NextActivation;

    /// <summary>The error of the last failed attempt. Null if no attempt has failed since the last successful step.</summary>
    public string? LastError => Record.LastError;

    /// <summary>The states that it has visited, in order.</summary>
    public IReadOnlyList<string> Path => [.. Visits.Select(visit => visit.State)];

    /// <summary>The visited states in order, with attempts and errors.</summary>
    public IReadOnlyList<FlowVisit> Visits => FlowVisit.Of(engine.History(Id).Select(StoredHistory.EntryOf));

    /// <summary>A copy of its variables. Changing them does not change the workflow.</summary>
    public Variables Variables => Variables.FromStore(Record.StateVars, engine.Json.Options);

    /// <summary>Its children, oldest first.</summary>
    public IReadOnlyList<FlowRun> Children =>
        [.. engine.Children(Id).Select(child => new FlowRun(flow, engine, child))];

    /// <summary>Its definition as text, one line per state, with marks at the visited states and the current one.</summary>
    public string Diagram => DiagramText.Of(Definition, Visits, State, RunText.Rest(Record));

    internal WorkflowRecord Record => engine.Find(Id);

    private WorkflowDefinition Definition
    {
        get
        {
            var version = Record.Version;
            return engine.Definitions.First(each => each.Name == WorkflowType && each.Version == version);
        }
    }

    /// <summary>Deserializes all of its variables.</summary>
    /// <exception cref="FlowTestException">They cannot be read as <typeparamref name="T"/>.</exception>
    public T Data<T>() => Read<T>(Record.StateVars, $"variables that can be read as {typeof(T).Name}");

    /// <summary>Deserializes its result.</summary>
    /// <exception cref="FlowTestException">There is no result, or it cannot be read as <typeparamref name="T"/>.</exception>
    public T Result<T>()
    {
        var expected = $"a result that can be read as {typeof(T).Name}";
        return Record.Output is { } output ? Read<T>(output, expected) : throw Fault(expected, "there is no result");
    }

    /// <summary>Exports its history so far, for a <see cref="Replay"/>.</summary>
    public Task<RunExport> ExportAsync() => RunExport.OfAsync(engine.Rows, Id);

    /// <summary>Its status, with its path and its diagram.</summary>
    public override string ToString() => $"{WorkflowType} {Id}: {RunText.Standing(Record)}\n\n{Details()}";

    /// <summary>Creates an exception that includes its path and its diagram.</summary>
    internal FlowTestException Fault(string expected, string actual, Exception? inner = null) =>
        new($"{WorkflowType} {Id}: {expected}", actual, Details(), inner);

    private T Read<T>(string json, string expected)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, engine.Json.Options)
                ?? throw Fault(expected, $"there is {json}");
        }
        catch (Exception mismatch) when (mismatch is JsonException or NotSupportedException)
        {
            throw Fault(expected, $"there is {json}: {mismatch.Message}", mismatch);
        }
    }

    private string Details() =>
        $"Path, at {RunText.Instant(flow.Now)}:\n{RunText.Path(Visits)}\n\nDiagram (> is here, * has been there):\n{Diagram}";
}
