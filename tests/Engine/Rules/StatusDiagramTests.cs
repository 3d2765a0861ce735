using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>The status diagram in docs/inside/kernel.md shows exactly the status changes that the rule makes.</summary>
public sealed partial class StatusDiagramTests
{
    private const int RowsOfAKind = 60;
    private const int Events = 26;
    private const int Details = 84;

    private static readonly DateTimeOffset Now = AnyWorkflow.Now;

    /// <summary>Changes that people can make in any status. The text lists them; the diagram does not show them.</summary>
    private static readonly (string To, string Event)[] InWords =
    [
        ("IN_PROGRESS", "move"),
        ("WAITING", "move"),
        ("FINISHED", "move"),
        ("ERROR", "move"),
        ("IN_PROGRESS", "run again"),
    ];

    /// <summary>Includes workflows with a deadline: waiting for a person, and owned because the deadline has passed.</summary>
    private static readonly Gen<WorkflowRecord>[] Kinds =
    [
        AnyWorkflow.New,
        AnyWorkflow.Executing,
        AnyWorkflow.Parked,
        AnyWorkflow.Awaiting,
        AnyWorkflow.Waiting,
        AnyWorkflow.Resting,
        AnyWorkflow.Final,
        AnyWorkflow.Waiting.Select(row => row with { NextActivation = Now, DeadlineState = "Pay" }),
        AnyWorkflow.Executing.Select(row => row with { DeadlineState = "Pay" }),
    ];

    [Fact]
    public void The_diagram_shows_every_status_change_and_no_other()
    {
        var made = MadeByTheRule();
        var drawn = DrawnArrows();

        var missing = made.Where(change => change.From != change.To && !IsInWords(change)).Except(drawn).ToList();
        var mistaken = drawn.Except(made).ToList();
        Assert.True(missing.Count + mistaken.Count == 0, $"Missing:{Listed(missing)}\nWrong:{Listed(mistaken)}");
    }

    [Fact]
    public void Move_and_run_again_lead_from_every_status_to_those_listed_in_the_text()
    {
        var made = MadeByTheRule().Where(IsInWords).ToHashSet();

        var said =
            from status in WorkflowStatusNames.All.Where(name => name != "SCHEDULED")
            from change in InWords
            select (status, change.To, change.Event);
        Assert.Equal(said.Order(), made.Order());
    }

    private static bool IsInWords((string From, string To, string Event) change) =>
        InWords.Any(said => said.Event == change.Event);

    private static string Listed(IEnumerable<(string From, string To, string Event)> changes) =>
        string.Concat(changes.Order().Select(change => $"\n    {change.From} --> {change.To}: {change.Event}"));

    private static HashSet<(string From, string To, string Event)> MadeByTheRule()
    {
        var cases =
            from kind in Kinds
            from row in kind.Sample(RowsOfAKind)
            from what in Enumerable.Range(0, Events)
            from detail in Enumerable.Range(0, Details)
            select (Before: row, Event: EventOf(row, what, detail));
        return
        [
            .. from each in cases
            where CanHappen(each.Before, each.Event)
            let ruling = WorkflowRule.Decide(each.Before, each.Event, Now) as Ruling.Written
            where ruling is not null
            select (each.Before.Status.ToName(), ruling.After.Status.ToName(), WordOf(each.Event)),
        ];
    }

    /// <summary>The events of <see cref="AnyEvent"/>, and those missing there.</summary>
    private static WorkflowEvent EventOf(WorkflowRecord row, int what, int detail) =>
        what switch
        {
            24 => new DeadlinePassed(row.Lease, row.ExecutionCount, new TargetState("Pay", Pick(detail))),
            25 => new StepGivenUp(row.Lease, row.ExecutionCount, new StepError("Endless Loop", "endless")),
            _ => AnyEvent.Of(row, what, detail),
        };

    private static WorkflowStatus Pick(int detail) =>
        (detail % 4) switch
        {
            0 => WorkflowStatus.Executing,
            1 => WorkflowStatus.Waiting,
            2 => WorkflowStatus.Finished,
            _ => WorkflowStatus.Error,
        };

    /// <summary>No state of a definition has the status PAUSED or CANCELLED, and only an open child ends.</summary>
    private static bool CanHappen(WorkflowRecord before, WorkflowEvent happened) =>
        happened switch
        {
            StepSucceeded step => IsOfAState(step.Target),
            Arrived arrival => IsOfAState(arrival.Target),
            StateChanged change => IsOfAState(change.Target),
            ChildEnded => before.OpenChildren > 0,
            _ => true,
        };

    private static bool IsOfAState(TargetState target) =>
        target.StatusOnArrival is not (WorkflowStatus.Paused or WorkflowStatus.Cancelled);

    /// <summary>The name of the event in the diagram.</summary>
    private static string WordOf(WorkflowEvent happened) =>
        happened switch
        {
            Claimed => "claim",
            HandedBack => "hand-back",
            TakenOver => "takeover",
            StepSucceeded => "step",
            StepFailed => "failed attempt",
            StepRejected => "rejected step",
            StepGivenUp => "endless loop",
            Arrived => "arrival",
            Deferred => "deferral",
            DeadlinePassed => "deadline",
            ChildWoke => "wake",
            ChildEnded => "last child",
            Signalled => "signal",
            StateChanged => "move",
            VariablesChanged => "variables",
            VersionMoved => "version",
            Cancelled => "cancel",
            Paused => "pause",
            Resumed => "resume",
            Retried => "retry",
            RunAgain => "run again",
            _ => "",
        };

    private static HashSet<(string From, string To, string Event)> DrawnArrows() =>
        [
            .. from arrow in Arrow().Matches(Diagram().Match(Page()).Value)
            from word in arrow.Groups["events"].Value.Split(", ")
            select (arrow.Groups["from"].Value, arrow.Groups["to"].Value, word),
        ];

    private static string Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GopherFlow.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests are not in a repository.");
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "inside", "kernel.md"));
    }

    [GeneratedRegex("^stateDiagram-v2$.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Diagram();

    [GeneratedRegex(@"^ +(?<from>\w+) --> (?<to>\w+): (?<events>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
