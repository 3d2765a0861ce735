using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Claims, hand-backs and takeovers. A claim walks the places where something may be parked (a group and a priority), first
/// priority first, so that a crowd at one never hides what is due at another; rows that another claim holds are passed over.
/// </summary>
internal sealed class MySqlClaims(MySqlSession session)
{
    private const string FirstParked = """
        SELECT place.number,
               (SELECT w.next_activation
                  FROM workflow AS w FORCE INDEX (workflow_due)
                 WHERE w.executor_group = CAST(place.executor_group AS BINARY)
                   AND w.due_priority = place.priority
              ORDER BY w.next_activation
                 LIMIT 1) AS first
          FROM JSON_TABLE(@places, '$[*]' COLUMNS (
                   number         FOR ORDINALITY,
                   executor_group LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
                   priority       INT                            PATH '$[1]')) AS place
        HAVING first IS NOT NULL
        """;

    private const string NextParked = """
        SELECT place.number,
               (SELECT w.next_activation
                  FROM workflow AS w FORCE INDEX (workflow_due)
                 WHERE w.executor_group = CAST(place.executor_group AS BINARY)
                   AND w.due_priority = place.priority
                   AND w.next_activation > @now
              ORDER BY w.next_activation
                 LIMIT 1) AS first
          FROM JSON_TABLE(@places, '$[*]' COLUMNS (
                   number         FOR ORDINALITY,
                   executor_group LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
                   priority       INT                            PATH '$[1]')) AS place
        HAVING first IS NOT NULL
        """;

    /// <summary>
    /// What is known is looked up, not joined, so that the rows are read, and locked, in the order of the index; and in a text, for
    /// JSON_TABLE would read all of an array again for every row.
    /// </summary>
    private const string Due = """
           SELECT w.next_activation, w.id
             FROM workflow AS w FORCE INDEX (workflow_due)
            WHERE w.executor_group = CAST(@group AS BINARY)
              AND w.due_priority = @priority
              AND w.next_activation <= @now
              AND INSTR(CAST(@known AS BINARY), CONCAT(',', HEX(w.workflow_type), ':', HEX(w.version), ',')) > 0
         ORDER BY w.next_activation, w.id
            LIMIT @limit
              FOR UPDATE SKIP LOCKED
        """;

    private const string OwnedBy = """
        SELECT id, lease
          FROM workflow
         WHERE status = 'EXECUTING'
           AND executor_id = @executor
        """;

    private const string EndDeadExecutors = """
        UPDATE executors
           SET ended = @now
         WHERE ended IS NULL
           AND lease_until < @now
        """;

    private const string NextExpiry = """
        SELECT min(lease_until)
          FROM executors
         WHERE ended IS NULL
        """;

    private const string Orphans = """
        SELECT w.id, w.lease
          FROM workflow AS w
         WHERE w.status = 'EXECUTING'
           AND NOT EXISTS (SELECT 1
                             FROM executors AS e
                            WHERE e.id = w.executor_id
                              AND e.ended IS NULL)
         LIMIT @limit
        """;

    /// <summary>Takes due workflows.</summary>
    public async Task<ClaimResult> ClaimAsync(ClaimRequest request)
    {
        var places = PlacesOf(request.ExecutorGroups);
        var first = await ActivationsAsync(FirstParked, places, request.Now);
        var claimed = await DueAtAsync(places, first, request);
        var draft = new MySqlDraft(session, request.Now);
        await draft.LockAsync(claimed);
        var variables = await session.VariablesOfAsync(claimed);
        var taken = new List<WorkflowRecord>(claimed.Count);
        foreach (var id in claimed)
        {
            var before = draft.Find(id)!;
            var after = before.Record with
            {
                ExecutorId = request.ExecutorId,
                Lease = before.Record.Lease + 1,
                Status = WorkflowStatus.Executing,
                NextActivation = null,
                Modified = request.Now,
                StateVars = variables.GetValueOrDefault(id, Variables.EmptyJson),
            };
            draft.Replace(before, after, before.Woken);
            taken.Add(after);
        }

        await draft.FinishAsync();
        return new ClaimResult(taken, draft.Changes, await NextDueAsync(places, first, taken.Count, request));
    }

    /// <summary>Gives claims back.</summary>
    public async Task<IReadOnlyList<WorkflowChange>> ReleaseAsync(ReleaseRequest request)
    {
        var draft = new MySqlDraft(session, request.Now);
        await draft.LockAsync(request.Claims.Select(claim => claim.WorkflowId));
        foreach (var claim in request.Claims)
        {
            if (draft.Find(claim.WorkflowId) is { } held && Holds(held, claim, request.ExecutorId))
            {
                GiveBack(draft, held);
            }
        }

        await draft.FinishAsync();
        return draft.Changes;
    }

    /// <summary>The claims of an executor.</summary>
    public static async Task<IReadOnlyList<ClaimKey>> OwnedAsync(MySqlSession session, long executorId) =>
        await session.QueryAsync(OwnedBy, row => new ClaimKey(row.Number(), row.Number()), ("@executor", executorId));

    /// <summary>Takes workflows from dead executors.</summary>
    public async Task<RepairResult> RepairAsync(RepairRequest request)
    {
        await session.RunAsync(EndDeadExecutors, ("@now", request.Now));
        var orphans = await session.QueryAsync(
            Orphans,
            row => new ClaimKey(row.Number(), row.Number()),
            ("@limit", request.Limit)
        );
        var draft = new MySqlDraft(session, request.Now);
        await draft.LockAsync(orphans.Select(orphan => orphan.WorkflowId));
        foreach (var orphan in orphans)
        {
            // What its owner has committed or another has taken meanwhile is no orphan any more, or soon found again.
            if (draft.Find(orphan.WorkflowId) is { Record.ExecutorId: { } owner } held && Holds(held, orphan, owner))
            {
                GiveBack(draft, held);
                draft.Log(
                    held.Record,
                    request.ExecutorId,
                    new NewAction(ActionTypes.Repaired, held.Record.State, ActionTexts.Repaired(owner))
                );
            }
        }

        await draft.FinishAsync();
        var nextExpiry = (await session.QueryAsync(NextExpiry, row => row.OptionalInstant()))[0];
        return new RepairResult(draft.Changes, nextExpiry);
    }

    private static bool Holds(MySqlWorkflow workflow, ClaimKey claim, long owner) =>
        workflow.Record.Lease == claim.Lease && workflow.Record.ExecutorId == owner;

    private static void GiveBack(MySqlDraft draft, MySqlWorkflow held) =>
        draft.Replace(
            held,
            held.Record with
            {
                ExecutorId = null,
                Lease = held.Record.Lease + 1,
                Status = WorkflowStatus.InProgress,
                NextActivation = draft.Now,
                Modified = draft.Now,
            },
            held.Woken
        );

    private static List<Place> PlacesOf(IReadOnlyList<string> groups) =>
        [
            .. Enumerable
                .Range(WorkflowPriority.First, WorkflowPriority.Last)
                .SelectMany(priority => groups.Distinct().Select(group => new Place(priority, group))),
        ];

    private Task<List<(Place Place, DateTimeOffset First)>> ActivationsAsync(
        string sql,
        List<Place> places,
        DateTimeOffset now
    ) =>
        session.QueryAsync(
            sql,
            row => (places[row.SmallNumber() - 1], row.Instant()),
            ("@places", MySqlArray.Of(places, place => [place.Group, place.Priority])),
            ("@now", now)
        );

    /// <summary>The ids of what is due, locked; groups of one priority are equals.</summary>
    private async Task<List<long>> DueAtAsync(
        List<Place> places,
        List<(Place Place, DateTimeOffset First)> first,
        ClaimRequest request
    )
    {
        var known = string.Concat(request.Definitions.Select(Digits));
        var claimed = new List<long>();
        var parkedDue = first.Where(parked => parked.First <= request.Now).Select(parked => parked.Place).ToHashSet();
        foreach (var equals in places.Where(parkedDue.Contains).GroupBy(place => place.Priority))
        {
            var wanted = request.Limit - claimed.Count;
            if (wanted <= 0)
            {
                break;
            }

            var found = new List<(DateTimeOffset Activation, long Id)>();
            foreach (var place in equals)
            {
                found.AddRange(await DueAtAsync(place, known, wanted, request.Now));
            }

            claimed.AddRange(
                found.OrderBy(due => due.Activation).ThenBy(due => due.Id).Take(wanted).Select(due => due.Id)
            );
        }

        return claimed;
    }

    private Task<List<(DateTimeOffset Activation, long Id)>> DueAtAsync(
        Place place,
        string known,
        int limit,
        DateTimeOffset now
    ) =>
        session.QueryAsync(
            Due,
            row => (row.Instant(), row.Number()),
            ("@group", place.Group),
            ("@priority", place.Priority),
            ("@now", now),
            ("@known", known),
            ("@limit", limit)
        );

    /// <summary>Such as ",4F72646572:7631,", which no other name and version have, nor two of them together.</summary>
    private static string Digits(DefinitionKey known) => $",{Digits(known.Name)}:{Digits(known.Version)},";

    private static string Digits(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private async Task<DateTimeOffset?> NextDueAsync(
        List<Place> places,
        List<(Place Place, DateTimeOffset First)> first,
        int taken,
        ClaimRequest request
    )
    {
        if (taken == request.Limit)
        {
            return null;
        }

        var later = first.Exists(parked => parked.First <= request.Now)
            ? await ActivationsAsync(NextParked, places, request.Now)
            : first;
        return later.Count == 0 ? null : later.Min(parked => parked.First);
    }

    /// <summary>Where workflows may be parked.</summary>
    private readonly record struct Place(int Priority, string Group);
}
