using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Testing.Replaying;
using GopherFlow.Testing.Running;

namespace GopherFlow.Testing;

/// <summary>One workflow of a test: its status, what a person or the outside does to it, and what is asserted of it.</summary>
public sealed partial class FlowRun
{
    /// <summary>Who does what the test does, in the history.</summary>
    internal const string Actor = "test";

    private readonly FlowTest flow;
    private readonly TestEngine engine;

    /// <summary>How far <see cref="UntilAsync"/> has looked: stays before it are past.</summary>
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

    /// <summary>What it is about.</summary>
    public string BusinessKey { get; }

    /// <summary>Its status.</summary>
    public WorkflowStatus Status => Record.Status;

    /// <summary>The state in which it is: for one that waits for a signal or an instant, the state that runs then.</summary>
    public string State => Record.State;

    /// <summary>When it is due next, or its deadline; null when it waits without limit or has ended.</summary>
    public DateTimeOffset? Due => Record.NextActivation;

    /// <summary>What its last failed attempt said, until a state succeeds; null when none has failed since.</summary>
    public string? LastError => Record.LastError;

    /// <summary>The states in which it has been, in order.</summary>
    public IReadOnlyList<string> Path => [.. Visits.Select(visit => visit.State)];

    /// <summary>The same, with attempts and errors.</summary>
    public IReadOnlyList<FlowVisit> Visits => FlowVisit.Of(engine.History(Id).Select(StoredHistory.EntryOf));

    /// <summary>Its variables. Changing them changes nothing in the workflow.</summary>
    public Variables Variables => Variables.FromStore(Record.StateVars, engine.Json.Options);

    /// <summary>Its children, oldest first.</summary>
    public IReadOnlyList<FlowRun> Children =>
        [.. engine.Children(Id).Select(child => new FlowRun(flow, engine, child))];

    /// <summary>Its definition as a few lines of text, with the states that it has visited and the one in which it is.</summary>
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

    /// <summary>All of its variables as a type of your own.</summary>
    /// <exception cref="FlowTestException">They do not have the shape of <typeparamref name="T"/>.</exception>
    public T Data<T>() => Read<T>(Record.StateVars, $"variables that can be read as {typeof(T).Name}");

    /// <summary>Its result as a type of your own.</summary>
    /// <exception cref="FlowTestException">It has none, or the result does not have the shape of <typeparamref name="T"/>.</exception>
    public T Result<T>()
    {
        var expected = $"a result that can be read as {typeof(T).Name}";
        return Record.Output is { } output ? Read<T>(output, expected) : throw Fault(expected, "there is no result");
    }

    /// <summary>What it has done so far, for a <see cref="Replay"/>.</summary>
    public Task<RunExport> ExportAsync() => RunExport.OfAsync(engine.Rows, Id);

    /// <summary>Its status, with its path and its diagram.</summary>
    public override string ToString() => $"{WorkflowType} {Id}: {RunText.Standing(Record)}\n\n{Details()}";

    /// <summary>What is wrong with it, with its path and its diagram.</summary>
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
