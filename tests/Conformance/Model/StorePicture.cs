using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GopherFlow.Conformance.Model;

/// <summary>
/// Everything that can be read from a store, and its answers, as text. Workflows are numbered in order of creation and executors in
/// order of registration, because a database may leave gaps between ids.
/// </summary>
public sealed class StorePicture
{
    private static readonly JsonSerializerOptions Legible = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly Dictionary<long, int> numbers;
    private readonly List<long> executors;

    private StorePicture(Dictionary<long, int> numbers, List<long> executors) =>
        (this.numbers, this.executors) = (numbers, executors);

    /// <summary>One line per row.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    public static async Task<StorePicture> TakeAsync(IWorkflowStore store, List<long> executors)
    {
        var stop = TestContext.Current.CancellationToken;
        var all = (await store.SearchAsync(new WorkflowSearch { Limit = 10_000 }, stop)).Workflows;
        var picture = new StorePicture(
            all.Reverse().Select((row, index) => (row.Id, Number: index + 1)).ToDictionary(),
            executors
        );
        var lines = new List<string>();
        foreach (var workflow in all)
        {
            lines.Add(picture.Describe(workflow));
            var actions = await store.ActionsAsync(new ActionSearch(workflow.Id, 10_000), stop);
            lines.AddRange(actions.Select(picture.Describe));
        }

        var counts = await store.CountsAsync(stop);
        lines.AddRange(counts.Select(Text).Order(StringComparer.Ordinal));
        lines.AddRange(
            (await store.ExecutorsAsync(1000, stop)).Select(row => Text(row with { Id = executors.IndexOf(row.Id) }))
        );
        picture.Lines = lines;
        return picture;
    }

    /// <summary>An answer as text, without the ids of the store.</summary>
    public string Describe(object answer) =>
        answer switch
        {
            WriteResult written => string.Join(
                '\n',
                [
                    .. written.Creates.Select(create => Text(create with { Id = numbers[create.Id] })),
                    .. written.Events.Select(Describe),
                    .. written.Changes.Select(Describe),
                ]
            ),
            ClaimResult claim => string.Join(
                '\n',
                [.. claim.Claimed.Select(Describe), .. claim.Changes.Select(Describe), $"{claim.NextDue:O}"]
            ),
            RepairResult repair => string.Join(
                '\n',
                [.. repair.Changes.Select(Describe), $"{repair.NextExpiry:O} {repair.Executors} {repair.Now:O}"]
            ),
            IReadOnlyList<WorkflowChange> changes => string.Join('\n', changes.Select(Describe)),
            _ => Text(answer),
        };

    /// <summary>Omits the variables of the workflow, which are only read for an event that needs them.</summary>
    private string Describe(EventOutcome outcome)
    {
        var workflow = outcome.Workflow is { } row ? Describe(row with { StateVars = "" }) : "none";
        return $"{outcome.Verdict} {outcome.Reason?.Message} {workflow}";
    }

    private string Describe(WorkflowChange change) =>
        Text(
            change with
            {
                Id = numbers[change.Id],
                ParentWorkflowId = Number(change.ParentWorkflowId),
                ExecutorId = Executor(change.ExecutorId),
            }
        );

    private string Describe(WorkflowRecord row) =>
        Text(
            row with
            {
                Id = numbers[row.Id],
                ParentWorkflowId = Number(row.ParentWorkflowId),
                ExecutorId = Executor(row.ExecutorId),
            }
        );

    private string Describe(ActionRecord action) =>
        Text(
            action with
            {
                Id = 0,
                WorkflowId = numbers[action.WorkflowId],
                ExecutorId = Executor(action.ExecutorId),
                Entry = action.Entry with
                {
                    Actor = Describe(action.Entry.Actor),
                    Cause = Describe(action.Entry.Cause),
                },
            }
        );

    /// <summary>The actor or the cause, with the numbers of this picture instead of the ids of the store.</summary>
    private string? Describe(string? subject) =>
        subject?.Split(':') switch
        {
            ["workflow", "0"] => subject,
            ["workflow", var id] => $"workflow:{numbers[long.Parse(id, CultureInfo.InvariantCulture)]}",
            ["executor", var id] => $"executor:{Executor(long.Parse(id, CultureInfo.InvariantCulture))}",
            _ => subject,
        };

    private static string Text<T>(T fact) => JsonSerializer.Serialize(fact, Legible);

    private long? Number(long? id) => id is { } known ? numbers[known] : null;

    private long? Executor(long? id) => id is { } known ? executors.IndexOf(known) : null;
}
